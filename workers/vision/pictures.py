"""A photo as an upright picture, refused by its header where it would be too much to decode."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

FORMATS = ("JPEG", "MPO", "PNG", "WEBP", "BMP", "GIF", "TIFF")
PIXEL_LIMIT = 50_000_000
LONGEST_SIDE_PX = 3840


class PictureProblem(StrEnum):
    """Why a photo gives no picture."""

    NOT_A_PICTURE = "not_a_picture"
    TOO_MANY_PIXELS = "too_many_pixels"
    TRUNCATED_PICTURE = "truncated_picture"


class UnreadablePicture(Exception):
    """The file gives no picture, now or later; `reason` says why."""

    def __init__(self, reason: PictureProblem) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Picture:
    """An upright picture, shape (height, width, 3), BGR; `is_truncated` when its end was missing."""

    pixels: NDArray[np.uint8]
    is_truncated: bool


def read_photo(path: Path, *, pixel_limit: int = PIXEL_LIMIT) -> Picture:
    """Return a photo turned the way it was taken, at most 3840 pixels on its longer side.

    A JPEG whose end is missing gives what is there. Nothing is decoded before the header has passed the limit.

    Raises:
        UnreadablePicture: not a picture of a known format, more pixels than `pixel_limit`, or nothing to be seen.
    """
    with open_header(path, pixel_limit=pixel_limit) as image:
        orientation = image.getexif().get(0x0112, 1)
        kind = image.format
        try:
            image.draft("RGB", (LONGEST_SIDE_PX, LONGEST_SIDE_PX))
            upright = ImageOps.exif_transpose(image)
            upright.thumbnail((LONGEST_SIDE_PX, LONGEST_SIDE_PX))
            rgb = np.asarray(_on_white(upright), dtype=np.uint8)
        except (OSError, SyntaxError, ValueError) as problem:
            if kind not in {"JPEG", "MPO"}:
                raise UnreadablePicture(PictureProblem.TRUNCATED_PICTURE) from problem
            return Picture(_what_is_there(path, orientation), is_truncated=True)
    return Picture(np.ascontiguousarray(rgb[:, :, ::-1]), is_truncated=False)


def open_header(path: Path, *, pixel_limit: int = PIXEL_LIMIT) -> ImageFile.ImageFile:
    """Return the opened but undecoded image; the caller closes it.

    Raises:
        UnreadablePicture: not a picture of a known format, or more pixels than `pixel_limit`.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our own limit stands below it
            image = Image.open(path, formats=FORMATS)
    except Image.DecompressionBombError as problem:
        raise UnreadablePicture(PictureProblem.TOO_MANY_PIXELS) from problem
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as problem:
        raise UnreadablePicture(PictureProblem.NOT_A_PICTURE) from problem
    if image.width * image.height > pixel_limit:
        image.close()
        raise UnreadablePicture(PictureProblem.TOO_MANY_PIXELS)
    return image


def sharpness(pixels: NDArray[np.uint8]) -> float:
    """Return how sharp a picture is: the variance of its Laplacian at 640 pixels' width; higher is sharper.

    Only comparable between pictures of one scene.

    Source: Pech-Pacheco et al., Diatom autofocusing in brightfield microscopy (2000).
    """
    grey = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)
    ratio = 640 / max(grey.shape[1], 640)
    small = cv2.resize(grey, None, fx=ratio, fy=ratio, interpolation=cv2.INTER_AREA) if ratio < 1 else grey
    return float(cv2.Laplacian(small, cv2.CV_64F).var())


def as_jpeg(pixels: NDArray[np.uint8], *, quality: int = 90) -> bytes:
    """Return the picture as a JPEG without any metadata."""
    is_done, encoded = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not is_done:
        raise ValueError("the picture cannot be written as JPEG")
    return encoded.tobytes()


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info:
        canvas = Image.new("RGBA", image.size, "white")
        canvas.alpha_composite(image.convert("RGBA"))
        return canvas.convert("RGB")
    return image.convert("RGB")


def _what_is_there(path: Path, orientation: int) -> NDArray[np.uint8]:
    """Decode a JPEG without its end; the missing part stays grey."""
    pixels = cv2.imdecode(np.fromfile(path, dtype=np.uint8), cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION)
    if pixels is None:
        raise UnreadablePicture(PictureProblem.TRUNCATED_PICTURE)
    ratio = LONGEST_SIDE_PX / max(*pixels.shape[:2], LONGEST_SIDE_PX)
    if ratio < 1:
        pixels = cv2.resize(pixels, None, fx=ratio, fy=ratio, interpolation=cv2.INTER_AREA)
    image = Image.fromarray(np.ascontiguousarray(pixels[:, :, ::-1]))
    image.getexif()[0x0112] = orientation
    upright = np.asarray(ImageOps.exif_transpose(image), dtype=np.uint8)
    return np.ascontiguousarray(upright[:, :, ::-1])

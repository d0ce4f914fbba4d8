"""A photo as an upright picture, refused by its header where it would be too much to decode."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

FORMATS = ("JPEG", "PNG", "WEBP", "BMP", "GIF", "TIFF")
HEIF_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif"})
PIXEL_LIMIT = 50_000_000
JPEG_QUALITY = 90
LONGEST_SIDE_PX = 3840
END_OF_JPEG = b"\xff\xd9"
BROKEN = (OSError, SyntaxError, ValueError)
"""What Pillow raises for bytes that break off or do not hold together."""


class PictureProblem(StrEnum):
    """Why a photo gives no picture."""

    NOT_A_PICTURE = "not_a_picture"
    UNSUPPORTED_PICTURE = "unsupported_picture"
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


def read_photo(path: Path) -> Picture:
    """Return a photo turned the way it was taken, at most 3840 pixels on its longer side.

    A JPEG whose end is missing gives what is there. Nothing is decoded before the header has passed the limit.

    Raises:
        UnreadablePicture: not a picture of a known format, more pixels than `PIXEL_LIMIT`, or nothing to be seen.
    """
    with open_header(path) as image:
        is_jpeg = image.format in {"JPEG", "MPO"}
        try:
            return Picture(_upright(image), is_truncated=False)
        except BROKEN as problem:
            if not is_jpeg:
                raise UnreadablePicture(PictureProblem.TRUNCATED_PICTURE) from problem
    # To the decoder an end of the picture that comes too early is a warning: what is missing stays grey.
    mended = io.BytesIO(path.read_bytes() + END_OF_JPEG)
    with Image.open(mended, formats=("JPEG",)) as image:
        try:
            return Picture(_upright(image), is_truncated=True)
        except BROKEN as problem:
            raise UnreadablePicture(PictureProblem.TRUNCATED_PICTURE) from problem


def whole_photo(path: Path) -> NDArray[np.uint8]:
    """Return a photo in its full resolution, turned the way it was taken, shape (height, width, 3), BGR.

    Raises:
        UnreadablePicture: see `open_header`; or its end is missing.
    """
    with open_header(path) as image:
        try:
            rgb = np.asarray(_on_white(ImageOps.exif_transpose(image)), dtype=np.uint8)
        except BROKEN as problem:
            raise UnreadablePicture(PictureProblem.TRUNCATED_PICTURE) from problem
    return np.ascontiguousarray(rgb[:, :, ::-1])


def open_header(path: Path) -> ImageFile.ImageFile:
    """Return the opened but undecoded image; the caller closes it.

    Raises:
        UnreadablePicture: not a picture of a known format, or more pixels than `PIXEL_LIMIT`.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our own limit stands below it
            image = Image.open(path, formats=FORMATS)
    except Image.DecompressionBombError as problem:
        raise UnreadablePicture(PictureProblem.TOO_MANY_PIXELS) from problem
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as problem:
        reason = PictureProblem.UNSUPPORTED_PICTURE if _is_heif(path) else PictureProblem.NOT_A_PICTURE
        raise UnreadablePicture(reason) from problem
    if image.width * image.height > PIXEL_LIMIT:
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


def as_jpeg(pixels: NDArray[np.uint8]) -> bytes:
    """Return the picture as a JPEG without any metadata."""
    is_done, encoded = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
    if not is_done:
        raise ValueError("the picture cannot be written as JPEG")
    return encoded.tobytes()


def from_jpeg(data: bytes) -> NDArray[np.uint8]:
    """Return what `as_jpeg` wrote as pixels again."""
    pixels = cv2.imdecode(np.frombuffer(data, dtype=np.uint8), cv2.IMREAD_COLOR)
    if pixels is None:
        raise ValueError("no JPEG")
    return np.asarray(pixels, dtype=np.uint8)


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info:
        canvas = Image.new("RGBA", image.size, "white")
        canvas.alpha_composite(image.convert("RGBA"))
        return canvas.convert("RGB")
    return image.convert("RGB")


def _is_heif(path: Path) -> bool:
    """Whether it is the format some telephones write, which nothing here decodes yet."""
    with path.open("rb") as file:
        head = file.read(12)
    return head[4:8] == b"ftyp" and head[8:12] in HEIF_BRANDS


def _upright(image: ImageFile.ImageFile) -> NDArray[np.uint8]:
    image.draft("RGB", (LONGEST_SIDE_PX, LONGEST_SIDE_PX))
    upright = ImageOps.exif_transpose(image)
    upright.thumbnail((LONGEST_SIDE_PX, LONGEST_SIDE_PX))
    rgb = np.asarray(_on_white(upright), dtype=np.uint8)
    return np.ascontiguousarray(rgb[:, :, ::-1])

"""Photos: limits before decoding, turning, damage."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import ExifTags, Image

from tests.bombs import png_bomb
from workers.vision.pictures import PictureProblem, UnreadablePicture, as_jpeg, read_photo, sharpness


@pytest.mark.parametrize("size", [(10_000, 6_000), (30_000, 3_000)])
def test_a_picture_of_too_many_pixels_is_refused_by_its_header(tmp_path: Path, size: tuple[int, int]) -> None:
    path = tmp_path / "bomb.png"
    path.write_bytes(png_bomb(*size))

    with pytest.raises(UnreadablePicture) as refusal:
        read_photo(path)

    assert refusal.value.reason == PictureProblem.TOO_MANY_PIXELS


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"white van, plate unknown", PictureProblem.NOT_A_PICTURE),
        (b"\xff\xd8\xff\xe0", PictureProblem.NOT_A_PICTURE),
        (b"\x00\x00\x00\x18ftypheic" + bytes(200), PictureProblem.UNSUPPORTED_PICTURE),
    ],
)
def test_what_is_no_picture_is_refused(tmp_path: Path, content: bytes, reason: PictureProblem) -> None:
    path = tmp_path / "renamed.jpg"
    path.write_bytes(content)

    with pytest.raises(UnreadablePicture) as refusal:
        read_photo(path)

    assert refusal.value.reason == reason


def test_a_png_without_its_end_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "cut.png"
    noise = np.random.default_rng(1).integers(0, 255, (200, 300, 3), dtype=np.uint8)
    Image.fromarray(noise).save(path)
    path.write_bytes(path.read_bytes()[:60_000])

    with pytest.raises(UnreadablePicture) as refusal:
        read_photo(path)

    assert refusal.value.reason == PictureProblem.TRUNCATED_PICTURE


def test_a_jpeg_without_its_end_gives_what_is_there(photo: Path, tmp_path: Path) -> None:
    path = tmp_path / "cut.jpg"
    path.write_bytes(photo.read_bytes()[:150_000])

    picture = read_photo(path)

    assert picture.is_truncated
    assert picture.pixels.shape == (900, 1600, 3)
    assert sharpness(picture.pixels[:300]) > 10


@pytest.mark.parametrize(
    ("orientation", "corner"), [(1, "top left"), (3, "bottom right"), (6, "top right"), (8, "bottom left")]
)
def test_a_photo_is_turned_the_way_it_was_taken(tmp_path: Path, orientation: int, corner: str) -> None:
    image = Image.new("RGB", (300, 200), "black")
    image.paste("white", (0, 0, 60, 60))
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    image.save(tmp_path / "turned.jpg", exif=exif)

    pixels = read_photo(tmp_path / "turned.jpg").pixels

    row = 20 if corner.startswith("top") else -20
    column = 20 if corner.endswith("left") else -20
    assert pixels[row, column].min() > 200
    assert pixels.shape[:2] == ((200, 300) if orientation in {1, 3} else (300, 200))


@pytest.mark.parametrize("mode", ["L", "P", "RGBA", "CMYK", "I;16"])
def test_every_kind_of_colour_becomes_bgr(tmp_path: Path, mode: str) -> None:
    name = "picture.jpg" if mode == "CMYK" else "picture.png"
    Image.new(mode, (40, 30)).save(tmp_path / name)

    picture = read_photo(tmp_path / name)

    assert picture.pixels.shape == (30, 40, 3)


def test_a_large_photo_is_kept_within_3840_pixels(tmp_path: Path) -> None:
    Image.new("RGB", (6000, 4000)).save(tmp_path / "large.jpg")

    pixels = read_photo(tmp_path / "large.jpg").pixels

    assert max(pixels.shape) <= 3840


def test_a_blurred_picture_is_less_sharp() -> None:
    noise = np.random.default_rng(1).integers(0, 255, (400, 600, 3), dtype=np.uint8)
    blurred = np.asarray(Image.fromarray(noise).resize((60, 40)).resize((600, 400)), dtype=np.uint8)

    assert sharpness(noise) > 10 * sharpness(blurred)


def test_a_kept_picture_carries_no_metadata(photo: Path, tmp_path: Path) -> None:
    (tmp_path / "kept.jpg").write_bytes(as_jpeg(read_photo(photo).pixels))

    with Image.open(tmp_path / "kept.jpg") as image:
        assert not image.getexif()

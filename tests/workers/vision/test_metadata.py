"""What photos and clips say of themselves, and that they never say where."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from PIL import ExifTags, Image

from tests.workers.conftest import CAPTURED_AT
from workers.vision.metadata import CaptureBasis, photo_facts, video_facts

CHINA = timezone(timedelta(hours=8))


def photo_with(path: Path, *, taken: str | None = None, offset: str | None = None, orientation: int = 1) -> Path:
    exif = Image.Exif()
    exif[ExifTags.Base.Make], exif[ExifTags.Base.Model] = "HUAWEI", "HUAWEI P30"
    exif[ExifTags.Base.Orientation] = orientation
    details = exif.get_ifd(ExifTags.IFD.Exif)
    if taken:
        details[ExifTags.Base.DateTimeOriginal] = taken
    if offset:
        details[ExifTags.Base.OffsetTimeOriginal] = offset
    place = exif.get_ifd(ExifTags.IFD.GPSInfo)
    place[ExifTags.GPS.GPSLatitudeRef], place[ExifTags.GPS.GPSLatitude] = "N", (36.0, 52.0, 7.5)
    Image.new("RGB", (400, 300)).save(path, exif=exif)
    return path


def test_a_photo_tells_its_time_and_device_but_not_its_position(tmp_path: Path) -> None:
    path = photo_with(tmp_path / "photo.jpg", taken="2026:11:20 18:03:00")

    facts = photo_facts(path)

    assert facts.as_json() == {
        "container": "jpeg",
        "width_px": 400,
        "height_px": 300,
        "device": "HUAWEI P30",
        "captured_at": "2026-11-20T18:03:00+08:00",
        "captured_basis": "exif",
    }


def test_an_offset_in_the_photo_is_followed(tmp_path: Path) -> None:
    path = photo_with(tmp_path / "photo.jpg", taken="2026:11:20 10:03:00", offset="+00:00")

    facts = photo_facts(path)

    assert facts.captured_at == datetime(2026, 11, 20, 18, 3, tzinfo=CHINA)
    assert facts.captured_basis == CaptureBasis.EXIF_WITH_OFFSET


@pytest.mark.parametrize(
    "taken", [None, "0000:00:00 00:00:00", "1970:01:01 00:00:00", "gestern", "2026:13:45 99:00:00"]
)
def test_a_clock_that_was_never_set_tells_nothing(tmp_path: Path, taken: str | None) -> None:
    facts = photo_facts(photo_with(tmp_path / "photo.jpg", taken=taken))

    assert facts.captured_at is None
    assert facts.captured_basis is None


def test_width_and_height_are_those_of_the_upright_photo(tmp_path: Path) -> None:
    facts = photo_facts(photo_with(tmp_path / "photo.jpg", orientation=6))

    assert (facts.width_px, facts.height_px) == (300, 400)


def test_the_rendered_photo_has_its_time_in_exif(photo: Path) -> None:
    facts = photo_facts(photo)

    assert facts.captured_at == CAPTURED_AT
    assert facts.captured_basis == CaptureBasis.EXIF_WITH_OFFSET


def test_a_clip_tells_length_codec_rate_and_time(clip: Path) -> None:
    facts = video_facts(clip)

    assert facts.captured_at == CAPTURED_AT
    assert facts.as_json() == {
        "container": "mov",
        "width_px": 1280,
        "height_px": 720,
        "codec": "h264",
        "duration_s": 4.0,
        "frame_rate": 25.0,
        "captured_at": "2026-11-20T10:03:00+00:00",
        "captured_basis": "container",
    }

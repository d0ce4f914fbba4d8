"""The rendered clip and photo: playable anywhere, lettered, and without a position."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import av
import numpy as np
import pytest
from PIL import ExifTags, Image

from tipline.demo import clip
from tipline.demo.clip import FontMissing, render_clip, render_photo
from tipline.demo.plate_picture import draw_plate

CAPTURED_AT = datetime(2026, 11, 20, 10, 3, tzinfo=UTC)


def test_the_clip_is_four_seconds_of_h264_that_every_player_knows() -> None:
    data = render_clip("鲁P8D3K5", captured_at=CAPTURED_AT, seed=3)

    with av.open(io.BytesIO(data)) as container:
        stream = container.streams.video[0]
        assert (stream.codec_context.name, stream.codec_context.pix_fmt) == ("h264", "yuv420p")
        assert (stream.codec_context.width, stream.codec_context.height) == (1280, 720)
        assert stream.frames == 100
        assert container.metadata["creation_time"].startswith("2026-11-20T10:03:00")


def test_the_photo_has_its_time_and_no_position() -> None:
    data = render_photo("鲁P8D3K5", captured_at=CAPTURED_AT, seed=3)

    with Image.open(io.BytesIO(data)) as image:
        exif = image.getexif()
        details = exif.get_ifd(ExifTags.IFD.Exif)
        assert details[ExifTags.Base.DateTimeOriginal] == "2026:11:20 18:03:00"
        assert details[ExifTags.Base.OffsetTimeOriginal] == "+08:00"
        assert not exif.get_ifd(ExifTags.IFD.GPSInfo)


def test_the_same_seed_draws_the_same_scene_and_another_draws_another() -> None:
    first, again, other = (render_photo("鲁P8D3K5", captured_at=CAPTURED_AT, seed=seed) for seed in (3, 3, 4))

    assert first == again
    assert first != other


@pytest.mark.parametrize(("text", "hue"), [("鲁P8D3K5", "blue"), ("鲁PD12345", "green")])
def test_a_plate_has_the_colour_of_its_kind(text: str, hue: str) -> None:
    red, green, blue = np.median(np.asarray(draw_plate(text, clip.font)), axis=(0, 1))

    assert (blue > green > red) if hue == "blue" else (green > max(red, blue))


def test_a_plate_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="seven or eight"):
        draw_plate("鲁P123", clip.font)


def test_a_missing_font_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clip, "FONT", clip.FONT.with_name("gone.ttf"))

    with pytest.raises(FontMissing):
        clip.font(123)

"""What a photo or video says of itself: size, length, device, moment of capture; never a position.

A position stays in the sealed original alone: a sender who gave no name must not be found by it.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum
from pathlib import Path
from typing import Any

from PIL import ExifTags, Image

from workers.vision.frames import open_video, picture_stream
from workers.vision.pictures import open_header

CHINA = timezone(timedelta(hours=8))
EARLIEST_YEAR = 2000
LONGEST_WORDS = 60


class CaptureBasis(StrEnum):
    """Where a moment of capture comes from, which says how far it can be trusted."""

    EXIF_WITH_OFFSET = "exif_with_offset"
    EXIF = "exif"
    CONTAINER = "container"


TRUST = {CaptureBasis.EXIF_WITH_OFFSET: 0.9, CaptureBasis.EXIF: 0.8, CaptureBasis.CONTAINER: 0.6}
"""How sure each basis is: a camera's clock may be wrong, and some recorders write local time as UTC."""


@dataclass(frozen=True, kw_only=True, slots=True)
class MediaFacts:
    """Facts of one file. `captured_at` is timezone-aware; EXIF without an offset is taken as China Standard Time."""

    container: str
    width_px: int
    height_px: int
    codec: str = ""
    duration_s: float | None = None
    frame_rate: float | None = None
    device: str = ""
    captured_at: datetime | None = None
    captured_basis: CaptureBasis | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the known facts as JSON values, times in ISO 8601."""
        known = {name: value for name, value in asdict(self).items() if value is not None and value != ""}
        if self.captured_at is not None:
            known["captured_at"] = self.captured_at.isoformat()
        return known


def photo_facts(path: Path) -> MediaFacts:
    """Return what a photo's header and EXIF say; width and height are those of the upright picture.

    Raises:
        workers.vision.pictures.UnreadablePicture: see `open_header`.
    """
    with open_header(path) as image:
        exif = image.getexif()
        details = exif.get_ifd(ExifTags.IFD.Exif)
        captured_at, basis = _exif_moment(exif, details)
        width, height = image.size
        if exif.get(ExifTags.Base.Orientation, 1) in {5, 6, 7, 8}:
            width, height = height, width
        return MediaFacts(
            container=str(image.format).lower(),
            width_px=width,
            height_px=height,
            device=_device(exif.get(ExifTags.Base.Make), exif.get(ExifTags.Base.Model)),
            captured_at=captured_at,
            captured_basis=basis,
        )


def video_facts(path: Path) -> MediaFacts:
    """Return what a video's container says; width and height are those of the stored, not the turned picture.

    Raises:
        workers.vision.frames.UnreadableVideo: see `open_video` and `picture_stream`.
    """
    with open_video(path) as container:
        stream = picture_stream(container)
        tags = {name.lower(): value for name, value in {**stream.metadata, **container.metadata}.items()}
        stated_us = container.duration or 0
        rate = stream.average_rate
        captured_at = _container_moment(tags)
        return MediaFacts(
            container=container.format.name.split(",")[0],
            width_px=stream.codec_context.width,
            height_px=stream.codec_context.height,
            codec=stream.codec_context.name,
            duration_s=round(stated_us / 1e6, 3) if stated_us > 0 else None,
            frame_rate=round(float(rate), 3) if rate else None,
            device=_device(
                tags.get("com.apple.quicktime.make") or tags.get("com.android.manufacturer") or tags.get("make"),
                tags.get("com.apple.quicktime.model") or tags.get("com.android.model") or tags.get("model"),
            ),
            captured_at=captured_at,
            captured_basis=CaptureBasis.CONTAINER if captured_at else None,
        )


def _exif_moment(exif: Image.Exif, details: dict[int, Any]) -> tuple[datetime | None, CaptureBasis | None]:
    words = details.get(ExifTags.Base.DateTimeOriginal) or details.get(ExifTags.Base.DateTimeDigitized)
    offset = details.get(ExifTags.Base.OffsetTimeOriginal) or details.get(ExifTags.Base.OffsetTime)
    if not words:
        words = exif.get(ExifTags.Base.DateTime)
    try:
        moment = datetime.strptime(_words(words)[:19], "%Y:%m:%d %H:%M:%S").replace(tzinfo=CHINA)
    except ValueError:
        return None, None
    if moment.year < EARLIEST_YEAR:  # a clock that was never set
        return None, None
    try:
        zone = datetime.strptime(_words(offset), "%z").tzinfo
    except ValueError:
        return moment, CaptureBasis.EXIF
    return moment.replace(tzinfo=zone), CaptureBasis.EXIF_WITH_OFFSET


def _container_moment(tags: dict[str, str]) -> datetime | None:
    words = tags.get("com.apple.quicktime.creationdate") or tags.get("creation_time") or ""
    try:
        moment = datetime.fromisoformat(words)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return moment if moment.year >= EARLIEST_YEAR else None


def _device(make: object, model: object) -> str:
    maker, name = _words(make), _words(model)
    return name if name.lower().startswith(maker.lower()) else f"{maker} {name}".strip()


def _words(value: object) -> str:
    """A tag as printable words: files hold anything, and these are shown to people."""
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value or "")
    return "".join(c for c in text if c.isprintable()).strip()[:LONGEST_WORDS]

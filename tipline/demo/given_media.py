"""Photos and videos for the walk: those given on the command line, the missing kind rendered."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BufferedReader, BytesIO
from pathlib import Path
from typing import Final

from tipline.demo.clip import BODIES, render_clip, render_photo
from tipline.demo.vehicles import VehiclePlan
from tipline.intake.errors import NotAMedium
from tipline.intake.media import HEAD_BYTES, judge
from tipline.intake.tables import FileRole

SEED: Final = 7


@dataclass(frozen=True, slots=True)
class Medium:
    """One file to send: its name, its kind as its content says, and its bytes or where they are."""

    name: str
    role: FileRole
    path: Path | None = None
    data: bytes = b""

    def open(self) -> BufferedReader | BytesIO:
        """Open the content for reading; the caller closes it."""
        return BytesIO(self.data) if self.path is None else self.path.open("rb")

    def sha256(self) -> str:
        """Return the digest of the content, in hex."""
        with self.open() as file:
            return hashlib.file_digest(file, "sha256").hexdigest()


def media_of(paths: Sequence[Path]) -> list[Medium]:
    """Return the given files, each judged by its content and never by its name.

    Raises:
        ValueError: one cannot be read, or is neither photo nor video; the message is a plain sentence.
    """
    found = []
    for path in paths:
        try:
            with path.open("rb") as file:
                head = file.read(HEAD_BYTES)
            found.append(Medium(path.name, judge(head).role, path))
        except OSError as problem:
            raise ValueError(f"{path} cannot be read: {problem.strerror}.") from problem
        except NotAMedium as problem:
            raise ValueError(f"{path} is neither a photo nor a video.") from problem
    return found


def completed(given: Sequence[Medium], shown: VehiclePlan, *, captured_at: datetime, place: str) -> list[Medium]:
    """Return the given files, photos first, with a rendered photo or clip of the vehicle for a kind not given."""
    photos = [one for one in given if one.role == FileRole.PHOTO]
    videos = [one for one in given if one.role == FileRole.VIDEO]
    colour = shown.colour.value if shown.colour.value in BODIES else "white"
    if not photos:
        data = render_photo(shown.plate, captured_at=captured_at, seed=SEED, colour=colour, place=place)
        photos = [Medium("demo-photo.jpg", FileRole.PHOTO, data=data)]
    if not videos:
        data = render_clip(shown.plate, captured_at=captured_at, seed=SEED, colour=colour, place=place)
        videos = [Medium("demo-clip.mp4", FileRole.VIDEO, data=data)]
    return photos + videos

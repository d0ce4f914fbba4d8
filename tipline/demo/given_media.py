"""Photos and videos for the walk: those given on the command line, the missing kind rendered."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from io import BufferedReader, BytesIO
from pathlib import Path
from typing import Final

from tipline.clock import utc_now
from tipline.demo.clip import BODIES, render_clip, render_photo
from tipline.demo.present_cases import OPEN_CASES, OpenCase
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


def completed(given: Sequence[Medium], known: OpenCase, captured_at: datetime) -> list[Medium]:
    """Return the given files, photos first; a kind not given is rendered with the vehicle of the case."""
    photos = [one for one in given if one.role == FileRole.PHOTO]
    videos = [one for one in given if one.role == FileRole.VIDEO]
    plate, colour, place = known.vehicle.plate, known.vehicle.colour.value, f"高唐县{known.place}"
    if colour not in BODIES:
        colour = "white"
    if not photos:
        data = render_photo(plate, captured_at=captured_at, seed=SEED, colour=colour, place=place)
        photos = [Medium("demo-photo.jpg", FileRole.PHOTO, data=data)]
    if not videos:
        data = render_clip(plate, captured_at=captured_at, seed=SEED, colour=colour, place=place)
        videos = [Medium("demo-clip.mp4", FileRole.VIDEO, data=data)]
    return photos + videos


class MediaInAdvance:
    """Renders for the case that will most likely be chosen while the platform starts; both need their time."""

    def __init__(self, given: Sequence[Medium], stack: ExitStack) -> None:
        """Begin at once, in a thread that ends with `stack`."""
        self._given = given
        self._expected = (OPEN_CASES[0], OPEN_CASES[0].happened_at(utc_now()))
        self._coming = stack.enter_context(ThreadPoolExecutor(max_workers=1)).submit(completed, given, *self._expected)

    def for_case(self, known: OpenCase, captured_at: datetime) -> list[Medium]:
        """Return the files for the case that was chosen, rendered anew if it is another one.

        Raises:
            FontMissing: setup was not run.
        """
        if (known, captured_at) == self._expected:
            return self._coming.result()
        return completed(self._given, known, captured_at)

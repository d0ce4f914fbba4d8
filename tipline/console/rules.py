"""Pure rules of the console: how a file of a tip stands, which stretch of it a player asks for, when a frame was."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from evidence.tables import ItemState
from tipline.intake.tables import ExaminationState
from tipline.work.tables import WorkState

# No file of ours is as long as eighteen digits; a longer number is no stretch.
RANGE: Final = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")
FRAME: Final = re.compile(r"frame:(\d+)")


class FileStatus(StrEnum):
    """How far the platform is with one file of a tip, in one word."""

    WAITING = "waiting"
    RUNNING = "running"
    FAILED = "failed"
    UNREADABLE = "unreadable"
    EXAMINED = "examined"
    DAMAGED = "damaged"


class RangeNotSatisfiable(ValueError):
    """The stretch asked for begins behind the file's end."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Bytes `start` up to, not including, `end`; `is_whole` when no stretch was asked for."""

    start: int
    end: int
    is_whole: bool


def file_status(item: ItemState, examination: ExaminationState, work: WorkState | None) -> FileStatus:
    """Return a file's status.

    Args:
        item: state of the sealed original.
        examination: what the machine's look ended with.
        work: state of the latest work that brings it on (sealing, then examining); None when none is recorded.
    """
    if item == ItemState.BROKEN:
        return FileStatus.DAMAGED
    if item == ItemState.SEALED and examination == ExaminationState.EXAMINED:
        return FileStatus.EXAMINED
    if item == ItemState.SEALED and examination == ExaminationState.UNREADABLE:
        return FileStatus.UNREADABLE
    if work == WorkState.FAILED:
        return FileStatus.FAILED
    if work == WorkState.RUNNING:
        return FileStatus.RUNNING
    return FileStatus.WAITING


def stretch_of(header: str, size_bytes: int) -> Stretch:
    """Return the stretch that a Range header asks for; several ranges or an unknown unit ask for the whole (RFC 9110).

    Raises:
        RangeNotSatisfiable: it begins at or behind the end.
    """
    found = RANGE.fullmatch(header.strip())
    if not found or not (found[1] or found[2]):
        return Stretch(0, size_bytes, is_whole=True)
    if not found[1]:
        if int(found[2]) == 0:
            raise RangeNotSatisfiable
        return Stretch(max(0, size_bytes - int(found[2])), size_bytes, is_whole=False)
    start = int(found[1])
    if start >= size_bytes:
        raise RangeNotSatisfiable
    last = int(found[2]) if found[2] else size_bytes - 1
    if last < start:
        return Stretch(0, size_bytes, is_whole=True)
    return Stretch(start, min(last, size_bytes - 1) + 1, is_whole=False)


def frame_at_s(label: str) -> float | None:
    """Return the moment of a key frame in seconds of its video (`frame:00004200` is 4.2); None for other labels."""
    found = FRAME.fullmatch(label)
    return int(found[1]) / 1000 if found else None

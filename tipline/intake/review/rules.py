"""Pure rules of the media review: pieces and their names, moments as typed, readings that stand, frames by interest."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from matching.plates import normalise, parse_plate
from tipline.clock import SHANGHAI
from tipline.errors import Problem
from tipline.intake.review.tables import CorrectionAct, DerivationKind
from tipline.intake.tables import HintKind

TIMESTAMP: Final = re.compile(r"(?:(?:(\d{1,2}):)?([0-5]?\d):)?(\d{1,5})(?:\.(\d{1,3}))?")
LAST_SECOND: Final = 59
LONGEST_CLIP_MS: Final = 120_000
LONGEST_FILE_MS: Final = 12 * 3600 * 1000
WHOLE: Final = 10_000
SMALLEST_SIDE: Final = 50
"""Of a crop, in ten-thousandths of the picture: half a hundredth."""
PLATE_COLOURS: Final = ("blue", "yellow", "green", "white", "black")
BROWSER_CODECS: Final = frozenset({"h264", "vp8", "vp9", "av1", "libdav1d", "libvpx", "libvpx-vp9"})
BROWSER_TYPES: Final = frozenset({"video/mp4", "video/webm", "video/quicktime"})


@dataclass(frozen=True, slots=True)
class Piece:
    """What is to be made of an original. `parameters` are whole numbers, so that the ledger can hold them.

    `at_ms` from the first frame (0 for a photo), `from_ms` and `to_ms` of a clip, `left`, `top`, `width`, `height` of a
    crop in ten-thousandths of the upright picture.
    """

    kind: DerivationKind
    parameters: Mapping[str, int]

    @property
    def label(self) -> str:
        """The derived item's name under its original: the same piece has the same name, and is made once."""
        of = self.parameters
        match self.kind:
            case DerivationKind.STILL:
                return f"still:{of['at_ms']:08d}"
            case DerivationKind.CROP:
                sides = ",".join(f"{of[side]:05d}" for side in ("left", "top", "width", "height"))
                return f"crop:{of['at_ms']:08d}:{sides}"
            case DerivationKind.CLIP:
                return f"clip:{of['from_ms']:08d}-{of['to_ms']:08d}"
            case DerivationKind.PREVIEW:
                return "preview"


@dataclass(frozen=True, slots=True)
class Standing:
    """How one reading of a file stands: `value` is empty when it is rejected."""

    value: str
    act: CorrectionAct
    corrected_at: datetime
    full_name: str
    reason: str


def moment_ms(words: str) -> int | None:
    """Return a typed moment of a video in milliseconds: `62.5`, `1:02.500` or `0:01:02.5`; None when it is none."""
    found = TIMESTAMP.fullmatch(words.strip().replace("：", ":").replace("．", "."))
    if found is None:
        return None
    hours, minutes, seconds, fraction = found.groups()
    if minutes is not None and int(seconds) > LAST_SECOND:
        return None
    whole_s = int(hours or 0) * 3600 + int(minutes or 0) * 60 + int(seconds)
    moment = whole_s * 1000 + int((fraction or "0").ljust(3, "0"))
    return moment if moment <= LONGEST_FILE_MS else None


def moment_words(at_ms: int) -> str:
    """Return a moment of a video as people type it: `1:02.500`, from an hour on `1:01:02.500`."""
    seconds, millis = divmod(at_ms, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    begin = f"{hours}:{minutes:02d}" if hours else f"{minutes}"
    return f"{begin}:{seconds:02d}.{millis:03d}"


def clip_problems(from_ms: int, to_ms: int, *, duration_s: float | None) -> list[Problem]:
    """Return what is wrong with the ends of a clip: order, length (two minutes at most), behind the video's end."""
    if to_ms <= from_ms:
        return [Problem("to", "clip_ends_early")]
    if to_ms - from_ms > LONGEST_CLIP_MS:
        return [Problem("to", "clip_too_long", {"limit_s": LONGEST_CLIP_MS // 1000})]
    if duration_s is not None and from_ms > duration_s * 1000:
        return [Problem("from", "behind_the_end")]
    return []


def crop_problems(left: int, top: int, width: int, height: int) -> list[Problem]:
    """Return what is wrong with a crop in ten-thousandths: too small, or not within the picture."""
    problems = []
    for near, side, start, length in (("left", "width", left, width), ("top", "height", top, height)):
        if not 0 <= start < WHOLE:
            problems.append(Problem(near, "not_within_the_picture"))
        if length < SMALLEST_SIDE:
            problems.append(Problem(side, "crop_too_small"))
        elif start + length > WHOLE:
            problems.append(Problem(side, "not_within_the_picture"))
    return problems


def corrected_value(kind: HintKind, typed: str) -> str | None:
    """Return a typed value as it is stored: a plate normalised (`?` for a place not seen), a colour, an ISO time.

    None when it is no such value. A time without an offset is taken as Asia/Shanghai.
    """
    words = typed.strip()
    if kind == HintKind.PLATE:
        return None if parse_plate(words) is None else normalise(words)
    if kind == HintKind.PLATE_COLOUR:
        return words if words in PLATE_COLOURS else None
    try:
        moment = datetime.fromisoformat(words)
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)).isoformat()


def standing_readings(corrections: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str], Standing]:
    """Return how each corrected reading stands, by kind and raw value; of several corrections the newest stands.

    Args:
        corrections: rows of `hint_correction` with `full_name` of the officer, oldest first.
    """
    return {
        (row["kind"], row["raw_value"]): Standing(
            value=row["new_value"],
            act=CorrectionAct(row["act"]),
            corrected_at=row["corrected_at"],
            full_name=row["full_name"],
            reason=row["reason"],
        )
        for row in corrections
    }


def true_time(clock: Mapping[str, Any], at_ms: int) -> datetime:
    """Return what the time truly was at a moment of the file, by its clock row; playback is taken as real time."""
    moment: datetime = clock["true_at"]
    return moment + timedelta(milliseconds=at_ms - clock["at_ms"])


@dataclass(frozen=True, slots=True)
class FrameWorth:
    """What makes a frame worth looking at first."""

    at_ms: int
    plate_confidence: float
    """Of the surest plate reading on it that is not rejected; 1 for one an officer has corrected; 0 without any."""
    other_hints: int
    sharpness: float


def by_interest(frames: Sequence[FrameWorth]) -> list[FrameWorth]:
    """Return frames the most telling first: a plate read (the surest first), other hints, sharpness, time.

    The confidence is the reader's own and orders frames of one file; it says nothing about a reading being right.
    """
    return sorted(frames, key=lambda one: (-one.plate_confidence, -one.other_hints, -one.sharpness, one.at_ms))


def plays_in_browsers(media_type: str, codec: str) -> bool:
    """Whether common browsers play a video: the container is theirs, and the codec, where it is known."""
    return media_type in BROWSER_TYPES and (not codec or codec in BROWSER_CODECS)

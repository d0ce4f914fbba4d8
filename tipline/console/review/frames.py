"""Frames of a file and the readings on them, as rows become what the review page shows. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from tipline.clock import SHANGHAI
from tipline.console.rules import frame_at_s
from tipline.intake.review.rules import FrameWorth, Standing, by_interest, standing_readings
from tipline.intake.review.tables import CorrectionAct
from tipline.intake.tables import HintKind


@dataclass(frozen=True, slots=True)
class ReadingView:
    """What the machine read, how it stands, and every hint of the file that reads so.

    `number` names its boxes on the pictures; `confidence` is that of the surest hint, 0 when no hint reads so any more.
    """

    number: int
    kind: str
    raw_value: str
    confidence: float
    model: str
    standing: Standing | None
    hints: list[dict[str, Any]]
    history: list[dict[str, Any]]

    @property
    def value(self) -> str:
        """What stands; empty when it is rejected."""
        return self.standing.value if self.standing else self.raw_value

    @property
    def is_corrected(self) -> bool:
        """An officer reads otherwise than the machine."""
        return self.standing is not None and self.standing.act == CorrectionAct.CORRECTED

    @property
    def is_rejected(self) -> bool:
        """An officer says that it is none."""
        return self.standing is not None and self.standing.act == CorrectionAct.REJECTED

    @property
    def moment(self) -> datetime | None:
        """A time of capture that stands; None for anything else."""
        return moment_of(self.value) if self.kind == HintKind.CAPTURE_TIME and self.value else None

    @property
    def first_s(self) -> float | None:
        """The first moment of a video at which it was read."""
        return min((hint["at_s"] for hint in self.hints if hint["at_s"] is not None), default=None)


@dataclass(frozen=True, slots=True)
class Box:
    """A place on a picture (x, y, width, height as fractions) and the readings it holds: a plate and its colour."""

    sides: list[float]
    readings: list[ReadingView]

    @property
    def numbers(self) -> str:
        """The numbers of its readings in the list of hints."""
        return " ".join(str(one.number) for one in self.readings)

    @property
    def look(self) -> str:
        """How it is drawn: `rejected`, `corrected` or `machine`."""
        if all(one.is_rejected for one in self.readings):
            return "rejected"
        return "corrected" if any(one.is_corrected for one in self.readings) else "machine"


@dataclass(frozen=True, slots=True)
class FrameView:
    """A kept picture: its moment, the boxes on it, and who has looked at it."""

    item: UUID
    at_ms: int
    worth: FrameWorth
    is_seen: bool
    seen_by_others: int
    boxes: list[Box] = field(default_factory=list)

    @property
    def plates(self) -> list[ReadingView]:
        """The plate readings on it that are not rejected."""
        readings = [one for box in self.boxes for one in box.readings]
        return [one for one in readings if one.kind == HintKind.PLATE and not one.is_rejected]


def readings_of(hints: Sequence[Mapping[str, Any]], corrections: Sequence[Mapping[str, Any]]) -> list[ReadingView]:
    """Return one reading for each kind and raw value, also a corrected one that no hint bears any more.

    Args:
        hints: rows of `hint`, ordered by kind and confidence, the surest first.
        corrections: rows of `hint_correction` with `full_name`, oldest first.
    """
    standing = standing_readings(corrections)
    grouped: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for hint in hints:
        box = json.loads(hint["box"]) if hint["box"] else None
        grouped.setdefault((hint["kind"], hint["value"]), []).append({**hint, "box": box})
    for key in standing:
        grouped.setdefault(key, [])
    return [
        ReadingView(
            number=number,
            kind=kind,
            raw_value=value,
            confidence=max((hint["confidence"] for hint in rows), default=0.0),
            model=rows[0]["model"] if rows else "",
            standing=standing.get((kind, value)),
            hints=rows,
            history=[dict(row) for row in corrections if (row["kind"], row["raw_value"]) == (kind, value)],
        )
        for number, ((kind, value), rows) in enumerate(grouped.items(), start=1)
    ]


def frames_of(
    rows: Sequence[Mapping[str, Any]],
    hints: Sequence[Mapping[str, Any]],
    readings: Sequence[ReadingView],
    sharpness: Mapping[str, float],
) -> list[FrameView]:
    """Return the frames in order of time, each with the boxes of the readings on it and what it is worth."""
    by_key = {(one.kind, one.raw_value): one for one in readings}
    found = []
    for row in rows:
        at_ms = round((frame_at_s(row["label"]) or 0.0) * 1000)
        here = [(by_key[hint["kind"], hint["value"]], hint) for hint in hints if hint["frame"] == row["id"]]
        standing = [(reading, hint) for reading, hint in here if not reading.is_rejected]
        plates = [
            1.0 if reading.is_corrected else hint["confidence"]
            for reading, hint in standing
            if reading.kind == HintKind.PLATE
        ]
        worth = FrameWorth(
            at_ms=at_ms,
            plate_confidence=max(plates, default=0.0),
            other_hints=sum(reading.kind == HintKind.PLATE_COLOUR for reading, _ in standing),
            sharpness=float(sharpness.get(str(at_ms), 0.0)),
        )
        found.append(
            FrameView(
                item=row["id"],
                at_ms=at_ms,
                worth=worth,
                is_seen=row["seen_at"] is not None,
                seen_by_others=row["seen_by_others"],
                boxes=_boxes(here),
            )
        )
    return found


def _boxes(here: Sequence[tuple[ReadingView, Mapping[str, Any]]]) -> list[Box]:
    found: dict[str, Box] = {}
    for reading, hint in here:
        if hint["box"]:
            found.setdefault(hint["box"], Box(json.loads(hint["box"]), [])).readings.append(reading)
    return list(found.values())


def in_order(frames: Sequence[FrameView], *, is_by_time: bool) -> list[FrameView]:
    """Return frames in the order of the strip: by time, or the most telling first."""
    if is_by_time:
        return sorted(frames, key=lambda one: one.at_ms)
    places = {worth.at_ms: place for place, worth in enumerate(by_interest([one.worth for one in frames]))}
    return sorted(frames, key=lambda one: places[one.at_ms])


def chosen_frame(frames: Sequence[FrameView], at_ms: int | None) -> FrameView | None:
    """Return the frame shown large: the last at or before `at_ms`, without a wish the most telling one."""
    if not frames:
        return None
    if at_ms is None:
        return in_order(frames, is_by_time=False)[0]
    before = [one for one in frames if one.at_ms <= at_ms]
    return max(before, key=lambda one: one.at_ms) if before else min(frames, key=lambda one: one.at_ms)


def moment_of(text: str) -> datetime | None:
    """Return an ISO 8601 time, taken as Asia/Shanghai where it says nothing else; None when it is none."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)

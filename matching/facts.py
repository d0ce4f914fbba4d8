"""What matching compares: plain facts of a tip and of a case. Nothing here knows where they were stored."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from matching.plates import PlatePattern
from matching.points import Point

NOTHING: frozenset[str] = frozenset()


class PlateSource(StrEnum):
    """Who read a plate; each source errs in its own way (matching/weights.py)."""

    WITNESS = "witness"
    CAMERA = "camera"
    OFFICER = "officer"


@dataclass(frozen=True, kw_only=True, slots=True)
class PlateReading:
    """One reading of a plate.

    `confidences` holds one number from 0 to 1 for each character of region and serial, or nothing where the reader
    gave none; the source's usual error is taken then.
    """

    pattern: PlatePattern
    source: PlateSource
    confidences: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        """Refuse confidences that do not belong to the characters."""
        places = len(self.pattern.region) + len(self.pattern.serial)
        if self.confidences and len(self.confidences) != places:
            raise ValueError(f"{len(self.confidences)} confidences for {places} characters")


@dataclass(frozen=True, slots=True)
class Interval:
    """A stretch of time in which something happened; both ends timezone-aware, an exact moment has them equal."""

    begin: datetime
    end: datetime

    def __post_init__(self) -> None:
        """Refuse naive moments and a stretch that ends before it begins."""
        if self.begin.tzinfo is None or self.end.tzinfo is None:
            raise ValueError("an interval needs timezone-aware moments")
        if self.end < self.begin:
            raise ValueError(f"interval ends at {self.end}, before it begins at {self.begin}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Appearance:
    """What was said of colour and type: the possible values, and what was ruled out (`不是白色`).

    Values are those of the platform's enums; an empty set means nothing was said.
    """

    colours: frozenset[str] = NOTHING
    not_colours: frozenset[str] = NOTHING
    types: frozenset[str] = NOTHING
    not_types: frozenset[str] = NOTHING


@dataclass(frozen=True, kw_only=True, slots=True)
class TipFacts:
    """What one tip says, from its form, its words and its media."""

    received_at: datetime
    plates: tuple[PlateReading, ...] = ()
    appearance: Appearance = field(default_factory=Appearance)
    happened: Interval | None = None
    point: Point | None = None
    text: str = ""
    marks: frozenset[str] = NOTHING


@dataclass(frozen=True, kw_only=True, slots=True)
class VehicleFacts:
    """One vehicle of a case as far as it is known."""

    plate: PlateReading | None = None
    appearance: Appearance = field(default_factory=Appearance)
    marks: frozenset[str] = NOTHING


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseFacts:
    """What one open case says. `key` is handed back with the suggestion and not looked at.

    `excluded_plates` are those that officers have checked and excluded for this case; they never speak for it.
    """

    key: Hashable
    number: str
    happened: Interval
    point: Point | None = None
    place_names: frozenset[str] = NOTHING
    vehicles: tuple[VehicleFacts, ...] = ()
    marks: frozenset[str] = NOTHING
    excluded_plates: frozenset[str] = NOTHING

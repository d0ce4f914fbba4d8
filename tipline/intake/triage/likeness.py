"""Which tips are alike: the very same file, a plate that may be the same, or near in place and time. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise
from typing import Final

from matching.facts import PlateReading, PlateSource
from matching.plate_bits import plate_agreement
from matching.plates import PROVINCES, REGION_LENGTH, UNKNOWN, PlatePattern, parse_plate
from matching.points import Point, distance_m
from matching.reasons import Level

NEAR_M: Final = 2_000
NEAR_TIME: Final = timedelta(hours=3)
# Fewer bits than this and half the county's vehicles would be alike: two places of the serial, or a region alone.
LEAST_PLATE_BITS: Final = 6.0
_AGREEING: Final = frozenset({Level.PLATE_SAME, Level.PLATE_FITS_IN_PART, Level.PLATE_ALIKE})


class Likeness(StrEnum):
    """In what two tips are alike, the strongest first."""

    SAME_FILE = "same_file"
    SAME_PLATE = "same_plate"
    PLATE_FITS = "plate_fits"
    NEAR = "near"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a tip says, as far as another is compared with it. `plates` are as typed or read, `digests` of its files."""

    happened_from: datetime | None = None
    happened_to: datetime | None = None
    point: Point | None = None
    place_text: str = ""
    plates: frozenset[str] = field(default=frozenset())
    digests: frozenset[str] = field(default=frozenset())


def likenesses(one: Told, other: Told) -> list[Likeness]:
    """Return in what two tips are alike, the strongest first; empty when in nothing."""
    found = []
    if one.digests & other.digests:
        found.append(Likeness.SAME_FILE)
    agreement = _best_agreement(one.plates, other.plates)
    if agreement is Level.PLATE_SAME:
        found.append(Likeness.SAME_PLATE)
    elif agreement is not None:
        found.append(Likeness.PLATE_FITS)
    if is_near(one, other):
        found.append(Likeness.NEAR)
    return found


def is_near(one: Told, other: Told) -> bool:
    """Return whether both tell of a time within three hours of each other and of a place within 2 km.

    Without coordinates on both sides the place must be told in the same words.
    """
    times = (one.happened_from, one.happened_to, other.happened_from, other.happened_to)
    begin, end, other_begin, other_end = times
    begin, end = begin or end, end or begin
    other_begin, other_end = other_begin or other_end, other_end or other_begin
    if begin is None or end is None or other_begin is None or other_end is None:
        return False
    if begin - other_end > NEAR_TIME or other_begin - end > NEAR_TIME:
        return False
    if one.point is not None and other.point is not None:
        return distance_m(one.point, other.point) <= NEAR_M
    return bool(one.place_text) and one.place_text.strip() == other.place_text.strip()


def serial_pairs(plates: Iterable[str]) -> list[str]:
    """Return the pairs of neighbouring known characters of the plates' serials, by which like plates are looked up."""
    pairs = set()
    for text in plates:
        serial = _serial(text)
        pairs |= {pair for pair in map("".join, pairwise(serial)) if UNKNOWN not in pair}
    return sorted(pairs)


def _serial(text: str) -> str:
    # As stored: upper case, without separators. What stands before the serial says little: 鲁P is half the county.
    return text[REGION_LENGTH:].lower() if text[:1] in (*PROVINCES, UNKNOWN) else text.lower()


def _best_agreement(plates: frozenset[str], others: frozenset[str]) -> Level | None:
    best: Level | None = None
    for text in plates:
        for other in others:
            level = _agreement(*sorted((text, other)))
            if level is Level.PLATE_SAME:
                return level
            best = best or level
    return best


@lru_cache(maxsize=16_384)
def _agreement(text: str, other: str) -> Level | None:
    one, two = _reading(text), _reading(other)
    if one is None or two is None:
        return None
    try:
        agreement = plate_agreement(one, two)
    except ValueError:  # they fit on no plate of any length
        return None
    return agreement.level if agreement.level in _AGREEING and agreement.bits >= LEAST_PLATE_BITS else None


def _reading(text: str) -> PlateReading | None:
    pattern: PlatePattern | None = parse_plate(text)
    return None if pattern is None else PlateReading(pattern=pattern, source=PlateSource.WITNESS)

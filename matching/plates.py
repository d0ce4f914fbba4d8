"""Chinese number plates: their grammar, what people write for them, and the ways a partial one can lie on a whole.

A plate is a region (province character and city letter) and a serial of five places, six for new energy vehicles.
`?` stands for a place that was not seen. Source: GA 36-2018 (civil plates); I and O are not used.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from typing import Final, TypeVar

PROVINCES: Final = "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新"
CITY_LETTERS: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ"
SERIAL_CHARACTERS: Final = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"
# Police, learner, trailer, Hong Kong, Macau, embassy, consulate: only in the last place.
SUFFIXES: Final = "警学挂港澳使领"
UNKNOWN: Final = "?"
SERIAL_LENGTHS: Final = (5, 6)
# First place of the serial of a small new energy vehicle (D, A, B, C, E battery; F, G, H, J, K other).
NEW_ENERGY_LETTERS: Final = "ABCDEFGHJK"
REGION_LENGTH: Final = 2

# Far more than any plate; normalising takes the square of the length of a run of combining marks.
LONGEST_TYPED: Final = 200
_SEPARATORS: Final = re.compile(r"[\s·•・‧∙⋅.,,、\-—–]+")
_WILDCARDS: Final = str.maketrans(dict.fromkeys("*_□■●○◯…×", UNKNOWN))
_IMPOSSIBLE: Final = str.maketrans({"O": "0", "I": "1"})
_SERIAL: Final = re.compile(rf"[{SERIAL_CHARACTERS}?]*[{SERIAL_CHARACTERS}{SUFFIXES}?]")
_SHORTEST_PART: Final = 2

Place = TypeVar("Place")


class Anchor(StrEnum):
    """Where the known serial lies on the plate."""

    WHOLE = "whole"
    HEAD = "head"
    TAIL = "tail"
    INSIDE = "inside"
    GAPPED = "gapped"


@dataclass(frozen=True, slots=True)
class PlatePattern:
    """A plate as far as it was seen: region and serial, `?` for what was not, and where the serial lies.

    `GAPPED`: the characters are in order, but some are missing and nobody knows where.
    """

    region: str
    serial: str
    anchor: Anchor

    @property
    def text(self) -> str:
        """The pattern as it is shown and stored: `鲁P12?45`; `…` marks an open end."""
        front = "" if self.region == UNKNOWN * REGION_LENGTH and self.anchor is not Anchor.WHOLE else self.region
        if self.anchor is Anchor.WHOLE:
            return front + self.serial
        if self.anchor is Anchor.HEAD:
            return f"{front}{self.serial}…"
        return f"{front}…{self.serial}" + ("" if self.anchor is Anchor.TAIL else "…")

    @property
    def known_places(self) -> int:
        """How many characters were seen."""
        return sum(character != UNKNOWN for character in self.region + self.serial)

    @property
    def is_full(self) -> bool:
        """True when every place is known."""
        return self.anchor is Anchor.WHOLE and UNKNOWN not in self.region + self.serial


def normalise(text: str) -> str:
    """Return the characters of a plate as typed: half width, upper case, no separators, `?` for every wildcard.

    O and I are left standing: whether they are 0 and 1 depends on the place, which `parse_plate` knows.
    """
    if len(text) > LONGEST_TYPED:
        return text
    folded = unicodedata.normalize("NFKC", text.translate(_WILDCARDS)).upper()
    return _SEPARATORS.sub("", folded)


def parse_plate(text: str) -> PlatePattern | None:
    """Read what someone typed or a machine read as one plate; None when it cannot be one.

    `鲁P12345`, `鲁P·1?3 45`, `鲁PD12345`, `P12345` and `12345` are wholes with unknown places; `鲁P` and `鲁P12` are
    heads; `345` may lie anywhere; `鲁P1234` lacks one character somewhere.
    """
    compact = normalise(text)
    if compact[:1] in (*PROVINCES, UNKNOWN) and len(compact) >= REGION_LENGTH + SERIAL_LENGTHS[0]:
        return _pattern(compact[:REGION_LENGTH], compact[REGION_LENGTH:], Anchor.WHOLE)
    if compact and compact[0] in PROVINCES:
        serial = compact[REGION_LENGTH:]
        anchor = Anchor.GAPPED if len(serial) == SERIAL_LENGTHS[0] - 1 else Anchor.HEAD
        return _pattern(compact[:REGION_LENGTH].ljust(REGION_LENGTH, UNKNOWN), serial, anchor)
    return _without_province(compact)


def part_of_plate(text: str, anchor: Anchor, *, region: str = UNKNOWN * REGION_LENGTH) -> PlatePattern | None:
    """Read a part that someone placed in words: `尾号345` is `part_of_plate("345", Anchor.TAIL)`."""
    return _pattern(region, normalise(text), anchor)


def alignments(
    places: Sequence[Place], anchor: Anchor, length: int, *, slip: float, blank: Place
) -> list[tuple[tuple[Place, ...], float]]:
    """Lay the seen places on a serial of `length` in every possible way.

    Args:
        places: what was seen, left to right.
        anchor: where it lies.
        length: 5 or 6.
        slip: probability that a whole plate was told with one character too few or too many.
        blank: what stands for a place that was not seen.

    Returns:
        Each way with its probability; they sum to 1 at most, less where the length does not fit. A tail is counted
        from the right, so that it lies alike on plates of both lengths.
    """
    seen = tuple(places)
    missing = length - len(seen)
    if missing < 0:
        # One character too many was told: any of them may be the one.
        is_slip = anchor is Anchor.WHOLE and missing == -1
        return [(seen[:at] + seen[at + 1 :], slip / len(seen)) for at in range(len(seen))] if is_slip else []
    if anchor is Anchor.WHOLE:
        return [(seen, 1 - 2 * slip)] if missing == 0 else _spread(seen, length, slip, blank)
    if anchor is Anchor.GAPPED:
        return _spread(seen, length, 1.0, blank)
    # Blanks to the left of what was seen: none for a head, all for a tail, any number for a part inside.
    before = {Anchor.HEAD: [0], Anchor.TAIL: [missing], Anchor.INSIDE: [*range(missing + 1)]}[anchor]
    return [((blank,) * at + seen + (blank,) * (missing - at), 1 / len(before)) for at in before]


def _spread(seen: tuple[Place, ...], length: int, weight: float, blank: Place) -> list[tuple[tuple[Place, ...], float]]:
    ways = list(combinations(range(length), len(seen)))
    laid = []
    for kept in ways:
        row = [blank] * length
        for place, at in zip(seen, kept, strict=True):
            row[at] = place
        laid.append((tuple(row), weight / len(ways)))
    return laid


def _without_province(compact: str) -> PlatePattern | None:
    longest = SERIAL_LENGTHS[-1]
    if sum(character.isdigit() or character == UNKNOWN for character in compact) < _SHORTEST_PART:
        return None  # letters alone are a word or the rings of a badge, not a plate
    if len(compact) == longest and compact[0] in CITY_LETTERS and compact[0] not in NEW_ENERGY_LETTERS:
        # A letter that no new energy serial begins with: it is the city's.
        return _pattern(UNKNOWN + compact[0], compact[1:], Anchor.WHOLE)
    if len(compact) == longest + 1 and compact[0] in CITY_LETTERS:
        return _pattern(UNKNOWN + compact[0], compact[1:], Anchor.WHOLE)
    if len(compact) in SERIAL_LENGTHS:
        return _pattern(UNKNOWN * REGION_LENGTH, compact, Anchor.WHOLE)
    return _pattern(UNKNOWN * REGION_LENGTH, compact, Anchor.INSIDE) if len(compact) >= _SHORTEST_PART else None


def _pattern(region: str, serial: str, anchor: Anchor) -> PlatePattern | None:
    province, city = region[0], region[1]
    corrected = serial.translate(_IMPOSSIBLE)
    if province not in PROVINCES + UNKNOWN or len(corrected) > SERIAL_LENGTHS[-1]:
        return None
    if city not in CITY_LETTERS:
        city = UNKNOWN
    if corrected and not _SERIAL.fullmatch(corrected):
        return None
    found = PlatePattern(province + city, corrected, anchor)
    return found if found.known_places else None

"""Reasons: each compared field's share of the weight, as codes and numbers; the words are chosen where they are shown.

A weight is a log2 Bayes factor against "this tip belongs to no open case". It says where to look, not who it was.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as default
from enum import StrEnum
from typing import Any, Final, TypeAlias

Json: TypeAlias = str | float | list[dict[str, str | float]] | list[str]


class Field(StrEnum):
    """What was compared."""

    PRIOR = "prior"
    PLATE = "plate"
    COLOUR = "colour"
    VEHICLE_TYPE = "vehicle_type"
    SPACE_TIME = "space_time"
    WORDS = "words"
    CASE_NUMBER = "case_number"


class Level(StrEnum):
    """How a comparison came out."""

    OPEN_CASES = "open_cases"
    NOT_STATED = "not_stated"
    PLATE_SAME = "plate_same"
    PLATE_FITS_IN_PART = "plate_fits_in_part"
    PLATE_ALIKE = "plate_alike"
    PLATE_DIFFERS = "plate_differs"
    PLATE_EXCLUDED = "plate_excluded"
    COLOUR_SAME = "colour_same"
    COLOUR_ALIKE = "colour_alike"
    COLOUR_DIFFERS = "colour_differs"
    COLOUR_ALLOWED = "colour_allowed"
    TYPE_SAME = "type_same"
    TYPE_ALIKE = "type_alike"
    TYPE_DIFFERS = "type_differs"
    TYPE_ALLOWED = "type_allowed"
    TIME_AND_PLACE_FIT = "time_and_place_fit"
    TIME_AND_PLACE_LOOSE = "time_and_place_loose"
    TIME_FITS = "time_fits"
    TIME_LOOSE = "time_loose"
    PLACE_FITS = "place_fits"
    PLACE_LOOSE = "place_loose"
    OUT_OF_REACH = "out_of_reach"
    WORDS_SHARED = "words_shared"
    NOTHING_SHARED = "nothing_shared"
    NUMBER_NAMED = "number_named"


# The order in which reasons are shown: what an officer asks first comes first.
ORDER: Final = tuple(Field)


@dataclass(frozen=True, kw_only=True, slots=True)
class Reason:
    """One field's share: `bits` for (positive) or against; what the tip and the case say, as data.

    `facts` by field: plate `parts` (place and bits) and `excluded`, space_time `minutes` (tip minus case) and
    `distance_m`, prior `open_cases`, words `shared`.
    """

    field: Field
    bits: float
    level: Level
    tip: str = ""
    case: str = ""
    facts: Mapping[str, Json] = default(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return the stored form."""
        return {
            "field": self.field.value,
            "bits": self.bits,
            "level": self.level.value,
            "tip": self.tip,
            "case": self.case,
            "facts": dict(self.facts),
        }


def in_order(reasons: Sequence[Reason]) -> tuple[Reason, ...]:
    """Return the reasons as they are shown."""
    return tuple(sorted(reasons, key=lambda reason: ORDER.index(reason.field)))


def weight_of(reasons: Sequence[Reason]) -> float:
    """Return the match weight: the sum of all reasons' bits."""
    return sum(reason.bits for reason in reasons)

"""Every number of the comparison, with its source. Numbers are data: another `Weights` may be passed in.

They are working assumptions to be replaced by calibration on decided links; none is a measured field rate.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Final

from matching.facts import PlateSource

INFINITY: Final = float("inf")


@dataclass(frozen=True, kw_only=True, slots=True, eq=False, weakref_slot=True)
class Weights:
    """One version of the numbers. Equal only to itself, so that tables computed from it can be remembered."""

    version: str = "1"

    # --- prior and what is shown
    no_case: float = 0.5
    """Probability that a tip belongs to no open case. Source: assumption; 35 % in the matching study's generator."""
    fewest_open_cases: int = 12
    """The prior is spread over so many cases at least: that a county has one open case does not make it every tip's."""
    least_bits: float = 1.0
    """A weight below this is not shown: at 1 bit the case is twice as likely as "no open case"."""
    most_suggestions: int = 5

    # --- plates
    plate_error: Mapping[PlateSource, float]
    """Chance that one character is wrong. Source: matching study, section 3 (witness memory 5 % and more)."""
    province_error_camera: float = 0.05
    """Small recognisers read provinces worse than letters and digits. Source: hints study."""
    least_error: float = 0.004
    most_error: float = 0.9
    length_slip: float = 0.01
    """Chance that a whole plate is told with one character too few; the same for one too many."""
    not_the_vehicle: Mapping[PlateSource, float]
    """Chance that none of the tip's plates is the fleeing vehicle's: media show bystanders' cars."""
    reading_share: Mapping[PlateSource, float]
    """How much more a reading counts as "the" plate than another when a tip holds several."""
    confusable_share: float = 0.8
    """Share of errors that land on a character of similar shape."""
    confusable: tuple[str, ...] = ("8B", "0DQ", "2Z", "5S", "6G", "71T", "4A", "UV", "MN", "EF", "CG", "PR", "XK", "38")
    """Source: matching study, section 3 (camera confusions)."""
    region_shares: Mapping[str, float]
    """Shares of province + city among vehicles on the county's roads; the rest is spread evenly. Source: the study's
    generator for a Liaocheng county (62 % 鲁P); replace by the plate dictionary's counts."""
    new_energy_share: float = 0.18
    """Share of eight-character plates. Source: as above."""
    digit_share: float = 0.80
    """Share of digits in a place of the serial."""
    first_digit_share: float = 0.60
    first_new_energy_shares: Mapping[str, float]
    shunned: Mapping[str, float]
    """Characters people avoid, relative to their neighbours: 4."""
    suffix_share: float = 0.012
    """Share of police, learner, trailer and border plates in the last place."""

    # --- colour and type
    colour_shares: Mapping[str, float]
    """Source: assumption, order as in published Chinese new-car statistics."""
    colour_error: float = 0.18
    colour_alike: tuple[tuple[str, ...], ...] = (
        ("white", "silver", "grey"),
        ("black", "grey", "blue", "brown"),
        ("red", "brown"),
        ("blue", "green"),
        ("yellow", "brown", "white"),
    )
    type_shares: Mapping[str, float]
    type_error: float = 0.12
    type_alike: tuple[tuple[str, ...], ...] = (
        ("car", "suv"),
        ("suv", "van"),
        ("van", "light_truck"),
        ("light_truck", "heavy_truck"),
        ("bus", "van"),
        ("motorcycle", "electric_bike"),
        ("tricycle", "electric_bike", "light_truck"),
    )
    alike_share: float = 0.8

    # --- time and place: one table, because they depend on each other
    minutes_edges: tuple[float, ...] = (-INFINITY, -1440, -360, -60, -15, 15, 60, 360, 1440, 4320, INFINITY)
    """Tip's moment minus accident's moment, minutes."""
    metres_edges: tuple[float, ...] = (0, 300, 1_000, 3_000, 10_000, 30_000, INFINITY)
    together: tuple[tuple[float, ...], ...] = (
        (0.002, 0.002, 0.002, 0.004, 0.004, 0.001),
        (0.002, 0.002, 0.003, 0.004, 0.003, 0.001),
        (0.008, 0.006, 0.006, 0.008, 0.005, 0.002),
        (0.015, 0.012, 0.015, 0.012, 0.005, 0.001),
        (0.200, 0.080, 0.060, 0.030, 0.005, 0.0005),
        (0.060, 0.050, 0.060, 0.050, 0.020, 0.001),
        (0.020, 0.020, 0.025, 0.030, 0.020, 0.004),
        (0.010, 0.010, 0.015, 0.020, 0.012, 0.003),
        (0.006, 0.006, 0.008, 0.012, 0.008, 0.003),
        (0.004, 0.004, 0.005, 0.008, 0.006, 0.003),
    )
    """Where tips about a case lie; rows as `minutes_edges`, columns as `metres_edges`; scaled to 1. Assumption."""
    apart_minutes: tuple[float, ...] = (0.480, 0.0250, 0.0070, 0.0010, 0.0007, 0.0010, 0.0070, 0.0250, 0.0333, 0.42)
    """Where unrelated tips lie in time: a month either way, twice as dense near the accident's time of day."""
    apart_metres: tuple[float, ...] = (0.004, 0.020, 0.100, 0.350, 0.450, 0.076)
    """Where unrelated tips lie in space: a county of 30 km, denser in town."""
    space_time_most_bits: float = 13.0
    fastest_kmh: float = 130.0
    """Faster than this between tip and accident is out of reach."""
    time_tolerance_min: float = 15.0
    """A witness's clock: `左右` and rounding."""
    place_tolerance_m: float = 500.0
    out_of_reach_bits: float = -12.0
    """A floor, never minus infinity: clocks and copied plates lie."""

    # --- words
    shared_mark_bits: float = 3.0
    shared_place_bits: float = 3.5
    words_most_bits: float = 8.0
    """Words depend on each other (one rumour, many tips): capped. Source: matching study, section 3."""
    case_number_bits: float = 14.0
    """A case number in the text. Source: matching study: strong, not certain."""

    # --- which cases are compared at all
    earliest_before_h: float = 48.0
    latest_after_h: float = 60 * 24.0

    @property
    def model(self) -> str:
        """Name, version and digest of the numbers, kept with every suggestion: `bits-1-0123456789ab`."""
        numbers = {one.name: repr(_ordered(getattr(self, one.name))) for one in fields(self) if one.name != "version"}
        digest = hashlib.sha256(json.dumps(numbers, sort_keys=True).encode()).hexdigest()
        return f"bits-{self.version}-{digest[:12]}"


def _ordered(value: object) -> object:
    return sorted((str(key), amount) for key, amount in value.items()) if isinstance(value, Mapping) else value


WEIGHTS: Final = Weights(
    plate_error={PlateSource.WITNESS: 0.06, PlateSource.CAMERA: 0.04, PlateSource.OFFICER: 0.004},
    not_the_vehicle={PlateSource.WITNESS: 0.05, PlateSource.CAMERA: 0.5, PlateSource.OFFICER: 0.05},
    reading_share={PlateSource.WITNESS: 3.0, PlateSource.CAMERA: 1.0, PlateSource.OFFICER: 3.0},
    region_shares={
        "鲁P": 0.62,
        "鲁A": 0.07,
        "鲁N": 0.04,
        "鲁H": 0.02,
        "鲁J": 0.02,
        "鲁B": 0.015,
        "鲁R": 0.015,
        "冀D": 0.015,
        "冀E": 0.015,
        "冀T": 0.01,
        "冀J": 0.01,
        "豫J": 0.01,
        "京A": 0.004,
        "京N": 0.004,
    },
    first_new_energy_shares={"D": 0.62, "F": 0.16, "A": 0.06, "B": 0.04, "C": 0.03, "E": 0.02, "G": 0.02},
    shunned={"4": 0.45},
    colour_shares={
        "white": 0.38,
        "black": 0.15,
        "grey": 0.12,
        "silver": 0.10,
        "red": 0.08,
        "blue": 0.07,
        "brown": 0.04,
        "yellow": 0.02,
        "green": 0.02,
        "other": 0.02,
    },
    type_shares={
        "car": 0.47,
        "suv": 0.21,
        "van": 0.08,
        "light_truck": 0.07,
        "heavy_truck": 0.06,
        "tricycle": 0.03,
        "electric_bike": 0.03,
        "motorcycle": 0.02,
        "bus": 0.01,
        "other": 0.02,
    },
)

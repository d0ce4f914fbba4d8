"""The history: hit-and-runs of 2015 to 2021, drawn so that every figure of 2021 that is known comes out exactly.

Known of 2021: 93 cleared, every fatal and serious-injury case among them, 8 persons criminally and 18
administratively detained, and the seventh year in a row with every fatal case cleared. All else here is invented.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from tipline.cases.tables import Severity
from tipline.clock import SHANGHAI, start_of_year
from tipline.demo.casefile import CasePlan, Driver
from tipline.demo.chance import Chance, part_way
from tipline.demo.geography import SPOTS
from tipline.demo.measures import EDGE_YEAR, Detentions, detain, detain_at_the_edges
from tipline.demo.people import Names
from tipline.demo.summaries import told
from tipline.demo.vehicles import glimpsed, vehicle

FIRST_YEAR: Final = 2015
LAST_YEAR: Final = EDGE_YEAR


@dataclass(frozen=True, slots=True)
class YearPlan:
    """How many cases of one year. Fatal and serious-injury ones are all cleared within it.

    `..._cleared` counts cases recorded and cleared in the year, `carried` those cleared in it but recorded the year
    before (property damage only). `by_tip` is how many of the cleared ones a tip helped to clear.
    """

    fatal: int
    serious: int
    minor: int
    minor_cleared: int
    damage: int
    damage_cleared: int
    carried: int
    by_tip: int
    detentions: Detentions

    @property
    def cleared(self) -> int:
        """Cases cleared within the year."""
        return self.fatal + self.serious + self.minor_cleared + self.damage_cleared + self.carried


YEARS: Final = {
    2015: YearPlan(4, 7, 20, 17, 38, 24, 0, 12, Detentions(criminal=6, administrative=9)),
    2016: YearPlan(3, 8, 22, 19, 41, 27, 3, 14, Detentions(criminal=5, administrative=10)),
    2017: YearPlan(5, 6, 24, 21, 45, 31, 2, 17, Detentions(criminal=7, administrative=9)),
    2018: YearPlan(2, 9, 23, 21, 47, 33, 4, 19, Detentions(criminal=5, administrative=12)),
    2019: YearPlan(3, 7, 26, 24, 50, 37, 3, 21, Detentions(criminal=6, administrative=13)),
    2020: YearPlan(1, 8, 25, 23, 52, 40, 3, 24, Detentions(criminal=5, administrative=14)),
    # 3 + 9 + 29 + 48 + 4 = 93 cleared; 8 and 18 persons detained. New Year's Eve adds one more recorded case.
    2021: YearPlan(3, 9, 30, 29, 66, 48, 4, 28, Detentions(criminal=8, administrative=18)),
}

# Hour of the day by weight: flight is a thing of the dark.
HOURS: Final = tuple((hour, 3.0 if hour >= 18 or hour in {6, 7} else 1.6) for hour in range(24))  # noqa: PLR2004
LEAST_HOURS: Final = 3.0
# Middle and longest time until a case was cleared, in hours; the graver, the more hands.
PACE: Final = {
    Severity.FATAL: (30.0, 20 * 24.0),
    Severity.SERIOUS_INJURY: (40.0, 20 * 24.0),
    Severity.MINOR_INJURY: (70.0, 50 * 24.0),
    Severity.PROPERTY: (110.0, 60 * 24.0),
}


def history(chance: Chance, names: Names) -> list[CasePlan]:
    """Return every case recorded from 2015 to 2021 in the order of the records, numbered by year."""
    plans: list[CasePlan] = []
    carried: list[CasePlan] = []
    for year, figures in YEARS.items():
        following = YEARS.get(year + 1)
        cleared = [
            *(_cleared_in(year, Severity.FATAL, chance, names) for _ in range(figures.fatal)),
            *(_cleared_in(year, Severity.SERIOUS_INJURY, chance, names) for _ in range(figures.serious)),
            *(_cleared_in(year, Severity.MINOR_INJURY, chance, names) for _ in range(figures.minor_cleared)),
            *(_cleared_in(year, Severity.PROPERTY, chance, names) for _ in range(figures.damage_cleared)),
            *(_cleared_later(plan, year, first=at == 0, chance=chance, names=names) for at, plan in enumerate(carried)),
        ]
        for_next = following.carried if following else 0
        carried = [_happened_in(year, Severity.PROPERTY, chance, first_month=10) for _ in range(for_next)]
        plans += detain(_credited(cleared, figures.by_tip, chance), year, figures.detentions, chance)
        plans += _never_cleared(year, figures, for_next, chance)
    plans = detain_at_the_edges(plans, names, chance)
    return numbered([*plans, _new_years_eve(chance, names)])


def numbered(plans: list[CasePlan]) -> list[CasePlan]:
    """Return the plans in the order of their records, each with its serial number within its year."""
    counted: dict[int, int] = {}
    result = []
    for plan in sorted(plans, key=lambda one: one.recorded_at):
        counted[plan.year] = counted.get(plan.year, 0) + 1
        result.append(replace(plan, serial=counted[plan.year]))
    return result


def _happened_in(year: int, severity: Severity, chance: Chance, *, first_month: int = 1) -> CasePlan:
    """Return an open case of the year; the gravest ones end by mid-November, so that all of it stays in the year."""
    is_grave = severity in {Severity.FATAL, Severity.SERIOUS_INJURY}
    last = datetime(year, 11, 20, tzinfo=SHANGHAI) if is_grave else datetime(year, 12, 26, tzinfo=SHANGHAI)
    day = chance.moment(datetime(year, first_month, 2, tzinfo=SHANGHAI), last)
    happened = day.replace(hour=chance.weighed(HOURS))
    spot, fleeing = chance.pick(SPOTS), vehicle(chance)
    return CasePlan(
        serial=0,
        severity=severity,
        spot=spot,
        happened_at=happened,
        recorded_at=happened + chance.delay(0.4, least_hours=0.1, most_hours=6),
        summary=told(severity, spot.text, fleeing, chance),
        vehicles=(fleeing,),
        seen_plate=glimpsed(chance, fleeing.plate),
    )


def _cleared_in(year: int, severity: Severity, chance: Chance, names: Names) -> CasePlan:
    plan = _happened_in(year, severity, chance)
    middle, most = PACE[severity]
    wait = chance.delay(middle, least_hours=LEAST_HOURS, most_hours=most)
    return _cleared(plan, min(plan.recorded_at + wait, start_of_year(year + 1) - timedelta(hours=5)), names)


def _cleared_later(plan: CasePlan, year: int, *, first: bool, chance: Chance, names: Names) -> CasePlan:
    """Clear a case of the year before; the first of each year ten minutes past midnight of New Year."""
    opening = start_of_year(year)
    cleared_at = opening + timedelta(minutes=10)
    if not first:
        cleared_at = chance.moment(opening + timedelta(days=3), opening + timedelta(days=150))
    return _cleared(plan, cleared_at, names)


def _cleared(plan: CasePlan, cleared_at: datetime, names: Names) -> CasePlan:
    in_hand = part_way(plan.recorded_at, cleared_at, 0.8)
    return replace(plan, cleared_at=cleared_at, drivers=(Driver(names.next(), in_hand),))


def _credited(cleared: list[CasePlan], by_tip: int, chance: Chance) -> list[CasePlan]:
    helped = set(chance.shuffled(range(len(cleared)))[:by_tip])
    return [replace(plan, tip_attributed=at in helped) for at, plan in enumerate(cleared)]


def _never_cleared(year: int, figures: YearPlan, carried: int, chance: Chance) -> list[CasePlan]:
    minor = figures.minor - figures.minor_cleared
    damage = figures.damage - figures.damage_cleared - carried
    return [
        *(_happened_in(year, Severity.MINOR_INJURY, chance) for _ in range(minor)),
        *(_happened_in(year, Severity.PROPERTY, chance) for _ in range(damage)),
    ]


def _new_years_eve(chance: Chance, names: Names) -> CasePlan:
    """Return the case of 2021 that was cleared in 2022: recorded in the one, counted as cleared in the other."""
    eve = datetime(LAST_YEAR, 12, 31, 23, 50, tzinfo=SHANGHAI)
    plan = replace(
        _happened_in(LAST_YEAR, Severity.MINOR_INJURY, chance),
        happened_at=eve,
        recorded_at=eve + timedelta(minutes=6),
    )
    return _cleared(plan, datetime(LAST_YEAR + 1, 1, 2, 10, 20, tzinfo=SHANGHAI), names)

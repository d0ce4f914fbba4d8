"""Who was detained in the history: exact numbers of persons a year, and the cases that counting goes wrong on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from tipline.cases.tables import OutcomeKind, Severity
from tipline.clock import SHANGHAI, start_of_year
from tipline.demo.casefile import CasePlan, Driver, Measure
from tipline.demo.chance import Chance
from tipline.demo.people import Names
from tipline.demo.summaries import told
from tipline.demo.vehicles import vehicle

EDGE_YEAR: Final = 2021
GROUNDS: Final = ("ground_fled", "ground_fled", "ground_evidence_found", "ground_pointed_out")
LONGEST_DAYS: Final = 15
# Whoever is detained within a year was taken before this day, so that decision and execution stay in the year.
LAST_TAKEN: Final = (12, 10)


@dataclass(frozen=True, slots=True)
class Detentions:
    """How many distinct persons were detained in a year, by kind."""

    criminal: int
    administrative: int


def detain(cleared: list[CasePlan], year: int, wanted: Detentions, chance: Chance) -> list[CasePlan]:
    """Return the year's cleared cases with exactly the wanted numbers of drivers detained, one measure each.

    Fatal cases come first for criminal detention, then serious injuries; in 2021 two places of the administrative
    ones are left for `detain_at_the_edges`.
    """
    plans = list(cleared)
    early = datetime(year, *LAST_TAKEN, tzinfo=SHANGHAI)
    able = [at for at, plan in enumerate(plans) if plan.drivers[0].in_hand_at < early and plan.year == year]
    grave = [at for at in able if plans[at].severity == Severity.FATAL]
    grave += [at for at in able if plans[at].severity == Severity.SERIOUS_INJURY]
    criminal = grave[: wanted.criminal]
    for at in criminal:
        plans[at] = _with(plans[at], criminal_detention(plans[at].drivers[0].in_hand_at, chance))
    lesser = grave[wanted.criminal :]
    lesser += [at for at in able if plans[at].severity == Severity.MINOR_INJURY]
    lesser += [at for at in able if plans[at].severity == Severity.PROPERTY]
    places = wanted.administrative - (2 if year == EDGE_YEAR else 0)
    for at in lesser[:places]:
        plans[at] = _with(plans[at], administrative_detention(plans[at].drivers[0].in_hand_at, chance))
    return plans


def detain_at_the_edges(plans: list[CasePlan], names: Names, chance: Chance) -> list[CasePlan]:
    """Return the cases with the ones of 2021 that a careless count gets wrong; the sums stay as planned.

    One case with two drivers detained; one person detained under both kinds at different times; one person
    detained twice under the same kind; one person who drove in two cases; a decision that was never carried out;
    and one carried out in the year after.
    """
    of_year = [at for at, plan in enumerate(plans) if plan.year == EDGE_YEAR and plan.cleared_at is not None]
    fatal = _first(of_year, plans, Severity.FATAL)
    plans[fatal] = _run_over_twice(plans[fatal], names, chance)
    both, again = [
        at for at in of_year if plans[at].severity == Severity.SERIOUS_INJURY and _has(plans[at], criminal=True)
    ][:2]
    first_measure = plans[both].drivers[0].measures[0]
    plans[both] = _with(
        plans[both], administrative_detention(first_measure.approved_at + timedelta(days=9), chance, days=LONGEST_DAYS)
    )
    first_measure = plans[again].drivers[0].measures[0]
    plans[again] = _with(plans[again], criminal_detention(first_measure.approved_at + timedelta(days=5), chance))
    damage = [at for at in of_year if plans[at].severity == Severity.PROPERTY and not plans[at].drivers[0].measures]
    detained = next(at for at in of_year if _has(plans[at], criminal=False) and plans[at].vehicles[0].plate)
    other, not_executed, next_year = damage[:3]
    plans[other] = _same_driver(plans[other], plans[detained], chance)
    plans[not_executed] = _with(
        plans[not_executed],
        replace(
            administrative_detention(plans[not_executed].drivers[0].in_hand_at, chance),
            executed_at=None,
        ),
    )
    decided = start_of_year(EDGE_YEAR + 1) - timedelta(hours=9)
    plans[next_year] = _with(
        plans[next_year],
        Measure(OutcomeKind.ADMINISTRATIVE_DETENTION, decided, decided + timedelta(days=2), days=5),
    )
    return plans


def criminal_detention(taken_at: datetime, chance: Chance) -> Measure:
    """Return a criminal detention begun within hours of the driver being taken."""
    approved = taken_at + timedelta(hours=chance.whole(3, 9))
    return Measure(
        OutcomeKind.CRIMINAL_DETENTION,
        approved,
        approved + timedelta(hours=chance.whole(1, 3)),
        ground=chance.pick(GROUNDS),
    )


def administrative_detention(taken_at: datetime, chance: Chance, *, days: int | None = None) -> Measure:
    """Return an administrative detention decided within days and carried out at once; 1 to 15 days."""
    approved = taken_at + timedelta(hours=chance.whole(20, 90))
    return Measure(
        OutcomeKind.ADMINISTRATIVE_DETENTION,
        approved,
        approved + timedelta(hours=chance.whole(1, 5)),
        days=days or chance.whole(3, LONGEST_DAYS),
    )


def _with(plan: CasePlan, measure: Measure) -> CasePlan:
    driver = plan.drivers[0]
    return replace(plan, drivers=(replace(driver, measures=(*driver.measures, measure)), *plan.drivers[1:]))


def _has(plan: CasePlan, *, criminal: bool) -> bool:
    kind = OutcomeKind.CRIMINAL_DETENTION if criminal else OutcomeKind.ADMINISTRATIVE_DETENTION
    return any(measure.kind == kind for measure in plan.drivers[0].measures)


def _first(places: Iterable[int], plans: list[CasePlan], severity: Severity) -> int:
    return next(at for at in places if plans[at].severity == severity)


def _run_over_twice(plan: CasePlan, names: Names, chance: Chance) -> CasePlan:
    """Add a second vehicle that ran over the same victim and fled too; its driver is detained administratively."""
    second = vehicle(chance)
    taken = plan.drivers[0].in_hand_at
    driver = Driver(names.next(), taken, (administrative_detention(taken, chance),))
    return replace(
        plan,
        summary=f"{plan.summary}其后一辆{second.words}再次碾压后亦驶离现场。",
        vehicles=(*plan.vehicles, second),
        drivers=(*plan.drivers, driver),
    )


def _same_driver(plan: CasePlan, of: CasePlan, chance: Chance) -> CasePlan:
    """Let the driver and vehicle of one case turn out to be those of another: one person, two cases, one measure."""
    driver = replace(plan.drivers[0], name=of.drivers[0].name)
    summary = told(plan.severity, plan.spot.text, of.vehicles[0], chance)
    return replace(plan, vehicles=of.vehicles[:1], drivers=(driver,), summary=summary)

"""入罪标准提示: what the facts of an accident may mean under 法释〔2000〕33号, as a hint for a lawyer. Pure.

Flight is never counted twice: where it makes the act a crime (article 2(2)(6)) it does not aggravate it (article 3).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from tipline.cases.rules import Rule


class Liability(StrEnum):
    """事故责任, as the determination says."""

    FULL = "full"
    MAIN = "main"
    EQUAL = "equal"
    SECONDARY = "secondary"
    NONE = "none"


class Circumstance(StrEnum):
    """The circumstances (1) to (5) of article 2(2); flight is asked for by itself."""

    DRINK_OR_DRUGS = "drink_or_drugs"
    NO_LICENCE = "no_licence"
    UNSAFE_VEHICLE = "unsafe_vehicle"
    NO_PLATE_OR_SCRAPPED = "no_plate_or_scrapped"
    OVERLOADED = "overloaded"


class Reading(StrEnum):
    """What the facts may mean."""

    NO_CRIME = "no_crime"
    CRIME = "crime"
    CRIME_BY_FLIGHT = "crime_by_flight"
    AGGRAVATED_BY_FLIGHT = "aggravated_by_flight"
    ESPECIALLY_BAD = "especially_bad"
    DEATH_BY_FLIGHT = "death_by_flight"


class Caution(StrEnum):
    """What a lawyer must look at before relying on the hint."""

    FLIGHT_COUNTED_ONCE = "flight_counted_once"
    LIABILITY_FROM_FLIGHT = "liability_from_flight"
    LIABILITY_NOT_APPRAISED = "liability_not_appraised"
    DEATH_NEEDS_CAUSATION = "death_needs_causation"
    PROVINCIAL_SUMS = "provincial_sums"


@dataclass(frozen=True, kw_only=True, slots=True)
class AccidentFacts:
    """What is known of an accident and one driver.

    `liability` is the determination's; `liability_without_flight` is what the appraisal of the causes gives when the
    flight is left out of it, None where nobody has appraised it.
    """

    deaths: int = 0
    serious_injuries: int = 0
    liability: Liability = Liability.NONE
    liability_without_flight: Liability | None = None
    unpaid_damage_yuan: int = 0
    circumstances: frozenset[Circumstance] = field(default_factory=frozenset)
    has_fled: bool = False
    has_died_for_want_of_rescue: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """One reading with the rule it rests on."""

    reading: Reading
    article: str


@dataclass(frozen=True, slots=True)
class ThresholdHint:
    """The hint: readings in the order of their weight, and what to be careful about. Never a conclusion."""

    findings: tuple[Finding, ...]
    cautions: tuple[Caution, ...]

    @property
    def readings(self) -> tuple[Reading, ...]:
        """Return the readings alone."""
        return tuple(one.reading for one in self.findings)


_MOST: Final = frozenset({Liability.FULL, Liability.MAIN})


def threshold_hint(facts: AccidentFacts, law: Mapping[str, Rule]) -> ThresholdHint:
    """Return what the facts may mean; `law` holds the rows of kind `offence_threshold` by code.

    The liability used is the one without the flight where it was appraised (指导性案例269号).
    """
    liability = facts.liability_without_flight or facts.liability
    findings = [*_crime(facts, liability, law)]
    is_crime_without_flight = bool(findings)
    if not findings and facts.has_fled and _injured(facts, liability, law):
        findings.append(Finding(Reading.CRIME_BY_FLIGHT, law["crime_injury_with_circumstance"].article))
    elif is_crime_without_flight and facts.has_fled:
        findings.append(Finding(Reading.AGGRAVATED_BY_FLIGHT, law["crime_flight_aggravates"].article))
    findings += _worst(facts, liability, law)
    if findings and facts.has_fled and facts.has_died_for_want_of_rescue:
        findings.append(Finding(Reading.DEATH_BY_FLIGHT, law["death_by_flight"].article))
    if not findings:
        findings.append(Finding(Reading.NO_CRIME, law["crime_deaths"].article))
    return ThresholdHint(tuple(findings), tuple(_cautions(facts, {one.reading for one in findings})))


def _crime(facts: AccidentFacts, liability: Liability, law: Mapping[str, Rule]) -> list[Finding]:
    found = []
    if liability in _MOST:
        if _reaches(facts.deaths, law["crime_deaths"]):
            found.append("crime_deaths")
        elif _reaches(facts.serious_injuries, law["crime_serious_injuries"]):
            found.append("crime_serious_injuries")
        if _reaches(facts.unpaid_damage_yuan, law["crime_damage"]):
            found.append("crime_damage")
        if not found and facts.circumstances and _injured(facts, liability, law):
            found.append("crime_injury_with_circumstance")
    elif liability == Liability.EQUAL and _reaches(facts.deaths, law["crime_deaths_equal"]):
        found.append("crime_deaths_equal")
    return [Finding(Reading.CRIME, law[code].article) for code in found]


def _worst(facts: AccidentFacts, liability: Liability, law: Mapping[str, Rule]) -> list[Finding]:
    found = []
    if liability in _MOST:
        if _reaches(facts.deaths, law["worst_deaths"]):
            found.append("worst_deaths")
        elif _reaches(facts.serious_injuries, law["worst_serious_injuries"]):
            found.append("worst_serious_injuries")
        if _reaches(facts.unpaid_damage_yuan, law["worst_damage"]):
            found.append("worst_damage")
    elif liability == Liability.EQUAL and _reaches(facts.deaths, law["worst_deaths_equal"]):
        found.append("worst_deaths_equal")
    return [Finding(Reading.ESPECIALLY_BAD, law[code].article) for code in found]


def _injured(facts: AccidentFacts, liability: Liability, law: Mapping[str, Rule]) -> bool:
    rule = law["crime_injury_with_circumstance"]
    return liability in _MOST and _reaches(facts.serious_injuries, rule)


def _reaches(number: int, rule: Rule) -> bool:
    return rule.minimum is not None and number >= rule.minimum


def _cautions(facts: AccidentFacts, readings: set[Reading]) -> list[Caution]:
    found = []
    if Reading.CRIME_BY_FLIGHT in readings:
        found.append(Caution.FLIGHT_COUNTED_ONCE)
    if facts.has_fled and facts.liability in _MOST:
        if facts.liability_without_flight is None:
            found.append(Caution.LIABILITY_NOT_APPRAISED)
        elif facts.liability_without_flight != facts.liability:
            found.append(Caution.LIABILITY_FROM_FLIGHT)
    if Reading.DEATH_BY_FLIGHT in readings:
        found.append(Caution.DEATH_NEEDS_CAUSATION)
    if facts.unpaid_damage_yuan:
        found.append(Caution.PROVINCIAL_SUMS)
    return found

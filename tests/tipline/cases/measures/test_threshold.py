"""法释〔2000〕33号 as a hint: each threshold reached and just missed, and flight never counted twice."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

import pytest

from tests.tipline.cases.measures.law import thresholds_on
from tipline.cases.measures.threshold import (
    AccidentFacts,
    Caution,
    Circumstance,
    Liability,
    Reading,
    ThresholdHint,
    threshold_hint,
)

LAW: Final = thresholds_on(date(2026, 11, 25))
FULL, MAIN, EQUAL = Liability.FULL, Liability.MAIN, Liability.EQUAL
DRUNK: Final = frozenset({Circumstance.DRINK_OR_DRUGS})


def hint(**facts: Any) -> ThresholdHint:
    return threshold_hint(AccidentFacts(**facts), LAW)


@pytest.mark.parametrize(
    ("facts", "readings"),
    [
        ({"deaths": 1, "liability": MAIN}, (Reading.CRIME,)),
        ({"deaths": 1, "liability": EQUAL}, (Reading.NO_CRIME,)),
        ({"serious_injuries": 3, "liability": FULL}, (Reading.CRIME,)),
        ({"serious_injuries": 2, "liability": FULL}, (Reading.NO_CRIME,)),
        ({"deaths": 3, "liability": EQUAL}, (Reading.CRIME,)),
        ({"deaths": 2, "liability": EQUAL}, (Reading.NO_CRIME,)),
        ({"unpaid_damage_yuan": 300_000, "liability": MAIN}, (Reading.CRIME,)),
        ({"unpaid_damage_yuan": 299_999, "liability": MAIN}, (Reading.NO_CRIME,)),
        ({"serious_injuries": 1, "liability": FULL, "circumstances": DRUNK}, (Reading.CRIME,)),
        ({"serious_injuries": 1, "liability": FULL}, (Reading.NO_CRIME,)),
        ({"serious_injuries": 1, "liability": EQUAL, "circumstances": DRUNK}, (Reading.NO_CRIME,)),
        ({"deaths": 2, "liability": FULL}, (Reading.CRIME, Reading.ESPECIALLY_BAD)),
        ({"serious_injuries": 5, "liability": FULL}, (Reading.CRIME, Reading.ESPECIALLY_BAD)),
        ({"deaths": 6, "liability": EQUAL}, (Reading.CRIME, Reading.ESPECIALLY_BAD)),
        ({"unpaid_damage_yuan": 600_000, "liability": FULL}, (Reading.CRIME, Reading.ESPECIALLY_BAD)),
        ({"deaths": 9, "liability": Liability.SECONDARY}, (Reading.NO_CRIME,)),
    ],
)
def test_articles_2_and_4_are_reached_where_the_interpretation_puts_them(
    facts: dict[str, object], readings: tuple[Reading, ...]
) -> None:
    assert hint(**facts).readings == readings


def test_flight_that_makes_the_crime_does_not_aggravate_it() -> None:
    found = hint(serious_injuries=1, liability=FULL, liability_without_flight=FULL, has_fled=True)

    assert found.readings == (Reading.CRIME_BY_FLIGHT,)
    assert found.cautions == (Caution.FLIGHT_COUNTED_ONCE,)


def test_flight_after_what_is_a_crime_without_it_aggravates() -> None:
    drunk = hint(serious_injuries=1, liability=FULL, liability_without_flight=FULL, circumstances=DRUNK, has_fled=True)
    fatal = hint(deaths=1, liability=MAIN, liability_without_flight=MAIN, has_fled=True)

    assert drunk.readings == fatal.readings == (Reading.CRIME, Reading.AGGRAVATED_BY_FLIGHT)
    assert drunk.cautions == fatal.cautions == ()


def test_flight_without_a_serious_injury_is_no_crime() -> None:
    assert hint(liability=FULL, has_fled=True).readings == (Reading.NO_CRIME,)


def test_guiding_case_269_liability_presumed_from_flight_is_no_basis_of_the_crime() -> None:
    found = hint(deaths=1, liability=FULL, liability_without_flight=Liability.SECONDARY, has_fled=True)

    assert found.readings == (Reading.NO_CRIME,)
    assert found.cautions == (Caution.LIABILITY_FROM_FLIGHT,)


def test_guiding_case_269_an_appraisal_is_asked_for_where_nobody_made_one() -> None:
    assert Caution.LIABILITY_NOT_APPRAISED in hint(deaths=1, liability=FULL, has_fled=True).cautions


def test_death_for_want_of_rescue_is_told_with_the_need_to_show_it() -> None:
    found = hint(deaths=1, liability=FULL, has_fled=True, has_died_for_want_of_rescue=True)

    assert found.readings[-1] == Reading.DEATH_BY_FLIGHT
    assert Caution.DEATH_NEEDS_CAUSATION in found.cautions


def test_every_reading_names_its_article() -> None:
    found = hint(deaths=2, liability=FULL, has_fled=True, has_died_for_want_of_rescue=True)

    assert all(one.article.startswith("最高人民法院法释〔2000〕33号 第") for one in found.findings)

"""Ages, terms, what custody sets off, and what calls for a word of the legal reviewer: pure."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.tipline.cases.measures.law import rule_of, shipped_law
from tests.tipline.cases.measures.test_rules import BASES
from tipline.cases.measures.ages import Circumstances, full_years
from tipline.cases.measures.concerns import Care, ConcernCode, concerns_of
from tipline.cases.measures.terms import Custody, days_to_serve, due, extended_due
from tipline.cases.tables import OutcomeKind
from tipline.law.clockbook import shipped_clocks

DAY = datetime(2026, 3, 10, 4, 0, tzinfo=UTC)
NO_CARE = Care()


def test_years_are_full_on_the_day_after_the_birthday() -> None:
    born = date(2010, 3, 5)

    assert full_years(born, date(2026, 3, 5)) == 15
    assert full_years(born, date(2026, 3, 6)) == 16
    assert full_years(date(2008, 2, 29), date(2026, 3, 1)) == 18


def codes(kind: OutcomeKind, person: Circumstances, care: Care = NO_CARE) -> list[str]:
    law = shipped_law(kind, BASES[kind][0], on=DAY.date())
    return [one.code.value for one in concerns_of(kind, law, person, care, on=DAY.date())]


@pytest.mark.parametrize(
    ("person", "code"),
    [
        (Circumstances(age=14), "detention_not_executed_14_16"),
        (Circumstances(age=17), "detention_not_executed_16_18"),
        (Circumstances(age=69, born_on=date(1956, 3, 10)), ""),
        (Circumstances(age=69, born_on=date(1956, 3, 9)), "detention_not_executed_70"),
        (Circumstances(age=30, is_nursing=True), "detention_not_executed_nursing"),
    ],
)
def test_administrative_procedure_rules_164_who_is_not_detained_is_for_the_legal_review(
    person: Circumstances, code: str
) -> None:
    found = [one for one in codes(OutcomeKind.ADMINISTRATIVE_DETENTION, person) if one.startswith("detention")]

    assert found == ([code] if (code and person.age != 69) or code == "detention_not_executed_70" else [])


@pytest.mark.parametrize(("day", "article"), [(date(2025, 12, 31), "第二十一条"), (date(2026, 1, 1), "第二十三条")])
def test_the_law_on_public_order_of_the_day_stands_beside_the_exemptions(day: date, article: str) -> None:
    kind = OutcomeKind.ADMINISTRATIVE_DETENTION
    law = shipped_law(kind, BASES[kind][0], on=day)

    found = concerns_of(kind, law, Circumstances(age=15), Care(), on=day)

    [compared] = [one for one in found if one.code == ConcernCode.PUBLIC_ORDER_EXEMPTION]
    assert article in compared.rule.article
    assert compared.rule.doubt


def test_criminal_procedure_rules_320_and_323_a_juvenile_has_guardian_and_counsel() -> None:
    young = Circumstances(age=17)

    assert codes(OutcomeKind.BAIL, young) == ["guardian_missing", "legal_aid_missing"]
    assert codes(OutcomeKind.BAIL, young, Care(has_guardian=True, has_legal_aid=True)) == []
    assert "juvenile_arrest_rare" in codes(OutcomeKind.ARREST, young)
    assert codes(OutcomeKind.BAIL, Circumstances()) == ["age_unknown"]


def test_administrative_procedure_rules_163_custody_is_set_off_day_for_day() -> None:
    joint = rule_of("combined_detention", on=DAY.date())
    stay = Custody(since=DAY - timedelta(days=3), until=DAY)

    left = days_to_serve(10, [stay], 0, joint, at=DAY)
    nothing = days_to_serve(3, [stay], 0, joint, at=DAY)

    assert (left.days, left.set_off) == (7, 3)
    assert nothing.days == 0


def test_administrative_procedure_rules_162_two_detentions_together_end_at_twenty_days() -> None:
    joint = rule_of("combined_detention", on=DAY.date())

    second = days_to_serve(15, [], 15, joint, at=DAY)

    assert (second.days, second.over_joint) == (5, 10)


@pytest.mark.parametrize(
    ("kind", "last"),
    [
        (OutcomeKind.CRIMINAL_DETENTION, "2026-03-13"),
        (OutcomeKind.ARREST, "2026-05-10"),
        (OutcomeKind.BAIL, "2027-03-10"),
        (OutcomeKind.RESIDENTIAL_SURVEILLANCE, "2026-09-10"),
        (OutcomeKind.ADMINISTRATIVE_DETENTION, "2026-03-20"),
        (OutcomeKind.LICENCE_SUSPENSION, "2026-09-10"),
        (OutcomeKind.FINE, ""),
    ],
)
def test_the_law_tells_when_a_measure_must_end(kind: OutcomeKind, last: str) -> None:
    limit = shipped_law(kind, BASES[kind][0], on=DAY.date()).limit

    ends = due(kind, DAY, shipped_clocks(), limit, days=10 if kind == OutcomeKind.ADMINISTRATIVE_DETENTION else None)

    assert (str(ends.due_date) if ends else "") == last


def test_criminal_procedure_law_91_an_arrest_is_asked_for_after_three_seven_or_thirty_days() -> None:
    book = shipped_clocks()

    longer = extended_due(DAY, book, days=4, is_serial=False)
    longest = extended_due(DAY, book, days=0, is_serial=True)

    assert longer == book.deadline("arrest_request_extended", DAY).due
    assert longest.date().isoformat() == "2026-04-09"

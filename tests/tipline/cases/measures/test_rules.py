"""The rules of measures, pure: for each a case that passes and one that is refused, with the article it breaks."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.tipline.cases.measures.law import rule_of, shipped_law
from tipline.cases.measures.ages import Circumstances
from tipline.cases.measures.authorities import may_decide
from tipline.cases.measures.kinds import COMPULSORY, CRIMINAL, PENALTIES
from tipline.cases.measures.procedure import Filing, Notice, Procedure, Registration
from tipline.cases.measures.rules import Before, Decision, Proposal, approval_problems, proposal_problems
from tipline.cases.tables import OutcomeKind

DAY = datetime(2026, 3, 10, 4, 0, tzinfo=UTC)
ACT = DAY - timedelta(days=5)
COUNTY, BRIGADE, CITY, COURT = (
    "高唐县公安局",
    "高唐县公安局交通警察大队",
    "聊城市公安局交通警察支队",
    "高唐县人民检察院",
)
FILED = Filing(number="高公立字〔2026〕1号", decided_at=DAY - timedelta(days=1), authority=COUNTY)
REGISTERED = Registration(number="高公受字〔2026〕1号", registered_at=DAY - timedelta(days=2))
TOLD = Notice(informed_at=DAY - timedelta(hours=3), is_hearing_offered=True)
CRIME, ADULT = Before(procedure=Procedure(registration=REGISTERED, filing=FILED)), Circumstances(age=30)
OFFENCE = Before(procedure=Procedure(registration=REGISTERED), notices=[TOLD])
BASES = {
    OutcomeKind.CRIMINAL_DETENTION: ("criminal_detention_of_suspect", COUNTY),
    OutcomeKind.ADMINISTRATIVE_DETENTION: ("administrative_detention_for_flight", COUNTY),
    OutcomeKind.ARREST: ("arrest_on_evidence", COURT),
    OutcomeKind.BAIL: ("bail_no_danger", COUNTY),
    OutcomeKind.RESIDENTIAL_SURVEILLANCE: ("surveillance_special_case", COUNTY),
    OutcomeKind.FINE: ("fine_for_flight", BRIGADE),
    OutcomeKind.LICENCE_SUSPENSION: ("licence_suspension_for_drink", BRIGADE),
    OutcomeKind.LICENCE_REVOCATION: ("licence_revocation_for_flight", CITY),
    OutcomeKind.LIFETIME_BAN: ("lifetime_ban_for_flight", CITY),
    OutcomeKind.TRANSFER_FOR_PROSECUTION: ("transfer_after_investigation", COUNTY),
    OutcomeKind.RELEASE: ("release_term_ended", COUNTY),
    OutcomeKind.NO_PENALTY: ("no_penalty_under_age", BRIGADE),
}


def before_of(kind: OutcomeKind) -> Before:
    """What stands before a lawful decision of this kind."""
    return replace(CRIME if kind in CRIMINAL else OFFENCE, in_custody=kind == OutcomeKind.RELEASE)


def refused(
    kind: OutcomeKind,
    before: Before | None = None,
    *,
    person: Circumstances = ADULT,
    basis: str = "",
    authority: str = "",
    amount: int | None = None,
) -> dict[str, str]:
    """Return the codes with which a decision is refused, each with its article."""
    known, body = BASES[kind]
    problems = approval_problems(
        kind,
        basis or known,
        amount,
        Decision(authority=authority or body, document_number="1号", decided_at=DAY),
        shipped_law(kind, basis or known, on=DAY.date()),
        person,
        before_of(kind) if before is None else before,
        reviewed_at=DAY - timedelta(hours=1),
        now=DAY + timedelta(hours=1),
    )
    return {problem.code: str(problem.facts.get("article", "")) for problem in problems}


def asked(kind: OutcomeKind, *, person: Circumstances = ADULT, **more: int | str) -> dict[str, str]:
    """Return the codes with which a proposal is refused, each with its article."""
    ground = str(more.pop("ground", "")) or None
    amount, days = more.get("amount_yuan"), more.get("days")
    draft = Proposal(
        kind=kind,
        basis=BASES[kind][0],
        proposed_at=DAY,
        ground=ground,
        amount_yuan=None if amount is None else int(amount),
        days=None if days is None else int(days),
    )
    law = shipped_law(kind, BASES[kind][0], on=DAY.date(), ground=ground)
    problems = proposal_problems(draft, law, person, happened_from=ACT, now=DAY)
    return {problem.code: str(problem.facts.get("article", "")) for problem in problems}


@pytest.mark.parametrize("kind", list(OutcomeKind))
def test_each_measure_passes_when_all_that_comes_before_it_is_there(kind: OutcomeKind) -> None:
    assert refused(kind) == {}


@pytest.mark.parametrize("kind", sorted(CRIMINAL))
def test_criminal_procedure_rules_174_no_criminal_measure_without_a_filing(kind: OutcomeKind) -> None:
    told = refused(kind, Before(procedure=Procedure(registration=REGISTERED)))

    assert list(told) == ["filing_missing"]
    assert "第一百七十四条第二款" in told["filing_missing"]


@pytest.mark.parametrize(
    ("filing", "code"),
    [
        (replace(FILED, decided_at=DAY + timedelta(minutes=1)), "filed_after_measure"),
        (replace(FILED, ended_at=DAY - timedelta(hours=1)), "filing_ended"),
        (replace(FILED, authority=BRIGADE), "filing_below_county"),
    ],
)
def test_criminal_procedure_rules_178_the_filing_is_the_county_heads_earlier_and_still_stands(
    filing: Filing, code: str
) -> None:
    told = refused(OutcomeKind.CRIMINAL_DETENTION, Before(procedure=Procedure(filing=filing)))

    assert list(told) == [code]
    assert "第一百七十八条第一款" in told[code]


@pytest.mark.parametrize(
    ("registration", "code"),
    [
        (None, "registration_missing"),
        (replace(REGISTERED, registered_at=DAY + timedelta(1)), "registered_after_penalty"),
    ],
)
def test_administrative_procedure_rules_61_no_detention_before_the_registration(
    registration: Registration | None, code: str
) -> None:
    before = replace(OFFENCE, procedure=Procedure(registration=registration))

    told = refused(OutcomeKind.ADMINISTRATIVE_DETENTION, before)

    assert list(told) == [code]
    assert "第六十一条" in told[code]


@pytest.mark.parametrize("kind", sorted(PENALTIES))
def test_administrative_penalty_law_44_no_penalty_before_the_person_is_told(kind: OutcomeKind) -> None:
    late = replace(TOLD, informed_at=DAY + timedelta(minutes=1))

    assert "notice_missing" in refused(kind, replace(OFFENCE, notices=[]))
    told = refused(kind, replace(OFFENCE, notices=[late]))

    assert told == {"notice_missing": "行政处罚法（2021修订） 第四十四条、第四十五条第一款"}


def test_administrative_penalty_law_45_a_statement_is_answered_before_the_decision() -> None:
    spoken = replace(TOLD, statement="不是我开的车")

    told = refused(OutcomeKind.FINE, replace(OFFENCE, notices=[spoken]))
    answered = refused(
        OutcomeKind.FINE, replace(OFFENCE, notices=[spoken, replace(spoken, statement_answer="复核不成立")])
    )

    assert list(told) == ["statement_not_weighed"]
    assert answered == {}


@pytest.mark.parametrize(
    ("kind", "amount", "code"),
    [
        (OutcomeKind.LICENCE_REVOCATION, None, "hearing_not_offered"),
        (OutcomeKind.LIFETIME_BAN, None, "hearing_not_offered"),
        (OutcomeKind.FINE, 2_000, "hearing_not_offered"),
        (OutcomeKind.FINE, 1_999, ""),
        (OutcomeKind.ADMINISTRATIVE_DETENTION, None, ""),
    ],
)
def test_administrative_penalty_law_63_a_hearing_is_offered_where_it_is_due(
    kind: OutcomeKind, amount: int | None, code: str
) -> None:
    silent = replace(OFFENCE, notices=[replace(TOLD, is_hearing_offered=False)])

    assert list(refused(kind, silent, amount=amount)) == ([code] if code else [])


def test_administrative_penalty_law_63_a_hearing_asked_for_is_held_before_the_decision() -> None:
    wanted = replace(TOLD, is_hearing_asked=True)
    held = replace(wanted, hearing_held_at=DAY - timedelta(hours=1))

    told = refused(OutcomeKind.LICENCE_REVOCATION, replace(OFFENCE, notices=[wanted]))

    assert list(told) == ["hearing_not_held"]
    assert refused(OutcomeKind.LICENCE_REVOCATION, replace(OFFENCE, notices=[wanted, held])) == {}


@pytest.mark.parametrize("standing", sorted(COMPULSORY))
def test_administrative_penalty_law_8_no_detention_beside_a_criminal_measure_that_stands(standing: OutcomeKind) -> None:
    procedure = Procedure(registration=REGISTERED, filing=FILED)
    beside = replace(OFFENCE, procedure=procedure, standing=[standing])
    withdrawn = replace(beside, procedure=replace(procedure, filing=replace(FILED, ended_at=DAY - timedelta(hours=2))))

    told = refused(OutcomeKind.ADMINISTRATIVE_DETENTION, beside)

    assert told == {"criminal_measure_stands": "行政处罚法（2021修订） 第八条第二款"}
    assert refused(OutcomeKind.ADMINISTRATIVE_DETENTION, withdrawn) == {}
    assert refused(OutcomeKind.ADMINISTRATIVE_DETENTION, replace(beside, review_reason="另一行为")) == {}


@pytest.mark.parametrize("kind", [OutcomeKind.LICENCE_REVOCATION, OutcomeKind.LIFETIME_BAN])
def test_accident_procedure_82_after_a_crime_no_licence_is_taken_before_the_verdict(kind: OutcomeKind) -> None:
    procedure = Procedure(registration=REGISTERED, filing=FILED)
    crime = replace(OFFENCE, procedure=procedure)
    convicted = replace(OFFENCE, procedure=replace(procedure, convicted_at=DAY - timedelta(hours=5)))

    told = refused(kind, crime)

    assert told == {"verdict_missing": "道路交通事故处理程序规定（2017修订） 第八十二条"}
    assert refused(kind, convicted) == {}
    assert refused(
        kind,
        OFFENCE,
        basis="licence_revocation_for_crime" if kind == "licence_revocation" else "lifetime_ban_for_drink",
    )


@pytest.mark.parametrize(
    ("kind", "authority", "code"),
    [
        (OutcomeKind.LICENCE_REVOCATION, BRIGADE, "authority_not_municipal"),
        (OutcomeKind.LIFETIME_BAN, COUNTY, "authority_not_municipal"),
        (OutcomeKind.ARREST, COUNTY, "authority_not_judicial"),
        (OutcomeKind.ADMINISTRATIVE_DETENTION, BRIGADE, "authority_below_county"),
        (OutcomeKind.CRIMINAL_DETENTION, BRIGADE, "authority_below_county"),
        (OutcomeKind.BAIL, BRIGADE, "authority_below_county"),
        (OutcomeKind.RESIDENTIAL_SURVEILLANCE, BRIGADE, "authority_below_county"),
        (OutcomeKind.TRANSFER_FOR_PROSECUTION, BRIGADE, "authority_below_county"),
        (OutcomeKind.FINE, "高唐县公安局交通警察大队城区中队", "authority_not_traffic"),
        (OutcomeKind.LICENCE_SUSPENSION, "高唐县人民政府", "authority_not_traffic"),
    ],
)
def test_each_measure_is_decided_by_its_own_body(kind: OutcomeKind, authority: str, code: str) -> None:
    told = refused(kind, authority=authority)

    assert list(told) == [code]
    assert "第" in told[code]


def test_a_release_needs_somebody_in_custody() -> None:
    assert list(refused(OutcomeKind.RELEASE, CRIME)) == ["nobody_to_release"]


@pytest.mark.parametrize("kind", sorted(CRIMINAL))
def test_criminal_law_17_no_criminal_measure_under_16(kind: OutcomeKind) -> None:
    ground = {"ground": "ground_fled"} if kind == OutcomeKind.CRIMINAL_DETENTION else {}

    assert asked(kind, person=Circumstances(age=15), **ground) == {
        "under_criminal_age": "刑法（2020修正） 第十七条第一款"
    }
    assert asked(kind, person=Circumstances(age=16), **ground) == {}
    assert refused(kind, person=Circumstances(age=15)) == {"under_criminal_age": "刑法（2020修正） 第十七条第一款"}


@pytest.mark.parametrize("kind", sorted(PENALTIES))
def test_administrative_penalty_law_30_no_penalty_under_14(kind: OutcomeKind) -> None:
    more = {"administrative_detention": {"days": 5}, "fine": {"amount_yuan": 500}}.get(kind.value, {})

    assert asked(kind, person=Circumstances(age=13), **more) == {"under_penalty_age": "行政处罚法（2021修订） 第三十条"}
    assert asked(kind, person=Circumstances(age=14), **more) == {}
    assert asked(OutcomeKind.NO_PENALTY, person=Circumstances(age=13)) == {}


@pytest.mark.parametrize(
    ("amount", "code"), [(199, "amount_outside_limit"), (200, ""), (2_000, ""), (2_001, "amount_outside_limit")]
)
def test_road_traffic_safety_law_99_a_fine_is_200_to_2000_yuan(amount: int, code: str) -> None:
    assert list(asked(OutcomeKind.FINE, amount_yuan=amount)) == ([code] if code else [])


def test_the_name_of_a_body_tells_what_it_may_decide() -> None:
    assert may_decide(OutcomeKind.FINE, COUNTY)
    assert may_decide(OutcomeKind.ARREST, "高唐县人民法院")
    assert not may_decide(OutcomeKind.LICENCE_REVOCATION, "高唐县公安局交通警察大队（演示）")


@pytest.mark.parametrize(("days", "code"), [(1, ""), (15, ""), (0, "days_outside_limit"), (16, "days_outside_limit")])
def test_road_traffic_safety_law_99_2_a_detention_is_one_to_fifteen_days(days: int, code: str) -> None:
    told = asked(OutcomeKind.ADMINISTRATIVE_DETENTION, days=days)

    assert told == ({code: "道路交通安全法（2021修正） 第九十九条第二款"} if code else {})


def test_road_traffic_safety_law_99_2_days_must_be_stated() -> None:
    assert asked(OutcomeKind.ADMINISTRATIVE_DETENTION) == {
        "days_missing": "道路交通安全法（2021修正） 第九十九条第二款"
    }


@pytest.mark.parametrize("authority", [COUNTY, "聊城市公安局东昌府分局", "高唐县公安局（演示）"])
def test_road_traffic_safety_law_111_the_county_bureau_decides(authority: str) -> None:
    assert refused(OutcomeKind.ADMINISTRATIVE_DETENTION, authority=authority) == {}


@pytest.mark.parametrize(
    "authority", [BRIGADE, "高唐县交警大队", "高唐县公安局梁村派出所", "Traffic Police Brigade", "高唐县人民政府"]
)
def test_road_traffic_safety_law_111_the_brigade_does_not_decide(authority: str) -> None:
    told = refused(OutcomeKind.ADMINISTRATIVE_DETENTION, authority=authority)

    assert told == {"authority_below_county": "道路交通安全法（2021修正） 第一百一十一条"}


@pytest.mark.parametrize(
    "ground",
    [
        "in_the_act",
        "pointed_out",
        "evidence_found",
        "fled",
        "may_destroy_evidence",
        "identity_unknown",
        "serial_offender",
    ],
)
def test_criminal_procedure_rules_124_each_of_the_seven_grounds_passes(ground: str) -> None:
    assert asked(OutcomeKind.CRIMINAL_DETENTION, ground=f"ground_{ground}") == {}
    assert "第一百二十四条" in rule_of(f"ground_{ground}", on=DAY.date()).article

"""Each rule of a measure: a case that passes, and one that is refused with the article it breaks."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests import make
from tests.make import NOON
from tests.platform import Platform, as_role
from tests.tipline.cases.measures.chain import ADMINISTRATIVE, CRIMINAL, LATER, Draft, desk, proposed, taken
from tipline.cases.errors import PersonNotFound
from tipline.cases.measures.errors import OutcomeUnlawful
from tipline.cases.rules import is_county_bureau
from tipline.cases.tables import Case, CaseState, Clearance, Outcome
from tipline.law.errors import RuleNotInForce, RuleUnknown
from tipline.law.tables import LegalRule
from tipline.settings import Role
from tipline.web.wording import problem_sentence


async def recorded(draft: Draft, *, platform: Platform, happened_at: datetime = NOON) -> Outcome:
    """Take the measure against the driver of a case, as officers at the desk."""
    at = await desk(happened_at=happened_at)
    as_role(platform, Role.STAFF)
    try:
        return await taken(draft, at)
    finally:
        as_role(platform, Role.OWNER)


async def refusal(draft: Draft, *, platform: Platform) -> dict[str, str]:
    """Return the codes of what was refused, each with its article; nothing is decided or done."""
    with pytest.raises(OutcomeUnlawful) as refused:
        await recorded(draft, platform=platform)
    assert await Outcome.count().where(Outcome.executed_at.is_not_null()) == 0
    return {problem.code: str(problem.facts.get("article", "")) for problem in refused.value.problems}


@pytest.mark.parametrize("draft", [ADMINISTRATIVE, CRIMINAL], ids=["administrative", "criminal"])
async def test_a_lawful_measure_is_kept_with_its_basis_and_clears_nothing(lawful: Platform, draft: Draft) -> None:
    outcome = await recorded(draft, platform=lawful)

    basis = await LegalRule.objects().get(LegalRule.id == outcome.basis)
    case = await Case.objects().get(Case.id == outcome.case)
    assert basis is not None
    assert case is not None
    assert basis.code == draft.basis
    assert case.state == CaseState.OPEN
    assert await Clearance.count() == 0


async def test_criminal_procedure_rules_125_a_department_does_not_approve_custody(lawful: Platform) -> None:
    told = await refusal(replace(CRIMINAL, authority="高唐县公安局交通警察大队"), platform=lawful)

    assert told == {"authority_below_county": "公安机关办理刑事案件程序规定（2020修正） 第一百二十五条第一款"}


async def test_administrative_penalty_law_a_detention_needs_the_number_of_its_decision(lawful: Platform) -> None:
    told = await refusal(replace(ADMINISTRATIVE, document_number="  "), platform=lawful)

    # 1 June 2021 is before the revision in force from 15 July 2021.
    assert told == {"document_number_missing": "行政处罚法（2017修正） 第三十九条"}


async def test_criminal_procedure_law_85_custody_needs_the_number_of_its_warrant(lawful: Platform) -> None:
    told = await refusal(replace(CRIMINAL, document_number=""), platform=lawful)

    assert told == {"document_number_missing": "刑事诉讼法（2018修正） 第八十五条第一款"}


async def test_criminal_procedure_law_82_custody_without_a_ground_is_refused(lawful: Platform) -> None:
    told = await refusal(replace(CRIMINAL, ground=None), platform=lawful)

    assert told == {"ground_missing": "刑事诉讼法（2018修正） 第八十二条"}


async def test_criminal_procedure_rules_124_what_is_no_ground_is_refused(lawful: Platform) -> None:
    told = await refusal(replace(CRIMINAL, ground="criminal_detention_warrant"), platform=lawful)

    assert list(told) == ["not_a_ground"]


async def test_criminal_procedure_rules_129_custody_has_no_days(lawful: Platform) -> None:
    told = await refusal(replace(CRIMINAL, days=10), platform=lawful)

    assert told == {"days_not_for_this_measure": "公安机关办理刑事案件程序规定（2020修正） 第一百二十九条"}


async def test_road_traffic_safety_law_99_an_administrative_detention_has_no_ground(lawful: Platform) -> None:
    told = await refusal(replace(ADMINISTRATIVE, ground="ground_fled"), platform=lawful)

    assert told == {"ground_not_for_this_measure": "道路交通安全法（2021修正） 第九十九条第一款第（三）项、第二款"}


async def test_a_basis_of_the_other_measure_is_refused(lawful: Platform) -> None:
    told = await refusal(replace(ADMINISTRATIVE, basis="criminal_detention_of_suspect"), platform=lawful)

    assert told == {"basis_of_another_measure": "刑事诉讼法（2018修正） 第八十二条"}


async def test_execution_comes_after_approval(lawful: Platform) -> None:
    early = replace(CRIMINAL, executed_at=CRIMINAL.approved_at - timedelta(minutes=1))

    told = await refusal(early, platform=lawful)

    assert told == {"executed_before_approval": "公安机关办理刑事案件程序规定（2020修正） 第一百二十五条第一款"}


async def test_a_decision_that_is_not_executed_yet_is_kept_as_such(lawful: Platform) -> None:
    assert (await recorded(replace(ADMINISTRATIVE, executed_at=None), platform=lawful)).executed_at is None


@pytest.mark.parametrize(
    ("approved_at", "code"),
    [(LATER + timedelta(minutes=1), "in_the_future"), (NOON - timedelta(minutes=1), "too_early")],
)
async def test_approval_lies_between_the_review_and_now(lawful: Platform, approved_at: datetime, code: str) -> None:
    told = await refusal(replace(ADMINISTRATIVE, approved_at=approved_at, executed_at=None), platform=lawful)

    assert next(iter(told)) == code


async def test_every_breach_of_what_is_asked_for_is_told_at_once(lawful: Platform) -> None:
    worst = replace(ADMINISTRATIVE, days=40, ground="ground_fled", basis="criminal_detention_of_suspect")

    told = await refusal(worst, platform=lawful)

    assert set(told) == {"days_outside_limit", "ground_not_for_this_measure", "basis_of_another_measure"}


async def test_every_breach_of_a_decision_is_told_at_once(lawful: Platform) -> None:
    worst = replace(ADMINISTRATIVE, authority="交警大队", document_number="", has_notice=False)

    told = await refusal(worst, platform=lawful)

    assert set(told) == {"authority_below_county", "document_number_missing", "notice_missing"}


async def test_the_law_of_the_day_of_approval_governs(lawful: Platform) -> None:
    day = datetime(2018, 5, 3, 2, 0, tzinfo=UTC)
    old = replace(CRIMINAL, approved_at=day, executed_at=day)

    outcome = await recorded(old, platform=lawful, happened_at=day - timedelta(days=1))

    basis = await LegalRule.objects().get(LegalRule.id == outcome.basis)
    assert basis is not None
    assert basis.article == "第八十条"


async def test_a_rule_not_in_force_on_the_day_is_refused_with_its_dates(lawful: Platform) -> None:
    day = datetime(2012, 5, 3, 2, 0, tzinfo=UTC)

    with pytest.raises(RuleNotInForce) as refused:
        await recorded(
            replace(CRIMINAL, approved_at=day, executed_at=day), platform=lawful, happened_at=day - timedelta(days=1)
        )

    assert "第八十条" in refused.value.article


async def test_an_unknown_basis_is_refused(lawful: Platform) -> None:
    with pytest.raises(RuleUnknown):
        await recorded(replace(CRIMINAL, basis="no_such_law"), platform=lawful)


async def test_one_document_is_one_measure(lawful: Platform) -> None:
    await recorded(ADMINISTRATIVE, platform=lawful)

    with pytest.raises(OutcomeUnlawful) as refused:
        await recorded(ADMINISTRATIVE, platform=lawful)

    assert [problem.code for problem in refused.value.problems] == ["document_number_taken"]


async def test_a_person_of_another_case_is_not_found(lawful: Platform) -> None:
    at = await desk()
    at.driver = await make.person(await make.case())

    with pytest.raises(PersonNotFound):
        await proposed(CRIMINAL, at)


def test_names_of_bureaus_and_of_their_departments_are_told_apart() -> None:
    assert is_county_bureau("Gaotang County Public Security Bureau")
    assert not is_county_bureau("Traffic Police Brigade of the Public Security Bureau")
    assert not is_county_bureau("聊城市公安局交通警察支队")
    assert not is_county_bureau("")


async def test_every_refusal_is_told_in_a_sentence_that_its_facts_fill(lawful: Platform) -> None:
    worst = [
        replace(ADMINISTRATIVE, days=40, basis="criminal_detention_of_suspect"),
        replace(ADMINISTRATIVE, authority="交警大队", document_number="", has_notice=False),
    ]

    told = []
    for draft in worst:
        with pytest.raises(OutcomeUnlawful) as refused:
            await recorded(draft, platform=lawful)
        told += [problem_sentence(problem) for problem in refused.value.problems]

    assert len(told) == 5
    assert all("{" not in sentence and "第" in sentence for sentence in told)

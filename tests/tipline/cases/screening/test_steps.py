"""Steps on real rows: two officers, an append-only history, and what an exclusion takes away."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from tests import make
from tests.make import NOON, READS_EVERY_CASE
from tests.platform import Platform, as_role
from tipline.accounts.tables import Officer, OfficerRole
from tipline.cases.errors import ClearanceUnlawful
from tipline.cases.file_reads import head_of
from tipline.cases.screening.errors import (
    AlreadyScreened,
    CandidateMovedOn,
    ScreeningInvalid,
    SecondOfficerNeeded,
    SourceNotFound,
)
from tipline.cases.screening.reads import (
    candidate_of,
    excluded_plates,
    leads_of,
    plates_of_tip,
    screening_status_of,
    standing_candidates,
)
from tipline.cases.screening.rules import BasisDraft, StepDraft
from tipline.cases.screening.service import CandidateDraft, add_candidate, take_step
from tipline.cases.screening.sources import SourceRow, draft_from
from tipline.cases.screening.tables import (
    CandidateKind,
    CandidateSource,
    LockBasisKind,
    ScreeningAct,
    ScreeningCandidate,
    ScreeningMethod,
    ScreeningState,
    ScreeningStep,
)
from tipline.cases.service import clear_case
from tipline.cases.tables import Case, PersonState, VehicleState
from tipline.intake.tables import HintKind, Tip
from tipline.settings import Role
from tipline.work.tables import Job, Work

LATER = NOON + timedelta(hours=3)
PLATE = "鲁P39K51"
DONE = StepDraft(words="前保险杠漆片比对不一致", happened_at=LATER, method=ScreeningMethod.TRACE_COMPARISON)
WHY = StepDraft(words="车身痕迹与现场散落物吻合", happened_at=LATER)
REPORT = BasisDraft(kind=LockBasisKind.FORENSIC_CONCLUSION, words="（演示）痕鉴〔2021〕12号")


async def candidate(case: Case, by: Officer, plate: str = PLATE) -> ScreeningCandidate:
    draft = CandidateDraft(kind=CandidateKind.VEHICLE, source=CandidateSource.OFFICER, plate_text=plate)
    return await add_candidate(case.id, draft, by=by.id, now=NOON + timedelta(hours=1))


async def step(one: ScreeningCandidate, act: ScreeningAct, by: Officer, **more: Any) -> None:
    now = await ScreeningCandidate.objects().get(ScreeningCandidate.id == one.id)
    assert now is not None
    draft = DONE if act in {ScreeningAct.CHECKED, ScreeningAct.EXCLUDED} else WHY
    await take_step(one.case, one.id, act, draft, by=by.id, now=LATER, **({"seen": now.steps} | more))


async def test_a_lock_is_proposed_by_one_officer_and_confirmed_by_another(lawful: Platform) -> None:
    first, second = await make.officer(), await make.officer()
    case = await make.case(lead=first)
    one = await candidate(case, first)
    as_role(lawful, Role.STAFF)

    await step(one, ScreeningAct.CHECKED, first)
    await step(one, ScreeningAct.LOCK_PROPOSED, first, bases=[REPORT])
    with pytest.raises(SecondOfficerNeeded):
        await step(one, ScreeningAct.LOCKED, first)
    await step(one, ScreeningAct.LOCKED, second)

    found = await candidate_of(case.id, one.id)
    assert found["state"] == ScreeningState.LOCKED
    assert [row["act"] for row in found["history"]] == ["added", "checked", "lock_proposed", "locked"]
    assert [basis["words"] for basis in found["history"][2]["bases"]] == [REPORT.words]
    assert found["history"][3]["proposed_by_name"] == first.full_name
    assert found["history"][3]["by_name"] == second.full_name


async def test_a_lock_on_a_hint_and_its_tip_alone_is_refused_with_the_reason(lawful: Platform) -> None:
    officer = await make.officer()
    case, tip = await make.case(lead=officer), await make.tip()
    await make.link(tip, case, by=officer)
    item = await make.item(tip.id)
    hint = await make.hint(await make.tip_file(tip, item), item, PLATE)
    one = await add_candidate(case.id, await draft_from(case.id, SourceRow.HINT, hint.id), by=officer.id, now=NOON)
    await step(one, ScreeningAct.CHECKED, officer)
    photo = BasisDraft(kind=LockBasisKind.EVIDENCE_ITEM, item=item.id)

    with pytest.raises(ScreeningInvalid) as bare:
        await step(one, ScreeningAct.LOCK_PROPOSED, officer)
    with pytest.raises(ScreeningInvalid) as own_photo:
        await step(one, ScreeningAct.LOCK_PROPOSED, officer, bases=[photo])

    assert [problem.code for problem in bare.value.problems] == ["lock_basis_missing"]
    assert [problem.code for problem in own_photo.value.problems] == ["lock_from_one_tip"]
    assert one.source == CandidateSource.HINT
    assert one.tip == tip.id


async def test_a_second_linked_tip_carries_a_lock_and_an_unlinked_one_does_not(lawful: Platform) -> None:
    officer = await make.officer()
    case, tip, other, stranger = await make.case(lead=officer), await make.tip(), await make.tip(), await make.tip()
    for linked in (tip, other):
        await make.link(linked, case, by=officer)
    await Tip.update({Tip.plate_text: PLATE}).where(Tip.id == tip.id)
    one = await add_candidate(case.id, await draft_from(case.id, SourceRow.TIP, tip.id), by=officer.id, now=NOON)
    await step(one, ScreeningAct.CHECKED, officer)

    with pytest.raises(ScreeningInvalid) as refused:
        await step(
            one, ScreeningAct.LOCK_PROPOSED, officer, bases=[BasisDraft(kind=LockBasisKind.TIP, tip=stranger.id)]
        )
    await step(one, ScreeningAct.LOCK_PROPOSED, officer, bases=[BasisDraft(kind=LockBasisKind.TIP, tip=other.id)])

    assert [problem.code for problem in refused.value.problems] == ["not_a_linked_tip"]
    assert (await candidate_of(case.id, one.id))["proposed_by"] == officer.id


async def test_of_two_officers_who_lock_and_exclude_at_once_one_wins_and_one_is_told(lawful: Platform) -> None:
    first, second, third = await make.officer(), await make.officer(), await make.officer()
    one = await candidate(await make.case(lead=first), first)
    await step(one, ScreeningAct.CHECKED, first)
    await step(one, ScreeningAct.LOCK_PROPOSED, first, bases=[REPORT])
    as_role(lawful, Role.STAFF)

    ends = await asyncio.gather(
        step(one, ScreeningAct.LOCKED, second, seen=3),
        step(one, ScreeningAct.LOCK_REJECTED, third, seen=3),
        return_exceptions=True,
    )

    lost = [end for end in ends if end is not None]
    assert [type(end) for end in lost] == [CandidateMovedOn]
    assert isinstance(lost[0], CandidateMovedOn)
    assert lost[0].by_name in {second.full_name, third.full_name}
    assert lost[0].at == LATER
    assert await ScreeningStep.count().where(ScreeningStep.candidate == one.id) == 4


async def test_of_two_officers_who_add_one_plate_at_once_one_is_told_of_the_other(lawful: Platform) -> None:
    first, second = await make.officer(), await make.officer()
    case = await make.case(lead=first)
    as_role(lawful, Role.STAFF)

    ends = await asyncio.gather(candidate(case, first), candidate(case, second), return_exceptions=True)

    assert sorted(type(end).__name__ for end in ends) == ["AlreadyScreened", "ScreeningCandidate"]
    assert next(end.by_name for end in ends if isinstance(end, AlreadyScreened)) in {
        first.full_name,
        second.full_name,
    }


async def test_postgresql_refuses_to_change_a_step_or_a_lock_by_one_officer(lawful: Platform) -> None:
    officer = await make.officer()
    one = await candidate(await make.case(lead=officer), officer)

    with pytest.raises(asyncpg.RaiseError, match="append-only"):
        await ScreeningStep.update({ScreeningStep.words: "改"}).where(ScreeningStep.candidate == one.id)
    with pytest.raises(asyncpg.CheckViolationError, match="two_officers"):
        await ScreeningStep.raw(
            "INSERT INTO screening_step (id, candidate, number, act, words, officer, proposed_by, happened_at,"
            " recorded_at) VALUES (gen_random_uuid(), {}, 9, 'locked', '', {}, {}, now(), now())",
            one.id,
            officer.id,
            officer.id,
        )


async def test_an_exclusion_enters_its_check_is_told_everywhere_and_can_be_taken_back(lawful: Platform) -> None:
    officer = await make.officer()
    case, tip = await make.case(lead=officer), await make.tip()
    await make.suggestion(tip, case)
    one = await candidate(case, officer)
    as_role(lawful, Role.STAFF)

    await step(one, ScreeningAct.EXCLUDED, officer)

    history = (await candidate_of(case.id, one.id))["history"]
    told = await screening_status_of("鲁p·39K51", of=READS_EVERY_CASE)
    assert [row["act"] for row in history] == ["added", "checked", "excluded"]
    assert await excluded_plates(case.id) == {PLATE}
    assert [(row["state"], row["by_name"], row["method"]) for row in told] == [
        ("excluded", officer.full_name, "trace_comparison")
    ]
    assert await standing_candidates(case.id) == []
    as_role(lawful, Role.OWNER)
    assert await Work.exists().where((Work.job == Job.SUGGEST_CASES) & (Work.subject == tip.id))
    as_role(lawful, Role.STAFF)
    await step(one, ScreeningAct.RESUMED, officer)
    assert await excluded_plates(case.id) == frozenset()
    assert len(await standing_candidates(case.id)) == 1


async def test_a_locked_candidate_is_unlocked_with_a_reason_only(lawful: Platform) -> None:
    first, second = await make.officer(), await make.officer()
    one = await candidate(await make.case(lead=first), first)
    await step(one, ScreeningAct.CHECKED, first)
    await step(one, ScreeningAct.LOCK_PROPOSED, first, bases=[REPORT])
    await step(one, ScreeningAct.LOCKED, second)

    with pytest.raises(ScreeningInvalid):
        await take_step(
            one.case,
            one.id,
            ScreeningAct.UNLOCKED,
            StepDraft(words=" ", happened_at=LATER),
            seen=4,
            by=first.id,
            now=LATER,
        )
    with pytest.raises(ScreeningInvalid):
        await step(one, ScreeningAct.EXCLUDED, first)
    await step(one, ScreeningAct.UNLOCKED, first)

    assert (await candidate_of(one.case, one.id))["state"] == ScreeningState.CHECKED


async def test_an_excluded_vehicle_or_driver_neither_heads_the_file_nor_clears_the_case(lawful: Platform) -> None:
    commander = await make.officer(role=OfficerRole.COMMANDER)
    case = await make.case(lead=commander)
    vehicle = await make.vehicle(case, state=VehicleState.SEIZED)
    driver = await make.person(case, state=PersonState.IN_HAND)
    for kind, row in ((SourceRow.VEHICLE, vehicle.id), (SourceRow.PERSON, driver.id)):
        draft = await draft_from(case.id, kind, row)
        await step(await add_candidate(case.id, draft, by=commander.id, now=NOON), ScreeningAct.EXCLUDED, commander)

    with pytest.raises(ClearanceUnlawful) as refused:
        await clear_case(
            case.id,
            vehicle_id=vehicle.id,
            driver_id=driver.id,
            cleared_at=LATER,
            useful_links=[],
            approved_by=commander.id,
            now=LATER,
        )

    head = await head_of(case.id)
    assert [problem.code for problem in refused.value.problems] == ["vehicle_excluded", "driver_excluded"]
    assert (head["vehicle_state"], head["driver_state"]) == (None, None)


async def test_leads_are_the_plates_and_persons_of_the_case_that_nobody_took_up(lawful: Platform) -> None:
    officer = await make.officer()
    case, tip = await make.case(lead=officer), await make.tip()
    await Tip.update({Tip.plate_text: "鲁P11111"}).where(Tip.id == tip.id)
    await make.link(tip, case, by=officer)
    item = await make.item(tip.id)
    file = await make.tip_file(tip, item)
    await make.hint(file, item, "鲁P22222")
    await make.hint(file, item, "2021-06-01T12:00:00+08:00", kind=HintKind.CAPTURE_TIME)
    await make.vehicle(case, plate_text="鲁P33333")
    await make.person(case, "张演")
    await candidate(case, officer, "鲁P11111")
    as_role(lawful, Role.STAFF)

    leads = await leads_of(case.id)
    of_tip = await plates_of_tip(tip.id, of=READS_EVERY_CASE)

    assert [(row["source"], row["plate"]) for row in leads] == [
        ("vehicle", "鲁P33333"),
        ("hint", "鲁P22222"),
        ("person", "张演"),
    ]
    assert [(row["plate"], row["state"]) for row in of_tip] == [("鲁P11111", "pending"), ("鲁P22222", None)]


async def test_a_row_of_another_case_brings_no_candidate(lawful: Platform) -> None:
    case, other = await make.case(), await make.case()
    vehicle = await make.vehicle(other)

    with pytest.raises(SourceNotFound):
        await draft_from(case.id, SourceRow.VEHICLE, vehicle.id)

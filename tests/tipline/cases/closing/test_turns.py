"""Clearing without a seized vehicle or without the driver, reopening, and a change of severity, on PostgreSQL."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from tests import make
from tests.make import NOON
from tests.platform import Platform, as_role
from tests.tipline.cases.test_clearance import CLEARED, Solved, solved, state_of
from tests.tipline.staff import desk_of
from tipline.accounts.tables import OfficerRole
from tipline.cases.closing.errors import CaseNotCleared, EvidenceNotOfCase, TurnUnlawful
from tipline.cases.closing.reads import closings_of
from tipline.cases.closing.rules import ExceptionalDraft, StandIn
from tipline.cases.closing.service import clear_exceptionally, declare_unfounded, reclassify, reopen_case
from tipline.cases.closing.tables import ExceptionalClearance, ExceptionalGround
from tipline.cases.errors import ApproverNotCommander, CaseClosed, ClearanceUnlawful
from tipline.cases.finding import vehicle_seized
from tipline.cases.service import CaseDraft, link_tip, open_case
from tipline.cases.suggestions import Proposal, record_suggestions
from tipline.cases.tables import (
    Case,
    CaseEvent,
    CaseState,
    Clearance,
    LinkSuggestion,
    PersonRole,
    PersonState,
    Severity,
    SuggestionState,
    VehicleGround,
    VehicleState,
)
from tipline.clock import start_of_year
from tipline.dashboard.clearance_reads import read_records
from tipline.dashboard.figures import count_all
from tipline.dashboard.histories import Period
from tipline.dashboard.metrics import metrics
from tipline.settings import Role

LATER = NOON + timedelta(days=4)
REOPENED = NOON + timedelta(days=5)
END = NOON + timedelta(days=30)
ARTICLE = "第六十二条第一款"
YEAR = Period.of_days(datetime(2021, 1, 1, tzinfo=UTC).date(), datetime(2021, 12, 31, tzinfo=UTC).date())
DEAD = ExceptionalDraft(
    ground=ExceptionalGround.DRIVER_DIED,
    identified_by="DNA 与安全气囊血迹一致",
    evidence="痕迹鉴定与监控相互印证",
    whereabouts="2021年6月3日死亡，户口已注销",
    beyond_control="驾驶人已死亡",
    cleared_at=CLEARED,
)


def codes(refused: pytest.ExceptionInfo[Any]) -> dict[str, str]:
    return {problem.code: str(problem.facts.get("article", "")) for problem in refused.value.problems}


async def recorded(severity: Severity = Severity.SERIOUS_INJURY) -> Case:
    """Record a case as officers do, with its event."""
    lead = await make.officer()
    draft = CaseDraft(
        number=f"高公交逃字〔2021〕第{lead.badge_number}号",
        severity=severity,
        happened_from=NOON,
        happened_to=NOON,
        place_text="人和路",
        unit=lead.unit,
        lead_officer=lead.id,
        recorded_at=NOON,
    )
    return await open_case(draft, by=lead.id, now=NOON)


async def proof(this: Solved) -> UUID:
    """Seal an item of a tip that is linked to the case."""
    tip, item = await make.tip(), await make.item()
    await make.tip_file(tip, item)
    await link_tip(tip.id, this.case.id, by=this.commander.id, now=NOON)
    return item.id


def burnt(*items: UUID, reason: str = "车辆烧毁，残骸经鉴定与本案车辆一致") -> StandIn:
    return StandIn(ground=VehicleGround.DESTROYED, reason=reason, items=items)


async def test_procedure_62_a_vehicle_proven_destroyed_stands_for_a_found_one(lawful: Platform) -> None:
    this = await solved(vehicle=VehicleState.IDENTIFIED)
    item = await proof(this)
    as_role(lawful, Role.STAFF)

    await this.clear(stand_in=burnt(item))

    [closing] = await closings_of(this.case.id)
    assert (closing["vehicle_ground"], closing["vehicle_reason"]) == ("destroyed", "车辆烧毁，残骸经鉴定与本案车辆一致")
    assert len(closing["proofs"]) == 1
    assert await state_of(this.case) == CaseState.CLEARED


async def test_procedure_62_without_sealed_evidence_or_a_reason_nothing_stands_in(lawful: Platform) -> None:
    this, seized = await solved(vehicle=VehicleState.IDENTIFIED), await solved()
    foreign = await make.item()
    as_role(lawful, Role.STAFF)

    with pytest.raises(ClearanceUnlawful) as bare:
        await this.clear(stand_in=burnt(reason=" "))
    with pytest.raises(EvidenceNotOfCase):
        await this.clear(stand_in=burnt(foreign.id))
    with pytest.raises(ClearanceUnlawful) as needless:
        await seized.clear(stand_in=burnt(foreign.id))

    assert ARTICLE in codes(bare)["stand_in_without_evidence"]
    assert "required" in codes(bare)
    assert ARTICLE in codes(needless)["vehicle_is_seized"]
    assert await Clearance.count() == 0


async def test_a_case_is_not_cleared_before_it_was_recorded(lawful: Platform) -> None:
    this = await solved()
    await Case.update({Case.recorded_at: NOON + timedelta(days=3, minutes=1)}).where(Case.id == this.case.id)

    with pytest.raises(ClearanceUnlawful) as refused:
        await this.clear()

    assert list(codes(refused)) == ["before_the_last_turn"]


async def test_a_dead_driver_clears_exceptionally_and_is_counted_in_no_rate_but_m7(lawful: Platform) -> None:
    case = await recorded()
    driver = await make.person(case)
    commander = await make.officer(role=OfficerRole.COMMANDER)
    as_role(lawful, Role.STAFF)

    await clear_exceptionally(case.id, driver.id, DEAD, approved_by=commander.id, now=LATER)

    records = await read_records(since=start_of_year(2021), as_of=END)
    told = metrics(records.histories, YEAR, as_of=END)
    assert await state_of(case) == CaseState.CLEARED_EXCEPTIONALLY
    assert (told["M1"], told["M2"], told["M7"]) == ({"k": 0, "n": 1}, {"k": 0, "n": 1}, {"k": 1, "n": 1})
    assert (await count_all(2021))["cleared"].number == 0
    assert await Clearance.count() == 0


@pytest.mark.parametrize("test", ["identified_by", "evidence", "whereabouts", "beyond_control"])
async def test_an_exceptional_clearance_needs_all_four_tests(lawful: Platform, test: str) -> None:
    this = await solved(driver=PersonState.IDENTIFIED)
    unanswered: dict[str, Any] = {test: " "}

    with pytest.raises(TurnUnlawful) as refused:
        await clear_exceptionally(
            this.case.id, this.driver.id, replace(DEAD, **unanswered), approved_by=this.commander.id, now=LATER
        )

    assert "第一百八十六条第一款第（五）项" in codes(refused)["test_not_answered"]


async def test_a_driver_in_hand_is_no_exception_and_an_investigator_approves_none(lawful: Platform) -> None:
    this, investigator = await solved(), await make.officer()

    with pytest.raises(TurnUnlawful) as refused:
        await clear_exceptionally(this.case.id, this.driver.id, DEAD, approved_by=this.commander.id, now=LATER)
    with pytest.raises(ApproverNotCommander):
        await clear_exceptionally(this.case.id, this.driver.id, DEAD, approved_by=investigator.id, now=LATER)
    with pytest.raises(ApproverNotCommander):
        await declare_unfounded(this.case.id, reason="没有事故", found_at=LATER, approved_by=investigator.id, now=LATER)

    assert list(codes(refused)) == ["driver_is_in_hand"]
    assert await ExceptionalClearance.count() == 0


async def test_a_reopened_case_keeps_its_clearance_takes_suggestions_again_and_is_cleared_anew(
    lawful: Platform,
) -> None:
    this = await solved()
    suggestion = await make.suggestion(await make.tip(), this.case)
    as_role(lawful, Role.STAFF)
    await this.clear()

    await reopen_case(
        this.case.id, reason="不批准逮捕，证据不足", reopened_at=REOPENED, by=this.commander.id, now=REOPENED
    )
    as_role(lawful, Role.WORKER)
    proposal = Proposal(case=this.case.id, match_weight=8.0, reasons=[], model="bits-test")
    again = await record_suggestions(suggestion.tip, [proposal], now=REOPENED)
    as_role(lawful, Role.STAFF)
    state = await LinkSuggestion.select(LinkSuggestion.state).first()
    with pytest.raises(ClearanceUnlawful) as too_early:
        await this.clear(now=END)
    await this.clear(cleared_at=REOPENED + timedelta(hours=1), now=END)

    assert again == 1
    assert state == {"state": SuggestionState.PROPOSED}
    assert list(codes(too_early)) == ["before_the_last_turn"]
    assert [(row["cleared_at"], row["revoked_at"]) for row in await closings_of(this.case.id)] == [
        (CLEARED, REOPENED),
        (REOPENED + timedelta(hours=1), None),
    ]
    events = await CaseEvent.select(CaseEvent.type, CaseEvent.reason).order_by(CaseEvent.happened_at)
    assert [(event["type"], event["reason"]) for event in events] == [
        ("cleared", ""),
        ("reopened", "不批准逮捕，证据不足"),
        ("cleared", ""),
    ]


async def test_a_print_of_the_time_before_a_reopening_can_be_made_again(lawful: Platform) -> None:
    case = await recorded()
    this = Solved(
        case=case,
        vehicle=await make.vehicle(case, state=VehicleState.SEIZED),
        driver=await make.person(case, state=PersonState.IN_HAND),
        commander=await make.officer(role=OfficerRole.COMMANDER),
    )
    as_role(lawful, Role.STAFF)
    await this.clear()
    before = metrics((await read_records(since=NOON, as_of=LATER)).histories, YEAR, as_of=LATER)

    await reopen_case(case.id, reason="撤案", reopened_at=REOPENED, by=this.commander.id, now=REOPENED)

    again = metrics((await read_records(since=NOON, as_of=LATER)).histories, YEAR, as_of=LATER)
    now = metrics((await read_records(since=NOON, as_of=END)).histories, YEAR, as_of=END)
    assert before == again
    assert (before["M1"], now["M1"]) == ({"k": 1, "n": 1}, {"k": 0, "n": 1})
    assert (await count_all(2021))["cleared"].number == 0


async def test_of_two_commanders_who_reopen_at_once_one_is_told_who_and_when(lawful: Platform) -> None:
    this, second = await solved(), await make.officer(role=OfficerRole.COMMANDER)
    as_role(lawful, Role.STAFF)
    await this.clear()

    ends = await asyncio.gather(
        *(
            reopen_case(this.case.id, reason="证据不足", reopened_at=REOPENED, by=one.id, now=REOPENED)
            for one in (this.commander, second)
        ),
        return_exceptions=True,
    )

    [lost] = [end for end in ends if isinstance(end, CaseNotCleared)]
    event = await CaseEvent.objects().get(CaseEvent.type == "reopened")
    assert event is not None
    winner = this.commander if event.recorded_by == this.commander.id else second
    assert ends.count(None) == 1
    assert (lost.by_badge, lost.at) == (winner.badge_number, REOPENED)


async def test_clearing_both_ways_at_once_leaves_one_clearance(lawful: Platform) -> None:
    this = await solved(driver=PersonState.IDENTIFIED)
    other = await make.person(this.case, state=PersonState.IN_HAND)
    as_role(lawful, Role.STAFF)

    ends = await asyncio.gather(
        this.clear(driver_id=other.id),
        clear_exceptionally(this.case.id, this.driver.id, DEAD, approved_by=this.commander.id, now=LATER),
        return_exceptions=True,
    )

    assert len([end for end in ends if isinstance(end, CaseClosed)]) == 1
    assert await Clearance.count() + await ExceptionalClearance.count() == 1


async def test_an_unfounded_case_leaves_every_count_and_stays_closed(lawful: Platform) -> None:
    case, commander = await recorded(), await make.officer(role=OfficerRole.COMMANDER)
    as_role(lawful, Role.STAFF)

    await declare_unfounded(case.id, reason="车辆自撞护栏", found_at=CLEARED, approved_by=commander.id, now=LATER)
    with pytest.raises(CaseClosed) as closed:
        await reopen_case(case.id, reason="误判", reopened_at=REOPENED, by=commander.id, now=REOPENED)

    told = metrics((await read_records(since=NOON, as_of=END)).histories, YEAR, as_of=END)
    assert closed.value.state == CaseState.UNFOUNDED
    assert (told["M1"], told["M11"]["unfounded"]) == ({"k": 0, "n": 0}, 1)
    assert (await count_all(2021))["recorded"].number == 0


async def test_procedure_3_a_later_death_changes_the_severity_from_when_it_happened(lawful: Platform) -> None:
    case, officer = await recorded(), await make.officer()
    vehicle = await make.vehicle(case)
    died, known = NOON + timedelta(days=2), NOON + timedelta(days=9)
    as_role(lawful, Role.STAFF)
    await vehicle_seized(vehicle.id, seized_at=died + timedelta(days=1), by=officer.id, now=LATER)

    await reclassify(case.id, Severity.FATAL, reason="伤者死亡", happened_at=died, by=officer.id, now=known)

    for as_of, severity in ((LATER, Severity.SERIOUS_INJURY), (END, Severity.FATAL)):
        [history] = (await read_records(since=NOON, as_of=as_of)).histories
        assert history.severity == severity
    row = await Case.objects().get(Case.id == case.id)
    assert row is not None
    assert row.severity == Severity.FATAL
    with pytest.raises(TurnUnlawful) as same:
        await reclassify(case.id, Severity.FATAL, reason="", happened_at=NOON, by=officer.id, now=known)
    assert set(codes(same)) == {"severity_unchanged", "required", "before_the_last_change"}


async def test_a_commander_closes_and_reopens_by_forms_and_an_investigator_may_not(lawful: Platform) -> None:
    this = await solved(driver=PersonState.IDENTIFIED)
    investigator = await make.officer()
    at = f"/cases/{this.case.id}"
    tests = dict.fromkeys(("identified_by", "evidence", "whereabouts"), "说明")
    typed = tests | {"person": str(this.driver.id), "ground": "driver_died", "cleared_at": "2021-06-04T13:00"}

    async with desk_of(lawful, this.commander, now=END) as desk:
        three = await desk.post(f"{at}/exceptional-clearance", typed)
        done = [
            await desk.post(f"{at}/exceptional-clearance", typed | {"beyond_control": "已死亡"}),
            await desk.post(f"{at}/reopening", {"reason": "身份有误", "reopened_at": "2021-06-05T13:00"}),
            await desk.post(
                f"{at}/severity", {"severity": "fatal", "reason": "伤者死亡", "happened_at": "2021-06-05T14:00"}
            ),
        ]
        page = (await desk.get(at)).text
        await desk.post(f"{at}/unfounded", {"reason": "没有逃逸", "found_at": "2021-06-06T13:00"})
        late = await desk.post(f"{at}/reopening", {"reason": "再查", "reopened_at": "2021-06-07T13:00"})
    async with desk_of(lawful, investigator, now=END) as desk:
        refused = [
            (await desk.post(f"{at}/{deed}", {})).status_code
            for deed in ("exceptional-clearance", "reopening", "unfounded", "clearance")
        ]

    assert three.status_code == 422
    assert "第一百八十六条第一款第（五）项" in three.text
    assert [one.status_code for one in done] == [303] * 3
    assert "不再有效" in page
    assert late.status_code == 409
    assert refused == [403] * 4


async def test_the_form_offers_drivers_only_the_one_in_hand_first(lawful: Platform) -> None:
    this = await solved(driver=PersonState.IDENTIFIED)
    taken = await make.person(this.case, "到案驾驶人", state=PersonState.IN_HAND, at=NOON + timedelta(days=3))
    victim = await make.person(this.case, "受害人", role=PersonRole.OTHER)

    async with desk_of(lawful, this.commander, now=END) as desk:
        form = (await desk.get(f"/cases/{this.case.id}/clearance")).text

    drivers = form.split('<select id="driver"')[1].split("</select>")[0]
    assert drivers.index(str(taken.id)) < drivers.index(str(this.driver.id))
    assert str(victim.id) not in drivers

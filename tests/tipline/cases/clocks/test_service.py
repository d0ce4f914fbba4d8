"""Clocks on real rows: kept once, whoever keeps them; paused by two officers; provisional without holidays."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta

import asyncpg
import pytest

from tests import make
from tests.platform import Platform, as_role
from tipline.accounts.tables import OfficerRole
from tipline.cases.clocks import keeping, service, steps
from tipline.cases.clocks.errors import ClockInvalid, ClockMovedOn, ClockStepDecided, OwnRequest
from tipline.cases.clocks.steps import StepDraft
from tipline.cases.clocks.tables import CaseClock, CaseFact, ClockAct, ClockEntry, ClockState, StepAct
from tipline.cases.tables import Case, PersonState, Severity, VehicleState
from tipline.clock import SHANGHAI
from tipline.law.clockbook import load_seed_holidays
from tipline.law.service import load_seed_rules
from tipline.law.tables import DayKind, Holiday
from tipline.settings import Role

THEN = datetime(2026, 3, 2, 10, 0, tzinfo=SHANGHAI)
NOW = THEN + timedelta(days=1)


@pytest.fixture
async def lawful(database: Platform) -> AsyncIterator[Platform]:
    """Load the law and the holidays; stay the owner."""
    await load_seed_rules()
    await load_seed_holidays()
    yield database
    as_role(database, Role.OWNER)


async def found_case() -> Case:
    """Make a case whose vehicle and driver were found on 2 March 2026."""
    case = await make.case(happened_at=THEN, severity=Severity.PROPERTY)
    await make.vehicle(case, state=VehicleState.SEIZED, at=THEN)
    await make.person(case, state=PersonState.IN_HAND, at=THEN)
    return case


async def clock(case: Case, code: str) -> CaseClock:
    row = await CaseClock.objects().where((CaseClock.case == case.id) & (CaseClock.rule_code == code)).first()
    assert row is not None
    return row


async def test_keeping_twice_or_at_once_makes_each_clock_once(lawful: Platform) -> None:
    case = await found_case()
    as_role(lawful, Role.WORKER)

    await asyncio.gather(*(keeping.keep(case.id, now=NOW) for _ in range(4)))
    again = await keeping.keep(case.id, now=NOW)

    codes = [row["rule_code"] for row in await CaseClock.select(CaseClock.rule_code)]
    assert sorted(codes) == ["fleeing_vehicle_forensic_commission", "liability_determination_flight"]
    assert again == 0
    assert await ClockEntry.count() == 2


async def test_all_live_cases_are_kept_together_and_history_starts_nothing(lawful: Platform) -> None:
    cases = [await found_case(), await found_case()]
    old = await make.case(happened_at=THEN - timedelta(days=900))
    await make.clearance(old, by=await make.officer(role=OfficerRole.COMMANDER), at=THEN - timedelta(days=890))

    changed = await keeping.keep_all(now=NOW)
    again = await keeping.keep_all(now=NOW)

    assert (changed, again) == (4, 0)
    assert {row["case"] for row in await CaseClock.select(CaseClock.case)} == {case.id for case in cases}


async def test_a_fact_by_hand_starts_and_fulfils_clocks_and_can_be_taken_back(lawful: Platform) -> None:
    case, officer = await found_case(), await make.officer()
    await keeping.keep(case.id, now=NOW)
    as_role(lawful, Role.STAFF)
    commissioned = await clock(case, "fleeing_vehicle_forensic_commission")

    await service.fulfil(
        case.id, commissioned.id, NOW, document_number="高公鉴委〔2026〕7号", note="", by=officer.id, now=NOW
    )

    done, next_one = await clock(case, commissioned.rule_code), await clock(case, "forensic_examination")
    assert (done.state, done.done_by, done.document_number) == (ClockState.DONE, officer.id, "高公鉴委〔2026〕7号")
    assert next_one.due_date == date(2026, 4, 2)
    with pytest.raises(ClockMovedOn):
        await service.fulfil(case.id, done.id, NOW, document_number="", note="", by=officer.id, now=NOW)
    fact = await CaseFact.objects().first()
    assert fact is not None
    await service.withdraw_fact(case.id, fact.id, "录错案件", by=officer.id, now=NOW)
    assert (await clock(case, commissioned.rule_code)).state == ClockState.RUNNING
    assert (await clock(case, "forensic_examination")).state == ClockState.WITHDRAWN


async def test_a_pause_needs_a_ground_of_law_and_a_second_officer(lawful: Platform) -> None:
    case, asks = await found_case(), await make.officer()
    approves = await make.officer(role=OfficerRole.LEGAL_REVIEWER)
    await keeping.keep(case.id, now=NOW)
    as_role(lawful, Role.STAFF)
    flight = await clock(case, "liability_determination_flight")
    draft = StepDraft(act=StepAct.PAUSE, effective_at=NOW, reason="当事人昏迷", ground="suspension_flight")

    with pytest.raises(ClockInvalid) as refused:
        await steps.request_step(
            case.id, flight.id, StepDraft(act=StepAct.PAUSE, effective_at=NOW, reason="忙"), by=asks.id, now=NOW
        )
    step = await steps.request_step(case.id, flight.id, draft, by=asks.id, now=NOW)
    with pytest.raises(OwnRequest):
        await steps.decide_step(case.id, flight.id, step.id, approves=True, note="", by=asks.id, now=NOW)
    assert (await clock(case, flight.rule_code)).state == ClockState.RUNNING
    await steps.decide_step(case.id, flight.id, step.id, approves=True, note="", by=approves.id, now=NOW)
    with pytest.raises(ClockStepDecided):
        await steps.decide_step(case.id, flight.id, step.id, approves=False, note="否", by=approves.id, now=NOW)

    assert [one.code for one in refused.value.problems] == ["no_such_ground"]
    assert (await clock(case, flight.rule_code)).state == ClockState.PAUSED
    assert (await clock(case, "determination_suspension")).due_date == date(2026, 5, 6)
    acts = [
        row["act"] for row in await ClockEntry.select().where(ClockEntry.clock == flight.id).order_by(ClockEntry.id)
    ]
    assert sorted(acts) == [ClockAct.PAUSED, ClockAct.STARTED]


async def test_a_clock_of_custody_never_pauses_and_extends_only_as_the_law_names_it(lawful: Platform) -> None:
    case, asks = await found_case(), await make.officer()
    approves = await make.officer(role=OfficerRole.COMMANDER)
    custody = await service.start_clock(case.id, "arrest_request", THEN, by=asks.id, now=NOW)
    pause = StepDraft(act=StepAct.PAUSE, effective_at=NOW, reason="鉴定", ground="suspension_flight")
    longer = StepDraft(
        act=StepAct.EXTEND,
        effective_at=NOW,
        reason="案情复杂",
        ground="arrest_request_extended",
        approval_number="高公延〔2026〕1号",
    )

    with pytest.raises(ClockInvalid) as refused:
        await steps.request_step(case.id, custody, pause, by=asks.id, now=NOW)
    step = await steps.request_step(case.id, custody, longer, by=asks.id, now=NOW)
    await steps.decide_step(case.id, custody, step.id, approves=True, note="", by=approves.id, now=NOW)

    assert [one.code for one in refused.value.problems] == ["custody_never_pauses"]
    assert (await clock(case, "arrest_request")).state == ClockState.SUPERSEDED
    assert (await clock(case, "arrest_request_extended")).due_date == date(2026, 3, 9)


async def test_a_provisional_end_is_counted_again_when_the_holidays_come(lawful: Platform) -> None:
    case = await make.case(happened_at=THEN, severity=Severity.PROPERTY)
    seized = datetime(2026, 12, 30, 10, 0, tzinfo=SHANGHAI)
    await make.vehicle(case, state=VehicleState.SEIZED, at=seized)
    await keeping.keep(case.id, now=seized)
    before = await clock(case, "fleeing_vehicle_forensic_commission")
    days = [(1, 1), (1, 2), (1, 3), (1, 4), (5, 1), (10, 1)]
    await Holiday.insert(
        *(Holiday(day=date(2027, *day), kind=DayKind.HOLIDAY, name="放假", source="国务院办公厅通知") for day in days)
    )

    changed = await keeping.keep_all(now=seized)

    after = await clock(case, "fleeing_vehicle_forensic_commission")
    assert changed == 1
    assert (before.due_date, before.is_provisional) == (date(2027, 1, 5), True)
    assert (after.due_date, after.is_provisional) == (date(2027, 1, 6), False)


async def test_the_history_of_a_clock_only_grows(lawful: Platform) -> None:
    case = await found_case()
    await keeping.keep(case.id, now=NOW)
    as_role(lawful, Role.STAFF)

    with pytest.raises(asyncpg.PostgresError):
        await ClockEntry.update({ClockEntry.note: "x"}, force=True)

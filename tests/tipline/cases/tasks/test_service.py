"""Tasks set by law and by hand, done once, and done with the clock that limits them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest

from tests import make
from tests.platform import Platform, as_role
from tipline.accounts.tables import OfficerRole
from tipline.cases.clocks.service import FactDraft, record_fact
from tipline.cases.clocks.tables import CaseClock, ClockState
from tipline.cases.tables import Case, Severity, VehicleState
from tipline.cases.tasks import keeping, service
from tipline.cases.tasks.errors import TaskInvalid, TaskMovedOn
from tipline.cases.tasks.service import TaskDraft
from tipline.cases.tasks.tables import CaseTask, TaskEntry, TaskState
from tipline.clock import SHANGHAI
from tipline.law.clockbook import load_seed_holidays
from tipline.law.service import load_seed_rules
from tipline.law.tables import LegalFact
from tipline.settings import Role

THEN = datetime(2026, 3, 2, 10, 0, tzinfo=SHANGHAI)
NOW = THEN + timedelta(days=1)
OF_EVERY_CASE = {"task_start_pursuit_plan", "task_national_control", "task_request_for_assistance"}


@pytest.fixture
async def lawful(database: Platform) -> AsyncIterator[Platform]:
    """Load the law and the holidays; stay the owner."""
    await load_seed_rules()
    await load_seed_holidays()
    yield database
    as_role(database, Role.OWNER)


async def tasks(case: Case) -> dict[str, CaseTask]:
    return {one.rule_code: one for one in await CaseTask.objects().where(CaseTask.case == case.id)}


@pytest.mark.parametrize(
    ("severity", "more"),
    [
        (Severity.PROPERTY, set()),
        (Severity.MINOR_INJURY, {"task_notify_insurer", "task_notify_rescue_fund"}),
        (
            Severity.FATAL,
            {
                "task_notify_insurer",
                "task_notify_rescue_fund",
                "task_tell_funeral_advance",
                "task_commission_post_mortem",
            },
        ),
    ],
)
async def test_articles_42_to_49_ask_what_the_severity_calls_for(
    lawful: Platform, severity: Severity, more: set[str]
) -> None:
    case = await make.case(severity=severity, happened_at=THEN)

    await keeping.keep(case.id, now=NOW)
    await keeping.keep(case.id, now=NOW)

    assert set(await tasks(case)) == OF_EVERY_CASE | more


async def test_a_vehicle_found_asks_to_withdraw_what_article_44_sent_out(lawful: Platform) -> None:
    case = await make.case(severity=Severity.PROPERTY, happened_at=THEN)
    await make.vehicle(case, state=VehicleState.SEIZED, at=THEN)
    as_role(lawful, Role.WORKER)

    changed = await keeping.keep_all(now=NOW)
    again = await keeping.keep_all(now=NOW)

    found = set(await tasks(case)) - OF_EVERY_CASE
    assert found == {"task_withdraw_request", "task_withdraw_control", "task_commission_vehicle_examination"}
    assert (changed, again) == (2, 0)


async def test_the_fund_is_told_of_the_driver_only_where_it_advanced_money(lawful: Platform) -> None:
    commander = await make.officer(role=OfficerRole.COMMANDER)
    plain, helped = [await make.case(severity=Severity.PROPERTY, happened_at=THEN) for _ in range(2)]
    for case in (plain, helped):
        await make.clearance(case, by=commander, at=NOW)
    await record_fact(helped.id, FactDraft(kind=LegalFact.FUND_ADVANCED, happened_at=THEN), by=commander.id, now=NOW)

    await keeping.keep_all(now=NOW)

    assert "task_tell_fund_of_driver" not in await tasks(plain)
    assert "task_tell_fund_of_driver" in await tasks(helped)
    assert not OF_EVERY_CASE & set(await tasks(plain))


async def test_a_task_done_fulfils_the_clock_that_limits_it_and_the_other_way_round(lawful: Platform) -> None:
    case, officer = await make.case(severity=Severity.FATAL, happened_at=THEN), await make.officer()
    await make.vehicle(case, state=VehicleState.SEIZED, at=THEN)
    await keeping.keep(case.id, now=NOW)
    as_role(lawful, Role.STAFF)
    body = (await tasks(case))["task_commission_post_mortem"]

    await service.done(case.id, body.id, NOW, document_number="1号", note="县医院", by=officer.id, now=NOW)
    with pytest.raises(TaskMovedOn):
        await service.done(case.id, body.id, NOW, document_number="", note="", by=officer.id, now=NOW)
    await record_fact(
        case.id, FactDraft(kind=LegalFact.EXAMINATION_COMMISSIONED, happened_at=NOW), by=officer.id, now=NOW
    )
    await keeping.keep(case.id, now=NOW)

    states = {row.rule_code: row.state for row in await CaseClock.objects().where(CaseClock.case == case.id)}
    assert states["corpse_forensic_commission"] == ClockState.DONE
    assert states["fleeing_vehicle_forensic_commission"] == ClockState.DONE
    assert (await tasks(case))["task_commission_vehicle_examination"].state == TaskState.DONE


async def test_a_task_by_hand_is_assigned_not_applicable_and_taken_up_again(lawful: Platform) -> None:
    case, lead, other = await make.case(happened_at=THEN), await make.officer(), await make.officer()
    as_role(lawful, Role.STAFF)

    with pytest.raises(TaskInvalid):
        await service.make_task(case.id, TaskDraft(title=" "), by=lead.id, now=NOW)
    task = await service.make_task(case.id, TaskDraft(title="走访沿街商户"), by=lead.id, now=NOW)
    await service.assign(case.id, task.id, other.id, by=lead.id, now=NOW)
    with pytest.raises(TaskInvalid):
        await service.not_applicable(case.id, task.id, "", by=other.id, now=NOW)
    await service.not_applicable(case.id, task.id, "商户均已搬离", by=other.id, now=NOW)
    await service.reopen(case.id, task.id, "找到一家", by=lead.id, now=NOW)

    row = await CaseTask.objects().get(CaseTask.id == task.id)
    assert row is not None
    assert (row.state, row.assigned_to) == (TaskState.OPEN, other.id)
    assert await TaskEntry.count().where(TaskEntry.task == task.id) == 4

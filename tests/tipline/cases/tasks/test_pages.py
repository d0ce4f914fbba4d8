"""The tab 任务, the page of a clock and the list of what is due, over HTTP."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from httpx import Response

from tests import make
from tests.platform import Platform, as_role
from tests.tipline.staff import Desk, desk_of, session, staff_face
from tipline.accounts.tables import OfficerRole
from tipline.cases.clocks import keeping
from tipline.cases.clocks.tables import CaseClock, ClockState
from tipline.cases.tables import Severity, VehicleState
from tipline.cases.tasks.tables import CaseTask, TaskState
from tipline.clock import SHANGHAI
from tipline.law.clockbook import load_seed_holidays
from tipline.law.service import load_seed_rules
from tipline.settings import Role

THEN = datetime(2026, 11, 20, 10, 0, tzinfo=SHANGHAI)
NOW = datetime(2026, 11, 25, 9, 0, tzinfo=SHANGHAI)


@pytest.fixture
async def lawful(database: Platform) -> Platform:
    """Load the law and the holidays."""
    await load_seed_rules()
    await load_seed_holidays()
    return database


async def test_looking_at_the_tab_brings_it_up_to_date_and_a_task_done_fulfils_its_clock(lawful: Platform) -> None:
    lead = await make.officer()
    case = await make.case(lead=lead, severity=Severity.FATAL, happened_at=THEN)
    await make.vehicle(case, state=VehicleState.SEIZED, at=THEN)

    async with desk_of(lawful, lead, now=NOW) as desk:
        shown = await desk.get(f"/cases/{case.id}/tasks")
        task = re.search(rf"/cases/{case.id}/tasks/([0-9a-f-]+)\">尸体检验", shown.text)
        assert task, shown.text
        page = await desk.get(f"/cases/{case.id}/tasks/{task[1]}")
        wrong = await desk.post(f"/cases/{case.id}/tasks/{task[1]}/done", {"done_at": "2026-11-30T09:00"})
        done = await desk.post(
            f"/cases/{case.id}/tasks/{task[1]}/done", {"done_at": "2026-11-22T09:00", "document_number": "鉴委1号"}
        )
        again = await desk.post(f"/cases/{case.id}/tasks/{task[1]}/done", {"done_at": "2026-11-22T09:00"})

    assert "第四十九条第二款" in page.text
    assert (wrong.status_code, done.status_code, again.status_code) == (422, 303, 409)
    as_role(lawful, Role.OWNER)
    row = await CaseTask.objects().get(CaseTask.rule_code == "task_commission_post_mortem")
    assert row is not None
    assert row.state == TaskState.DONE
    clock = await CaseClock.objects().get(CaseClock.rule_code == "corpse_forensic_commission")
    assert clock is not None
    assert (clock.state, clock.document_number) == (ClockState.DONE, "鉴委1号")


async def test_a_pause_is_asked_for_on_the_clocks_page_and_decided_by_a_colleague(lawful: Platform) -> None:
    lead, reviewer = await make.officer(), await make.officer(role=OfficerRole.LEGAL_REVIEWER)
    case = await make.case(lead=lead, severity=Severity.PROPERTY, happened_at=THEN)
    await keeping.keep(case.id, now=NOW)
    tokens = [await session(one, at=NOW) for one in (lead, reviewer)]

    async with staff_face(lawful, now=NOW) as desk:
        desk.sign_in(tokens[0])
        recorded = await desk.post(
            f"/cases/{case.id}/facts", {"kind": "victim_application_received", "happened_at": "2026-11-23T10:00"}
        )
        tab = await desk.get(f"/cases/{case.id}/tasks?lang=en")
        clock = re.search(rf"/cases/{case.id}/clocks/([0-9a-f-]+)\"", tab.text)
        assert clock, tab.text
        address = f"/cases/{case.id}/clocks/{clock[1]}"
        page = await desk.get(address)
        asked = await desk.post(
            f"{address}/steps",
            {
                "act": "pause",
                "ground": "suspension_unsolved",
                "effective_at": "2026-11-24T10:00",
                "reason": "受害人昏迷",
                "approval_number": "聊公交〔2026〕9号",
            },
        )
        own = await desk.get(address)
        step = re.search(r"/steps/([0-9a-f-]+)", (await _as(desk, tokens[1], address)).text)
        assert step
        approved = await desk.post(f"{address}/steps/{step[1]}", {"decision": "approve"})
        paused = await desk.get(address)

    assert (recorded.status_code, asked.status_code, approved.status_code) == (303, 303, 303)
    assert "第六十六条" in page.text
    assert "To be confirmed" not in page.text
    assert "Waiting for a decision" in own.text
    assert "Stands still" in paused.text


async def test_what_is_due_is_listed_by_stretch_and_by_whom_and_as_a_sheet(lawful: Platform) -> None:
    unit = await make.unit()
    lead, colleague = await make.officer(in_unit=unit), await make.officer(in_unit=unit)
    case = await make.case("高公交逃字〔2026〕第0901号", lead=lead, severity=Severity.PROPERTY, happened_at=THEN)
    for seized in (THEN - timedelta(days=3), datetime(2026, 11, 20, 8, 0, tzinfo=SHANGHAI), NOW - timedelta(hours=1)):
        await make.vehicle(case, state=VehicleState.SEIZED, at=seized)
    await keeping.keep(case.id, now=NOW)
    tokens = [await session(one, at=NOW) for one in (lead, colleague)]

    async with staff_face(lawful, now=NOW) as desk:
        desk.sign_in(tokens[0])
        mine = {when: await desk.get(f"/due?when={when}") for when in ("overdue", "today", "week", "later")}
        sheet = await desk.get("/due/csv?when=overdue&scope=all")
        nav = await desk.get("/cases", headers={"Accept": "text/html"})
        theirs = await _as(desk, tokens[1], "/due?when=overdue")
        units = await desk.get("/due?when=overdue&scope=unit")

    counted = {when: page.text.count('class="row-link"') for when, page in mine.items()}
    assert counted == {"overdue": 1, "today": 1, "week": 1, "later": 0}
    assert sheet.text.count("第0901号") == 1
    assert re.search(r'href="/due"[^>]*>[^<]*<span class="count num"[^>]*>2<', nav.text)
    assert "第0901号" not in theirs.text
    assert "第0901号" in units.text


async def _as(desk: Desk, token: str, address: str) -> Response:
    desk.sign_in(token)
    return await desk.get(address)

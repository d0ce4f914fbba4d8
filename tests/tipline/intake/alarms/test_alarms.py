from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from tests import make
from tests.make import NOON
from tests.platform import Platform, as_role
from tests.tipline.staff import desk_of
from tests.tipline.visitor import code_in, public_face, rows
from tipline.accounts.tables import Officer, OfficerRole, UnitKind
from tipline.database import engine
from tipline.intake.alarms import roster
from tipline.intake.alarms.errors import AlarmAcknowledged, AlarmUnknown
from tipline.intake.alarms.rules import PATIENCE
from tipline.intake.alarms.service import acknowledge, raise_alarm
from tipline.settings import Role
from tipline.work import service as work
from tipline.work.tables import Job
from workers.alarms import call_desk
from workers.doors import open_doors

HERE = {"story": "撞人的白色货车现在停在人和路加油站", "is_here_now": "1", "place_text": "人和路加油站"}
SOON = NOON + timedelta(seconds=1)


@pytest.fixture
async def at(database: Platform) -> AsyncIterator[list[datetime]]:
    """Give the worker's clock: set its only element."""
    clock = [NOON]
    open_doors(database.settings, now=lambda: clock[0])
    yield clock
    as_role(database, Role.OWNER)


async def an_alarm() -> UUID:
    tip = await make.tip()
    return await raise_alarm(tip.id, now=NOON)


async def duty(*officers: Officer) -> None:
    for place, officer in enumerate(officers, start=1):
        await roster.enter_turn(
            officer.id,
            begins_at=NOON - timedelta(hours=1),
            ends_at=NOON + timedelta(hours=8),
            place=place,
            by=officer.id,
            now=NOON,
        )


async def calls(platform: Platform) -> list[tuple[Any, ...]]:
    found = await rows(platform, "SELECT kind, officer, called_at FROM alarm_call ORDER BY number")
    return [tuple(one.values()) for one in found]


async def due_work(now: datetime) -> list[Job]:
    """Carry what is due as the dispatcher does, mark it done, and return what it was."""
    pieces = await work.carry_due([Job.CALL_DESK], now=now, limit=10)
    for piece in pieces:
        claim = await work.claim(piece.work_id, now=now)
        assert claim is not None
        await call_desk(str(claim.subject))
        await work.finish(claim, now=now)
    return [piece.job for piece in pieces]


async def test_the_form_raises_the_alarm_in_the_tips_own_transaction_and_tells_what_to_do(database: Platform) -> None:
    async with public_face(database) as visitor:
        form = (await visitor.get("/tips/new")).text
        answer = await visitor.send(HERE)
        again = await visitor.send({"story": "没有看见车"})

    [alarm] = await rows(database, "SELECT a.raised_at, t.is_here_now FROM desk_alarm a JOIN tip t ON t.id = a.tip")
    asked = await rows(database, "SELECT due_at FROM work WHERE job = 'workers.alarms.call_desk'")
    assert (alarm["raised_at"], alarm["is_here_now"]) == (NOON, True)
    assert [one["due_at"] for one in asked] == [NOON]
    assert "请先拨打110或122。不要靠近" in form
    assert 'href="tel:110"' in answer.text
    assert 'href="tel:110"' not in again.text


async def test_the_interface_raises_it_too_and_gives_advice(database: Platform) -> None:
    async with public_face(database) as visitor:
        answer = await visitor.send_json({"story": "就在这里", "is_here_now": True}, **{"Accept-Language": "en"})
        nothing = await visitor.send_json({"is_here_now": True})

    assert answer.status_code == 201
    assert code_in(answer)
    assert "Call 110 or 122 now" in answer.json()["advice"]
    assert nothing.status_code == 422
    assert len(await rows(database, "SELECT id FROM desk_alarm")) == 1


@pytest.mark.parametrize(
    "query",
    [
        "SELECT tip FROM desk_alarm",
        "SELECT * FROM duty_turn",
        "INSERT INTO alarm_call (id) VALUES (gen_random_uuid())",
        "UPDATE desk_alarm SET acknowledged_at = now()",
        # another's tip, or none that was shown
        "INSERT INTO desk_alarm (id, tip, raised_at) VALUES (gen_random_uuid(), gen_random_uuid(), now())",
    ],
)
async def test_the_public_role_reads_no_alarm_and_raises_none_for_another_tip(database: Platform, query: str) -> None:
    await an_alarm()
    as_role(database, Role.PUBLIC)
    connection = await asyncpg.connect(**engine().config)

    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(query)
    finally:
        await connection.close()


async def test_unanswered_it_goes_to_the_next_on_duty_and_then_to_the_command_centre(
    database: Platform, at: list[datetime]
) -> None:
    first, second, third = [await make.officer() for _ in range(3)]
    await duty(first, second, third)
    await an_alarm()
    as_role(database, Role.WORKER)

    carried = []
    for moment in (SOON, NOON + PATIENCE - timedelta(seconds=1), NOON + PATIENCE, NOON + 2 * PATIENCE):
        at[0] = moment
        carried.append(await due_work(moment))
    at[0] = NOON + timedelta(hours=1)
    late = await due_work(at[0])

    assert carried == [[Job.CALL_DESK], [], [Job.CALL_DESK], [Job.CALL_DESK]]
    assert late == []
    assert await calls(database) == [
        ("duty_officer", first.id, SOON),
        ("duty_officer", second.id, NOON + PATIENCE),
        ("command_centre", None, NOON + 2 * PATIENCE),
    ]


async def test_an_answered_alarm_calls_nobody_more(database: Platform, at: list[datetime]) -> None:
    first, second = await make.officer(), await make.officer()
    await duty(first, second)
    alarm = await an_alarm()
    as_role(database, Role.WORKER)
    await due_work(NOON)
    as_role(database, Role.STAFF)
    await acknowledge(alarm, officer=first.id, now=SOON)
    as_role(database, Role.WORKER)
    at[0] = NOON + PATIENCE

    await due_work(at[0])

    assert [kind for kind, *_ in await calls(database)] == ["duty_officer"]


async def test_a_job_that_runs_twice_or_late_calls_each_once(database: Platform, at: list[datetime]) -> None:
    alarm = await an_alarm()
    as_role(database, Role.WORKER)
    at[0] = NOON + timedelta(hours=1)

    await call_desk(str(alarm))
    await call_desk(str(alarm))

    assert [kind for kind, *_ in await calls(database)] == ["everyone", "command_centre"]


async def test_another_patience_counts_from_the_next_call_on(database: Platform, at: list[datetime]) -> None:
    officer = await make.officer()
    await duty(officer)
    await roster.set_patience(30, by=officer.id, now=NOON)
    await an_alarm()
    as_role(database, Role.WORKER)
    await due_work(NOON)
    at[0] = NOON + timedelta(seconds=30)

    await due_work(at[0])

    assert [kind for kind, *_ in await calls(database)] == ["duty_officer", "command_centre"]


async def test_of_two_officers_the_first_answers_and_the_second_is_told(database: Platform) -> None:
    first, second = await make.officer(), await make.officer()
    alarm = await an_alarm()
    as_role(database, Role.STAFF)
    await acknowledge(alarm, officer=first.id, now=SOON)

    with pytest.raises(AlarmAcknowledged) as told:
        await acknowledge(alarm, officer=second.id, now=SOON)

    assert (told.value.by_badge, told.value.at) == (first.badge_number, SOON)
    with pytest.raises(AlarmUnknown):
        await acknowledge(uuid4(), officer=first.id, now=SOON)


async def test_every_page_shows_it_loud_to_whom_it_calls_until_it_is_answered(
    database: Platform, at: list[datetime]
) -> None:
    officer = await make.officer(role=OfficerRole.INTAKE_OFFICER)
    other = await make.officer()
    auditor = await make.officer(role=OfficerRole.AUDITOR)
    await duty(officer)
    alarm = await an_alarm()
    as_role(database, Role.WORKER)
    await due_work(NOON)
    as_role(database, Role.OWNER)

    async with desk_of(database, officer, now=SOON) as desk:
        work_page = (await desk.get("/work")).text
        answered = await desk.post(f"/alarms/{alarm}/acknowledge")
        after = (await desk.get("/work")).text
        again = await desk.post(f"/alarms/{alarm}/acknowledge")
    as_role(database, Role.OWNER)
    await an_alarm()
    async with desk_of(database, other, now=SOON) as desk:
        quiet = (await desk.get("/alarms")).text
    as_role(database, Role.OWNER)
    async with desk_of(database, auditor, now=SOON) as desk:
        watching = (await desk.get("/alarms")).text

    assert f'id="alarm-{alarm}" role="alert"' in work_page
    assert "正在呼叫您" in work_page
    assert answered.headers["location"].startswith("/tips/")
    assert f"alarm-{alarm}" not in after
    assert again.status_code == 409
    assert 'role="status"' in quiet
    assert "/acknowledge" in quiet
    assert "/acknowledge" not in watching


async def test_the_command_centre_hears_it_when_it_comes_there(database: Platform, at: list[datetime]) -> None:
    centre = await make.officer(in_unit=await make.unit(kind=UnitKind.COMMAND_CENTRE))
    await duty(await make.officer())
    alarm = await an_alarm()
    as_role(database, Role.WORKER)
    at[0] = NOON + PATIENCE
    await call_desk(str(alarm))
    as_role(database, Role.OWNER)

    async with desk_of(database, centre, now=at[0]) as desk:
        page = (await desk.get("/alarms")).text

    assert f'id="alarm-{alarm}" role="alert"' in page
    assert "指挥中心" in page


async def test_commanders_plan_duty_and_others_see_it(database: Platform) -> None:
    commander = await make.officer(role=OfficerRole.COMMANDER)
    officer = await make.officer()
    turn = {
        "officer": str(officer.id),
        "begins_at": "2021-06-01T12:00",
        "ends_at": "2021-06-02T08:00",
        "place": "1",
    }

    async with desk_of(database, commander, now=NOON) as desk:
        empty = (await desk.get("/desk/duty")).text
        entered = await desk.post("/desk/duty", turn)
        wrong = await desk.post("/desk/duty", turn | {"ends_at": "2021-06-01T11:00", "place": "17"})
        patience = await desk.post("/desk/duty/patience", {"patience_s": "5"})
        page = (await desk.get("/desk/duty")).text
        [row] = await rows(database, "SELECT id FROM duty_turn")
        cancelled = await desk.post(f"/desk/duty/{row['id']}/cancel")
        twice = await desk.post(f"/desk/duty/{row['id']}/cancel")
    as_role(database, Role.OWNER)
    async with desk_of(database, officer, now=NOON) as desk:
        refused = await desk.post("/desk/duty", turn)
        seen = await desk.get("/desk/duty")

    assert "警报将呼叫全体民警" in empty
    assert [one.status_code for one in (entered, wrong, patience, cancelled, twice)] == [303, 422, 422, 303, 404]
    assert "正在值班" in page
    assert (refused.status_code, seen.status_code) == (403, 200)
    [kept] = await rows(database, "SELECT cancelled_by FROM duty_turn")
    assert kept["cancelled_by"] == commander.id

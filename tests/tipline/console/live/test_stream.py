from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from datetime import timedelta
from uuid import uuid4

import pytest

from tests import make
from tests.platform import Platform, as_role
from tests.tipline.staff import LATER, desk_of, session
from tests.tipline.visitor import rows
from tipline.accounts.service import SignedInOfficer, officer_of_session, sign_out
from tipline.accounts.tables import Officer, OfficerRole
from tipline.console.live.hub import QUEUE_LENGTH, Hub, Stream
from tipline.console.live.pages import BEAT, ENDED, RETRY, told
from tipline.console.live.reads import missed_after, missed_since
from tipline.console.live.rules import EVERYTHING, News
from tipline.intake.alarms.service import raise_alarm
from tipline.intake.tables import Tip, TipState
from tipline.settings import Role

SOON_S = 20.0


async def nothing() -> list[News]:
    return []


@asynccontextmanager
async def stream_of(
    platform: Platform, officer: Officer, *, hub: Hub, beat_s: float = SOON_S
) -> AsyncIterator[tuple[AsyncIterator[bytes], str]]:
    """Open a stream for an officer and read up to where it listens; give it with the session's token."""
    token = await session(officer)

    async def standing() -> SignedInOfficer | None:
        return await officer_of_session(token, now=LATER, is_used=False)

    known = await officer_of_session(token, now=LATER)
    assert known is not None
    async with aclosing(told(hub, known.session_id, standing, nothing, beat_s=beat_s)) as events:
        assert await anext(events) == RETRY
        assert await hub.is_ready(within_s=SOON_S)
        yield events, token


@asynccontextmanager
async def open_hub(platform: Platform) -> AsyncIterator[Hub]:
    hub = Hub(platform.settings)
    try:
        yield hub
    finally:
        await hub.close()


async def test_a_tip_that_comes_or_changes_is_told_by_its_id(database: Platform) -> None:
    officer = await make.officer()
    async with open_hub(database) as hub, stream_of(database, officer, hub=hub) as (events, _):
        heard = asyncio.ensure_future(anext(events))
        tip = await make.tip()
        first = await asyncio.wait_for(heard, SOON_S)
        heard = asyncio.ensure_future(anext(events))
        await Tip.update({Tip.damage: "左前大灯破损"}).where(Tip.id == tip.id)
        second = await asyncio.wait_for(heard, SOON_S)

    numbers = [one["number"] for one in await rows(database, "SELECT number FROM change ORDER BY number")]
    assert [first, second] == [f"id: {number}\nevent: change\ndata: tip {tip.id}\n\n".encode() for number in numbers]


async def test_who_may_not_read_tips_hears_signs_of_life_only(database: Platform) -> None:
    administrator = await make.officer(role=OfficerRole.ADMINISTRATOR)
    async with open_hub(database) as hub, stream_of(database, administrator, hub=hub, beat_s=0.2) as (events, _):
        heard = asyncio.ensure_future(anext(events))
        await make.tip()
        first = await asyncio.wait_for(heard, SOON_S)

    assert first == BEAT


async def test_a_session_that_is_signed_out_ends_its_stream_at_once_and_no_other(database: Platform) -> None:
    officer, other = await make.officer(), await make.officer()
    async with (
        open_hub(database) as hub,
        stream_of(database, officer, hub=hub) as (events, token),
        stream_of(database, other, hub=hub) as (others, _),
    ):
        heard, others_heard = asyncio.ensure_future(anext(events)), asyncio.ensure_future(anext(others))
        await asyncio.sleep(0)
        await sign_out(token, LATER)
        last = await asyncio.wait_for(heard, SOON_S)
        with pytest.raises(StopAsyncIteration):
            await anext(events)
        tip = await make.tip()
        told_to_other = await asyncio.wait_for(others_heard, SOON_S)

    assert last == ENDED
    assert str(tip.id).encode() in told_to_other


async def test_a_stream_does_not_keep_its_session_from_idling(database: Platform) -> None:
    officer = await make.officer()
    token = await session(officer, at=LATER)

    await officer_of_session(token, now=LATER + timedelta(minutes=50), is_used=False)
    after = await officer_of_session(token, now=LATER + timedelta(minutes=61), is_used=False)

    assert after is None


async def test_when_the_process_stops_its_streams_end(database: Platform) -> None:
    officer = await make.officer()
    async with open_hub(database) as hub, stream_of(database, officer, hub=hub) as (events, _):
        heard = asyncio.ensure_future(anext(events))
        await asyncio.sleep(0)

        hub.end_streams()

        with pytest.raises(StopAsyncIteration):
            await asyncio.wait_for(heard, SOON_S)


async def test_a_lost_connection_is_made_again_and_everything_is_read_again(database: Platform) -> None:
    officer = await make.officer()
    async with open_hub(database) as hub, stream_of(database, officer, hub=hub) as (events, _):
        heard = asyncio.ensure_future(anext(events))
        await rows(
            database,
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'tipline_staff'"
            " AND query LIKE 'LISTEN%'",
        )
        told_again = await asyncio.wait_for(heard, SOON_S)

    assert told_again == b"event: change\ndata: everything\n\n"


async def test_a_queue_that_runs_over_becomes_one_word() -> None:
    stream = Stream(uuid4())

    for _ in range(QUEUE_LENGTH + 1):
        stream.put(News("work"))

    assert await stream.next(within_s=1) == News(EVERYTHING)


async def test_what_was_missed_is_told_each_once_and_too_much_is_told_as_everything(database: Platform) -> None:
    first, second = await make.tip(), await make.tip()
    await Tip.update({Tip.state: TipState.ACCEPTED}).where(Tip.id == first.id)
    await raise_alarm(second.id, now=LATER)
    kept = await rows(database, "SELECT number, happened_at FROM change ORDER BY number")
    as_role(database, Role.STAFF)

    caught = await missed_after(kept[0]["number"])
    later = await missed_since(kept[-1]["happened_at"])
    unknown = await missed_after(kept[-1]["number"] + 1_000)

    assert [(one.kind, one.subject) for one in caught][:2] == [("tip", second.id), ("tip", first.id)]
    assert [one.kind for one in caught][2:] == ["alarm"]
    assert later == []
    assert unknown == [News(EVERYTHING)]


async def test_the_pages_name_what_they_are_about(database: Platform) -> None:
    officer = await make.officer()
    tip = await make.tip()

    async with desk_of(database, officer) as desk:
        page = (await desk.get(f"/tips/{tip.id}")).text
        work = (await desk.get("/work")).text

    assert f'id="live-media" data-live="tip:{tip.id}"' in page.replace(' aria-labelledby="media"', "")
    assert 'data-live="work"' in work
    assert "js/live.js" in work

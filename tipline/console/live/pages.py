"""The event stream of the staff face: ids of what changed, for as long as the session lasts."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from litestar import Request, get
from litestar.di import NamedDependency
from litestar.response import Stream as StreamAnswer

from tipline.accounts.pages import signed_in
from tipline.accounts.service import SignedInOfficer, officer_of_session
from tipline.clock import Clock
from tipline.console.live.hub import Hub
from tipline.console.live.reads import missed_after, missed_since
from tipline.console.live.rules import SESSION, News, frame, may_hear
from tipline.settings import Settings
from tipline.web.guards import EVENT_STREAM, STAFF_SESSION_COOKIE, serves

BEAT_S: Final = 15.0
# Between two looks at the session while much is told; a revoked one is told by itself and looked at then.
LOOK_EVERY_S: Final = 5.0
# Longer than an attempt to connect may take.
READY_WITHIN_S: Final = 12.0
RETRY: Final = b"retry: 3000\n\n"
BEAT: Final = b"event: beat\ndata:\n\n"
ENDED: Final = b"event: ended\ndata:\n\n"
# A page is rendered a moment before it is shown; its age is told by the browser, not by its clock.
RENDERED_BEFORE: Final = timedelta(seconds=2)
OLDEST_PAGE: Final = timedelta(hours=1)
LONGEST_NUMBER: Final = 18

Standing = Callable[[], Awaitable[SignedInOfficer | None]]


@get(EVENT_STREAM, opt=serves(), include_in_schema=False)
async def events(
    request: Request[Any, Any, Any],
    hub: NamedDependency[Hub],
    clock: NamedDependency[Clock],
    settings: NamedDependency[Settings],
) -> StreamAnswer:
    """Tell what changes from now on, and first what was missed: after `Last-Event-ID`, or since the page was made."""
    token = request.cookies.get(STAFF_SESSION_COOKIE, "")

    async def standing() -> SignedInOfficer | None:
        return await officer_of_session(token, now=clock(), factor_roles=settings.second_factor_roles, is_used=False)

    last = _whole(request.headers.get("last-event-id") or request.query_params.get("after"))
    age_ms = _whole(request.query_params.get("age_ms"))
    age = None if age_ms is None else min(timedelta(milliseconds=age_ms), OLDEST_PAGE) + RENDERED_BEFORE

    async def missed() -> list[News]:
        if last is not None:
            return await missed_after(last)
        return [] if age is None else await missed_since(clock() - age)

    return StreamAnswer(
        told(hub, signed_in(request).session_id, standing, missed),
        media_type="text/event-stream",
        headers={"X-Accel-Buffering": "no"},
    )


async def told(
    hub: Hub,
    session: UUID,
    standing: Standing,
    missed: Callable[[], Awaitable[list[News]]],
    *,
    beat_s: float = BEAT_S,
) -> AsyncGenerator[bytes, None]:
    """Yield the events of one stream until its session ends or its process stops.

    Args:
        hub: gives the news.
        session: of the officer; its end ends the stream.
        standing: returns the officer while the session stands, without prolonging it.
        missed: returns what to begin with.
        beat_s: a sign of life after so many seconds without news.
    """
    with hub.subscribed(session) as stream:
        yield RETRY
        await hub.is_ready(within_s=READY_WITHIN_S)  # what changes before that is among what was missed
        officer, looked = await standing(), time.monotonic()
        if officer is not None:
            for news in await missed():
                if may_hear(news, officer.may):
                    yield frame(news)
        while officer is not None:
            fresh = await stream.next(within_s=beat_s)
            if stream.is_over:
                return
            is_due = fresh is None or fresh.kind == SESSION or time.monotonic() - looked > LOOK_EVERY_S
            if is_due:
                officer, looked = await standing(), time.monotonic()
            if officer is None:
                break
            if fresh is None:
                yield BEAT
            elif may_hear(fresh, officer.may):
                yield frame(fresh)
        yield ENDED


def _whole(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) <= LONGEST_NUMBER else None


HANDLERS: Final = [events]

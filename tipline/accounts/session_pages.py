"""An officer's own sessions: where they are signed in, and the way to end each."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from tipline.accounts.pages import SEE_OTHER, signed_in
from tipline.accounts.sessions import end_session, end_sessions, standing_sessions
from tipline.clock import Clock
from tipline.web.guards import serves
from tipline.web.page import page

ADDRESS: Final = "/account/sessions"


@get(ADDRESS, opt=serves(), include_in_schema=False)
async def sessions(request: Request[Any, Any, Any], clock: NamedDependency[Clock]) -> Template:
    """List the browsers in which the officer is signed in."""
    me = signed_in(request)
    rows = await standing_sessions(me.id, now=clock())
    return page(request, "accounts/sessions.html", sessions=rows, here=me.session_id)


@post(f"{ADDRESS}/{{session_id:uuid}}/end", opt=serves(), include_in_schema=False)
async def end_one(
    request: Request[Any, Any, Any], session_id: FromPath[UUID], clock: NamedDependency[Clock]
) -> Redirect:
    """End one of the officer's own sessions; 404 for anybody else's."""
    await end_session(session_id, of=signed_in(request).id, now=clock())
    return Redirect(ADDRESS, status_code=SEE_OTHER)


@post(f"{ADDRESS}/end-others", opt=serves(), include_in_schema=False)
async def end_others(request: Request[Any, Any, Any], clock: NamedDependency[Clock]) -> Redirect:
    """End every session but this one."""
    me = signed_in(request)
    await end_sessions(me.id, but=me.session_id, now=clock())
    return Redirect(ADDRESS, status_code=SEE_OTHER)


HANDLERS: Final = [sessions, end_one, end_others]

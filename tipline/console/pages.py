"""The console's start page, and background work."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from tipline.accounts.pages import signed_in
from tipline.accounts.rules import Right, roles_with
from tipline.clock import Clock
from tipline.web.guards import serves
from tipline.web.page import page
from tipline.work import presence, service
from tipline.work.tables import Part, WorkState

SEE_OTHER: Final = 303
START_PAGES: Final = (
    (Right.READ_TIPS, "/inbox"),
    (Right.READ_CASES, "/cases"),
    (Right.READ_ACCOUNTS, "/accounts"),
)


@get("/", opt=serves(), include_in_schema=False)
async def start(request: Request[Any, Any, Any]) -> Redirect:
    """Send an officer to the first page of their role."""
    may = signed_in(request).may
    address = next((address for right, address in START_PAGES if right in may), "/account/password")
    return Redirect(address, status_code=SEE_OTHER)


@get("/work", opt=serves(*roles_with(Right.READ_WORK)), include_in_schema=False)
async def work(request: Request[Any, Any, Any], clock: NamedDependency[Clock]) -> Template:
    """Show what the background processes have before them, in hand, and could not do."""
    return page(
        request,
        "console/work.html",
        summary=await service.summary(),
        states=list(WorkState),
        present={part: len(await presence.present(part, now=clock())) for part in Part},
    )


@post("/work/{work_id:uuid}/ask-again", opt=serves(*roles_with(Right.ASK_AGAIN)), include_in_schema=False)
async def ask_again(work_id: FromPath[UUID], clock: NamedDependency[Clock]) -> Redirect:
    """Give a failed piece of work another round of tries."""
    await service.ask_again(work_id, now=clock())
    return Redirect("/work", status_code=SEE_OTHER)


HANDLERS: Final = [start, work, ask_again]

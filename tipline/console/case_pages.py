"""The tabs of a case that are composed of several rooms: the overview with cameras near, tips with their media."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from litestar import Request, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Template

from tipline.accounts.pages import signed_in
from tipline.accounts.rules import Right, roles_with
from tipline.cases.closing.reads import closings_of
from tipline.cases.file_reads import head_of
from tipline.cases.joining.reads import joinings_of
from tipline.cases.measures.privacy import hidden_persons
from tipline.cases.procedure.reads import steps_of
from tipline.cases.reads import links_of, suggestions_of
from tipline.cases.tabs import tab_page
from tipline.clock import Clock
from tipline.console.cases import cameras_near, media_of_tips
from tipline.console.reasons import shown
from tipline.web.guards import serves

READERS: Final = serves(*roles_with(Right.READ_CASES))


@get("/cases/{case_id:uuid}", opt=READERS, include_in_schema=False)
async def overview(request: Request[Any, Any, Any], case_id: FromPath[UUID], clock: NamedDependency[Clock]) -> Template:
    """Show what the case is about, how far it has come, and the cameras near the place."""
    closings = await closings_of(case_id)
    return await tab_page(
        request,
        case_id,
        "",
        "console/case.html",
        closings=closings,
        hidden=await hidden_persons(signed_in(request), [row["driver"] for row in closings], now=clock()),
        cameras=await cameras_near(await head_of(case_id)),
        steps=await steps_of(case_id),
        joinings=await joinings_of(case_id),
    )


@get("/cases/{case_id:uuid}/tips", opt=READERS, include_in_schema=False)
async def tips(request: Request[Any, Any, Any], case_id: FromPath[UUID]) -> Template:
    """Show the tips of the case with their pictures, and those that may belong to it."""
    links = await links_of(case_id)
    return await tab_page(
        request,
        case_id,
        "tips",
        "console/case_tips.html",
        links=links,
        media=await media_of_tips([link["tip"] for link in links]),
        suggestions=[
            row | {"shown": shown(row["reasons"]), "number": row["alias"]} for row in await suggestions_of(case_id)
        ],
    )


HANDLERS: Final = [overview, tips]

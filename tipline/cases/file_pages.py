"""The tabs of a case file that this room fills by itself: vehicles, persons, timeline."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from litestar import Request, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Template

from tipline.accounts.pages import signed_in
from tipline.accounts.rules import Right, roles_with
from tipline.cases.measures.privacy import hidden_persons
from tipline.cases.reads import events_of, persons_of, vehicles_of
from tipline.cases.screening.reads import excluded_in_file
from tipline.cases.tabs import tab_page
from tipline.clock import Clock
from tipline.web.guards import serves

READERS: Final = serves(*roles_with(Right.READ_CASES))


@get("/cases/{case_id:uuid}/vehicles", opt=READERS, include_in_schema=False)
async def vehicles(request: Request[Any, Any, Any], case_id: FromPath[UUID]) -> Template:
    """Show the vehicles of the case and how far each is found."""
    rows = await vehicles_of(case_id)
    return await tab_page(
        request, case_id, "vehicles", "cases/vehicles.html", vehicles=rows, excluded=await excluded_in_file(case_id)
    )


@get("/cases/{case_id:uuid}/persons", opt=READERS, include_in_schema=False)
async def persons(request: Request[Any, Any, Any], case_id: FromPath[UUID], clock: NamedDependency[Clock]) -> Template:
    """Show the persons of the case and how far each is found."""
    rows = await persons_of(case_id)
    return await tab_page(
        request,
        case_id,
        "persons",
        "cases/persons.html",
        persons=rows,
        excluded=await excluded_in_file(case_id),
        hidden=await hidden_persons(signed_in(request), [row["id"] for row in rows], now=clock()),
    )


@get("/cases/{case_id:uuid}/timeline", opt=READERS, include_in_schema=False)
async def timeline(request: Request[Any, Any, Any], case_id: FromPath[UUID]) -> Template:
    """Show what happened in the order in which it happened."""
    rows = await events_of(case_id)
    return await tab_page(request, case_id, "timeline", "cases/timeline.html", events=rows)


HANDLERS: Final = [vehicles, persons, timeline]

"""The tabs of a case file that this room fills by itself: vehicles, persons, timeline, evidence."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from litestar import Request, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Template

from tipline.accounts.pages import signed_in
from tipline.accounts.rules import Right, roles_with
from tipline.cases.evidence_reads import ROWS_A_PAGE as EVIDENCE_ROWS
from tipline.cases.evidence_reads import evidence_of
from tipline.cases.measures.privacy import hidden_persons
from tipline.cases.reads import persons_of, vehicles_of
from tipline.cases.screening.reads import excluded_in_file
from tipline.cases.tabs import tab_page
from tipline.cases.timeline_reads import ROWS_A_PAGE as TIMELINE_ROWS
from tipline.cases.timeline_reads import timeline_of
from tipline.clock import Clock
from tipline.web.guards import serves
from tipline.web.numbers import page_from

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
    number = page_from(request.query_params.get("page", "1"))
    lines = await timeline_of(case_id, page=number)
    return await tab_page(
        request,
        case_id,
        "timeline",
        "cases/timeline.html",
        lines=lines,
        page_number=number,
        page_count=_pages(lines, TIMELINE_ROWS),
    )


@get("/cases/{case_id:uuid}/evidence", opt=READERS, include_in_schema=False)
async def evidence(request: Request[Any, Any, Any], case_id: FromPath[UUID]) -> Template:
    """Show the sealed items of the linked tips with their digests."""
    number = page_from(request.query_params.get("page", "1"))
    items = await evidence_of(case_id, page=number)
    return await tab_page(
        request,
        case_id,
        "evidence",
        "cases/evidence.html",
        items=items,
        page_number=number,
        page_count=_pages(items, EVIDENCE_ROWS),
    )


def _pages(rows: list[dict[str, Any]], rows_a_page: int) -> int:
    return max(1, -(-rows[0]["total"] // rows_a_page)) if rows else 1


HANDLERS: Final = [vehicles, persons, timeline, evidence]

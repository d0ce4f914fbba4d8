"""The commander's figures: every number is a link to the list that it counts."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Template

from tipline.accounts.pages import signed_in
from tipline.accounts.rules import Right, roles_with
from tipline.cases.measures.kinds import DETENTIONS
from tipline.cases.measures.privacy import hidden_persons
from tipline.cases.tables import Severity
from tipline.clock import SHANGHAI, Clock
from tipline.dashboard.figures import (
    LIST_PAGE_SIZE,
    RowKind,
    count_all,
    figure_named,
    read_list,
    read_strip,
    year_from,
)
from tipline.dashboard.rules import Share
from tipline.dashboard.wording import CASE_COLUMNS, PERSON_COLUMNS, cell, figure_title
from tipline.web.guards import serves
from tipline.web.locale import gettext
from tipline.web.numbers import page_from
from tipline.web.page import page
from tipline.web.sheets import csv_answer

READERS: Final = serves(*roles_with(Right.READ_FIGURES))


@get("/dashboard", opt=READERS, include_in_schema=False)
async def dashboard(request: Request[Any, Any, Any], clock: NamedDependency[Clock]) -> Template:
    """Show the figures of a year."""
    now = clock()
    this_year = now.astimezone(SHANGHAI).year
    year = year_from(request.query_params.get("year", ""), this_year=this_year)
    counts = await count_all(year)
    strip, in_a_row = await read_strip(year)
    severities = [severity.value for severity in Severity]
    return page(
        request,
        "dashboard/dashboard.html",
        year=year,
        this_year=this_year,
        as_of=now,
        counts=counts,
        severities=severities,
        outcomes=[kind.value for kind in DETENTIONS],
        shares={
            severity: Share(counts[f"recorded_cleared_{severity}"].number, counts[f"recorded_{severity}"].number)
            for severity in severities
        },
        all_share=Share(counts["recorded_cleared"].number, counts["recorded"].number),
        strip=strip,
        in_a_row=in_a_row,
    )


@get("/dashboard/list/{figure:str}", opt=READERS, include_in_schema=False)
async def figure_list(
    request: Request[Any, Any, Any], figure: FromPath[str], clock: NamedDependency[Clock]
) -> Template:
    """Show the list that a number counts."""
    now = clock()
    chosen = figure_named(figure)
    year = year_from(request.query_params.get("year", ""), this_year=now.astimezone(SHANGHAI).year)
    counts = await count_all(year)
    number = counts[chosen.name].number
    page_count = max(1, -(-number // LIST_PAGE_SIZE))
    page_number = page_from(request.query_params.get("page", "1"), last=page_count)
    rows = await read_list(chosen, year, of=signed_in(request), page=page_number)
    return page(
        request,
        "dashboard/list.html",
        figure=chosen,
        title=figure_title(chosen.name),
        year=year,
        as_of=now,
        count=counts[chosen.name],
        rows=rows,
        hidden=await _hidden(request, rows, now),
        page_number=page_number,
        page_count=page_count,
    )


@get("/dashboard/list/{figure:str}/csv", opt=READERS, include_in_schema=False)
async def figure_csv(
    request: Request[Any, Any, Any], figure: FromPath[str], clock: NamedDependency[Clock]
) -> Response[bytes]:
    """Give the whole list as a table for spreadsheets: UTF-8 with its mark, no cell taken for a formula."""
    chosen = figure_named(figure)
    year = year_from(request.query_params.get("year", ""), this_year=clock().astimezone(SHANGHAI).year)
    columns = CASE_COLUMNS if chosen.kind == RowKind.CASE else PERSON_COLUMNS
    rows = await read_list(chosen, year, of=signed_in(request))
    hidden = await _hidden(request, rows, clock())
    for row in rows:
        if row["is_readable"] and row.get("person_id") in hidden:
            row["full_name"] = gettext("A person under 18")
    return csv_answer(
        f"{chosen.name}-{year}",
        [gettext(heading) for _, heading in columns],
        ([cell(name, row[name]) for name, _ in columns] for row in rows),
    )


async def _hidden(request: Request[Any, Any, Any], rows: list[dict[str, Any]], now: datetime) -> frozenset[UUID]:
    return await hidden_persons(signed_in(request), [row["person_id"] for row in rows if "person_id" in row], now=now)


HANDLERS: Final = [dashboard, figure_list, figure_csv]

"""Staff pages of what is due: overdue, today, the next seven days; one's own, the unit's, or all one may read."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Final, TypeVar
from urllib.parse import urlencode

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.response import Template

from tipline.accounts.pages import signed_in
from tipline.accounts.rules import Right, roles_with
from tipline.cases.clocks.urgency import Urgency
from tipline.cases.tasks.due import MOST_IN_A_SHEET, DueScope, due_counts, due_list, waiting_requests
from tipline.clock import SHANGHAI, Clock
from tipline.web.guards import serves
from tipline.web.labels import label
from tipline.web.locale import Language, current_language, gettext
from tipline.web.numbers import page_from
from tipline.web.page import page
from tipline.web.sheets import csv_answer

READERS: Final = serves(*roles_with(Right.READ_CASES))
Chosen = TypeVar("Chosen", bound=StrEnum)
LISTED: Final = (Urgency.OVERDUE, Urgency.TODAY, Urgency.WEEK, Urgency.LATER)


@get("/due", opt=READERS, include_in_schema=False)
async def due(request: Request[Any, Any, Any], clock: NamedDependency[Clock]) -> Template:
    """List what is due, with the counts of each stretch of time."""
    officer, now = signed_in(request), clock()
    scope, urgency = _asked(request)
    address = f"/due?{urlencode({'scope': scope.value, 'when': urgency.value})}"
    return page(
        request,
        "tasks/due.html",
        listed=await due_list(
            officer,
            scope=scope,
            urgency=urgency,
            now=now,
            page=page_from(request.query_params.get("page", "1")),
        ),
        counts=await due_counts(officer, scope=scope, now=now),
        waiting=await waiting_requests(officer) if Right.DECIDE_CLOCKS in officer.may else [],
        scope=scope,
        scopes=list(DueScope),
        urgency=urgency,
        urgencies=LISTED,
        address=f"{address}&page=",
        sheet=address.replace("/due?", "/due/csv?"),
    )


@get("/due/csv", opt=READERS, include_in_schema=False)
async def due_csv(request: Request[Any, Any, Any], clock: NamedDependency[Clock]) -> Response[bytes]:
    """Give the same list as a sheet, whole."""
    scope, urgency = _asked(request)
    listed = await due_list(signed_in(request), scope=scope, urgency=urgency, now=clock(), rows_a_page=MOST_IN_A_SHEET)
    is_english = current_language() == Language.ENGLISH
    return csv_answer(
        f"due-{scope}-{urgency}-{clock().astimezone(SHANGHAI).date()}",
        [
            gettext("Ends"),
            gettext("What is to be done"),
            gettext("Article"),
            gettext("Case number"),
            gettext("Person"),
            gettext("Assigned to"),
            gettext("Unit"),
            gettext("State"),
        ],
        [
            [
                row["due_at"].astimezone(SHANGHAI).isoformat(timespec="seconds"),
                row["title_en" if is_english else "title_zh"],
                f"{row['source']} {row['article']}".strip(),
                row["number"],
                row["person_name"] or "",
                row["assigned_name"] or row["lead_name"],
                row["unit_name"],
                gettext("provisional") if row["is_provisional"] else label("Urgency", urgency),
            ]
            for row in listed.rows
        ],
    )


def _asked(request: Request[Any, Any, Any]) -> tuple[DueScope, Urgency]:
    asked = request.query_params
    return _one_of(DueScope, asked.get("scope"), DueScope.MINE), _one_of(Urgency, asked.get("when"), Urgency.OVERDUE)


def _one_of(options: type[Chosen], text: str | None, otherwise: Chosen) -> Chosen:
    return options(text) if text in set(options) else otherwise


HANDLERS: Final = [due, due_csv]

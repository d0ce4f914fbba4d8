"""The page of clearance metrics: every number with its definition, its counts and the list that it counts."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, cast
from urllib.parse import urlencode
from uuid import UUID

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Template

from tipline.accounts.pages import signed_in
from tipline.cases.access import Reader
from tipline.cases.tables import Severity
from tipline.clock import SHANGHAI, Clock, start_of_year
from tipline.dashboard.clearance import LISTS, ROWS, listed, severity_of, sheet, year_before
from tipline.dashboard.clearance_reads import Records, read_cases, read_records
from tipline.dashboard.clearance_wording import (
    DEFINITIONS,
    FLOW_SIGNS,
    FLOW_TITLES,
    HORIZON_TITLES,
    LIST_COLUMNS,
    METRIC_TITLES,
    event_title,
    list_title,
    standing_title,
)
from tipline.dashboard.figures import LAST_YEAR, LIST_PAGE_SIZE, FigureUnknown
from tipline.dashboard.flow import Move
from tipline.dashboard.histories import History, Period
from tipline.dashboard.metrics import of_severity
from tipline.dashboard.pages import READERS
from tipline.dashboard.rates import RATES
from tipline.dashboard.survival import HORIZONS
from tipline.dashboard.wording import cell
from tipline.errors import Problem
from tipline.web.answers import Answers
from tipline.web.locale import gettext
from tipline.web.numbers import page_from
from tipline.web.page import page
from tipline.web.sheets import csv_answer

FAULTS: Final = "faults"
LATEST: Final = start_of_year(LAST_YEAR)


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for: days, and the moment whose knowledge counts."""

    period: Period
    as_of: datetime
    now: datetime
    answers: Answers

    @property
    def is_over(self) -> bool:
        """True when the period had ended at the moment of knowledge."""
        return self.period.ends <= self.as_of

    @property
    def typed_as_of(self) -> str:
        """The moment of knowledge as its box shows it; empty for now."""
        return "" if self.as_of == self.now else self.as_of.astimezone(SHANGHAI).strftime("%Y-%m-%dT%H:%M")

    @property
    def since(self) -> datetime:
        """The first moment that any figure of the page needs."""
        return year_before(self.period).begins

    def address(self, path: str, *, earlier: bool = False, **more: str) -> str:
        """Return an address below the page that asks for the same; `earlier`, for the same days a year before."""
        period = year_before(self.period) if earlier else self.period
        query = {"from": period.first, "to": period.last, "as_of": self.as_of.astimezone(SHANGHAI).isoformat(), **more}
        return f"/dashboard/clearance{path}?{urlencode(query)}"


def read_asked(query: Any, now: datetime) -> Asked:
    """Read days and moment from an address: without them this year until today, as known now.

    What cannot be read is noted as a problem, and stands as if it had not been given. Nothing is known of the future.
    """
    answers = Answers(dict(query))
    as_of = answers.moment("as_of", is_required=False) or now
    if as_of > now:
        answers.problems.append(Problem("as_of", "in_the_future"))
        as_of = now
    today = as_of.astimezone(SHANGHAI).date()
    first = _day(answers, "from") or today.replace(month=1, day=1)
    last = _day(answers, "to") or max(today, first)
    if last < first:
        answers.problems.append(Problem("to", "ends_before_it_begins"))
        last = first
    return Asked(Period.of_days(first, last), as_of, now, answers)


def _day(answers: Answers, name: str) -> date | None:
    moment = answers.moment(name, is_required=False)
    if moment is not None and moment > LATEST:
        answers.problems.append(Problem(name, "not_a_time"))
        return None
    return None if moment is None else moment.astimezone(SHANGHAI).date()


@get("/dashboard/clearance", opt=READERS, include_in_schema=False)
async def clearance(request: Request[Any, Any, Any], clock: NamedDependency[Clock]) -> Template:
    """Show the metrics of a period beside those of the same days a year before."""
    asked = read_asked(request.query_params, clock())
    records = await read_records(since=asked.since, as_of=asked.as_of)
    shown = await asyncio.to_thread(sheet, records.histories, asked.period, as_of=asked.as_of)
    return page(
        request,
        "dashboard/clearance.html",
        status=422 if asked.answers.problems else 200,
        asked=asked,
        problems=asked.answers.problems,
        earlier=year_before(asked.period),
        sheet=shown,
        records=records,
        rows=ROWS,
        rates=list(RATES),
        horizons=list(HORIZONS),
        lines=FLOW_SIGNS,
        titles=METRIC_TITLES,
        definitions=DEFINITIONS,
        flow_titles=FLOW_TITLES,
        horizon_titles=HORIZON_TITLES,
    )


@get("/dashboard/clearance/list/{figure:str}", opt=READERS, include_in_schema=False)
async def clearance_list(
    request: Request[Any, Any, Any], figure: FromPath[str], clock: NamedDependency[Clock]
) -> Template:
    """Show what a number of the page counts."""
    asked = read_asked(request.query_params, clock())
    records, counted, severity = await _counted(request, figure, asked)
    page_count = max(1, -(-len(counted) // LIST_PAGE_SIZE))
    page_number = page_from(request.query_params.get("page", "1"), last=page_count)
    some = counted[(page_number - 1) * LIST_PAGE_SIZE : page_number * LIST_PAGE_SIZE]
    rows = await _rows(some, of=signed_in(request))
    return page(
        request,
        "dashboard/clearance_list.html",
        asked=asked,
        figure=figure,
        title=list_title(figure),
        severity=severity,
        number=len(counted),
        is_demo=any(row["is_demo"] for row in rows),
        rows=rows,
        misfits={case: event_title(event) for case, event in records.faults.items()},
        page_number=page_number,
        page_count=page_count,
    )


@get("/dashboard/clearance/list/{figure:str}/csv", opt=READERS, include_in_schema=False)
async def clearance_csv(
    request: Request[Any, Any, Any], figure: FromPath[str], clock: NamedDependency[Clock]
) -> Response[bytes]:
    """Give the whole list as a table for spreadsheets: UTF-8 with its mark, no cell taken for a formula."""
    asked = read_asked(request.query_params, clock())
    _, counted, _ = await _counted(request, figure, asked)
    rows = await _rows(counted, of=signed_in(request))
    return csv_answer(
        f"{figure}-{asked.period.first}-{asked.period.last}",
        [gettext(heading) for _, heading in LIST_COLUMNS],
        ([cell(name, row[name]) for name, _ in LIST_COLUMNS] for row in rows),
    )


async def _counted(
    request: Request[Any, Any, Any], figure: str, asked: Asked
) -> tuple[Records, Sequence[Move | UUID], Severity | None]:
    """Return what a number counts: turns of cases, or the cases left out because their records cannot be.

    Raises:
        FigureUnknown: there is no such number.
    """
    if figure not in LISTS and figure != FAULTS:
        raise FigureUnknown(figure)
    since = asked.since if figure == FAULTS else asked.period.begins
    records = await read_records(since=since, as_of=asked.as_of)
    severity = severity_of(request.query_params.get("severity", ""))
    if figure == FAULTS:
        return records, list(records.faults), None
    histories: Sequence[History] = of_severity(records.histories, severity)
    return records, listed(figure, histories, asked.period, as_of=asked.as_of), severity


async def _rows(counted: Sequence[Move | UUID], *, of: Reader) -> list[dict[str, Any]]:
    ids = [cast("UUID", one.history.case) if isinstance(one, Move) else one for one in counted]
    cases = await read_cases(set(ids), of=of)
    return [
        {**cases[case], **(_told(one) if isinstance(one, Move) else _UNTOLD)}
        for case, one in zip(ids, counted, strict=True)
    ]


_UNTOLD: Final = dict.fromkeys(("entered_at", "counted", "counted_at", "stands", "stands_at"), "")


def _told(move: Move) -> dict[str, Any]:
    history = move.history
    return {
        "severity": history.severity.value,
        "entered_at": history.entry.at,
        "counted": event_title(move.turn.type),
        "counted_at": move.turn.at,
        "stands": standing_title(history),
        "stands_at": history.last.at,
    }


HANDLERS: Final = [clearance, clearance_list, clearance_csv]

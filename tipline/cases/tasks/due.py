"""What is due: time limits and tasks of the cases an officer may read, by how near their end is, and for whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final

from piccolo.querystring import QueryString

from tipline.cases.access import Reader, visible_cases
from tipline.cases.clocks.urgency import Urgency, horizon
from tipline.cases.tasks.tables import CaseTask

ROWS_A_PAGE: Final = 50
MOST_IN_A_SHEET: Final = 20_000
BEGINNING: Final = datetime(1949, 10, 1, tzinfo=UTC)
END: Final = datetime(9999, 1, 1, tzinfo=UTC)

_DUE: Final = """
WITH due AS (
  SELECT k.id, 'clock' AS what, k."case" AS of_case, k.due_at, k.is_provisional, r.title_zh, r.title_en, r.source,
         r.article, p.full_name AS person_name, NULL::uuid AS assigned_to
  FROM case_clock k JOIN legal_rule r ON r.id = k.rule LEFT JOIN person p ON p.id = k.person
  WHERE k.state = 'running' AND k.due_at >= {} AND k.due_at < {}
  UNION ALL
  SELECT t.id, 'task', t."case", t.due_at, false, t.title, t.title, '', '', NULL, t.assigned_to
  FROM case_task t WHERE t.state = 'open' AND t.due_at >= {} AND t.due_at < {})
"""
_ROWS: Final = """
SELECT due.*, c.number, c.is_demo, u.name AS unit_name, o.full_name AS lead_name, a.full_name AS assigned_name,
       count(*) OVER () AS total
FROM due JOIN case_file c ON c.id = due.of_case JOIN unit u ON u.id = c.unit JOIN officer o ON o.id = c.lead_officer
LEFT JOIN officer a ON a.id = due.assigned_to
WHERE {} AND {} ORDER BY due.due_at, due.id LIMIT {} OFFSET {}"""
_COUNTS: Final = """
SELECT count(*) FILTER (WHERE due.due_at < {}) AS overdue,
       count(*) FILTER (WHERE due.due_at >= {} AND due.due_at < {}) AS today,
       count(*) FILTER (WHERE due.due_at >= {}) AS week
FROM due JOIN case_file c ON c.id = due.of_case WHERE {} AND {}"""
_MINE: Final = """(
  due.assigned_to = {} OR (due.assigned_to IS NULL AND (c.lead_officer = {}
    OR EXISTS (SELECT 1 FROM case_assignment w WHERE w."case" = c.id AND w.officer = {} AND w.ended_at IS NULL))))"""
_WAITING: Final = """
SELECT s.id, s.act, s.requested_at, s.reason, k.id AS clock_id, k."case" AS case_id, c.number, c.is_demo, r.title_zh,
       r.title_en, q.full_name AS requested_by_name
FROM clock_step s JOIN case_clock k ON k.id = s.clock JOIN case_file c ON c.id = k."case"
JOIN legal_rule r ON r.id = k.rule JOIN officer q ON q.id = s.requested_by
WHERE s.state = 'waiting' AND s.requested_by <> {} AND {} ORDER BY s.requested_at, s.id LIMIT 100"""


class DueScope(StrEnum):
    """Whose work is listed."""

    MINE = "mine"
    UNIT = "unit"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class DuePage:
    """One page of the list; `page` counts from 1, `pages` is at least 1."""

    rows: list[dict[str, Any]]
    total: int
    page: int
    pages: int


async def due_list(
    officer: Reader,
    *,
    scope: DueScope,
    urgency: Urgency,
    now: datetime,
    page: int = 1,
    rows_a_page: int = ROWS_A_PAGE,
) -> DuePage:
    """Return what is due, the earliest first; running clocks and open tasks that have an end."""
    since, until = horizon(urgency, now)
    begin, end = since or BEGINNING, until or END
    at = max(page, 1)
    rows: list[dict[str, Any]] = await CaseTask.raw(
        _DUE + _ROWS,
        *(begin, end, begin, end),
        visible_cases(officer),
        _of(scope, officer),
        rows_a_page,
        (at - 1) * rows_a_page,
    )
    total = int(rows[0]["total"]) if rows else 0
    return DuePage(rows=rows, total=total, page=at, pages=max(1, -(-total // rows_a_page)))


async def due_counts(officer: Reader, *, scope: DueScope, now: datetime) -> Mapping[Urgency, int]:
    """Return how much is overdue, due today and due in the seven days after, in one query."""
    tomorrow = horizon(Urgency.WEEK, now)[0] or END
    end = horizon(Urgency.WEEK, now)[1] or END
    rows: list[dict[str, Any]] = await CaseTask.raw(
        _DUE + _COUNTS,
        *(BEGINNING, end, BEGINNING, end),
        *(now, now, tomorrow, tomorrow),
        visible_cases(officer),
        _of(scope, officer),
    )
    return {one: int(rows[0][one.value]) for one in (Urgency.OVERDUE, Urgency.TODAY, Urgency.WEEK)}


async def waiting_requests(officer: Reader) -> list[dict[str, Any]]:
    """Return the pauses, resumptions and extensions that others asked for and that wait for a decision."""
    rows: list[dict[str, Any]] = await CaseTask.raw(_WAITING, officer.id, visible_cases(officer))
    return rows


def _of(scope: DueScope, officer: Reader) -> QueryString:
    if scope == DueScope.MINE:
        return QueryString(_MINE, officer.id, officer.id, officer.id)
    if scope == DueScope.UNIT:
        return QueryString("c.unit = {}", officer.unit)
    return QueryString("true")

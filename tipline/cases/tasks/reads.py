"""What pages show of tasks: those of a case with their law, their clock and what became of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from tipline.cases.clocks.urgency import urgency
from tipline.cases.tasks.errors import TaskNotFound
from tipline.cases.tasks.tables import CaseTask, TaskState

_TASKS: Final = """
SELECT t.id, t.title, t.arisen_at, t.state, t.assigned_to, t.clock, coalesce(t.due_at, k.due_at) AS due_at,
       coalesce(k.is_provisional, false) AS is_provisional, t.rule_code, r.source, r.article, r.title_zh, r.title_en,
       r.doubt, r.doubt_zh, a.full_name AS assigned_name, m.full_name AS made_by_name,
       l.happened_at AS last_at, l.note AS last_note, b.full_name AS last_by_name
FROM case_task t LEFT JOIN legal_rule r ON r.id = t.rule
LEFT JOIN case_clock k ON k.id = t.clock AND k.state = 'running'
LEFT JOIN officer a ON a.id = t.assigned_to LEFT JOIN officer m ON m.id = t.made_by
LEFT JOIN LATERAL (SELECT e.happened_at, e.note, e.recorded_by FROM task_entry e
                   WHERE e.task = t.id ORDER BY e.recorded_at DESC, e.id LIMIT 1) l ON true
LEFT JOIN officer b ON b.id = l.recorded_by
WHERE t."case" = {} AND ({}::uuid IS NULL OR t.id = {})
ORDER BY array_position(ARRAY['open', 'done', 'not_applicable'], t.state::text),
         coalesce(t.due_at, k.due_at) NULLS LAST, t.arisen_at, t.rule_code, t.id"""
_HISTORY: Final = """
SELECT e.act, e.happened_at, e.recorded_at, e.note, o.full_name AS by_name, a.full_name AS assigned_name
FROM task_entry e LEFT JOIN officer o ON o.id = e.recorded_by LEFT JOIN officer a ON a.id = e.assigned_to
WHERE e.task = {} ORDER BY e.recorded_at, e.id"""


async def tasks_shown(case_id: UUID, *, now: datetime) -> list[dict[str, Any]]:
    """Return the tasks of a case, open ones first by their end, each with its law and its `urgency`."""
    rows: list[dict[str, Any]] = await CaseTask.raw(_TASKS, case_id, None, None)
    return [_told(row, now) for row in rows]


async def task_shown(case_id: UUID, task_id: UUID, *, now: datetime) -> dict[str, Any]:
    """Return one task with its `history`.

    Raises:
        TaskNotFound: there is none in this case.
    """
    rows: list[dict[str, Any]] = await CaseTask.raw(_TASKS, case_id, task_id, task_id)
    if not rows:
        raise TaskNotFound(task_id)
    return _told(rows[0], now) | {"history": await CaseTask.raw(_HISTORY, task_id)}


def _told(row: dict[str, Any], now: datetime) -> dict[str, Any]:
    has_end = row["state"] == TaskState.OPEN and row["due_at"] is not None
    return row | {"urgency": urgency(row["due_at"], now).value if has_end else None}

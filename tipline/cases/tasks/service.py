"""Deeds on tasks: make one by hand, assign, done, not applicable, reopen. Each is one transaction; of two one wins."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

from tipline.accounts.tables import Officer
from tipline.cases.clocks import keeping as clock_keeping
from tipline.cases.clocks import service as clocks
from tipline.cases.clocks.rules import LIVE
from tipline.cases.clocks.tables import CaseClock
from tipline.cases.locks import case_locked
from tipline.cases.tasks.errors import TaskInvalid, TaskMovedOn, TaskNotFound
from tipline.cases.tasks.keeping import BY_HAND, enter
from tipline.cases.tasks.tables import CaseTask, TaskAct, TaskState
from tipline.database import engine
from tipline.errors import Problem

TITLE_LIMIT: Final = 200
NOTE_LIMIT: Final = 500


@dataclass(frozen=True, kw_only=True, slots=True)
class TaskDraft:
    """A task as an officer sets it."""

    title: str
    assigned_to: UUID | None = None
    due_at: datetime | None = None


async def make_task(case_id: UUID, draft: TaskDraft, *, by: UUID, now: datetime) -> CaseTask:
    """Set a task by hand.

    Raises:
        CaseNotFound: there is no such case.
        TaskInvalid: no title, one too long, or an officer who is not here.
    """
    problems = await _officer_problems(draft.assigned_to)
    if not draft.title.strip():
        problems.append(Problem("title", "required"))
    elif len(draft.title) > TITLE_LIMIT:
        problems.append(Problem("title", "too_long", {"limit": TITLE_LIMIT}))
    if problems:
        raise TaskInvalid(*problems)
    async with engine().transaction():
        await case_locked(case_id)
        task = CaseTask(
            id=uuid4(),
            case=case_id,
            rule=None,
            rule_code="",
            source_key=f"{BY_HAND}{uuid4()}",
            title=draft.title.strip(),
            arisen_at=now,
            clock=None,
            due_at=draft.due_at,
            assigned_to=draft.assigned_to,
            state=TaskState.OPEN,
            made_by=by,
            made_at=now,
        )
        await task.save()
        await enter(task.id, TaskAct.MADE, happened_at=now, by=by, now=now, assigned_to=draft.assigned_to)
    return task


async def assign(case_id: UUID, task_id: UUID, officer: UUID | None, *, by: UUID, now: datetime) -> None:
    """Give an open task to an officer, or to nobody.

    Raises:
        CaseNotFound, TaskNotFound: not there, or another case's.
        TaskMovedOn: it is done or not applicable by now.
        TaskInvalid: the officer is not here.
    """
    problems = await _officer_problems(officer)
    if problems:
        raise TaskInvalid(*problems)
    async with engine().transaction():
        await case_locked(case_id)
        await _in_state(case_id, task_id, TaskState.OPEN)
        await CaseTask.update({CaseTask.assigned_to: officer}).where(CaseTask.id == task_id)
        await enter(task_id, TaskAct.ASSIGNED, happened_at=now, by=by, now=now, assigned_to=officer)


async def done(
    case_id: UUID, task_id: UUID, done_at: datetime, *, document_number: str, note: str, by: UUID, now: datetime
) -> None:
    """Record that a task was done; the clock that limits it is fulfilled with it.

    Raises:
        CaseNotFound, TaskNotFound: not there, or another case's.
        TaskMovedOn: a colleague was faster.
        TaskInvalid, ClockInvalid: the time lies ahead or too early, or a text is too long.
    """
    problems = _note_problems(note, is_required=False)
    if done_at > now:
        problems.append(Problem("done_at", "in_the_future"))
    if problems:
        raise TaskInvalid(*problems)
    async with engine().transaction():
        await clock_keeping.hold(case_id)
        await case_locked(case_id)
        task = await _in_state(case_id, task_id, TaskState.OPEN)
        if task.clock is not None and await CaseClock.exists().where(
            (CaseClock.id == task.clock) & CaseClock.state.is_in(list(LIVE))
        ):
            await clocks.fulfil(
                case_id, task.clock, done_at, document_number=document_number, note=note, by=by, now=now
            )
        await CaseTask.update({CaseTask.state: TaskState.DONE}).where(CaseTask.id == task_id)
        told = " · ".join(part for part in (document_number.strip(), note.strip()) if part)
        await enter(task_id, TaskAct.DONE, happened_at=done_at, by=by, now=now, note=told[:NOTE_LIMIT])


async def not_applicable(case_id: UUID, task_id: UUID, reason: str, *, by: UUID, now: datetime) -> None:
    """Say that a task does not arise in this case, and why.

    Raises:
        CaseNotFound, TaskNotFound: not there, or another case's.
        TaskMovedOn: a colleague was faster.
        TaskInvalid: no reason, or one too long.
    """
    problems = _note_problems(reason, is_required=True)
    if problems:
        raise TaskInvalid(*problems)
    async with engine().transaction():
        await case_locked(case_id)
        await _in_state(case_id, task_id, TaskState.OPEN)
        await CaseTask.update({CaseTask.state: TaskState.NOT_APPLICABLE}).where(CaseTask.id == task_id)
        await enter(task_id, TaskAct.NOT_APPLICABLE, happened_at=now, by=by, now=now, note=reason.strip())


async def reopen(case_id: UUID, task_id: UUID, reason: str, *, by: UUID, now: datetime) -> None:
    """Take a task up again; a clock that was fulfilled with it stays fulfilled until its fact is withdrawn.

    Raises:
        CaseNotFound, TaskNotFound: not there, or another case's.
        TaskMovedOn: it is open.
        TaskInvalid: no reason, or one too long.
    """
    problems = _note_problems(reason, is_required=True)
    if problems:
        raise TaskInvalid(*problems)
    async with engine().transaction():
        await case_locked(case_id)
        await _in_state(case_id, task_id, TaskState.DONE, TaskState.NOT_APPLICABLE)
        await CaseTask.update({CaseTask.state: TaskState.OPEN}).where(CaseTask.id == task_id)
        await enter(task_id, TaskAct.REOPENED, happened_at=now, by=by, now=now, note=reason.strip())


async def _in_state(case_id: UUID, task_id: UUID, *states: TaskState) -> CaseTask:
    task = await CaseTask.objects().where((CaseTask.id == task_id) & (CaseTask.case == case_id)).first()
    if task is None:
        raise TaskNotFound(task_id)
    if task.state not in states:
        raise TaskMovedOn(task_id, state=task.state)
    return task


async def _officer_problems(officer: UUID | None) -> list[Problem]:
    if officer is None or await Officer.exists().where((Officer.id == officer) & Officer.is_active.eq(value=True)):
        return []
    return [Problem("assigned_to", "not_a_choice")]


def _note_problems(note: str, *, is_required: bool) -> list[Problem]:
    if is_required and not note.strip():
        return [Problem("note", "required")]
    return [Problem("note", "too_long", {"limit": NOTE_LIMIT})] if len(note) > NOTE_LIMIT else []

"""Keeping the tasks of cases beside their clocks: what the law asks for is there once, what was done elsewhere is done.

Safe to run as often as one likes; what an officer decided on a task is never undone.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid4

from tipline.cases.clocks import keeping as clock_keeping
from tipline.cases.clocks.facts import facts_of
from tipline.cases.clocks.lawbook import clock_book
from tipline.cases.clocks.rules import Book, Clock, Fact, combined, facts_of_pauses
from tipline.cases.tables import Case, CaseState
from tipline.cases.tasks.rules import Standing, TaskLaw, Wanted, done_by, wanted_tasks
from tipline.cases.tasks.tables import CaseTask, TaskAct, TaskEntry, TaskState
from tipline.database import engine
from tipline.law.service import cited
from tipline.law.tables import LegalRule, RuleKind

BY_HAND: Final = "hand:"
Laws = dict[str, list[TaskLaw]]
_TASKS: Final = """
SELECT t.id, t."case", t.rule_code, t.source_key, t.arisen_at, t.state, t.clock FROM case_task t
WHERE t."case" = ANY({}::uuid[])"""


async def keep_all(*, now: datetime) -> int:
    """Keep clocks and tasks of every live case; return how many clocks, and cases with tasks, changed."""
    changed = await clock_keeping.keep_all(now=now)
    cases = await clock_keeping.live_cases(now=now)
    laws, facts, clocks = await task_laws(), await facts_of(cases), await clock_keeping.clocks_of(cases)
    standing = await _standing(cases)
    open_cases = {row["id"] for row in await Case.select(Case.id).where(Case.state == CaseState.OPEN)}
    for case in cases:
        found = _differences(standing[case], facts[case], clocks[case], laws, is_open=case in open_cases)
        if any(found):
            await keep_tasks(case, now=now, laws=laws)
            changed += 1
    return changed


async def keep(case_id: UUID, *, now: datetime, book: Book | None = None) -> None:
    """Bring the clocks and tasks of one case to where its facts and the law put them."""
    book = book or await clock_book()
    async with engine().transaction():
        await clock_keeping.keep(case_id, now=now, book=book)
        await keep_tasks(case_id, now=now, laws=await task_laws())


async def keep_tasks(case_id: UUID, *, now: datetime, laws: Laws) -> None:
    """Bring the tasks of one case up to date; joins the caller's transaction, where there is one."""
    async with engine().transaction():
        await clock_keeping.hold(case_id)
        facts = (await facts_of([case_id]))[case_id]
        clocks = (await clock_keeping.clocks_of([case_id]))[case_id]
        is_open = await Case.exists().where((Case.id == case_id) & (Case.state == CaseState.OPEN))
        standing = (await _standing([case_id]))[case_id]
        new, done, gone = _differences(standing, facts, clocks, laws, is_open=is_open)
        names = {(clock.rule_code, clock.source_key): clock.id for clock in clocks}
        for wanted in new:
            await _make(case_id, wanted, names.get(wanted.clock) if wanted.clock else None, now=now)
        for task, by in done:
            await CaseTask.update({CaseTask.state: TaskState.DONE}).where(CaseTask.id == task.id)
            await enter(task.id, TaskAct.DONE, happened_at=by.at, by=by.by, now=now, note=by.document_number)
        for task in gone:
            await CaseTask.update({CaseTask.state: TaskState.NOT_APPLICABLE}).where(CaseTask.id == task.id)
            await enter(task.id, TaskAct.NOT_APPLICABLE, happened_at=now, by=None, now=now)


async def task_laws() -> Laws:
    """Return every version of every task that an article sets, by name."""
    laws: Laws = {}
    for row in await LegalRule.objects().where(LegalRule.kind == RuleKind.CASE_TASK).order_by(LegalRule.valid_from):
        laws.setdefault(row.code, []).append(
            TaskLaw(
                id=row.id,
                code=row.code,
                citation=cited(row),
                valid_from=row.valid_from,
                valid_to=row.valid_to,
                starts_on=row.starts_on or "",
                ends_on=row.ends_on,
                leads_to=row.leads_to,
            )
        )
    return laws


async def enter(
    task_id: UUID,
    act: TaskAct,
    *,
    happened_at: datetime,
    by: UUID | None,
    now: datetime,
    note: str = "",
    assigned_to: UUID | None = None,
) -> None:
    """Add to a task's history; joins the caller's transaction."""
    entry = TaskEntry(
        id=uuid4(),
        task=task_id,
        act=act,
        happened_at=happened_at,
        assigned_to=assigned_to,
        note=note,
        recorded_by=by,
        recorded_at=now,
    )
    await entry.save()


def _differences(
    standing: Sequence[Standing], facts: Sequence[Fact], clocks: Sequence[Clock], laws: Laws, *, is_open: bool
) -> tuple[list[Wanted], list[tuple[Standing, Any]], list[Standing]]:
    """Return the tasks to make, those done elsewhere with what did them, and those whose fact is gone."""
    everything = combined([*facts, *facts_of_pauses(clocks)])
    # A fact of the first hours keeps its tasks when the case closes; it only makes no new ones.
    kept = wanted_tasks(everything, laws, is_open=True)
    wanted = kept if is_open else wanted_tasks(everything, laws, is_open=False)
    known = {(task.rule_code, task.source_key) for task in standing}
    by_id = {clock.id: clock for clock in clocks}
    done, gone = [], []
    for task in standing:
        if task.state != TaskState.OPEN or task.source_key.startswith(BY_HAND):
            continue
        found = kept.get((task.rule_code, task.source_key))
        if found is None:
            gone.append(task)
            continue
        law = next(one for one in laws[task.rule_code] if one.id == found.rule)
        what = done_by(task, law, by_id.get(task.clock), everything)
        if what is not None:
            done.append((task, what))
    return [one for name, one in wanted.items() if name not in known], done, gone


async def _standing(cases: Sequence[UUID]) -> dict[UUID, list[Standing]]:
    found: dict[UUID, list[Standing]] = {case: [] for case in cases}
    for row in await CaseTask.raw(_TASKS, list(cases)):
        found[row["case"]].append(
            Standing(
                id=row["id"],
                rule_code=row["rule_code"],
                source_key=row["source_key"],
                arisen_at=row["arisen_at"],
                state=TaskState(row["state"]),
                clock=row["clock"],
            )
        )
    return found


async def _make(case_id: UUID, wanted: Wanted, clock: UUID | None, *, now: datetime) -> None:
    task = CaseTask(
        id=uuid4(),
        case=case_id,
        rule=wanted.rule,
        rule_code=wanted.rule_code,
        source_key=wanted.source_key,
        title="",
        arisen_at=wanted.arisen_at,
        clock=clock,
        due_at=None,
        assigned_to=None,
        state=TaskState.OPEN,
        made_by=None,
        made_at=now,
    )
    await task.save()
    await enter(task.id, TaskAct.MADE, happened_at=wanted.arisen_at, by=None, now=now)

"""Keeping the clocks of cases: works out how they must stand by the facts, and writes what differs.

Safe to run as often as one likes, by whomever, at once: a case is held while it is kept, and what stands is left alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from tipline.cases.clocks.facts import facts_of
from tipline.cases.clocks.lawbook import clock_book
from tipline.cases.clocks.rules import Book, Clock, Fact, Step, settled
from tipline.cases.clocks.tables import CaseClock, ClockAct, ClockEntry, ClockState, StepAct
from tipline.cases.tables import Case
from tipline.database import engine

# A case closed longer than this came in as history: it starts no term any more.
HISTORY: Final = timedelta(days=365)
HOLD: Final = "SELECT pg_advisory_xact_lock(hashtext('case_clock'), hashtext({}))"
_CLOCKS: Final = """SELECT k.* FROM case_clock k WHERE k."case" = ANY({}::uuid[]) ORDER BY k.started_at, k.id"""
_STEPS: Final = """
SELECT s.id, s.clock, s.act, s.effective_at, g.leads_to, g.starts_on, g.ends_on
FROM clock_step s JOIN case_clock k ON k.id = s.clock LEFT JOIN legal_rule g ON g.id = s.ground
WHERE k."case" = ANY({}::uuid[]) AND s.state = 'approved' AND s.act <> 'extend'"""
_LIVE: Final = """
SELECT c.id FROM case_file c
WHERE c.state = 'open'
   OR EXISTS (SELECT 1 FROM case_clock k WHERE k."case" = c.id AND k.state IN ('running', 'paused'))
   OR EXISTS (SELECT 1 FROM clearance l WHERE l."case" = c.id AND l.recorded_at > {})
   OR EXISTS (SELECT 1 FROM outcome o WHERE o."case" = c.id AND o.recorded_at > {})
   OR EXISTS (SELECT 1 FROM case_fact f WHERE f."case" = c.id AND f.recorded_at > {})"""
_CLOSED: Final = """SELECT c.id FROM case_file c WHERE c.id = ANY({}::uuid[]) AND c.state <> 'open'"""
ACTS: Final = {
    ClockState.DONE: ClockAct.FULFILLED,
    ClockState.PAUSED: ClockAct.PAUSED,
    ClockState.SUPERSEDED: ClockAct.SUPERSEDED,
    ClockState.WITHDRAWN: ClockAct.WITHDRAWN,
}


async def live_cases(*, now: datetime) -> list[UUID]:
    """Return the cases whose clocks are kept: open ones, those with a running clock, those closed within a year."""
    since = now - HISTORY
    return [row["id"] for row in await Case.raw(_LIVE, since, since, since)]


async def keep_all(*, now: datetime) -> int:
    """Keep the clocks of every live case; return how many clocks changed.

    Facts and clocks are read for all cases together; only a case that differs is held and written.
    """
    cases = await live_cases(now=now)
    book = await clock_book()
    facts, standing = await _read(cases, now=now)
    changed = 0
    for case in cases:
        if settled(standing[case], facts[case], book) != standing[case]:
            changed += await keep(case, now=now, book=book)
    return changed


async def keep(case_id: UUID, *, now: datetime, book: Book | None = None) -> int:
    """Bring the clocks of one case to where its facts and the law put them; return how many changed.

    Joins the caller's transaction, where there is one.
    """
    book = book or await clock_book()
    async with engine().transaction():
        await hold(case_id)
        facts, standing = await _read([case_id], now=now)
        before = {one.id: one for one in standing[case_id]}
        after = settled(standing[case_id], facts[case_id], book)
        changed = [one for one in after if one.id is None or before[one.id] != one]
        for clock in changed:
            await _write(case_id, clock, None if clock.id is None else before[clock.id], now=now)
    return len(changed)


async def hold(case_id: UUID) -> None:
    """Hold the clocks of a case until the transaction ends.

    Whoever holds the case's own row as well takes this first: writing a clock looks at that row.
    """
    await Case.raw(HOLD, str(case_id))


async def clocks_of(cases: Sequence[UUID]) -> dict[UUID, list[Clock]]:
    """Return the clocks of each of the cases as they stand, with their approved pauses."""
    ids = list(cases)
    steps: dict[UUID, list[Step]] = {}
    for row in await CaseClock.raw(_STEPS, ids):
        steps.setdefault(row["clock"], []).append(_step(row))
    found: dict[UUID, list[Clock]] = {case: [] for case in ids}
    for row in await CaseClock.raw(_CLOCKS, ids):
        found[row["case"]].append(_clock(row, steps.get(row["id"], [])))
    return found


async def _read(cases: Sequence[UUID], *, now: datetime) -> tuple[dict[UUID, list[Fact]], dict[UUID, list[Clock]]]:
    facts = await facts_of(cases)
    standing = await clocks_of(cases)
    for row in await Case.raw(_CLOSED, list(cases)):
        if not standing[row["id"]]:
            facts[row["id"]] = [fact for fact in facts[row["id"]] if fact.happened_at > now - HISTORY]
    return facts, standing


async def _write(case_id: UUID, clock: Clock, before: Clock | None, *, now: datetime) -> None:
    clock_id = clock.id or uuid4()
    if before is None:
        row = CaseClock(
            id=clock_id,
            case=case_id,
            person=clock.person,
            rule=clock.rule,
            rule_code=clock.rule_code,
            source_key=clock.source_key,
            trigger_at=clock.trigger_at,
            days=clock.days,
            due_at=clock.due_at,
            due_date=clock.due_date,
            is_provisional=clock.is_provisional,
            state=clock.state,
            started_by=None,
            started_at=now,
            done_at=clock.done_at,
            done_by=clock.done_by,
            ended_by_key=clock.ended_by_key,
            document_number=clock.document_number,
            note="",
        )
        await row.save()
        await enter(clock_id, ClockAct.STARTED, clock, now=now)
        if clock.state != ClockState.RUNNING:
            await enter(clock_id, ACTS[clock.state], clock, now=now)
        return
    await CaseClock.update(
        {
            CaseClock.rule: clock.rule,
            CaseClock.trigger_at: clock.trigger_at,
            CaseClock.days: clock.days,
            CaseClock.due_at: clock.due_at,
            CaseClock.due_date: clock.due_date,
            CaseClock.is_provisional: clock.is_provisional,
            CaseClock.state: clock.state,
            CaseClock.done_at: clock.done_at,
            CaseClock.done_by: clock.done_by,
            CaseClock.ended_by_key: clock.ended_by_key,
            CaseClock.document_number: clock.document_number,
        }
    ).where(CaseClock.id == clock_id)
    await enter(clock_id, _act(before, clock), clock, now=now)


async def enter(
    clock_id: UUID, act: ClockAct, clock: Clock, *, now: datetime, by: UUID | None = None, note: str = ""
) -> None:
    """Add to a clock's history how it stands now; joins the caller's transaction."""
    entry = ClockEntry(
        id=uuid4(),
        clock=clock_id,
        act=act,
        due_at=clock.due_at,
        is_provisional=clock.is_provisional,
        recorded_at=now,
        recorded_by=by,
        note=note,
    )
    await entry.save()


def _act(before: Clock, after: Clock) -> ClockAct:
    if before.state == after.state:
        return ClockAct.RECOUNTED
    if after.state == ClockState.RUNNING:
        return ClockAct.RESUMED if before.state == ClockState.PAUSED else ClockAct.REOPENED
    return ACTS[after.state]


def _step(row: dict[str, Any]) -> Step:
    return Step(
        key=f"step:{row['id']}",
        act=StepAct(row["act"]),
        effective_at=row["effective_at"],
        leads_to=row["leads_to"] or "",
        begins=row["starts_on"],
        ends=row["ends_on"],
    )


def _clock(row: dict[str, Any], steps: Sequence[Step]) -> Clock:
    return Clock(
        id=row["id"],
        rule=row["rule"],
        rule_code=row["rule_code"],
        source_key=row["source_key"],
        person=row["person"],
        trigger_at=row["trigger_at"],
        days=row["days"],
        due_at=row["due_at"],
        due_date=row["due_date"],
        is_provisional=row["is_provisional"],
        state=ClockState(row["state"]),
        done_at=row["done_at"],
        done_by=row["done_by"],
        ended_by_key=row["ended_by_key"],
        document_number=row["document_number"],
        steps=tuple(steps),
    )

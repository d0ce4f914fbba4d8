"""What pages show of clocks: those of a case, one with all that is behind it, and the facts on file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from tipline.cases.clocks.errors import ClockNotFound, FactNotFound
from tipline.cases.clocks.keeping import clocks_of
from tipline.cases.clocks.lawbook import as_law, extensions, pause_grounds
from tipline.cases.clocks.rules import LIBERTY, LIVE, counted, day_of, pauses_of
from tipline.cases.clocks.tables import CaseClock, CaseFact, ClockState
from tipline.cases.clocks.urgency import urgency
from tipline.law.clockbook import recorded_calendar
from tipline.law.clocks import PAUSED, Skipped
from tipline.law.tables import LegalRule, RuleKind

_SHOWN: Final = """
SELECT k.id, k."case", k.person, k.rule, k.rule_code, k.source_key, k.trigger_at, k.days, k.due_at, k.due_date,
       k.is_provisional, k.state, k.started_at, k.done_at, k.document_number, k.note,
       r.source, r.article, r.title_zh, r.title_en, r.unit, r.minimum, r.maximum, r.doubt, r.doubt_zh, r.valid_from,
       r.valid_to, r.starts_on, r.ends_on, p.full_name AS person_name, s.full_name AS started_by_name,
       d.full_name AS done_by_name,
       EXISTS (SELECT 1 FROM clock_step w WHERE w.clock = k.id AND w.state = 'waiting') AS has_request
FROM case_clock k JOIN legal_rule r ON r.id = k.rule LEFT JOIN person p ON p.id = k.person
LEFT JOIN officer s ON s.id = k.started_by LEFT JOIN officer d ON d.id = k.done_by
WHERE k."case" = {} AND ({}::uuid IS NULL OR k.id = {})
ORDER BY array_position(ARRAY['running', 'paused', 'done', 'superseded', 'withdrawn'], k.state::text),
         k.due_at NULLS LAST, k.id"""
_STEPS: Final = """
SELECT s.*, q.full_name AS requested_by_name, d.full_name AS decided_by_name, g.source, g.article,
       g.title_zh, g.title_en
FROM clock_step s JOIN officer q ON q.id = s.requested_by LEFT JOIN officer d ON d.id = s.decided_by
LEFT JOIN legal_rule g ON g.id = s.ground WHERE s.clock = {} ORDER BY s.requested_at, s.id"""
_HISTORY: Final = """
SELECT e.act, e.due_at, e.is_provisional, e.recorded_at, e.note, o.full_name AS by_name
FROM clock_entry e LEFT JOIN officer o ON o.id = e.recorded_by WHERE e.clock = {} ORDER BY e.recorded_at, e.id"""
_FACTS: Final = """
SELECT f.id, f.kind, f.happened_at, f.document_number, f.note, f.recorded_at, f.withdrawn_at, f.withdrawal_reason,
       p.full_name AS person_name, o.full_name AS recorded_by_name
FROM case_fact f JOIN officer o ON o.id = f.recorded_by LEFT JOIN person p ON p.id = f.person
WHERE f."case" = {} AND ({}::uuid IS NULL OR f.id = {}) ORDER BY f.happened_at, f.id"""


@dataclass(frozen=True, slots=True)
class ClockView:
    """One clock with what is behind it.

    Attributes:
        row: the clock with its rule, as `clocks_shown` gives it.
        skipped: the days left out of the count.
        may_change: the next year's notice is not known and may still move its end.
        steps: pauses, resumptions and extensions asked for.
        grounds: on which it may be paused now; empty where it never may.
        longer: the clocks that may run in its place.
    """

    row: dict[str, Any]
    skipped: tuple[Skipped, ...]
    may_change: bool
    steps: list[dict[str, Any]]
    history: list[dict[str, Any]]
    grounds: list[LegalRule]
    longer: list[LegalRule]

    @property
    def paused_days(self) -> int:
        """Return how many days it stood still."""
        return sum(one.why == PAUSED for one in self.skipped)


async def clocks_shown(case_id: UUID, *, now: datetime) -> list[dict[str, Any]]:
    """Return the clocks of a case, live ones first by their end, each with its rule and its `urgency`."""
    rows: list[dict[str, Any]] = await CaseClock.raw(_SHOWN, case_id, None, None)
    return [_told(row, now) for row in rows]


async def clock_shown(case_id: UUID, clock_id: UUID, *, now: datetime) -> ClockView:
    """Return one clock with its count, its history and what may be done to it.

    Raises:
        ClockNotFound: there is none in this case.
    """
    rows: list[dict[str, Any]] = await CaseClock.raw(_SHOWN, case_id, clock_id, clock_id)
    if not rows:
        raise ClockNotFound(clock_id)
    row = _told(rows[0], now)
    rule = await LegalRule.objects().get(LegalRule.id == row["rule"])
    clock = next(one for one in (await clocks_of([case_id]))[case_id] if one.id == clock_id)
    calendar = await recorded_calendar()
    skipped: tuple[Skipped, ...] = ()
    if rule is not None and row["due_date"] is not None:
        closed, _ = pauses_of(clock.steps)
        found, _ = counted(as_law(rule), calendar, clock.trigger_at, clock.days, closed)
        skipped = found.skipped
    is_live = clock.state in LIVE
    may_pause = clock.state == ClockState.RUNNING and row["starts_on"] not in LIBERTY
    return ClockView(
        row=row,
        skipped=skipped,
        may_change=is_live and row["due_date"] is not None and calendar.may_still_change(row["due_date"]),
        steps=await CaseClock.raw(_STEPS, clock_id),
        history=await CaseClock.raw(_HISTORY, clock_id),
        grounds=await pause_grounds(clock.rule_code, on=day_of(now)) if may_pause else [],
        longer=await extensions(clock.rule_code, on=day_of(now)) if clock.state == ClockState.RUNNING else [],
    )


async def facts_shown(case_id: UUID) -> list[dict[str, Any]]:
    """Return the facts that officers recorded, withdrawn ones too, in the order of their dates."""
    rows: list[dict[str, Any]] = await CaseFact.raw(_FACTS, case_id, None, None)
    return rows


async def fact_shown(case_id: UUID, fact_id: UUID) -> dict[str, Any]:
    """Return one fact.

    Raises:
        FactNotFound: there is none in this case.
    """
    rows: list[dict[str, Any]] = await CaseFact.raw(_FACTS, case_id, fact_id, fact_id)
    if not rows:
        raise FactNotFound(fact_id)
    return rows[0]


async def clock_rules(*, now: datetime) -> list[LegalRule]:
    """Return the clocks in force today, for a start by hand."""
    today = day_of(now)
    return (
        await LegalRule.objects()
        .where((LegalRule.kind == RuleKind.STATUTORY_CLOCK) & (LegalRule.valid_from <= today))
        .where(LegalRule.valid_to.is_null() | (LegalRule.valid_to >= today))
        .order_by(LegalRule.source, LegalRule.code)
    )


def _told(row: dict[str, Any], now: datetime) -> dict[str, Any]:
    is_running = row["state"] == ClockState.RUNNING and row["due_at"] is not None
    return row | {
        "urgency": urgency(row["due_at"], now).value if is_running else None,
        "was_late": row["done_at"] is not None and row["due_at"] is not None and row["done_at"] > row["due_at"],
    }

"""Deeds on clocks: record a fact, start by hand, fulfil. `steps` holds pauses, resumptions and extensions.

Each is one transaction; each ends by keeping the clocks of the case, so that what follows from it stands at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final, cast
from uuid import UUID, uuid4

from tipline.cases.clocks import keeping
from tipline.cases.clocks.errors import (
    ClockInvalid,
    ClockMovedOn,
    ClockNotFound,
    FactNotFound,
    FactWithdrawn,
)
from tipline.cases.clocks.facts import WORKED_OUT
from tipline.cases.clocks.lawbook import clock_book, rule_row
from tipline.cases.clocks.rules import BY_HAND, LIVE, Clock, counted, day_of
from tipline.cases.clocks.tables import (
    CaseClock,
    CaseFact,
    ClockAct,
    ClockEntry,
    ClockState,
)
from tipline.cases.locks import case_locked, person_of
from tipline.database import engine
from tipline.errors import Problem
from tipline.law.errors import DaysOutOfBounds, RuleNotInForce, RuleUnknown
from tipline.law.tables import LegalFact

NUMBER_LIMIT: Final = 60
NOTE_LIMIT: Final = 500
REASON_LIMIT: Final = 300


@dataclass(frozen=True, kw_only=True, slots=True)
class FactDraft:
    """A fact as an officer writes it down; `clock` is the one clock it fulfils, where one was chosen."""

    kind: LegalFact
    happened_at: datetime
    person: UUID | None = None
    document_number: str = ""
    note: str = ""
    clock: UUID | None = None


async def record_fact(case_id: UUID, draft: FactDraft, *, by: UUID, now: datetime) -> CaseFact:
    """Record a fact of procedure; clocks and tasks that it starts or ends follow at once.

    Raises:
        CaseNotFound, PersonNotFound, ClockNotFound: not there, or another case's.
        ClockInvalid: the time lies ahead, or a text is too long.
    """
    problems = text_problems(document_number=draft.document_number, note=draft.note)
    if draft.kind in WORKED_OUT:
        problems.append(Problem("kind", "not_a_choice"))
    if draft.happened_at > now:
        problems.append(Problem("happened_at", "in_the_future"))
    if problems:
        raise ClockInvalid(*problems)
    async with engine().transaction():
        await keeping.hold(case_id)
        await case_locked(case_id)
        if draft.person is not None:
            await person_of(case_id, draft.person)
        if draft.clock is not None:
            await clock_of(case_id, draft.clock)
        fact = CaseFact(
            id=uuid4(),
            case=case_id,
            person=draft.person,
            kind=draft.kind,
            happened_at=draft.happened_at,
            document_number=draft.document_number.strip(),
            note=draft.note.strip(),
            clock=draft.clock,
            recorded_by=by,
            recorded_at=now,
            withdrawn_by=None,
            withdrawn_at=None,
            withdrawal_reason="",
        )
        await fact.save()
        await keeping.keep(case_id, now=now)
    return fact


async def withdraw_fact(case_id: UUID, fact_id: UUID, reason: str, *, by: UUID, now: datetime) -> None:
    """Take back a fact recorded by mistake; it stays on file, and clocks stand as if it had not been.

    Raises:
        CaseNotFound, FactNotFound: not there, or another case's.
        FactWithdrawn: a colleague was faster.
        ClockInvalid: no reason was given.
    """
    problems = reason_problems(reason, REASON_LIMIT)
    if problems:
        raise ClockInvalid(*problems)
    async with engine().transaction():
        await keeping.hold(case_id)
        await case_locked(case_id)
        fact = await CaseFact.objects().where((CaseFact.id == fact_id) & (CaseFact.case == case_id)).first()
        if fact is None:
            raise FactNotFound(fact_id)
        if fact.withdrawn_at is not None:
            raise FactWithdrawn(fact_id, at=fact.withdrawn_at)
        await CaseFact.update(
            {CaseFact.withdrawn_at: now, CaseFact.withdrawn_by: by, CaseFact.withdrawal_reason: reason.strip()}
        ).where(CaseFact.id == fact_id)
        await keeping.keep(case_id, now=now)


async def start_clock(
    case_id: UUID,
    code: str,
    trigger_at: datetime,
    *,
    by: UUID,
    now: datetime,
    person: UUID | None = None,
    days: int | None = None,
    note: str = "",
) -> UUID:
    """Start a clock by hand, where no fact starts it; return its id.

    Raises:
        CaseNotFound, PersonNotFound: not there.
        ClockInvalid: no such rule, not in force at the trigger, days not as the law allows, or a time ahead.
    """
    book = await clock_book()
    problems = text_problems(note=note)
    if trigger_at > now:
        problems.append(Problem("trigger_at", "in_the_future"))
    try:
        law = book.on(code, day_of(trigger_at))
        found, is_provisional = counted(law, book.calendar, trigger_at, days, ())
    except RuleUnknown:
        problems.append(Problem("rule", "not_a_choice"))
    except RuleNotInForce as refusal:
        facts = {"article": refusal.article, "valid_from": refusal.valid_from}
        problems.append(Problem("trigger_at", "rule_not_in_force", facts))
    except DaysOutOfBounds as refusal:
        facts = {"days": refusal.days, "minimum": refusal.minimum, "maximum": refusal.maximum}
        problems.append(Problem("days", "days_not_allowed", facts))
    except ValueError:
        problems.append(Problem("days", "days_as_the_rule_says"))
    if problems:
        raise ClockInvalid(*problems)
    clock = Clock(
        id=uuid4(),
        rule=law.id,
        rule_code=code,
        source_key=f"{BY_HAND}{uuid4()}",
        person=person,
        trigger_at=trigger_at,
        days=days,
        due_at=found.due,
        due_date=found.due_date,
        is_provisional=is_provisional,
        state=ClockState.RUNNING,
    )
    async with engine().transaction():
        await keeping.hold(case_id)
        await case_locked(case_id)
        if person is not None:
            await person_of(case_id, person)
        await insert(case_id, clock, by=by, now=now, note=note)
        await keeping.keep(case_id, now=now)
    return _id_of(clock)


async def fulfil(
    case_id: UUID, clock_id: UUID, done_at: datetime, *, document_number: str, note: str, by: UUID, now: datetime
) -> None:
    """Record that what the clock asks for was done, and when; a fact that this is starts the clocks that follow.

    Raises:
        CaseNotFound, ClockNotFound: not there, or another case's.
        ClockMovedOn: it is done, superseded or withdrawn by now.
        ClockInvalid: the time lies ahead or before the trigger, or a text is too long.
    """
    problems = text_problems(document_number=document_number, note=note)
    async with engine().transaction():
        await keeping.hold(case_id)
        await case_locked(case_id)
        clock = await clock_of(case_id, clock_id)
        if clock.state not in LIVE:
            raise ClockMovedOn(clock_id, state=clock.state)
        if done_at > now:
            problems.append(Problem("done_at", "in_the_future"))
        elif done_at < clock.trigger_at:
            problems.append(Problem("done_at", "too_early", {"earliest": clock.trigger_at}))
        if problems:
            raise ClockInvalid(*problems)
        # Piccolo types a nullable column as if it were never null.
        kind = cast("str | None", (await rule_row(clock.rule)).ends_on)
        if kind is None or kind in WORKED_OUT:
            await _mark_done(clock, done_at, document_number=document_number, note=note, by=by, now=now)
            await keeping.keep(case_id, now=now)
        else:
            await record_fact(
                case_id,
                FactDraft(
                    kind=LegalFact(kind),
                    happened_at=done_at,
                    person=clock.person,
                    document_number=document_number,
                    note=note,
                    clock=clock_id,
                ),
                by=by,
                now=now,
            )


async def clock_of(case_id: UUID, clock_id: UUID) -> CaseClock:
    """Return a clock of the case.

    Raises:
        ClockNotFound: there is none in this case.
    """
    clock = await CaseClock.objects().where((CaseClock.id == clock_id) & (CaseClock.case == case_id)).first()
    if clock is None:
        raise ClockNotFound(clock_id)
    return clock


async def insert(case_id: UUID, clock: Clock, *, by: UUID, now: datetime, note: str) -> None:
    """Write a clock that an officer starts; joins the caller's transaction."""
    row = CaseClock(
        id=clock.id,
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
        started_by=by,
        started_at=now,
        done_at=None,
        done_by=None,
        ended_by_key="",
        document_number="",
        note=note.strip(),
    )
    await row.save()
    await keeping.enter(row.id, ClockAct.STARTED, clock, now=now, by=by, note=note.strip())


async def _mark_done(
    clock: CaseClock, done_at: datetime, *, document_number: str, note: str, by: UUID, now: datetime
) -> None:
    await CaseClock.update(
        {
            CaseClock.state: ClockState.DONE,
            CaseClock.done_at: done_at,
            CaseClock.done_by: by,
            CaseClock.document_number: document_number.strip(),
            CaseClock.note: note.strip() or clock.note,
        }
    ).where(CaseClock.id == clock.id)
    entry = ClockEntry(
        id=uuid4(),
        clock=clock.id,
        act=ClockAct.FULFILLED,
        due_at=clock.due_at,
        is_provisional=clock.is_provisional,
        recorded_at=now,
        recorded_by=by,
        note=note.strip(),
    )
    await entry.save()


def _id_of(clock: Clock) -> UUID:
    if clock.id is None:
        raise ValueError("the clock has not been written")
    return clock.id


def text_problems(*, document_number: str = "", approval_number: str = "", note: str = "") -> list[Problem]:
    """Say which of the texts are longer than their columns."""
    limits = (
        ("document_number", document_number, NUMBER_LIMIT),
        ("approval_number", approval_number, NUMBER_LIMIT),
        ("note", note, NOTE_LIMIT),
    )
    return [Problem(name, "too_long", {"limit": limit}) for name, text, limit in limits if len(text) > limit]


def reason_problems(reason: str, limit: int, *, field: str = "reason") -> list[Problem]:
    """Say whether a reason is missing or too long."""
    if not reason.strip():
        return [Problem(field, "required")]
    return [Problem(field, "too_long", {"limit": limit})] if len(reason) > limit else []

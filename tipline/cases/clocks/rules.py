"""Which clocks the facts of a case start, pause and end: facts and rows of law in, changes out. Pure.

Everything is worked out anew from the facts each time, so that it does not matter who asks, how often, or when.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Final
from uuid import UUID

from tipline.cases.clocks.tables import ClockState, StepAct
from tipline.clock import SHANGHAI
from tipline.law.calendar import Calendar
from tipline.law.clocks import ClockRule, Deadline, Pause, deadline
from tipline.law.errors import DaysOutOfBounds, HolidaysUnknown, RuleNotInForce
from tipline.law.tables import LegalFact
from tipline.law.versions import governing

BY_HAND: Final = "hand:"
LIVE: Final = (ClockState.RUNNING, ClockState.PAUSED)
# A clock that limits liberty never stands still.
LIBERTY: Final = frozenset(
    {
        LegalFact.CRIMINAL_DETENTION_EXECUTED,
        LegalFact.ADMINISTRATIVE_DETENTION_EXECUTED,
        LegalFact.ARREST_EXECUTED,
        LegalFact.BAIL_EXECUTED,
        LegalFact.RESIDENTIAL_SURVEILLANCE_EXECUTED,
    }
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Fact:
    """Something dated that the law attaches terms to.

    Attributes:
        kind: a value of `LegalFact`.
        key: which row it was read from; the same row gives the same key each time.
        days: what the decision names, of a detention.
        clock: the one clock it fulfils, where the officer said so.
    """

    kind: str
    happened_at: datetime
    key: str
    person: UUID | None = None
    days: int | None = None
    document_number: str = ""
    recorded_by: UUID | None = None
    clock: UUID | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ClockLaw:
    """One version of a clock as a running clock needs it; `extends` is the clock in whose place it runs."""

    id: UUID
    clock: ClockRule
    starts_on: str | None
    ends_on: str | None
    extends: str = ""
    starts_anew_on_receipt: bool = False

    @property
    def code(self) -> str:
        """Return the name of the rule."""
        return self.clock.code

    @property
    def citation(self) -> str:
        """Return statute and article."""
        return self.clock.citation

    @property
    def valid_from(self) -> date:
        """Return the first day in force."""
        return self.clock.valid_from

    @property
    def valid_to(self) -> date | None:
        """Return the last day in force, or None while it lasts."""
        return self.clock.valid_to


@dataclass(frozen=True, slots=True)
class Book:
    """All versions of all clocks by name, and the calendar, so that nothing is looked up while it is counted."""

    rules: dict[str, tuple[ClockLaw, ...]]
    calendar: Calendar

    def on(self, code: str, day: date) -> ClockLaw:
        """Return the version of a clock that governs the day.

        Raises:
            RuleUnknown, RuleNotInForce: there is none.
        """
        return governing(self.rules.get(code, ()), code, on=day)

    def by_id(self, code: str, rule: UUID) -> ClockLaw:
        """Return the very version with that row id."""
        return next(one for one in self.rules[code] if one.id == rule)


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """An approved pause or resumption; `leads_to` is the clock that runs after the pause, empty when this one goes on.

    `begins` and `ends` are the facts that its beginning and its end are themselves.
    """

    key: str
    act: StepAct
    effective_at: datetime
    leads_to: str = ""
    begins: str | None = None
    ends: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Clock:
    """A clock as it stands, or is to stand. `id` is None before it is written."""

    id: UUID | None
    rule: UUID
    rule_code: str
    source_key: str
    person: UUID | None
    trigger_at: datetime
    days: int | None
    due_at: datetime | None
    due_date: date | None
    is_provisional: bool
    state: ClockState
    done_at: datetime | None = None
    done_by: UUID | None = None
    ended_by_key: str = ""
    document_number: str = ""
    steps: tuple[Step, ...] = field(default=(), compare=False)

    @property
    def is_by_hand(self) -> bool:
        """Return True when an officer started it."""
        return self.source_key.startswith(BY_HAND)


def day_of(moment: datetime) -> date:
    """Return the day of a moment in Shanghai."""
    return moment.astimezone(SHANGHAI).date()


def counted(
    law: ClockLaw, calendar: Calendar, start: datetime, days: int | None, pauses: Sequence[Pause]
) -> tuple[Deadline, bool]:
    """Return when a clock ends, and whether that is provisional: it reaches a year whose holidays are not known.

    Raises:
        DaysOutOfBounds: the decision names days that the law does not allow.
        ValueError: days are missing or not asked for.
    """
    try:
        return deadline(law.clock, calendar, start, days=days, pauses=pauses), False
    except HolidaysUnknown:
        return deadline(law.clock, calendar.guessing(), start, days=days, pauses=pauses), True


def pauses_of(steps: Sequence[Step]) -> tuple[list[Pause], Step | None]:
    """Return the pauses that have ended, and the step that began the one that lasts; None when it runs."""
    closed: list[Pause] = []
    begun: Step | None = None
    for step in sorted(steps, key=lambda one: one.effective_at):
        if step.act == StepAct.PAUSE and begun is None:
            begun = step
        elif step.act == StepAct.RESUME and begun is not None:
            closed.append(Pause(begun.effective_at, step.effective_at))
            begun = None
    return closed, begun


def facts_of_pauses(clocks: Sequence[Clock]) -> Iterator[Fact]:
    """Yield the facts that pauses are themselves: the suspension of a determination has a term of its own."""
    for clock in clocks:
        begun: Step | None = None
        for step in sorted(clock.steps, key=lambda one: one.effective_at):
            if step.act == StepAct.PAUSE and begun is None:
                begun = step
                if step.begins:
                    yield Fact(kind=step.begins, happened_at=step.effective_at, key=step.key)
            elif step.act == StepAct.RESUME and begun is not None:
                if begun.ends:
                    yield Fact(kind=begun.ends, happened_at=step.effective_at, key=step.key)
                begun = None


def combined(facts: Sequence[Fact]) -> list[Fact]:
    """Return the facts and those that only several make: both found, the report final with both found, and so on."""
    found = list(facts)
    seized = _first(facts, LegalFact.VEHICLE_SEIZED)
    in_hand = _first(facts, DRIVER_IN_HAND)
    either = [one for one in (seized, in_hand) if one is not None]
    if either:
        found.append(_joint(LegalFact.VEHICLE_OR_DRIVER_FOUND, min(either, key=_when)))
    both = max(either, key=_when) if len(either) > 1 else None
    if both is not None:
        found.append(_joint(LegalFact.VEHICLE_AND_DRIVER_FOUND, both))
        final = _last(facts, LegalFact.EXAMINATION_CONCLUSION_FINAL)
        # Found after the report had become final: the ten days from the finding govern.
        if final is not None and final.happened_at >= both.happened_at:
            found.append(_joint(LegalFact.EXAMINATION_FINAL_AND_BOTH_FOUND, final))
    cleared, advanced = _last(facts, CLEARED), _first(facts, LegalFact.FUND_ADVANCED)
    if cleared is not None and advanced is not None:
        found.append(_joint(LegalFact.CLEARED_AFTER_FUND_ADVANCE, max(cleared, advanced, key=_when)))
    return found


# Facts that start nothing by themselves; they are parts of combined ones.
DRIVER_IN_HAND: Final = "driver_in_hand"
CLEARED: Final = "cleared"


def settled(clocks: Sequence[Clock], facts: Sequence[Fact], book: Book) -> list[Clock]:
    """Return the clocks as they must stand by the facts: those that stand, changed or not, and the new ones.

    Args:
        clocks: what stands.
        facts: of the case, combined ones not needed.
        book: the law and the calendar.
    """
    everything = combined([*facts, *facts_of_pauses(clocks)])
    wanted = {(one.rule_code, one.source_key): one for one in _started(everything, book)}
    standing = {(one.rule_code, one.source_key): one for one in clocks}
    placed = [_recounted(clock, wanted.get(name), book) for name, clock in standing.items()]
    placed += [clock for name, clock in wanted.items() if name not in standing]
    return _ended([_superseded(one, placed, book) for one in placed], everything, book)


def _started(facts: Sequence[Fact], book: Book) -> Iterator[Clock]:
    received = _last(facts, LegalFact.JURISDICTION_RECEIVED)
    by_kind: dict[str, list[Fact]] = {}
    for fact in facts:
        by_kind.setdefault(fact.kind, []).append(fact)
    for code, versions in book.rules.items():
        for kind in {one.starts_on for one in versions if one.starts_on}:
            for fact in by_kind.get(kind, ()):
                clock = _started_by(fact, code, kind, received, book)
                if clock is not None:
                    yield clock


def _started_by(fact: Fact, code: str, kind: str, received: Fact | None, book: Book) -> Clock | None:
    try:
        law = book.on(code, day_of(fact.happened_at))
        trigger = fact.happened_at
        if law.starts_anew_on_receipt and received is not None and received.happened_at > trigger:
            # Article 11(2) of order 146: the terms are counted from the day on which the case was received.
            trigger = received.happened_at
            law = book.on(code, day_of(trigger))
        if law.starts_on != kind or (law.clock.takes_days and fact.days is None):
            return None
        days = fact.days if law.clock.takes_days else None
        found, is_provisional = counted(law, book.calendar, trigger, days, ())
    except (RuleNotInForce, DaysOutOfBounds):
        return None  # what was not in force starts nothing; what the law does not allow cannot be counted
    return Clock(
        id=None,
        rule=law.id,
        rule_code=code,
        source_key=f"{kind}:{fact.key}",
        person=fact.person,
        trigger_at=trigger,
        days=days,
        due_at=found.due,
        due_date=found.due_date,
        is_provisional=is_provisional,
        state=ClockState.RUNNING,
    )


def _recounted(clock: Clock, wanted: Clock | None, book: Book) -> Clock:
    """Return a standing clock counted anew, running, paused or withdrawn; what was done stays as it was counted."""
    if clock.state == ClockState.DONE and not clock.ended_by_key:
        return clock
    begun_by = wanted or clock
    law = book.by_id(clock.rule_code, begun_by.rule)
    closed, lasting = pauses_of(clock.steps)
    found, is_provisional = counted(law, book.calendar, begun_by.trigger_at, begun_by.days, closed)
    state = ClockState.RUNNING if lasting is None else ClockState.PAUSED
    if wanted is None and not clock.is_by_hand:
        state = ClockState.WITHDRAWN
    stands_still = state == ClockState.PAUSED
    return replace(
        clock,
        rule=law.id,
        trigger_at=begun_by.trigger_at,
        days=begun_by.days,
        due_at=None if stands_still else found.due,
        due_date=None if stands_still else found.due_date,
        is_provisional=is_provisional and not stands_still,
        state=state,
        done_at=None,
        done_by=None,
        ended_by_key="",
        document_number="",
    )


def _superseded(clock: Clock, clocks: Sequence[Clock], book: Book) -> Clock:
    """Return the clock as superseded where another runs in its place: an extension, or what follows its pause."""
    if clock.state not in LIVE:
        return clock
    last = max((one for one in clock.steps if one.act == StepAct.PAUSE), key=lambda one: one.effective_at, default=None)
    for other in clocks:
        if other.state == ClockState.WITHDRAWN or other.person != clock.person or other is clock:
            continue
        extends = book.by_id(other.rule_code, other.rule).extends == clock.rule_code
        follows = last is not None and last.leads_to == other.rule_code and other.trigger_at >= last.effective_at
        if extends or follows:
            return replace(clock, state=ClockState.SUPERSEDED)
    return clock


def _ended(clocks: Sequence[Clock], facts: Sequence[Fact], book: Book) -> list[Clock]:
    """Return the clocks, those fulfilled that a fact fulfils: the one it names, or the only one it can mean.

    Facts are taken in the order of their dates, so that an earlier one leaves a later one fewer to mean.
    """
    standing = list(clocks)
    for fact in sorted(facts, key=_when):
        meant = [number for number, one in enumerate(standing) if _could_mean(fact, one, book)]
        if len(meant) != 1:
            continue
        standing[meant[0]] = replace(
            standing[meant[0]],
            state=ClockState.DONE,
            done_at=fact.happened_at,
            done_by=fact.recorded_by,
            ended_by_key=fact.key,
            document_number=fact.document_number,
        )
    return standing


def _could_mean(fact: Fact, clock: Clock, book: Book) -> bool:
    if fact.clock is not None and fact.clock != clock.id:
        return False
    return (
        clock.state in LIVE
        and book.by_id(clock.rule_code, clock.rule).ends_on == fact.kind
        and clock.trigger_at <= fact.happened_at
        and (fact.person is None or clock.person is None or fact.person == clock.person)
    )


def _joint(kind: LegalFact, fact: Fact) -> Fact:
    # One for the case, whatever it was read from: when it moves, its clock moves and is not a second one.
    return Fact(kind=kind, happened_at=fact.happened_at, key="case", document_number=fact.document_number)


def _first(facts: Sequence[Fact], kind: str) -> Fact | None:
    return min((one for one in facts if one.kind == kind), key=_when, default=None)


def _last(facts: Sequence[Fact], kind: str) -> Fact | None:
    return max((one for one in facts if one.kind == kind), key=_when, default=None)


def _when(fact: Fact) -> datetime:
    return fact.happened_at

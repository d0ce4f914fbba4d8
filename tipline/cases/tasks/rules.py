"""Which tasks the facts of a case ask for, and which of them are done by what was recorded elsewhere. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from tipline.cases.clocks.rules import Clock, Fact, day_of
from tipline.cases.clocks.tables import ClockState
from tipline.cases.tasks.tables import TaskState
from tipline.law.errors import RuleNotInForce
from tipline.law.tables import LegalFact
from tipline.law.versions import governing

# What asks for the first hours' work asks nothing of a case that is closed.
OF_OPEN_CASES: Final = frozenset({LegalFact.CASE_RECORDED})

# An answer answers the inquiry of its own row, and no other.
OF_ITS_OWN_ROW: Final = frozenset({LegalFact.VICTIM_INQUIRY_ANSWERED})


@dataclass(frozen=True, kw_only=True, slots=True)
class TaskLaw:
    """One version of a task that an article sets; `leads_to` is the clock that limits it, or empty."""

    id: UUID
    code: str
    citation: str
    valid_from: date
    valid_to: date | None
    starts_on: str
    ends_on: str | None
    leads_to: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """A task that the law asks for; `clock` is the name (rule and source) of the clock that limits it."""

    rule: UUID
    rule_code: str
    source_key: str
    arisen_at: datetime
    clock: tuple[str, str] | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """A task as it stands."""

    id: UUID
    rule_code: str
    source_key: str
    arisen_at: datetime
    state: TaskState
    clock: UUID | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Done:
    """What did a task that nobody ticked: the clock that limits it was fulfilled, or the fact it asks for is there."""

    at: datetime
    by: UUID | None
    document_number: str


def wanted_tasks(
    facts: Sequence[Fact], laws: Mapping[str, Sequence[TaskLaw]], *, is_open: bool
) -> dict[tuple[str, str], Wanted]:
    """Return the tasks that the facts ask for, by rule and source.

    Args:
        facts: of the case, combined ones included.
        laws: all versions of all tasks, by name.
        is_open: whether the case is.
    """
    return {(one.rule_code, one.source_key): one for one in _asked(facts, laws, is_open=is_open)}


def done_by(task: Standing, law: TaskLaw | None, clock: Clock | None, facts: Sequence[Fact]) -> Done | None:
    """Return what did an open task elsewhere; None while nothing has."""
    if clock is not None:
        if clock.state != ClockState.DONE or clock.done_at is None:
            return None
        return Done(at=clock.done_at, by=clock.done_by, document_number=clock.document_number)
    if law is None or law.ends_on is None:
        return None
    for fact in sorted(facts, key=lambda one: one.happened_at):
        is_own = law.ends_on not in OF_ITS_OWN_ROW or task.source_key == f"{law.starts_on}:{fact.key}"
        if fact.kind == law.ends_on and is_own and fact.happened_at >= task.arisen_at:
            return Done(at=fact.happened_at, by=fact.recorded_by, document_number=fact.document_number)
    return None


def _asked(facts: Sequence[Fact], laws: Mapping[str, Sequence[TaskLaw]], *, is_open: bool) -> Iterator[Wanted]:
    for code, versions in laws.items():
        for fact in facts:
            if not is_open and fact.kind in OF_OPEN_CASES:
                continue
            try:
                law = governing(versions, code, on=day_of(fact.happened_at))
            except RuleNotInForce:
                continue  # what was not in force asks for nothing
            if law.starts_on == fact.kind:
                key = f"{fact.kind}:{fact.key}"
                yield Wanted(
                    rule=law.id,
                    rule_code=code,
                    source_key=key,
                    arisen_at=fact.happened_at,
                    clock=(law.leads_to, key) if law.leads_to else None,
                )

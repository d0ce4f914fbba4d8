"""Whom an unanswered alarm calls next, and when; what a turn of duty must be. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from tipline.errors import Problem
from tipline.intake.alarms.tables import CallKind

# The time to answer until a commander sets another.
PATIENCE: Final = timedelta(minutes=2)
SHORTEST_PATIENCE: Final = timedelta(seconds=30)
LONGEST_PATIENCE: Final = timedelta(minutes=30)
# A call this late means that no worker makes calls: then everybody is called, whatever the rows say.
LATE: Final = timedelta(seconds=20)
# So many officers on duty are called, one after the other, before the command centre is.
DUTY_CALLS: Final = 2
LONGEST_TURN: Final = timedelta(days=7)
LAST_PLACE: Final = 9


@dataclass(frozen=True, slots=True)
class Call:
    """One call: to an officer on duty, or to many."""

    kind: CallKind
    officer: UUID | None = None


def next_call(made: Sequence[Call], on_duty: Sequence[UUID]) -> Call | None:
    """Return the call that follows those made; None when the command centre has been called already.

    Args:
        made: the calls of the alarm so far, in order.
        on_duty: the officers on duty now, the one to be called first in front. With nobody on duty everybody is called.
    """
    if any(one.kind == CallKind.COMMAND_CENTRE for one in made):
        return None
    called = {one.officer for one in made}
    left = [officer for officer in on_duty if officer not in called]
    if not made and not left:
        return Call(CallKind.EVERYONE)
    if left and len(made) < DUTY_CALLS and all(one.kind == CallKind.DUTY_OFFICER for one in made):
        return Call(CallKind.DUTY_OFFICER, left[0])
    return Call(CallKind.COMMAND_CENTRE)


def due_at(raised_at: datetime, calls_made: int, patience: timedelta) -> datetime:
    """Return when the call after `calls_made` is due: the first at once, each later one a patience after the last."""
    return raised_at + calls_made * patience


def is_called(
    made: Sequence[Call],
    *,
    officer: UUID,
    is_command: bool,
    raised_at: datetime,
    patience: timedelta,
    now: datetime,
) -> bool:
    """Tell whether an open alarm calls this officer.

    Args:
        made: the calls so far.
        officer: who looks.
        is_command: works in the command centre, or is a commander.
        raised_at: of the alarm.
        patience: between calls.
        now: a call that is overdue by `LATE` calls everybody.
    """
    if any(one.officer == officer for one in made if one.kind == CallKind.DUTY_OFFICER):
        return True
    kinds = {one.kind for one in made}
    if CallKind.EVERYONE in kinds or (is_command and CallKind.COMMAND_CENTRE in kinds):
        return True
    return CallKind.COMMAND_CENTRE not in kinds and now > due_at(raised_at, len(made), patience) + LATE


def turn_problems(begins_at: datetime, ends_at: datetime, place: int, *, now: datetime) -> list[Problem]:
    """Return what is wrong with a turn of duty: over before it begins, already over, too long, or no place 1 to 9."""
    problems = []
    if ends_at <= begins_at:
        problems.append(Problem("ends_at", "ends_before_it_begins"))
    elif ends_at <= now:
        problems.append(Problem("ends_at", "turn_is_over"))
    elif ends_at - begins_at > LONGEST_TURN:
        problems.append(Problem("ends_at", "turn_too_long", {"days": LONGEST_TURN.days}))
    if not 1 <= place <= LAST_PLACE:
        problems.append(Problem("place", "not_a_duty_place", {"last": LAST_PLACE}))
    return problems


def patience_problems(patience_s: int) -> list[Problem]:
    """Return what is wrong with a time to answer, in seconds."""
    if SHORTEST_PATIENCE.total_seconds() <= patience_s <= LONGEST_PATIENCE.total_seconds():
        return []
    bounds: dict[str, object] = {
        "shortest": int(SHORTEST_PATIENCE.total_seconds()),
        "longest": int(LONGEST_PATIENCE.total_seconds()),
    }
    return [Problem("patience_s", "not_a_patience", bounds)]

"""Who is on duty: turns that commanders enter and cancel, and the time to answer an alarm."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from tipline.accounts.rules import Right, roles_with
from tipline.accounts.tables import Officer
from tipline.errors import Invalid, Problem
from tipline.intake.alarms.errors import TurnUnknown
from tipline.intake.alarms.rules import patience_problems, turn_problems
from tipline.intake.alarms.tables import AlarmPatience, DutyTurn

LISTED_BACK: Final = timedelta(days=1)
_TURNS: Final = """
SELECT d.id, d.begins_at, d.ends_at, d.place, o.full_name, o.badge_number, u.name AS unit_name,
       d.begins_at <= {} AND d.ends_at > {} AS is_now
FROM duty_turn d JOIN officer o ON o.id = d.officer JOIN unit u ON u.id = o.unit
WHERE d.cancelled_at IS NULL AND d.ends_at > {} ORDER BY d.begins_at, d.place, d.id LIMIT 200"""
_MAY_SERVE: Final = """
SELECT o.id, o.full_name, o.badge_number, u.name AS unit_name FROM officer o JOIN unit u ON u.id = o.unit
WHERE o.is_active AND o.role = ANY({}) ORDER BY u.name, o.badge_number"""


async def enter_turn(
    officer: UUID, *, begins_at: datetime, ends_at: datetime, place: int, by: UUID, now: datetime
) -> UUID:
    """Put an officer on duty and return the turn's id.

    Raises:
        Invalid: the times or the place do not hold, or the officer is not one who decides on tips.
    """
    problems = turn_problems(begins_at, ends_at, place, now=now)
    if not any(one["id"] == officer for one in await officers_who_may_serve()):
        problems.append(Problem("officer", "not_a_choice"))
    if problems:
        raise Invalid(*problems)
    turn = DutyTurn(
        id=uuid4(),
        officer=officer,
        begins_at=begins_at,
        ends_at=ends_at,
        place=place,
        entered_by=by,
        entered_at=now,
        cancelled_by=None,
        cancelled_at=None,
    )
    await turn.save()
    return UUID(str(turn.id))


async def cancel_turn(turn_id: UUID, *, by: UUID, now: datetime) -> None:
    """Take a turn off the roster; it stays recorded as cancelled.

    Raises:
        TurnUnknown: there is none that stands.
    """
    cancelled = await DutyTurn.raw(
        "UPDATE duty_turn SET cancelled_by = {}, cancelled_at = {} WHERE id = {} AND cancelled_at IS NULL RETURNING id",
        by,
        now,
        turn_id,
    )
    if not cancelled:
        raise TurnUnknown(turn_id)


async def set_patience(patience_s: int, *, by: UUID, now: datetime) -> None:
    """Set how many seconds an alarm waits for each call from now on.

    Raises:
        Invalid: too short or too long.
    """
    problems = patience_problems(patience_s)
    if problems:
        raise Invalid(*problems)
    await AlarmPatience(id=uuid4(), patience_s=patience_s, set_by=by, set_at=now).save()


async def turns(*, now: datetime) -> list[dict[str, Any]]:
    """Return the turns that stand, from those that ended within a day on, with names and whether they run now."""
    rows: list[dict[str, Any]] = await DutyTurn.raw(_TURNS, now, now, now - LISTED_BACK)
    return rows


async def officers_who_may_serve() -> list[dict[str, Any]]:
    """Return the officers in office who decide on tips, by unit."""
    rows: list[dict[str, Any]] = await Officer.raw(_MAY_SERVE, [role.value for role in roles_with(Right.DECIDE_TIPS)])
    return rows

"""When a tip must have been looked at and answered, and which are late. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from tipline.clock import SHANGHAI
from tipline.intake.tables import TipState
from tipline.law.clocks import ClockBook, Deadline
from tipline.law.errors import HolidaysUnknown, RuleNotInForce, RuleUnknown

# Far more days than a term of a few working days can reach over the longest holidays.
FURTHEST_BACK_DAYS: Final = 60
ONE_DAY: Final = timedelta(days=1)


class ResponseTerm(StrEnum):
    """What a sender is promised; the values are the codes of the rules."""

    FIRST_LOOK = "tip_first_look"
    ANSWER = "tip_answer"


@dataclass(frozen=True, slots=True)
class Due:
    """When a term ends. `is_provisional`: it reaches a year whose holidays are not known."""

    term: ResponseTerm
    at: datetime
    is_provisional: bool
    is_late: bool
    is_due_today: bool


def due_of(tip: Mapping[str, Any], book: ClockBook, *, now: datetime) -> tuple[Due, ...]:
    """Return the terms of a tip that still run, the late ones with their mark.

    Args:
        tip: a row with `state`, `received_at` and `first_seen_at`. A decision answers; who decides has looked.
        book: the service clocks and the calendar.
        now: timezone-aware.
    """
    if tip["state"] != TipState.RECEIVED:
        return ()
    terms = [ResponseTerm.ANSWER] if tip["first_seen_at"] else list(ResponseTerm)
    found = [(term, ends(book, term, tip["received_at"])) for term in terms]
    return tuple(
        Due(
            term,
            end[0].due,
            is_provisional=end[1],
            is_late=now > end[0].due,
            is_due_today=end[0].due_date == now.astimezone(SHANGHAI).date(),
        )
        for term, end in found
        if end is not None
    )


def ends(book: ClockBook, term: ResponseTerm, received_at: datetime) -> tuple[Deadline, bool] | None:
    """Return when a term ends, and whether provisionally; None when no rule was in force at receipt."""
    try:
        return book.deadline(term.value, received_at), False
    except HolidaysUnknown:
        return ClockBook(book.rules, book.calendar.guessing()).deadline(term.value, received_at), True
    except (RuleUnknown, RuleNotInForce):
        return None


def late_if_received_by(book: ClockBook, term: ResponseTerm, *, now: datetime) -> tuple[datetime, datetime] | None:
    """Return the stretch of receipts whose term has ended: its first and last moment; None when there is none.

    A later receipt never ends earlier, so that a count needs no look at each tip. It ends with the last day that is
    late and begins with the rule's first day in force.
    """
    first = min((rule.valid_from for rule in book.rules if rule.code == term), default=None)
    if first is None:
        return None
    day = now.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
    for _ in range(FURTHEST_BACK_DAYS):
        day -= ONE_DAY
        if day.date() < first:
            return None
        end = ends(book, term, day)
        if end is not None and now > end[0].due:
            begin = day.replace(year=first.year, month=first.month, day=first.day)
            return begin, day + ONE_DAY - timedelta(microseconds=1)
    return None

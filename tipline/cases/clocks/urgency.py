"""How near the end of something is: overdue, today, in the next seven days, later. Pure."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from enum import StrEnum

from tipline.cases.clocks.rules import day_of
from tipline.clock import SHANGHAI


class Urgency(StrEnum):
    """How near the end of something is."""

    OVERDUE = "overdue"
    TODAY = "today"
    WEEK = "week"
    LATER = "later"


def horizon(urgency: Urgency, now: datetime) -> tuple[datetime | None, datetime | None]:
    """Return from when until when the ends of this urgency lie; None where it is open.

    Today ends at midnight in Shanghai; the week is the seven days after today.
    """
    tomorrow = datetime.combine(day_of(now) + timedelta(days=1), time(), tzinfo=SHANGHAI)
    after_the_week = tomorrow + timedelta(days=7)
    bounds: dict[Urgency, tuple[datetime | None, datetime | None]] = {
        Urgency.OVERDUE: (None, now),
        Urgency.TODAY: (now, tomorrow),
        Urgency.WEEK: (tomorrow, after_the_week),
        Urgency.LATER: (after_the_week, None),
    }
    return bounds[urgency]


def urgency(due_at: datetime, now: datetime) -> Urgency:
    """Return how near an end is."""
    for one in (Urgency.OVERDUE, Urgency.TODAY, Urgency.WEEK):
        until = horizon(one, now)[1]
        if until is not None and due_at < until:
            return one
    return Urgency.LATER

"""M4 现发案件侦破率: how soon cases are cleared, by Kaplan and Meier. Pure.

Source: Kaplan, Meier (1958), Nonparametric Estimation from Incomplete Observations.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal, localcontext
from types import MappingProxyType
from typing import Final

from tipline.dashboard.histories import EventType, History, Period

HORIZONS: Final[Mapping[str, timedelta]] = MappingProxyType(
    {
        "24h": timedelta(hours=24),
        "72h": timedelta(hours=72),
        "7d": timedelta(days=7),
        "30d": timedelta(days=30),
        "90d": timedelta(days=90),
        "365d": timedelta(days=365),
    }
)
# Enough that a hundred thousand factors leave the last digit of a double untouched.
DIGITS: Final = 50


@dataclass(frozen=True, slots=True)
class FollowUp:
    """How long a case was followed from its record: until it was cleared, or out of sight (censored)."""

    history: History
    lasted: timedelta
    is_cleared: bool


def cohort(histories: Sequence[History], period: Period, *, as_of: datetime) -> tuple[FollowUp, ...]:
    """Return the cases recorded in the period, unfounded ones left out.

    An exceptional clearance and a transfer end the follow-up when they happened, without a clearance; a case that is
    open is followed until `as_of`.
    """
    return tuple(
        _followed(one, as_of)
        for one in histories
        if one.was_recorded and period.holds(one.entry.at) and one.last.type != EventType.UNFOUNDED
    )


def share_cleared(followed: Sequence[FollowUp]) -> dict[str, float | None]:
    """Return the estimated share cleared within each of `HORIZONS`, 0 to 1.

    None for a horizon beyond the longest follow-up: nobody has been watched so long. A clearance and a censoring at
    the same time count in this order.
    """
    steps = _steps(followed)
    longest = max((one.lasted for one in followed), default=None)
    return {
        name: None if longest is None or horizon > longest else _estimate(steps, horizon)
        for name, horizon in HORIZONS.items()
    }


def cleared_within(followed: Sequence[FollowUp], horizon: timedelta) -> tuple[FollowUp, ...]:
    """Return the cases known to be cleared within `horizon` of their record."""
    return tuple(one for one in followed if one.is_cleared and one.lasted <= horizon)


def _followed(history: History, as_of: datetime) -> FollowUp:
    closed_at = history.last.at if not _is_open(history) else as_of
    return FollowUp(history, closed_at - history.entry.at, history.cleared_at is not None)


def _is_open(history: History) -> bool:
    return history.last.type in {EventType.RECORDED, EventType.REOPENED}


def _steps(followed: Sequence[FollowUp]) -> list[tuple[timedelta, Decimal]]:
    """Return (time, share still open after it) for every time at which a case was cleared."""
    ends = Counter(one.lasted for one in followed)
    cleared = Counter(one.lasted for one in followed if one.is_cleared)
    at_risk, still_open, steps = len(followed), Decimal(1), []
    with localcontext(prec=DIGITS):
        for lasted in sorted(ends):
            if cleared[lasted]:
                still_open = still_open * (at_risk - cleared[lasted]) / at_risk
                steps.append((lasted, still_open))
            at_risk -= ends[lasted]
    return steps


def _estimate(steps: Sequence[tuple[timedelta, Decimal]], horizon: timedelta) -> float:
    still_open = Decimal(1)
    for lasted, share in steps:
        if lasted > horizon:
            break
        still_open = share
    with localcontext(prec=DIGITS):
        return float(1 - still_open)

"""The sheet of clearance metrics that the page shows: numbers beside those of a year before, each with its list. Pure.

A number is the length of what `listed` returns for its name: figure, page list and CSV are one definition.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from types import MappingProxyType
from typing import Final, TypeAlias

from tipline.cases.tables import Severity
from tipline.dashboard.flow import LINES, Move, moves
from tipline.dashboard.histories import History, Period
from tipline.dashboard.metrics import of_severity
from tipline.dashboard.rates import RATES, Rate
from tipline.dashboard.rules import Share
from tipline.dashboard.survival import HORIZONS, cleared_within, cohort, share_cleared

INTERVAL_BELOW: Final = 30
# Its two numbers are not of one group of cases, so no interval of a share belongs to it.
NO_SHARE: Final = "M2"
Lister: TypeAlias = Callable[[Sequence[History], Period, datetime], tuple[Move, ...]]


def _of_rate(rate: Rate, part: str, histories: Sequence[History], period: Period, _as_of: datetime) -> tuple[Move, ...]:
    members = rate(histories, period)
    return tuple(Move(one, one.last) for one in (members.k if part == "k" else members.n))


def _of_cohort(
    horizon: timedelta | None, histories: Sequence[History], period: Period, as_of: datetime
) -> tuple[Move, ...]:
    followed = cohort(histories, period, as_of=as_of)
    some = followed if horizon is None else cleared_within(followed, horizon)
    return tuple(Move(one.history, one.history.last) for one in some)


def _of_flow(line: str, histories: Sequence[History], period: Period, _as_of: datetime) -> tuple[Move, ...]:
    return moves(histories, period, line)


LISTS: Final[Mapping[str, Lister]] = MappingProxyType(
    {
        **{f"{name}-{part}": partial(_of_rate, rate, part) for name, rate in RATES.items() for part in ("k", "n")},
        "M4-n": partial(_of_cohort, None),
        **{f"M4-{name}": partial(_of_cohort, horizon) for name, horizon in HORIZONS.items()},
        **{f"M11-{line}": partial(_of_flow, line) for line in LINES},
    }
)


@dataclass(frozen=True, slots=True)
class Compared:
    """A share of the period and the same of a year before; `has_interval` where Wilson's interval belongs to it."""

    now: Share
    before: Share
    is_share: bool = True

    @property
    def change(self) -> float | None:
        """The change of the rate in percentage points; None where one of the two has nothing to divide by."""
        return change(self.now.percent, self.before.percent)

    @property
    def interval(self) -> tuple[float, float] | None:
        """Wilson's interval of the rate in percent, of fewer than thirty cases."""
        return self.now.interval if self.is_share and self.now.n < INTERVAL_BELOW else None


@dataclass(frozen=True, slots=True)
class CohortRow:
    """M4 of one severity, for `n` followed cases.

    By horizon: the share cleared in percent, None where no case was followed so long; how many are known to be cleared.
    """

    n: int
    percent: Mapping[str, float | None]
    cleared: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Sheet:
    """Every metric of a period. Rows are keyed by a severity's value, `all` being all of them."""

    rates: Mapping[str, Mapping[str, Compared]]
    cohorts: Mapping[str, CohortRow]
    cohort_before: CohortRow
    flows: Mapping[str, Mapping[str, int]]

    @property
    def cohort_change(self) -> dict[str, float | None]:
        """The change of M4 against a year before, in percentage points."""
        now, before = self.cohorts[ALL].percent, self.cohort_before.percent
        return {name: change(now[name], before[name]) for name in HORIZONS}


ALL: Final = "all"
ROWS: Final[tuple[str, ...]] = (*(severity.value for severity in Severity), ALL)


def change(now: float | None, before: float | None) -> float | None:
    """Return a difference in percentage points; None where there is none to take."""
    return None if now is None or before is None else now - before


def severity_of(row: str) -> Severity | None:
    """Return the severity that a row stands for; None for all of them, and for what is no row."""
    return Severity(row) if row in set(Severity) else None


def year_before(period: Period) -> Period:
    """Return the same days a year earlier; a 29 February becomes the 28th.

    Raises:
        ValueError: there is no year before.
    """
    return Period.of_days(_year_before(period.first), _year_before(period.last))


def listed(name: str, histories: Sequence[History], period: Period, *, as_of: datetime) -> tuple[Move, ...]:
    """Return what the number called `name` counts.

    Raises:
        KeyError: there is no such number.
    """
    return LISTS[name](histories, period, as_of)


def sheet(histories: Sequence[History], period: Period, *, as_of: datetime) -> Sheet:
    """Return every metric of a period beside that of a year before, both as known at `as_of`."""
    before = year_before(period)
    parts = {row: of_severity(histories, severity_of(row)) for row in ROWS}
    return Sheet(
        rates={
            name: {
                row: Compared(rate(part, period).share, rate(part, before).share, is_share=name != NO_SHARE)
                for row, part in parts.items()
            }
            for name, rate in RATES.items()
        },
        cohorts={row: _cohort_row(part, period, as_of) for row, part in parts.items()},
        cohort_before=_cohort_row(histories, before, as_of),
        flows={line: {row: len(moves(part, period, line)) for row, part in parts.items()} for line in LINES},
    )


def _cohort_row(histories: Sequence[History], period: Period, as_of: datetime) -> CohortRow:
    followed = cohort(histories, period, as_of=as_of)
    shares = share_cleared(followed)
    return CohortRow(
        n=len(followed),
        percent={name: None if share is None else 100 * share for name, share in shares.items()},
        cleared={name: len(cleared_within(followed, horizon)) for name, horizon in HORIZONS.items()},
    )


def _year_before(day: date) -> date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)

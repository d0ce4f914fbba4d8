"""Pure rules of figures: rates with their counts, years in a row, cells that a spreadsheet takes as text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Final

# Fewer cases than this swing by whole points: their counts come first, the rate is small print.
ENOUGH_FOR_A_RATE: Final = 20
STRIP_YEARS: Final = 7
Z_95: Final = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Share:
    """`k` of `n`."""

    k: int
    n: int

    @property
    def percent(self) -> float | None:
        """The rate; None when there is nothing to divide by."""
        return None if self.n == 0 else 100 * self.k / self.n

    @property
    def is_small(self) -> bool:
        """True when the counts must come before the rate."""
        return self.n < ENOUGH_FOR_A_RATE

    @property
    def interval(self) -> tuple[float, float] | None:
        """The 95 % Wilson interval in percent (Wilson 1927); None when n is 0."""
        if self.n == 0:
            return None
        share, square = self.k / self.n, Z_95**2
        middle = (share + square / (2 * self.n)) / (1 + square / self.n)
        half = Z_95 / (1 + square / self.n) * sqrt(share * (1 - share) / self.n + square / (4 * self.n**2))
        return 100 * max(0.0, middle - half), 100 * min(1.0, middle + half)


@dataclass(frozen=True, slots=True)
class StripYear:
    """One year of fatal hit-and-runs: `share.n` recorded in it, `share.k` of them cleared by now."""

    year: int
    share: Share
    is_demo: bool

    @property
    def is_all_cleared(self) -> bool:
        """True when there were cases and every one is cleared; a year without cases has solved nothing."""
        return self.share.n > 0 and self.share.k == self.share.n


def years_in_a_row(years: Sequence[StripYear]) -> int:
    """Return how many years in a row, up to the last one given, had every fatal case cleared.

    A year without cases neither counts nor breaks the row.

    Args:
        years: in the order of time.
    """
    count = 0
    for one in reversed(years):
        if one.is_all_cleared:
            count += 1
        elif one.share.n:
            break
    return count

"""M1, M2, M3 and M7: shares of cases, each as the two lists that it divides. Pure.

A number is the length of its list, so the figure and the list behind it cannot differ.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, TypeAlias

from tipline.dashboard.histories import CLEARANCES, History, Period
from tipline.dashboard.rules import Share


@dataclass(frozen=True, slots=True)
class Members:
    """The cases that a share counts: `k` of `n`."""

    k: tuple[History, ...]
    n: tuple[History, ...]

    @property
    def share(self) -> Share:
        """The two counts."""
        return Share(len(self.k), len(self.n))


Rate: TypeAlias = Callable[[Sequence[History], Period], Members]


def cleared_of_recorded(histories: Sequence[History], period: Period) -> Members:
    """M1 当期侦破率: of the cases recorded in the period, those cleared in it."""
    recorded = _recorded(histories, period)
    return Members(tuple(one for one in recorded if period.holds(one.cleared_at)), recorded)


def cleared_to_recorded(histories: Sequence[History], period: Period) -> Members:
    """M2 期内破案率: cases cleared in the period, whenever recorded, to those recorded in it; may exceed 100 %."""
    cleared = (one for one in histories if one.was_recorded and period.holds(one.cleared_at))
    return Members(tuple(cleared), _recorded(histories, period))


def cleared_of_backlog(histories: Sequence[History], period: Period) -> Members:
    """M3 积案破案率: of the cases open when the period began, those cleared in it."""
    backlog = tuple(one for one in histories if not one.has_left and one.is_open_before(period.begins))
    return Members(tuple(one for one in backlog if period.holds(one.cleared_at)), backlog)


def exceptional_of_cleared(histories: Sequence[History], period: Period) -> Members:
    """M7: of the clearances of both kinds that stand and are dated in the period, the exceptional ones."""
    cleared = tuple(one for one in histories if one.last.type in CLEARANCES and period.holds(one.last.at))
    return Members(tuple(one for one in cleared if one.cleared_at is None), cleared)


RATES: Final[Mapping[str, Rate]] = MappingProxyType(
    {
        "M1": cleared_of_recorded,
        "M2": cleared_to_recorded,
        "M3": cleared_of_backlog,
        "M7": exceptional_of_cleared,
    }
)


def _recorded(histories: Sequence[History], period: Period) -> tuple[History, ...]:
    return tuple(one for one in histories if one.was_recorded and not one.has_left and period.holds(one.entry.at))

"""M11: the stock of open cases and what moved it. Counts events as they happened, reopened or not. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final

from tipline.dashboard.histories import EventType, History, Period, Turn

OPEN_START: Final = "open_start"
OPEN_END: Final = "open_end"
INFLOWS: Final[Mapping[str, EventType]] = MappingProxyType(
    {
        "recorded": EventType.RECORDED,
        "transferred_in": EventType.TRANSFERRED_IN,
        "reopened": EventType.REOPENED,
    }
)
OUTFLOWS: Final[Mapping[str, EventType]] = MappingProxyType(
    {
        "cleared": EventType.CLEARED,
        "exceptional": EventType.CLEARED_EXCEPTIONALLY,
        "unfounded": EventType.UNFOUNDED,
        "transferred_out": EventType.TRANSFERRED_OUT,
    }
)
LINES: Final = (OPEN_START, *INFLOWS, *OUTFLOWS, OPEN_END)


@dataclass(frozen=True, slots=True)
class Move:
    """A case in one line of the flow, with the turn that puts it there; in a stock, the turn that opened it."""

    history: History
    turn: Turn


def moves(histories: Sequence[History], period: Period, line: str) -> tuple[Move, ...]:
    """Return what one of `LINES` counts; a case cleared twice in the period stands twice under `cleared`.

    Raises:
        KeyError: there is no such line.
    """
    if line == OPEN_START:
        return _stock(histories, period.begins)
    if line == OPEN_END:
        return _stock(histories, period.ends)
    kind = INFLOWS[line] if line in INFLOWS else OUTFLOWS[line]
    return tuple(
        Move(one, turn) for one in histories for turn in one.turns if turn.type == kind and period.holds(turn.at)
    )


def flow(histories: Sequence[History], period: Period) -> dict[str, int]:
    """Return every line's count. Start + inflows - outflows = end, always: both stocks are counted, not inferred."""
    return {line: len(moves(histories, period, line)) for line in LINES}


def _stock(histories: Sequence[History], moment: datetime) -> tuple[Move, ...]:
    return tuple(
        Move(one, [turn for turn in one.turns if turn.at < moment][-1])
        for one in histories
        if one.is_open_before(moment)
    )

"""The clock door: services take `now`; only composition roots ask for the real time."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeAlias
from zoneinfo import ZoneInfo

Clock: TypeAlias = Callable[[], datetime]

SHANGHAI = ZoneInfo("Asia/Shanghai")


def utc_now() -> datetime:
    """Return the present moment, timezone-aware, in UTC."""
    return datetime.now(UTC)


def start_of_year(year: int) -> datetime:
    """Return the first moment of a calendar year in Asia/Shanghai, the boundary every yearly figure uses."""
    return datetime(year, 1, 1, tzinfo=SHANGHAI)

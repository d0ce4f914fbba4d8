"""What pages and alarms read of the holiday table."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final

from tipline.clock import SHANGHAI
from tipline.law.calendar import Calendar, MarkedDay
from tipline.law.clockbook import recorded_calendar
from tipline.law.holidays.rules import year_needed
from tipline.law.tables import DayKind, Holiday

_YEARS: Final = """
SELECT extract(year FROM h.day)::integer AS year, count(*) FILTER (WHERE h.kind = 'holiday') AS off,
       count(*) FILTER (WHERE h.kind = 'workday') AS worked, string_agg(DISTINCT h.source, '；') AS sources
FROM holiday h GROUP BY 1 ORDER BY 1 DESC"""
_CHANGES: Final = """
SELECT c.day, c.kind_before, c.kind_after, c.name, c.source, c.changed_at, o.full_name AS by_name
FROM holiday_change c JOIN officer o ON o.id = c.changed_by
WHERE extract(year FROM c.day) = {} ORDER BY c.changed_at DESC, c.day LIMIT 200"""


async def missing_year(*, now: datetime) -> int | None:
    """Return the year whose table must be entered now; None where nothing is missing."""
    calendar = await recorded_calendar()
    return year_needed(calendar.years, now.astimezone(SHANGHAI).date())


async def years_shown() -> list[dict[str, Any]]:
    """Return the years of the table, newest first, with their counts, sources, and whether they stand whole."""
    rows: list[dict[str, Any]] = await Holiday.raw(_YEARS)
    whole = (await recorded_calendar()).years
    return [row | {"is_whole": row["year"] in whole} for row in rows]


async def days_of(year: int) -> list[Holiday]:
    """Return the days of a year in their order."""
    return (
        await Holiday.objects()
        .where((Holiday.day >= date(year, 1, 1)) & (Holiday.day <= date(year, 12, 31)))
        .order_by(Holiday.day)
    )


async def changes_of(year: int) -> list[dict[str, Any]]:
    """Return who changed which day of the year, the latest first."""
    rows: list[dict[str, Any]] = await Holiday.raw(_CHANGES, year)
    return rows


def marked(rows: list[Holiday]) -> list[MarkedDay]:
    """Return rows as the calendar takes them."""
    return [MarkedDay(row.day, DayKind(row.kind), row.name) for row in rows]


async def is_known(year: int) -> bool:
    """Return True when the year stands in the table whole."""
    calendar: Calendar = await recorded_calendar()
    return year in calendar.years

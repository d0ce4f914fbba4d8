"""Where clocks and holidays come from: the rows shipped with the platform, or the rows of the database."""

from __future__ import annotations

import json
from datetime import date
from importlib.resources import files
from itertools import groupby
from typing import Any, Final, cast
from uuid import uuid4

from tipline.database import engine
from tipline.law.calendar import Calendar, MarkedDay
from tipline.law.clocks import ClockBook, ClockRule
from tipline.law.service import cited, seed_rules
from tipline.law.tables import ClockUnit, DayKind, Holiday, LegalRule, RuleKind

# A year that has rows is the office's own: a day taken out of it does not come back.
FILL_YEAR: Final = """
INSERT INTO holiday (id, day, kind, name, source)
SELECT new.id, new.day, new.kind, new.name, new.source
FROM unnest({}::uuid[], {}::date[], {}::text[], {}::text[], {}::text[]) AS new (id, day, kind, name, source)
WHERE NOT EXISTS (SELECT 1 FROM holiday WHERE extract(year FROM holiday.day) = {})
ON CONFLICT (day) DO NOTHING RETURNING id"""


def shipped_clocks() -> ClockBook:
    """Return the clocks and the calendar shipped with the platform; starts no service."""
    rules = [as_clock(LegalRule(**row)) for row in seed_rules() if row["kind"] == RuleKind.STATUTORY_CLOCK]
    return ClockBook(tuple(rules), Calendar(_marked(one) for one in seed_holidays()))


async def recorded_clocks() -> ClockBook:
    """Return the clocks and the calendar of the database, in the order of their names and first days."""
    rows = await LegalRule.objects().where(LegalRule.kind == RuleKind.STATUTORY_CLOCK).order_by(LegalRule.valid_from)
    places = {name: place for place, name in enumerate(shipped_clocks().names)}
    rules = sorted(map(as_clock, rows), key=lambda one: (places.get(one.code, len(places)), one.code, one.valid_from))
    return ClockBook(tuple(rules), await recorded_calendar())


async def recorded_calendar() -> Calendar:
    """Return the calendar of the database."""
    return Calendar(_marked(one) for one in await Holiday.objects())


async def load_seed_holidays() -> int:
    """Add the shipped holidays of every year the database has no day of; return how many days were new.

    Needs the owner's role; safe to run at every start.
    """
    added = 0
    async with engine().transaction():
        for year, days in groupby(sorted(seed_holidays(), key=lambda one: one.day), key=lambda one: one.day.year):
            rows = list(days)
            added += len(
                await Holiday.raw(
                    FILL_YEAR,
                    [uuid4() for _ in rows],
                    [one.day for one in rows],
                    [one.kind for one in rows],
                    [one.name for one in rows],
                    [one.source for one in rows],
                    year,
                )
            )
    return added


def seed_holidays() -> list[Holiday]:
    """Return the days of `holidays.json`, grouped there by notice; starts no service.

    The days are facts of the State Council's yearly notices (放假 and 调休上班); those of 2026 were read in the
    notice of 4 November 2025, the earlier ones taken from the public table of chinesecalendar 1.11.
    """
    notices: list[dict[str, Any]] = json.loads(files("tipline.law").joinpath("holidays.json").read_text("utf-8"))
    return [
        Holiday(id=uuid4(), day=date.fromisoformat(day), kind=kind, name=name, source=notice["notice"])
        for notice in notices
        for key, kind in (("off", DayKind.HOLIDAY), ("worked", DayKind.WORKDAY))
        for name, days in notice[key].items()
        for day in days
    ]


def as_clock(row: LegalRule) -> ClockRule:
    """Return a row of kind `statutory_clock` as the count takes it."""
    return ClockRule(
        code=row.code,
        citation=cited(row),
        unit=ClockUnit(row.unit),
        longest=row.maximum,
        shortest=cast("int | None", row.minimum),  # Piccolo types a nullable column as if it were never null
        moves_off_holidays=row.moves_off_holidays,
        valid_from=row.valid_from,
        valid_to=cast("date | None", row.valid_to),  # same
        title_zh=row.title_zh,
        title_en=row.title_en,
        doubt=row.doubt,
    )


def _marked(row: Holiday) -> MarkedDay:
    return MarkedDay(row.day, DayKind(row.kind), row.name)

"""A second calculator of statutory terms, written apart from the first: it walks day by day over sets of days.

It shares only the shipped data, which it reads for itself, and answers `None` for what the first one must refuse.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import tipline.law

FOLDER: Final = Path(tipline.law.__file__).parent
BEIJING: Final = timedelta(hours=8)
DAY: Final = timedelta(days=1)


def read(name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads((FOLDER / name).read_text(encoding="utf-8"))
    return rows


CLOCKS: Final = read("clocks.json")
OFF: Final = {day for notice in read("holidays.json") for days in notice["off"].values() for day in days}
WORKED: Final = {day for notice in read("holidays.json") for days in notice["worked"].values() for day in days}
KNOWN_YEARS: Final = {int(day[:4]) for day in OFF | WORKED}


class Unknown(Exception):
    """A day of a year without a table."""


def is_free(day: date) -> bool:
    if day.year not in KNOWN_YEARS:
        raise Unknown
    text = day.isoformat()
    return text in OFF or (day.isoweekday() in {6, 7} and text not in WORKED)


def second_due(code: str, start: datetime, days: int | None) -> str | None:
    """The due moment as Beijing's wall clock, without offset; None where the law or the table does not reach."""
    wall = (start.astimezone(UTC) + BEIJING).replace(tzinfo=None)
    rows = [
        row
        for row in CLOCKS
        if row["code"] == code
        and row["valid_from"] <= wall.date().isoformat()
        and wall.date().isoformat() <= (row["valid_to"] or "9999")
    ]
    if not rows:
        return None
    (row,) = rows
    if row["unit"] == "hour":
        return (wall + int(row["maximum"]) * timedelta(hours=1)).isoformat()
    try:
        last = last_day(row, wall.date(), row["maximum"] if days is None else days)
    except Unknown:
        return None
    return f"{last.isoformat()}T23:59:59"


def last_day(row: dict[str, Any], first: date, length: int) -> date:
    if row["unit"] == "working_day":
        worked: list[date] = []
        walker = first
        while len(worked) < length:
            walker += DAY
            worked += [] if is_free(walker) else [walker]
        return worked[-1]
    if row["unit"] == "month":
        # Walk to the month that is `length` boundaries away, then on while its days do not pass the first one's number.
        walker, boundaries = first, 0
        while boundaries < length:
            walker += DAY
            boundaries += walker.day == 1
        while walker.day < first.day and (walker + DAY).day != 1:
            walker += DAY
        return walker
    walker = [first + count * DAY for count in range(length + 1)][-1]
    while row["moves_off_holidays"] and is_free(walker):
        walker += DAY
    return walker

"""Reads a year's notice as it was typed or sent (CSV or JSON), and says what is wrong with it. Pure."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from tipline.errors import Problem
from tipline.law.calendar import ALWAYS_OFF, FIRST_DAY_OFF, MarkedDay
from tipline.law.tables import DayKind

NAME_LIMIT: Final = 40
SOURCE_LIMIT: Final = 120
# A notice frees two to four weeks and takes back one; more is a list of something else.
MOST_DAYS: Final = 80
# The State Council publishes the notice of the next year about the beginning of November.
ASKED_FROM_MONTH: Final = 11
KINDS: Final = {
    "holiday": DayKind.HOLIDAY,
    "off": DayKind.HOLIDAY,
    "放假": DayKind.HOLIDAY,
    "休": DayKind.HOLIDAY,
    "workday": DayKind.WORKDAY,
    "worked": DayKind.WORKDAY,
    "调休上班": DayKind.WORKDAY,
    "上班": DayKind.WORKDAY,
    "班": DayKind.WORKDAY,
}


@dataclass(frozen=True, slots=True)
class Difference:
    """One day that a notice changes: `before` or `after` is None where it stands on one side only."""

    day: date
    before: MarkedDay | None
    after: MarkedDay | None


@dataclass(frozen=True, slots=True)
class Notice:
    """A year's notice as read: its days, and what is wrong with it. `doubts` do not keep it from being entered."""

    days: tuple[MarkedDay, ...]
    problems: tuple[Problem, ...]
    doubts: tuple[Problem, ...]


def read_notice(text: str, year: int, *, year_before: Iterable[MarkedDay] = ()) -> Notice:
    """Read the days of one year's notice.

    Args:
        text: JSON, a list of objects with `day`, `kind` and `name`; or CSV of the same three columns, the heading left
            out or not. A kind is `holiday` or `workday`, or 放假 or 调休上班.
        year: of the notice; its days may reach from December before to January after.
        year_before: the days that stand for the year before, to compare how many days off there are in all.
    """
    problems: list[Problem] = []
    days: list[MarkedDay] = []
    for number, parts in enumerate(_rows(text, problems), start=1):
        read = _day(parts, number, problems)
        if read is not None:
            days.append(read)
    if not days and not problems:
        problems.append(Problem("days", "required"))
    problems += _whole_problems(days, year)
    return Notice(
        tuple(sorted(days, key=lambda one: one.day)), tuple(problems), tuple(_doubts(days, list(year_before)))
    )


def differences(standing: Iterable[MarkedDay], wanted: Iterable[MarkedDay]) -> list[Difference]:
    """Return what changes between the days that stand and those of a notice, in the order of the days."""
    before = {one.day: one for one in standing}
    after = {one.day: one for one in wanted}
    return [
        Difference(day, before.get(day), after.get(day))
        for day in sorted({*before, *after})
        if before.get(day) != after.get(day)
    ]


def digest(changes: Sequence[Difference]) -> str:
    """Return what stands for exactly these changes, so that nothing is entered that was not shown."""
    told = "\n".join(f"{one.day} {one.before} {one.after}" for one in changes)
    return hashlib.sha256(told.encode()).hexdigest()


def year_needed(known: Iterable[int], today: date) -> int | None:
    """Return the first year whose table is missing: this one, or from November on the next; None where none is."""
    years = set(known)
    if today.year not in years:
        return today.year
    return today.year + 1 if today.month >= ASKED_FROM_MONTH and today.year + 1 not in years else None


def _rows(text: str, problems: list[Problem]) -> Iterator[Sequence[str]]:
    stripped = text.strip().removeprefix("\ufeff")
    if not stripped.startswith("["):
        for row in csv.reader(io.StringIO(stripped)):
            cells = [cell.strip() for cell in row]
            if any(cells) and cells[0].lower() not in ("day", "date", "日期"):
                yield cells
        return
    try:
        entries: Any = json.loads(stripped)
    except ValueError:
        problems.append(Problem("days", "not_json"))
        return
    for entry in entries:
        is_object = isinstance(entry, dict)
        yield [str(entry.get(name, "")).strip() for name in ("day", "kind", "name")] if is_object else []


def _day(parts: Sequence[str], number: int, problems: list[Problem]) -> MarkedDay | None:
    if number > MOST_DAYS:
        if number == MOST_DAYS + 1:
            problems.append(Problem("days", "too_many_days", {"limit": MOST_DAYS}))
        return None
    if len(parts) < 3:  # noqa: PLR2004  day, kind, name
        problems.append(Problem("days", "day_needs_three", {"row": number}))
        return None
    try:
        day = date.fromisoformat(parts[0])
    except ValueError:
        problems.append(Problem("days", "not_a_day", {"row": number}))
        return None
    kind = KINDS.get(parts[1].lower())
    if kind is None:
        problems.append(Problem("days", "not_a_kind_of_day", {"row": number}))
        return None
    if not parts[2] or len(parts[2]) > NAME_LIMIT:
        problems.append(Problem("days", "day_needs_name", {"row": number, "limit": NAME_LIMIT}))
        return None
    return MarkedDay(day, kind, parts[2])


def _whole_problems(days: Sequence[MarkedDay], year: int) -> Iterator[Problem]:
    seen: set[date] = set()
    for one in days:
        if one.day in seen:
            yield Problem("days", "day_stands_twice", {"day": one.day.isoformat()})
        seen.add(one.day)
        if not date(year - 1, 12, 1) <= one.day <= date(year + 1, 1, 31):
            yield Problem("days", "day_of_another_year", {"day": one.day.isoformat(), "year": year})
        if one.kind == DayKind.WORKDAY and one.day.weekday() < FIRST_DAY_OFF:
            yield Problem("days", "worked_day_is_a_weekday", {"day": one.day.isoformat()})
    off = {one.day for one in days if one.kind == DayKind.HOLIDAY}
    for month, day in ALWAYS_OFF:
        if days and date(year, month, day) not in off:
            yield Problem("days", "fixed_day_missing", {"day": date(year, month, day).isoformat()})


def _doubts(days: Sequence[MarkedDay], year_before: Sequence[MarkedDay]) -> Iterator[Problem]:
    """Yield what should be looked at once more: as many weekdays are given in all as the year before."""
    found, before = _given(days), _given(year_before)
    if days and year_before and found != before:
        yield Problem("days", "balance_of_days", {"found": found, "before": before})


def _given(days: Sequence[MarkedDay]) -> int:
    """Count the weekdays that are freed, less the days of weekends that are taken back."""
    freed = sum(one.kind == DayKind.HOLIDAY and one.day.weekday() < FIRST_DAY_OFF for one in days)
    return freed - sum(one.kind == DayKind.WORKDAY for one in days)

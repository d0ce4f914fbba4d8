"""Which days are worked in China: the week, broken by the State Council's yearly notices. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from tipline.law.errors import HolidaysUnknown
from tipline.law.tables import DayKind

FIRST_DAY_OFF: Final = 5  # Saturday, as date.weekday() counts
# Days off in every year by 全国年节及纪念日放假办法: a year that lacks one of them was not entered whole.
ALWAYS_OFF: Final = ((1, 1), (5, 1), (10, 1))
# The notice of the next year sets the days around 1 January and so reaches into this one (29 December 2018 was worked).
REACHED_BY_THE_NEXT: Final = (12, 25)


@dataclass(frozen=True, slots=True)
class MarkedDay:
    """One day that breaks the week; `name` as the notice calls it."""

    day: date
    kind: DayKind
    name: str


class Calendar:
    """Tells working days from days off, for the years whose notice is known."""

    def __init__(self, days: Iterable[MarkedDay], *, guesses: bool = False) -> None:
        self._days = {one.day: one for one in days}
        self._guesses = guesses
        self._years = frozenset(
            year
            for year in {day.year for day in self._days}
            if all(self._is_marked_off(date(year, month, day)) for month, day in ALWAYS_OFF)
        )

    @property
    def years(self) -> frozenset[int]:
        """Return the years that stand in the table whole."""
        return self._years

    def guessing(self) -> Calendar:
        """Return a calendar that takes weekends and what stands in every year for a year it does not know.

        For a provisional date only: the notice of that year may move it either way.
        """
        return Calendar(self._days.values(), guesses=True)

    def why_off(self, day: date) -> str | None:
        """Return why nobody works on that day, or None for a working day.

        Raises:
            HolidaysUnknown: the year does not stand in the table.
        """
        if day.year not in self._years:
            if not self._guesses:
                raise HolidaysUnknown(day.year)
            if (day.month, day.day) in ALWAYS_OFF:
                return "public holiday"
        marked = self._days.get(day)
        if marked is None:
            return "weekend" if day.weekday() >= FIRST_DAY_OFF else None
        return f"public holiday: {marked.name}" if marked.kind == DayKind.HOLIDAY else None

    def may_still_change(self, day: date) -> bool:
        """Return True when the notice of the following year is not known yet and may reach back to this day."""
        return (day.month, day.day) >= REACHED_BY_THE_NEXT and day.year + 1 not in self._years

    def _is_marked_off(self, day: date) -> bool:
        marked = self._days.get(day)
        return marked is not None and marked.kind == DayKind.HOLIDAY

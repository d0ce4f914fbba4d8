"""When a statutory term ends, and by which article: a version of the rule, a calendar and the trigger in, the day out.

Pure. How each statute counts is told in docs/decisions/0010.
"""

from __future__ import annotations

import calendar as months
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from tipline.clock import SHANGHAI
from tipline.law.calendar import Calendar
from tipline.law.errors import DaysOutOfBounds
from tipline.law.tables import ClockUnit
from tipline.law.versions import governing

END_OF_DAY: Final = time(23, 59, 59, tzinfo=SHANGHAI)
MONTHS_A_YEAR: Final = 12
ONE_DAY: Final = timedelta(days=1)
PAUSED: Final = "paused"


@dataclass(frozen=True, slots=True)
class ClockRule:
    """One version of a clock.

    Attributes:
        citation: statute and article.
        longest: its length in `unit`; where the decision names the days, the most it may name.
        shortest: the fewest days a decision may name; None where the law itself sets the length.
    """

    code: str
    citation: str
    unit: ClockUnit
    longest: int
    shortest: int | None
    moves_off_holidays: bool
    valid_from: date
    valid_to: date | None
    title_zh: str
    title_en: str
    doubt: str

    @property
    def takes_days(self) -> bool:
        """Return True when the length comes from a decision, not from the law."""
        return self.shortest is not None

    @property
    def length(self) -> int | None:
        """Return the length in `unit`, or None when a decision names it."""
        return None if self.takes_days else self.longest


@dataclass(frozen=True, slots=True)
class Skipped:
    """A day that the count left out or passed over, and why."""

    day: date
    why: str


@dataclass(frozen=True, slots=True)
class Pause:
    """A stretch in which a clock stood still; both moments timezone-aware.

    The day of its beginning still counts, the day of its end no longer does: a day that sets something going is never
    counted (刑事诉讼法 105(2), 行政案件程序规定 35).
    """

    begun: datetime
    ended: datetime

    @property
    def days(self) -> frozenset[date]:
        """Return the days in Shanghai that are left out of the count."""
        first = self.begun.astimezone(SHANGHAI).date()
        count = (self.ended.astimezone(SHANGHAI).date() - first).days
        return frozenset(first + number * ONE_DAY for number in range(1, count + 1))


@dataclass(frozen=True, slots=True)
class Deadline:
    """When a term ends: `due` is its last second (an hour clock: the exact moment), `due_date` its day in Shanghai."""

    rule: str
    article: str
    unit: ClockUnit
    start: datetime
    due: datetime
    due_date: date
    skipped: tuple[Skipped, ...]
    note: str

    def as_json(self) -> dict[str, object]:
        """Return the document that `tipline clock --json` prints."""
        return {
            "rule": self.rule,
            "article": self.article,
            "unit": self.unit.value,
            "from": self.start.isoformat(),
            "due": self.due.isoformat(),
            "due_date": self.due_date.isoformat(),
            "skipped": [{"date": one.day.isoformat(), "why": one.why} for one in self.skipped],
            "note": self.note,
        }


@dataclass(frozen=True, slots=True)
class ClockBook:
    """All clocks with all their versions, and the calendar by which they are counted."""

    rules: tuple[ClockRule, ...]
    calendar: Calendar

    @property
    def names(self) -> list[str]:
        """Return the names of the clocks, each once, in the order of the book."""
        return list(dict.fromkeys(one.code for one in self.rules))

    def version(self, code: str, *, on: date) -> ClockRule:
        """Return the version of a clock that governs the day.

        Raises:
            RuleUnknown: the book has no such clock.
            RuleNotInForce: none of its versions was in force on the day.
        """
        return governing([one for one in self.rules if one.code == code], code, on=on)

    def deadline(self, code: str, start: datetime, *, days: int | None = None) -> Deadline:
        """Return when a clock started at `start` ends, by the version in force on that day in Shanghai.

        Raises:
            RuleUnknown, RuleNotInForce: see `version`.
            HolidaysUnknown, DaysOutOfBounds, ValueError: see `deadline`.
        """
        return deadline(self.version(code, on=start.astimezone(SHANGHAI).date()), self.calendar, start, days=days)


def deadline(
    rule: ClockRule,
    calendar: Calendar,
    start: datetime,
    *,
    days: int | None = None,
    pauses: Sequence[Pause] = (),
) -> Deadline:
    """Count one term.

    Args:
        rule: the version that governs.
        calendar: tells days off; asked only where the term depends on them.
        start: the trigger, timezone-aware; its day (for hours: its moment) is not counted.
        days: the days a decision names, exactly where `rule.takes_days`.
        pauses: stretches in which it stood still, in order; one that began after the end changes nothing.

    Raises:
        HolidaysUnknown: the term reaches a year that the calendar does not know.
        DaysOutOfBounds: the decision names days that the law does not allow.
        ValueError: `start` is naive, or `days` is missing or not asked for.

    Source: 刑事诉讼法 105, 公安机关办理行政案件程序规定 35, 道路交通事故处理程序规定 112(5), 拘留所条例 32.
    """
    if start.tzinfo is None:
        raise ValueError("start must be timezone-aware")
    begun = start.astimezone(SHANGHAI)
    length = _length(rule, days)
    if rule.unit == ClockUnit.HOUR:
        due = begun + timedelta(hours=length)
        for pause in pauses:
            if pause.begun < due:
                due += pause.ended - pause.begun
        return Deadline(rule.code, rule.citation, rule.unit, begun, due, due.date(), (), rule.doubt)
    still = frozenset[date]().union(*(pause.days for pause in pauses))
    if rule.unit == ClockUnit.WORKING_DAY:
        last, skipped = _working_days_after(begun.date(), length, calendar, still)
        notes = _change_notes(calendar, [*skipped, Skipped(last, "")])
    else:
        end = _months_after(begun.date(), length) if rule.unit == ClockUnit.MONTH else begun.date() + length * ONE_DAY
        end, stood = _moved_by_pauses(begun.date(), end, still)
        last, skipped, notes = _end_of_calendar_clock(rule, end, calendar)
        skipped = [*stood, *skipped]
    due = datetime.combine(last, END_OF_DAY)
    note = " ".join([*notes, rule.doubt]).strip()
    return Deadline(rule.code, rule.citation, rule.unit, begun, due, last, tuple(skipped), note)


def _length(rule: ClockRule, days: int | None) -> int:
    if rule.shortest is None:
        if days is not None:
            raise ValueError(f"the law sets the length of {rule.code}: it takes no days")
        return rule.longest
    if days is None:
        raise ValueError(f"{rule.code} needs the days that the decision names")
    if not rule.shortest <= days <= rule.longest:
        raise DaysOutOfBounds(rule.code, days=days, minimum=rule.shortest, maximum=rule.longest)
    return days


def _moved_by_pauses(begun: date, end: date, still: frozenset[date]) -> tuple[date, list[Skipped]]:
    stood = []
    day = begun
    while day < end:
        day += ONE_DAY
        if day in still:
            stood.append(Skipped(day, PAUSED))
            end += ONE_DAY
    return end, stood


def _working_days_after(
    day: date, count: int, calendar: Calendar, still: frozenset[date]
) -> tuple[date, list[Skipped]]:
    skipped = []
    while count:
        day += ONE_DAY
        why = PAUSED if day in still else calendar.why_off(day)
        if why is None:
            count -= 1
        else:
            skipped.append(Skipped(day, why))
    return day, skipped


def _months_after(day: date, count: int) -> date:
    """Return the same day of the month `count` months on, or that month's last day where it has no such day."""
    years, month = divmod(day.month - 1 + count, MONTHS_A_YEAR)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, months.monthrange(year, month)[1]))


def _end_of_calendar_clock(rule: ClockRule, end: date, calendar: Calendar) -> tuple[date, list[Skipped], list[str]]:
    """Return the last day, the days it moved over, and what the reader must be told."""
    if not rule.moves_off_holidays:
        why = calendar.why_off(end) if end.year in calendar.years else None
        return end, [], [] if why is None else [f"{end} is a day off ({why}); this term does not move."]
    skipped = []
    last = end
    while (why := calendar.why_off(last)) is not None:
        skipped.append(Skipped(last, why))
        last += ONE_DAY
    moved = [f"The last day would be {end}, a day off; it moves to the next working day."] if skipped else []
    return last, skipped, moved + _change_notes(calendar, [*skipped, Skipped(last, "")])


def _change_notes(calendar: Calendar, asked: Sequence[Skipped]) -> list[str]:
    years = sorted({one.day.year for one in asked if calendar.may_still_change(one.day)})
    return [f"The notice for {year + 1} is not known yet and may still change the end of {year}." for year in years]

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tipline.law.second_calculator import second_due
from tipline.clock import SHANGHAI
from tipline.law.calendar import Calendar, MarkedDay
from tipline.law.clockbook import shipped_clocks
from tipline.law.clocks import ClockBook, ClockRule, Deadline, deadline
from tipline.law.errors import DaysOutOfBounds, HolidaysUnknown, RuleNotInForce, RuleUnknown
from tipline.law.tables import ClockUnit, DayKind

BOOK = shipped_clocks()
OFFSETS = (0, 8, -5, 14)


def at(*parts: int) -> datetime:
    year, month, day, *rest = parts
    hour, minute = (*rest, 0, 0)[:2]
    return datetime(year, month, day, hour, minute, tzinfo=SHANGHAI)


def days_of(found: Deadline) -> list[tuple[str, str]]:
    return [(one.day.isoformat(), one.why) for one in found.skipped]


@st.composite
def questions(draw: st.DrawFn) -> tuple[str, datetime, int | None]:
    rule = draw(st.sampled_from(BOOK.names))
    naive = draw(st.datetimes(min_value=datetime(2012, 3, 1), max_value=datetime(2027, 3, 1)))  # noqa: DTZ001  below
    start = naive.replace(tzinfo=timezone(timedelta(hours=draw(st.sampled_from(OFFSETS)))))
    takes_days = next(one for one in BOOK.rules if one.code == rule).takes_days
    return rule, start, draw(st.integers(1, 20)) if takes_days else None


def first_due(rule: str, start: datetime, days: int | None) -> str | None:
    try:
        found = BOOK.deadline(rule, start, days=days)
    except (RuleNotInForce, HolidaysUnknown):
        return None
    return found.due.replace(tzinfo=None).isoformat()


@settings(max_examples=1000, deadline=None)
@given(questions())
def test_two_calculators_agree(asked: tuple[str, datetime, int | None]) -> None:
    assert first_due(*asked) == second_due(*asked)


def every_day(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += timedelta(days=1)


@pytest.mark.parametrize("rule", BOOK.names)
def test_two_calculators_agree_on_every_day_of_the_last_known_years(rule: str) -> None:
    days = 15 if rule == "administrative_detention_end" else None
    starts = [datetime(one.year, one.month, one.day, 9, tzinfo=SHANGHAI) for one in every_day(START, END)]

    assert [first_due(rule, one, days) for one in starts] == [second_due(rule, one, days) for one in starts]


START, END = date(2024, 1, 1), date(2027, 1, 31)


def test_every_day_between_is_either_counted_or_told_with_its_reason() -> None:
    found = BOOK.deadline("liability_determination", at(2026, 2, 10, 9))

    assert days_of(found) == [
        *[(f"2026-02-{day}", "public holiday: 春节") for day in range(15, 24)],
        ("2026-03-01", "weekend"),
    ]
    assert (found.due_date - date(2026, 2, 10)).days - len(found.skipped) == 10


def test_a_worked_saturday_counts_and_is_not_told_as_left_out() -> None:
    found = BOOK.deadline("review_request", at(2026, 2, 11))

    assert found.due_date == date(2026, 2, 14)
    assert found.skipped == ()


def test_a_last_day_that_moves_tells_the_days_it_passed_over() -> None:
    found = BOOK.deadline("review_conclusion", at(2026, 8, 26))

    assert days_of(found) == [(f"2026-09-{day}", "public holiday: 中秋节") for day in (25, 26, 27)]
    assert "2026-09-25" in found.note


def test_custody_does_not_move_and_the_note_says_that_its_last_day_is_off() -> None:
    found = BOOK.deadline("arrest_request", at(2026, 9, 30, 8))

    assert found.skipped == ()
    assert found.note.startswith("2026-10-03 is a day off (public holiday: 国庆节); this term does not move.")


def test_the_end_of_the_last_known_year_is_marked_as_open_to_change() -> None:
    marked = BOOK.deadline("review_request", at(2026, 12, 24))
    plain = BOOK.deadline("review_request", at(2025, 12, 24))

    assert "The notice for 2027 is not known yet" in marked.note
    assert "not known yet" not in plain.note


def test_an_hour_clock_is_exact_and_skips_nothing() -> None:
    found = BOOK.deadline("first_interrogation", datetime(2026, 2, 14, 2, 7, 9, 5, tzinfo=UTC))

    assert found.due.isoformat() == "2026-02-15T10:07:09.000005+08:00"
    assert found.due_date == date(2026, 2, 15)


@pytest.mark.parametrize(
    ("rule", "start", "year"),
    [
        ("review_request", at(2026, 12, 31), 2027),
        ("liability_determination_flight", at(2026, 12, 21), 2027),
        ("review_conclusion", at(2026, 12, 2), 2027),
        ("punishment_decision", at(2026, 12, 31), 2027),
        ("review_request", at(2031, 6, 1), 2031),
    ],
)
def test_a_year_without_holidays_is_told_and_never_guessed(rule: str, start: datetime, year: int) -> None:
    with pytest.raises(HolidaysUnknown) as refused:
        BOOK.deadline(rule, start)

    assert refused.value.facts() == {"year": year}


@pytest.mark.parametrize(
    ("rule", "first"),
    [
        ("liability_determination", date(2018, 5, 1)),
        ("punishment_decision", date(2021, 7, 15)),
        ("rescue_window", date(2010, 1, 1)),
        ("fund_payment", date(2022, 1, 1)),
        ("arrest_request", date(2018, 10, 26)),
        ("detention_suspension_decision", date(2019, 1, 1)),
    ],
)
def test_a_clock_is_refused_before_its_first_day_in_force(rule: str, first: date) -> None:
    began = datetime(first.year, first.month, first.day, tzinfo=SHANGHAI)

    assert BOOK.deadline(rule, began).rule == rule
    with pytest.raises(RuleNotInForce) as refused:
        BOOK.deadline(rule, began - timedelta(seconds=1))
    assert refused.value.valid_from == first


def test_an_unknown_clock_is_told_as_such() -> None:
    with pytest.raises(RuleUnknown):
        BOOK.deadline("no_such_clock", at(2026, 1, 5))


@pytest.mark.parametrize("days", [21, 365])
def test_more_days_than_the_law_allows_in_all_are_refused(days: int) -> None:
    with pytest.raises(DaysOutOfBounds):
        BOOK.deadline("administrative_detention_end", at(2026, 1, 5), days=days)


@pytest.mark.parametrize(("rule", "days"), [("administrative_detention_end", None), ("bail_end", 3)])
def test_days_belong_to_the_decision_where_it_names_them_and_nowhere_else(rule: str, days: int | None) -> None:
    with pytest.raises(ValueError, match=rule):
        BOOK.deadline(rule, at(2026, 1, 5), days=days)


def test_a_start_without_offset_is_refused() -> None:
    rule = BOOK.version("arrest_request", on=date(2026, 1, 5))

    with pytest.raises(ValueError, match="timezone-aware"):
        deadline(rule, BOOK.calendar, datetime(2026, 1, 5))  # noqa: DTZ001  that is the point


def test_a_later_version_governs_from_its_first_day() -> None:
    old = make_rule(length=10, valid_from=date(2020, 1, 1), valid_to=date(2026, 5, 31))
    new = make_rule(length=5, valid_from=date(2026, 6, 1), valid_to=None)
    book = ClockBook((new, old), BOOK.calendar)

    assert book.deadline("example", at(2026, 5, 31)).due_date == date(2026, 6, 10)
    assert book.deadline("example", at(2026, 6, 1)).due_date == date(2026, 6, 6)


def test_a_calendar_of_a_single_day_knows_no_year() -> None:
    calendar = Calendar([MarkedDay(date(2027, 1, 1), DayKind.HOLIDAY, "元旦")])

    assert calendar.years == frozenset()
    with pytest.raises(HolidaysUnknown):
        calendar.why_off(date(2027, 1, 1))


def test_the_names_asked_for_are_all_there() -> None:
    assert len(BOOK.names) == 51
    assert {rule.code for rule in BOOK.rules if rule.takes_days} == {"administrative_detention_end"}
    assert {rule.code for rule in BOOK.rules if rule.unit == ClockUnit.MONTH} == {
        "post_arrest_custody",
        "bail_end",
        "residential_surveillance_end",
    }


def make_rule(*, length: int, valid_from: date, valid_to: date | None) -> ClockRule:
    return ClockRule(
        code="example",
        citation="示例规定 第一条",
        unit=ClockUnit.CALENDAR_DAY,
        longest=length,
        shortest=None,
        moves_off_holidays=False,
        valid_from=valid_from,
        valid_to=valid_to,
        title_zh="示例",
        title_en="Example",
        doubt="",
    )

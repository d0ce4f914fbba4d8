from __future__ import annotations

from datetime import date, timedelta

import asyncpg
import pytest

from tests.platform import Platform, as_role
from tipline.law.clockbook import (
    load_seed_holidays,
    recorded_calendar,
    recorded_clocks,
    seed_holidays,
    shipped_clocks,
)
from tipline.law.service import load_seed_rules
from tipline.law.tables import DayKind, Holiday
from tipline.settings import Role

WORKED = [one for one in seed_holidays() if one.kind == DayKind.WORKDAY]
STATUTORY_DAYS = {year: 11 if year < 2025 else 13 for year in range(2008, 2027)}  # 全国年节及纪念日放假办法
# Spring Festival of 2020 was prolonged: Friday 31 January off, Saturday 1 February no longer worked.
GIVEN_BESIDES = {2020: 2}


def test_every_exchanged_day_is_a_weekend_and_no_day_stands_twice() -> None:
    days = [one.day for one in seed_holidays()]

    assert len(days) == len(set(days))
    assert {one.day.weekday() for one in WORKED} == {5, 6}


def test_the_years_2008_to_2026_are_known_whole() -> None:
    assert shipped_clocks().calendar.years == frozenset(range(2008, 2027))


@pytest.mark.parametrize("year", STATUTORY_DAYS)
def test_a_notice_exchanges_days_and_gives_only_those_of_the_law(year: int) -> None:
    # A statutory day on a weekend is given back on a weekday; every other weekday off is paid by a worked weekend day.
    notices = [one for one in seed_holidays() if f"{year}年" in one.source]

    freed = sum(one.kind == DayKind.HOLIDAY and one.day.weekday() < 5 for one in notices)
    worked = sum(one.kind == DayKind.WORKDAY for one in notices)

    assert freed - worked == STATUTORY_DAYS[year] + GIVEN_BESIDES.get(year, 0)


def test_the_notice_of_2026_is_kept_as_it_was_published() -> None:
    notice = [one for one in seed_holidays() if "2026年" in one.source]

    off = sorted(one.day for one in notice if one.kind == DayKind.HOLIDAY)
    worked = sorted(one.day for one in notice if one.kind == DayKind.WORKDAY)

    assert off == [
        *stretch(date(2026, 1, 1), 3),
        *stretch(date(2026, 2, 15), 9),
        *stretch(date(2026, 4, 4), 3),
        *stretch(date(2026, 5, 1), 5),
        *stretch(date(2026, 6, 19), 3),
        *stretch(date(2026, 9, 25), 3),
        *stretch(date(2026, 10, 1), 7),
    ]
    assert [f"{day:%m-%d}" for day in worked] == ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"]


def stretch(first: date, days: int) -> list[date]:
    return [first + timedelta(days=count) for count in range(days)]


async def test_holidays_are_loaded_once_and_a_day_taken_out_stays_out(database: Platform) -> None:
    added = await load_seed_holidays()
    await Holiday.delete().where(Holiday.day == date(2026, 10, 7))

    again = await load_seed_holidays()

    assert (added, again) == (len(seed_holidays()), 0)
    assert not await Holiday.exists().where(Holiday.day == date(2026, 10, 7))


async def test_a_year_the_office_entered_itself_is_left_alone(database: Platform) -> None:
    await Holiday.insert(Holiday(day=date(2026, 1, 1), kind=DayKind.HOLIDAY, name="元旦", source="本局录入"))

    await load_seed_holidays()

    assert 2026 not in (await recorded_calendar()).years
    assert 2025 in (await recorded_calendar()).years


async def test_the_recorded_clocks_are_the_shipped_ones(database: Platform) -> None:
    await load_seed_rules()
    await load_seed_holidays()

    recorded = await recorded_clocks()

    assert recorded.rules == shipped_clocks().rules
    assert recorded.calendar.years == shipped_clocks().calendar.years


async def test_workers_read_the_holidays_and_cannot_change_them(database: Platform) -> None:
    await load_seed_holidays()
    as_role(database, Role.WORKER)

    assert 2026 in (await recorded_calendar()).years
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await Holiday.delete(force=True)


async def test_the_public_role_does_not_read_the_holidays(database: Platform) -> None:
    as_role(database, Role.PUBLIC)

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await Holiday.select()

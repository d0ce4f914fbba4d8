"""How a pause moves the end of a clock, and what a provisional calendar answers."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from tipline.clock import SHANGHAI
from tipline.law.clockbook import shipped_clocks
from tipline.law.clocks import PAUSED, Pause, deadline
from tipline.law.errors import HolidaysUnknown
from tipline.law.service import seed_rules
from tipline.law.tables import LegalFact, RuleKind

BOOK = shipped_clocks()


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def end(code: str, start: str, *pauses: tuple[str, str]) -> datetime:
    rule = BOOK.version(code, on=at(start).date())
    stood = [Pause(at(begun), at(ended)) for begun, ended in pauses]
    return deadline(rule, BOOK.calendar, at(start), pauses=stood).due


def test_working_days_of_a_pause_are_left_out_its_first_day_counts_and_its_last_does_not() -> None:
    # Monday 2 March; paused Wednesday to Friday: Tuesday, Wednesday, then Monday 9 to Tuesday 17.
    assert end("liability_determination", "2026-03-02T10:00") == at("2026-03-16T23:59:59")
    assert end("liability_determination", "2026-03-02T10:00", ("2026-03-04T15:00", "2026-03-06T09:00")) == at(
        "2026-03-18T23:59:59"
    )


def test_calendar_days_of_a_pause_are_added_and_the_new_last_day_still_moves_off_a_holiday() -> None:
    # Thirty days from 1 April end on 1 May, a holiday, and move to Wednesday 6 May.
    assert end("forensic_examination", "2026-04-01T10:00") == at("2026-05-06T23:59:59")
    # Ten days more end on Monday 11 May, which is worked.
    assert end("forensic_examination", "2026-04-01T10:00", ("2026-04-10T10:00", "2026-04-20T10:00")) == at(
        "2026-05-11T23:59:59"
    )


def test_a_month_clock_moves_by_the_days_of_its_pauses() -> None:
    assert end(
        "bail_end",
        "2026-01-15T10:00",
        ("2026-02-01T08:00", "2026-02-11T08:00"),
        ("2026-03-01T08:00", "2026-03-06T08:00"),
    ) == at("2027-01-30T23:59:59")


def test_an_hour_clock_moves_by_the_exact_time_it_stood() -> None:
    assert end("case_transfer", "2026-03-02T10:00", ("2026-03-02T12:00", "2026-03-02T15:30")) == at("2026-03-03T13:30")


def test_a_pause_that_begins_after_the_end_changes_nothing() -> None:
    pause = ("2026-04-20T10:00", "2026-05-20T10:00")

    assert end("liability_determination", "2026-03-02T10:00", pause) == at("2026-03-16T23:59:59")
    assert end("case_transfer", "2026-03-02T10:00", pause) == at("2026-03-03T10:00")


def test_a_pause_over_a_weekend_takes_no_working_day() -> None:
    # Begun on Friday, ended on Sunday: Friday counts, Saturday and Sunday never did.
    assert end("liability_determination", "2026-03-02T10:00", ("2026-03-06T15:00", "2026-03-08T20:00")) == at(
        "2026-03-16T23:59:59"
    )


def test_the_days_left_out_for_a_pause_are_named() -> None:
    rule = BOOK.version("forensic_examination", on=date(2026, 3, 2))

    found = deadline(
        rule, BOOK.calendar, at("2026-03-02T10:00"), pauses=[Pause(at("2026-03-04T10:00"), at("2026-03-06T10:00"))]
    )

    assert [(one.day, one.why) for one in found.skipped][:2] == [(date(2026, 3, 5), PAUSED), (date(2026, 3, 6), PAUSED)]


def test_a_year_without_a_table_is_refused_and_guessed_only_when_asked_to() -> None:
    rule = BOOK.version("liability_determination", on=date(2026, 12, 21))

    with pytest.raises(HolidaysUnknown):
        deadline(rule, BOOK.calendar, at("2026-12-21T10:00"))
    guessed = deadline(rule, BOOK.calendar.guessing(), at("2026-12-21T10:00"))

    # 1 January is off in every year; whether Monday the 4th is worked only the notice will tell.
    assert guessed.due_date == date(2027, 1, 5)
    assert BOOK.calendar.guessing().years == BOOK.calendar.years


def test_what_names_a_fact_or_a_clock_names_one_that_is() -> None:

    rows = seed_rules()
    clocks = {row["code"] for row in rows if row["kind"] == RuleKind.STATUTORY_CLOCK}
    facts = {one.value for one in LegalFact} | {None}

    assert {row["leads_to"] for row in rows} - clocks == {""}
    assert {row["applies_to"] for row in rows if row["kind"] == RuleKind.CLOCK_PAUSE} <= clocks
    assert {fact for row in rows for fact in (row["starts_on"], row["ends_on"])} <= facts
    timed = [row for row in rows if row["kind"] in (RuleKind.STATUTORY_CLOCK, RuleKind.CLOCK_PAUSE, RuleKind.CASE_TASK)]
    assert [row["code"] for row in timed if row["doubt"] and not row["doubt_zh"]] == []

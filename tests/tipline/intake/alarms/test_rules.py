from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from tests.make import NOON
from tipline.intake.alarms.rules import (
    PATIENCE,
    Call,
    due_at,
    is_called,
    next_call,
    patience_problems,
    turn_problems,
)
from tipline.intake.alarms.tables import CallKind

FIRST, SECOND, THIRD, ANYBODY = uuid4(), uuid4(), uuid4(), uuid4()
CENTRE = Call(CallKind.COMMAND_CENTRE)
EVERYONE = Call(CallKind.EVERYONE)


def on_duty(officer: UUID) -> Call:
    return Call(CallKind.DUTY_OFFICER, officer)


@pytest.mark.parametrize(
    ("roster", "calls"),
    [
        ([FIRST, SECOND, THIRD], [on_duty(FIRST), on_duty(SECOND), CENTRE]),
        ([FIRST], [on_duty(FIRST), CENTRE]),
        ([], [EVERYONE, CENTRE]),
    ],
)
def test_an_alarm_goes_from_duty_officer_to_the_next_and_then_to_the_command_centre(
    roster: list[UUID], calls: list[Call]
) -> None:
    made: list[Call] = []
    while call := next_call(made, roster):
        made.append(call)

    assert made == calls


def test_who_comes_on_duty_meanwhile_is_called_and_nobody_twice() -> None:
    assert next_call([on_duty(FIRST)], [SECOND, FIRST]) == on_duty(SECOND)
    assert next_call([on_duty(FIRST)], [FIRST]) == CENTRE
    assert next_call([EVERYONE], [FIRST]) == CENTRE


def test_the_first_call_is_due_at_once_and_each_later_one_a_patience_after() -> None:
    due = [due_at(NOON, made, PATIENCE) for made in range(3)]

    assert due == [NOON, NOON + timedelta(minutes=2), NOON + timedelta(minutes=4)]


@pytest.mark.parametrize(
    ("made", "officer", "is_command", "after_s", "called"),
    [
        ([on_duty(FIRST)], FIRST, False, 10, True),
        ([on_duty(FIRST)], ANYBODY, False, 10, False),
        ([on_duty(FIRST)], ANYBODY, True, 10, False),
        ([on_duty(FIRST), CENTRE], ANYBODY, True, 130, True),
        ([on_duty(FIRST), CENTRE], ANYBODY, False, 9_999, False),
        ([EVERYONE], ANYBODY, False, 1, True),
        ([], ANYBODY, False, 5, False),
        # No worker makes calls: rather everybody than nobody.
        ([], ANYBODY, False, 21, True),
        ([on_duty(FIRST)], ANYBODY, False, 141, True),
    ],
)
def test_an_alarm_calls(made: list[Call], officer: UUID, is_command: bool, after_s: int, called: bool) -> None:  # noqa: FBT001  a table
    now = NOON + timedelta(seconds=after_s)

    told = is_called(made, officer=officer, is_command=is_command, raised_at=NOON, patience=PATIENCE, now=now)

    assert told is called


def test_a_turn_of_duty_lies_ahead_lasts_a_week_at_most_and_has_a_place() -> None:
    hour = timedelta(hours=1)

    def codes(begins: timedelta, ends: timedelta, place: int = 1) -> list[str]:
        return [one.code for one in turn_problems(NOON + begins, NOON + ends, place, now=NOON)]

    assert codes(-hour, hour) == []
    assert codes(hour, hour) == ["ends_before_it_begins"]
    assert codes(-2 * hour, -hour) == ["turn_is_over"]
    assert codes(hour, timedelta(days=8)) == ["turn_too_long"]
    assert codes(hour, 2 * hour, place=0) == ["not_a_duty_place"]


def test_the_time_to_answer_has_bounds() -> None:
    assert [bool(patience_problems(one)) for one in (29, 30, 120, 1800, 1801)] == [True, False, False, False, True]

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.make import NOON
from tipline.accounts.rules import RIGHTS, Right, account_problems, delay_s, password_problems, roles_with
from tipline.accounts.tables import OfficerRole


def test_the_first_five_failures_cost_nothing_and_then_each_doubles_the_wait_up_to_a_minute() -> None:
    waits = [delay_s([NOON] * failures, NOON) for failures in range(13)]

    assert waits == [0, 0, 0, 0, 0, 2, 4, 8, 16, 32, 60, 60, 60]


def test_a_wait_passes_with_time_and_rounds_up_to_whole_seconds() -> None:
    failures = [NOON] * 7

    assert delay_s(failures, NOON + timedelta(seconds=6.5)) == 2
    assert delay_s(failures, NOON + timedelta(seconds=8)) == 0


def test_failures_of_a_quarter_of_an_hour_ago_no_longer_count() -> None:
    assert delay_s([NOON] * 50, NOON + timedelta(minutes=15)) == 0


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("short", "password_too_short"),
        ("a" * 257, "too_long"),
        ("aaaaaaaaaaaaaaaa", "password_too_easy"),
        ("my name is li.ming indeed", "password_too_easy"),
        ("badge 1500001 is mine", "password_too_easy"),
    ],
)
def test_a_weak_password_is_refused_with_its_reason(password: str, code: str) -> None:
    problems = password_problems("new", password, names=("li.ming", "1500001"))

    assert [(problem.field, problem.code) for problem in problems] == [("new", code)]


def test_a_long_sentence_is_a_good_password() -> None:
    assert password_problems("new", "三辆白色货车停在桥头边上睡觉", names=("li.ming", "1500001")) == []


def test_every_wrong_word_of_an_account_is_told_at_once() -> None:
    problems = account_problems(username="李明", badge_number="15 00", full_name=" ", unit_name="")

    assert [problem.field for problem in problems] == ["username", "badge_number", "full_name", "unit_name"]


def test_only_commanders_clear_cases_and_readers_change_nothing() -> None:
    assert roles_with(Right.CLEAR_CASES) == (OfficerRole.COMMANDER,)
    for role in (OfficerRole.AUDITOR, OfficerRole.LEGAL_REVIEWER, OfficerRole.ADMINISTRATOR):
        assert RIGHTS[role].isdisjoint({Right.DECIDE_TIPS, Right.WRITE_CASES, Right.CLEAR_CASES, Right.ASK_AGAIN})

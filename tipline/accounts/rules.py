"""Pure rules of accounts: which role may do what, what a password must be, how failures slow guessing down."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from tipline.accounts.tables import OfficerRole
from tipline.errors import Problem

SESSION_LASTS: Final = timedelta(hours=12)
SESSION_IDLES: Final = timedelta(minutes=60)
PASSWORD_MINIMUM: Final = 12
PASSWORD_MAXIMUM: Final = 256
USERNAME: Final = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")
BADGE_NUMBER: Final = re.compile(r"[A-Za-z0-9-]{1,20}")
NAME_MAXIMUM: Final = 80

FREE_FAILURES: Final = 5
FAILURE_WINDOW: Final = timedelta(minutes=15)
LONGEST_DELAY_S: Final = 60


class Right(StrEnum):
    """Something an officer may do on the staff face."""

    READ_TIPS = "read_tips"
    DECIDE_TIPS = "decide_tips"
    PLAN_DUTY = "plan_duty"
    READ_CASES = "read_cases"
    READ_EVERY_CASE = "read_every_case"
    WRITE_CASES = "write_cases"
    CLEAR_CASES = "clear_cases"
    DECIDE_CLOCKS = "decide_clocks"
    READ_LAW = "read_law"
    WRITE_LAW = "write_law"
    WRITE_HOLIDAYS = "write_holidays"
    REVIEW_MEASURES = "review_measures"
    READ_FIGURES = "read_figures"
    READ_WORK = "read_work"
    ASK_AGAIN = "ask_again"
    READ_ACCOUNTS = "read_accounts"
    KEEP_ACCOUNTS = "keep_accounts"
    READ_AUDIT = "read_audit"
    READ_CASE_AUDIT = "read_case_audit"
    READ_RELIEF = "read_relief"
    WRITE_RELIEF = "write_relief"


_READING: Final = frozenset({Right.READ_TIPS, Right.READ_CASES, Right.READ_FIGURES, Right.READ_LAW})
_RELIEF: Final = frozenset({Right.READ_RELIEF, Right.WRITE_RELIEF})

RIGHTS: Final[dict[OfficerRole, frozenset[Right]]] = {
    OfficerRole.INTAKE_OFFICER: frozenset({Right.READ_TIPS, Right.DECIDE_TIPS, Right.READ_WORK, Right.ASK_AGAIN}),
    OfficerRole.INVESTIGATOR: _READING
    | _RELIEF
    | {Right.DECIDE_TIPS, Right.WRITE_CASES, Right.READ_WORK, Right.ASK_AGAIN},
    OfficerRole.COMMANDER: _READING
    | _RELIEF
    | {
        Right.READ_EVERY_CASE,
        Right.READ_CASE_AUDIT,
        Right.DECIDE_TIPS,
        Right.PLAN_DUTY,
        Right.WRITE_CASES,
        Right.CLEAR_CASES,
        Right.DECIDE_CLOCKS,
        Right.READ_WORK,
        Right.ASK_AGAIN,
    },
    OfficerRole.LEGAL_REVIEWER: _READING
    | _RELIEF
    | {Right.DECIDE_CLOCKS, Right.WRITE_LAW, Right.READ_EVERY_CASE, Right.REVIEW_MEASURES},
    OfficerRole.AUDITOR: _READING
    | {Right.READ_EVERY_CASE, Right.READ_WORK, Right.READ_AUDIT, Right.READ_CASE_AUDIT, Right.READ_RELIEF},
    OfficerRole.ADMINISTRATOR: frozenset(
        {Right.READ_LAW, Right.WRITE_LAW, Right.WRITE_HOLIDAYS, Right.READ_ACCOUNTS, Right.KEEP_ACCOUNTS}
    ),
}


def roles_with(*rights: Right) -> tuple[OfficerRole, ...]:
    """Return the roles that hold at least one of `rights`, for `serves(...)` of a route."""
    return tuple(role for role, held in RIGHTS.items() if held.intersection(rights))


def duty_of(*, has_own_password: bool, lacks_factor: bool) -> str:
    """Return the address of what an officer must do before anything else; empty when there is nothing."""
    if not has_own_password:
        return "/account/password"
    return "/account/second-factor" if lacks_factor else ""


def delay_s(failures: Sequence[datetime], now: datetime) -> int:
    """Return how many whole seconds the next try must still wait; 0 when it may come now.

    Args:
        failures: moments of the failed tries since the last success, in any order.
        now: the present moment.

    The first five failures in 15 minutes cost nothing; from then on 2, 4, 8 ... at most 60 seconds since the last
    one. An account is never locked, so nobody can shut a colleague out for longer than that.
    """
    recent = [moment for moment in failures if now - moment < FAILURE_WINDOW]
    if len(recent) < FREE_FAILURES:
        return 0
    pause = min(2 ** (len(recent) - FREE_FAILURES + 1), LONGEST_DELAY_S)
    left = pause - (now - max(recent)).total_seconds()
    return max(0, -int(-left // 1))


def password_problems(field: str, password: str, *, names: Sequence[str]) -> list[Problem]:
    """Return what is wrong with a new password: too short, too long, or it contains the officer's own names."""
    if len(password) < PASSWORD_MINIMUM:
        return [Problem(field, "password_too_short", {"minimum": PASSWORD_MINIMUM})]
    if len(password) > PASSWORD_MAXIMUM:
        return [Problem(field, "too_long", {"limit": PASSWORD_MAXIMUM})]
    lowered = password.casefold()
    if len(set(lowered)) < PASSWORD_MINIMUM // 3 or any(name and name.casefold() in lowered for name in names):
        return [Problem(field, "password_too_easy")]
    return []


def account_problems(*, username: str, badge_number: str, full_name: str, unit_name: str) -> list[Problem]:
    """Return what is wrong with the words of a new account."""
    problems = []
    if not USERNAME.fullmatch(username):
        problems.append(Problem("username", "not_a_username"))
    if not BADGE_NUMBER.fullmatch(badge_number):
        problems.append(Problem("badge_number", "not_a_badge_number"))
    for field, value in (("full_name", full_name), ("unit_name", unit_name)):
        if not value.strip():
            problems.append(Problem(field, "required"))
        elif len(value) > NAME_MAXIMUM:
            problems.append(Problem(field, "too_long", {"limit": NAME_MAXIMUM}))
    return problems

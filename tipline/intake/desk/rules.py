"""What an officer must say of a tip that was told: how and when. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from tipline.errors import Problem
from tipline.intake.rules import CLOCK_SLACK, EARLIEST
from tipline.intake.tables import TipChannel

# What comes through our own form and interface has no officer in between.
TOLD_BY: Final = (TipChannel.PHONE, TipChannel.DESK, TipChannel.HOTLINE_12345, TipChannel.WECHAT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """How a tip came to an officer; `told_at` is aware, None when it was left out."""

    channel: TipChannel | None
    told_at: datetime | None
    wants_secrecy: bool = False


def telling_problems(telling: Telling, *, now: datetime) -> list[Problem]:
    """Return what is wrong with it: no channel an officer hears tips by, no time, or one that cannot be."""
    problems = []
    if telling.channel not in TOLD_BY:
        problems.append(Problem("channel", "not_a_choice"))
    if telling.told_at is None:
        problems.append(Problem("told_at", "required"))
    elif telling.told_at < EARLIEST:
        problems.append(Problem("told_at", "not_a_time"))
    elif telling.told_at > now + CLOCK_SLACK:
        problems.append(Problem("told_at", "in_the_future"))
    return problems

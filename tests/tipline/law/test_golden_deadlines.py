from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest

from tipline.clock import SHANGHAI
from tipline.law.clockbook import shipped_clocks

FILE = Path(__file__).parent / "golden_deadlines.txt"
BOOK = shipped_clocks()


@dataclass(frozen=True, slots=True)
class Golden:
    rule: str
    article: str
    start: datetime
    days: int | None
    due: datetime
    shows: str


def in_shanghai(text: str) -> datetime:
    read = datetime.fromisoformat(text)
    return read.replace(tzinfo=SHANGHAI) if read.tzinfo is None else read


def golden(line: str) -> Golden:
    facts, _, shows = line.partition("  # ")
    rule, article, start, *days, due = facts.split()
    return Golden(
        rule,
        article,
        in_shanghai(start),
        int(days[0].removeprefix("days=")) if days else None,
        in_shanghai(due if "T" in due else f"{due}T23:59:59"),
        shows,
    )


GOLDEN = [
    golden(line) for line in FILE.read_text(encoding="utf-8").splitlines() if line.strip() and not line.startswith("#")
]


@pytest.mark.parametrize("one", GOLDEN, ids=lambda one: f"{one.rule}-{one.start:%Y%m%d%H%M}-{one.shows}")
def test_a_deadline_worked_out_by_hand_is_met_by_its_article(one: Golden) -> None:
    found = BOOK.deadline(one.rule, one.start, days=one.days)

    assert found.due == one.due
    assert found.due_date == one.due.astimezone(SHANGHAI).date()
    assert one.article in found.article


def test_every_shipped_version_of_every_clock_has_a_deadline_worked_out_by_hand() -> None:
    shown = {BOOK.version(one.rule, on=one.start.astimezone(SHANGHAI).date()) for one in GOLDEN}

    assert {(rule.code, rule.valid_from.isoformat()) for rule in set(BOOK.rules) - shown} == set()


def test_there_are_at_least_two_hundred_of_them_and_no_two_alike() -> None:
    assert len({json.dumps([one.rule, str(one.start), one.days]) for one in GOLDEN}) == len(GOLDEN) >= 200

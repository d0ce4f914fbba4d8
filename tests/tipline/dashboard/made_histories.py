"""Random case histories for hypothesis: mostly possible ones, crowded around the edges that counting goes wrong on.

Hypothesis draws how many cases and one seed; the rest is drawn from the seed, evenly and fast.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import Any

from hypothesis import strategies as st

from tests.tipline.dashboard.oracle import NEEDS_AN_OPEN_CASE, OF_THE_CASE, SEVERITIES
from tipline.clock import SHANGHAI

START = datetime(2021, 12, 20, tzinfo=SHANGHAI)
FOUND = ["vehicle_identified", "vehicle_seized", "driver_identified", "driver_in_hand"]
# Steps of time: none, the horizons of M4 exactly, and what crosses midnight and New Year.
GAPS = [
    timedelta(0),
    timedelta(microseconds=1),
    timedelta(minutes=10),
    timedelta(hours=8),
    timedelta(hours=24),
    timedelta(hours=72),
    timedelta(days=7),
    timedelta(days=30),
    timedelta(days=90),
    timedelta(days=365),
]
Row = dict[str, Any]


def _next(where: str, choice: int) -> tuple[str, str]:
    """Return an event that may follow, and where the case stands after it."""
    if where == "nowhere":
        return ("transferred_in" if choice % 5 == 0 else "recorded"), "open"
    if where == "open" and choice % 10 < 6:
        kind = [*NEEDS_AN_OPEN_CASE, "cleared", "cleared"][choice % 6]
        return kind, kind
    if where in ("cleared", "cleared_exceptionally") and choice % 10 < 5:
        return "reopened", "open"
    return [*FOUND, "reclassified"][choice % 5], where


def case_history(name: str, chance: Random) -> list[Row]:
    """One case: one to seven events, now and then one that cannot be, known at once or much later."""
    is_odd = chance.random() < 1 / 60
    rows: list[Row] = []
    where, at = "nowhere", START + chance.randrange(60 * 24) * timedelta(hours=1)
    known = at
    for _ in range(chance.randint(1, 7)):
        choice = chance.randrange(60)
        kind, where = _next(where, choice)
        if is_odd and choice % 3 == 0:
            kind = chance.choice(OF_THE_CASE)
        at += chance.choice(GAPS[: chance.randint(1, len(GAPS))])
        delay = chance.choice(GAPS) if choice % 4 == 0 else timedelta(0)
        # Books are kept in order; those of an odd case may be told in any.
        known = at + chance.choice(GAPS) if is_odd else max(known, at + delay)
        severity = chance.choice(SEVERITIES)
        rows.append({"case": name, "type": kind, "severity": severity, "happened_at": at, "known_at": known})
    return rows


def made_file(seed: int, count: int) -> list[Row]:
    """A file of several cases, their lines mixed but each case's in the order in which it was entered."""
    chance = Random(seed)  # noqa: S311  made cases, no secret
    cases = [case_history(f"case {number}", chance) for number in range(count)]
    return sorted((row for case in cases for row in case), key=lambda row: row["known_at"])


files = st.builds(made_file, st.integers(0, 2**32), st.integers(0, 24))
# Remainders of large numbers, for hypothesis likes its small ones.
_numbers = st.integers(0, 2**32)
days = _numbers.map(lambda number: (START + timedelta(days=number % 125 - 5)).date())
moments = st.one_of(
    st.just(START + timedelta(days=4000)), _numbers.map(lambda number: START + timedelta(hours=number % (400 * 24)))
)

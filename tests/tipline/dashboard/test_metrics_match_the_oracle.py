"""The metrics, against a second counting written apart, on random histories; and what must always hold."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.tipline.dashboard.made_histories import days, files, moments
from tests.tipline.dashboard.oracle import Impossible, oracle
from tipline.dashboard.flow import INFLOWS, OUTFLOWS
from tipline.dashboard.histories import HistoryRefused, Period, read_events
from tipline.dashboard.metrics import document

Row = dict[str, Any]
NO_DATABASE = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def lines(rows: list[Row]) -> list[bytes]:
    """The rows as a file has them."""
    return [
        json.dumps(
            {**row, "happened_at": row["happened_at"].isoformat(), "known_at": row["known_at"].isoformat()}
        ).encode()
        for row in rows
    ]


def counted(rows: list[Row], as_of: datetime, first: date, last: date) -> dict[str, Any] | int:
    """What the platform says; the line where it refuses."""
    try:
        events = list(read_events(lines(rows)))
        return document(events, Period.of_days(first, last), as_of=as_of, by_severity=True)
    except HistoryRefused as refused:
        return refused.line


def expected(rows: list[Row], as_of: datetime, first: date, last: date) -> dict[str, Any] | int:
    try:
        return oracle(rows, as_of, first, last)
    except Impossible as impossible:
        return impossible.line


def check(rows: list[Row], as_of: datetime, one: date, other: date) -> None:
    first, last = sorted((one, other))

    told = counted(rows, as_of, first, last)

    assert told == expected(rows, as_of, first, last)
    if isinstance(told, int):
        return
    for part in (told, *told["by_severity"].values()):
        flow = part["M11"]
        inflow, outflow = sum(flow[name] for name in INFLOWS), sum(flow[name] for name in OUTFLOWS)
        assert flow["open_start"] + inflow - outflow == flow["open_end"]
    later = [row for row in rows if row["known_at"] <= as_of]
    assert json.dumps(counted(later, as_of, first, last)) == json.dumps(told)


@given(rows=files, as_of=moments, one=days, other=days)
@settings(NO_DATABASE, max_examples=1200)  # some 12,000 histories
def test_the_metrics_equal_a_literal_counting_and_the_stock_adds_up(
    rows: list[Row], as_of: datetime, one: date, other: date
) -> None:
    check(rows, as_of, one, other)


@pytest.mark.exhaustive
@pytest.mark.timeout(1800)
@given(rows=files, as_of=moments, one=days, other=days)
@settings(NO_DATABASE, max_examples=10_000)
def test_the_metrics_equal_a_literal_counting_on_ten_thousand_files(
    rows: list[Row], as_of: datetime, one: date, other: date
) -> None:
    check(rows, as_of, one, other)


@given(rows=files, as_of=moments, one=days, other=days, seed=st.randoms(use_true_random=False))
@settings(NO_DATABASE, max_examples=100)
def test_the_order_of_cases_in_the_file_changes_nothing(
    rows: list[Row], as_of: datetime, one: date, other: date, seed: Any
) -> None:
    names = sorted({row["case"] for row in rows})
    seed.shuffle(names)
    first, last = sorted((one, other))

    told = counted(rows, as_of, first, last)
    mixed = counted([row for name in names for row in rows if row["case"] == name], as_of, first, last)

    assert isinstance(told, int) == isinstance(mixed, int)
    assert isinstance(told, int) or told == mixed

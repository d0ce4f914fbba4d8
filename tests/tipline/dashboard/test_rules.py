from __future__ import annotations

import pytest

from tipline.dashboard.rules import Share, StripYear, years_in_a_row


def years(*shares: tuple[int, int]) -> list[StripYear]:
    return [StripYear(2015 + at, Share(k, n), is_demo=False) for at, (k, n) in enumerate(shares)]


@pytest.mark.parametrize(
    ("shares", "expected"),
    [
        ([(4, 4), (3, 3), (5, 5), (2, 2), (3, 3), (1, 1), (3, 3)], 7),
        ([(4, 4), (0, 0), (5, 5)], 2),
        ([(4, 4), (4, 5), (5, 5)], 1),
        ([(4, 4), (0, 1)], 0),
        ([(0, 0), (0, 0)], 0),
        ([], 0),
    ],
)
def test_years_in_a_row_count_only_years_with_cases_that_are_all_cleared(
    shares: list[tuple[int, int]], expected: int
) -> None:
    assert years_in_a_row(years(*shares)) == expected


def test_a_year_without_cases_has_solved_nothing() -> None:
    assert not years((0, 0))[0].is_all_cleared
    assert Share(0, 0).percent is None
    assert Share(0, 0).interval is None


@pytest.mark.parametrize(("k", "n", "low"), [(3, 3, 43.9), (7, 7, 64.6), (12, 12, 75.8)])
def test_the_interval_of_a_few_cases_is_wilsons(k: int, n: int, low: float) -> None:
    interval = Share(k, n).interval

    assert interval is not None
    assert (round(interval[0], 1), round(interval[1], 1)) == (low, 100.0)


def test_under_twenty_cases_the_counts_come_first() -> None:
    assert Share(19, 19).is_small
    assert not Share(20, 20).is_small

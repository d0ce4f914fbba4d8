from __future__ import annotations

from math import nan
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.points import Point, bd09_from_wgs84, distance_m, gcj02_from_wgs84, wgs84_point

GAOTANG = Point(36.8652, 116.2316)


def test_a_mixed_up_datum_moves_gaotang_by_as_much_as_the_reference_says() -> None:
    as_gcj02 = Point(*gcj02_from_wgs84(GAOTANG))
    as_bd09 = Point(*bd09_from_wgs84(GAOTANG))

    assert 450 < distance_m(GAOTANG, as_gcj02) < 560
    assert 1_200 < distance_m(GAOTANG, as_bd09) < 1_350


@given(latitude=st.floats(20, 50), longitude=st.floats(75, 130), datum=st.sampled_from(["gcj02", "bd09"]))
def test_a_point_of_any_datum_comes_back_to_within_a_metre(
    latitude: float, longitude: float, datum: Literal["gcj02", "bd09"]
) -> None:
    truth = Point(latitude, longitude)
    shown = gcj02_from_wgs84(truth) if datum == "gcj02" else bd09_from_wgs84(truth)

    back = wgs84_point(*shown, datum)

    assert distance_m(truth, back) < 1.0


def test_a_wgs84_point_is_taken_as_it_is() -> None:
    assert wgs84_point(36.8, 116.2, "wgs84") == Point(36.8, 116.2)


def test_outside_china_nothing_is_shifted() -> None:
    assert gcj02_from_wgs84(Point(51.5, -0.1)) == (51.5, -0.1)


@pytest.mark.parametrize(("latitude", "longitude"), [(91, 0), (0, 181), (nan, 0)])
def test_what_is_no_place_on_earth_is_refused(latitude: float, longitude: float) -> None:
    with pytest.raises(ValueError, match="no such place"):
        Point(latitude, longitude)


def test_a_degree_of_latitude_is_a_hundred_and_eleven_kilometres() -> None:
    assert distance_m(Point(36, 116), Point(37, 116)) == pytest.approx(111_195, abs=10)

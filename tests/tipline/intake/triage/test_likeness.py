from __future__ import annotations

from datetime import timedelta

import pytest

from matching.points import Point
from tests.make import NOON
from tipline.intake.triage.likeness import Likeness, Told, likenesses, serial_pairs

HERE = Point(36.866, 116.230)
A_KILOMETRE_EAST = Point(36.866, 116.2412)
FIVE_KILOMETRES_EAST = Point(36.866, 116.286)


@pytest.mark.parametrize(
    ("plate", "other", "expected"),
    [
        ("鲁P12345", "鲁P12345", [Likeness.SAME_PLATE]),
        ("鲁P12345", "鲁P1?3?5", [Likeness.PLATE_FITS]),
        ("345", "鲁P12345", [Likeness.PLATE_FITS]),
        ("鲁P1234", "鲁P12345", [Likeness.PLATE_FITS]),
        ("鲁P12345", "鲁P12346", []),
        ("鲁P", "鲁P12345", []),
        ("不清楚", "鲁P12345", []),
        ("", "", []),
    ],
)
def test_plates_that_may_be_one_are_alike(plate: str, other: str, expected: list[Likeness]) -> None:
    one, two = (Told(plates=frozenset({text} - {""})) for text in (plate, other))

    assert likenesses(one, two) == likenesses(two, one) == expected


@pytest.mark.parametrize(
    ("hours", "point", "expected"),
    [
        (2, A_KILOMETRE_EAST, [Likeness.NEAR]),
        (4, A_KILOMETRE_EAST, []),
        (2, FIVE_KILOMETRES_EAST, []),
        (0, None, []),
    ],
)
def test_near_is_within_three_hours_and_two_kilometres(
    hours: int, point: Point | None, expected: list[Likeness]
) -> None:
    one = Told(happened_from=NOON, point=HERE, place_text="人和路")
    other = Told(happened_from=NOON + timedelta(hours=hours), point=point, place_text="金城路")

    assert likenesses(one, other) == expected


def test_without_coordinates_the_same_words_for_the_place_are_near() -> None:
    one = Told(happened_from=NOON, happened_to=NOON + timedelta(hours=1), place_text="人和路与金城路口")
    other = Told(happened_to=NOON + timedelta(hours=3), place_text=" 人和路与金城路口")

    assert likenesses(one, other) == [Likeness.NEAR]
    assert likenesses(Told(happened_from=NOON), Told(happened_from=NOON)) == []
    assert likenesses(Told(place_text="人和路"), other) == []


def test_the_very_same_file_comes_first() -> None:
    one = Told(plates=frozenset({"鲁P12345"}), digests=frozenset({"aa", "bb"}))
    other = Told(plates=frozenset({"鲁P12345"}), digests=frozenset({"bb"}))

    assert likenesses(one, other) == [Likeness.SAME_FILE, Likeness.SAME_PLATE]


def test_plates_are_looked_up_by_neighbouring_places_of_the_serial_alone() -> None:
    assert serial_pairs(["鲁P1?3A5", "345"]) == ["34", "3a", "45", "a5"]
    assert serial_pairs(["鲁P"]) == []

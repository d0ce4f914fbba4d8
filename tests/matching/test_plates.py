from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.plates import CITY_LETTERS, PROVINCES, SERIAL_CHARACTERS, Anchor, alignments, parse_plate, part_of_plate


@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        ("鲁P12345", "鲁P12345"),
        ("鲁p·12 3-45", "鲁P12345"),
        ("鲁Ｐ１２３４５", "鲁P12345"),
        ("鲁PD12345", "鲁PD12345"),
        ("鲁P1O3I5", "鲁P10315"),
        ("鲁P1？3*5", "鲁P1?3?5"),
        ("鲁P_3_45", "鲁P?3?45"),
        ("??·123??", "??123??"),
        ("P12345", "?P12345"),
        ("D12345", "??D12345"),
        ("12345", "??12345"),
        ("鲁P1234学", "鲁P1234学"),
        ("粤Z1234港", "粤Z1234港"),
        ("鲁P1234", "鲁P…1234…"),
        ("鲁P12", "鲁P12…"),
        ("鲁", "鲁?…"),
        ("345", "…345…"),
    ],
)
def test_what_people_type_is_understood_as_a_plate(typed: str, understood: str) -> None:
    pattern = parse_plate(typed)

    assert pattern is not None
    assert pattern.text == understood


@pytest.mark.parametrize(
    "typed", ["", "AUDI", "HONDA", "C00D车", "鲁P学1234", "鲁P123456789", "某P12345", "?", "5", "?????"]
)
def test_what_cannot_be_a_plate_is_none(typed: str) -> None:
    assert parse_plate(typed) is None


@given(
    province=st.sampled_from(PROVINCES),
    city=st.sampled_from(CITY_LETTERS),
    serial=st.text(SERIAL_CHARACTERS, min_size=5, max_size=6),
)
def test_every_civil_plate_is_read_back_as_it_is(province: str, city: str, serial: str) -> None:
    pattern = parse_plate(f"{province}{city}·{serial.lower()}")

    assert pattern is not None
    assert pattern.is_full
    assert pattern.text == province + city + serial


@given(st.text(max_size=30))
def test_no_text_makes_the_reader_of_plates_stumble(text: str) -> None:
    pattern = parse_plate(text)

    assert pattern is None or pattern.known_places > 0


def test_a_tail_lies_at_the_right_end_of_plates_of_both_lengths() -> None:
    pattern = part_of_plate("345", Anchor.TAIL)
    assert pattern is not None

    short = alignments(pattern.serial, pattern.anchor, 5, slip=0.01, blank="?")
    long = alignments(pattern.serial, pattern.anchor, 6, slip=0.01, blank="?")

    assert short == [(("?", "?", "3", "4", "5"), 1.0)]
    assert long == [(("?", "?", "?", "3", "4", "5"), 1.0)]


@given(
    seen=st.text(SERIAL_CHARACTERS, min_size=0, max_size=6),
    anchor=st.sampled_from(Anchor),
    length=st.sampled_from([5, 6]),
)
def test_the_ways_a_part_may_lie_are_whole_serials_and_no_more_than_certain(
    seen: str, anchor: Anchor, length: int
) -> None:
    ways = alignments(seen, anchor, length, slip=0.01, blank="?")

    assert all(len(way) == length for way, _ in ways)
    assert sum(weight for _, weight in ways) <= 1 + 1e-9

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.comparisons import compare_appearance, compare_plates, compare_space_time, compare_words
from matching.facts import Appearance, PlateReading, PlateSource
from matching.plate_bits import plate_agreement
from matching.plates import SERIAL_CHARACTERS, Anchor, PlatePattern
from matching.reasons import Field, Level
from matching.weights import WEIGHTS, Weights
from tests.matching.facts import CASE, TIP, WHITE_VAN, moment, north_of_crossing, plate

OFFICER = PlateSource.OFFICER
CAMERA = PlateSource.CAMERA

patterns = st.builds(
    PlatePattern,
    st.sampled_from(["鲁P", "鲁A", "冀E", "鲁?", "?P", "??"]),
    st.text(SERIAL_CHARACTERS + "?", min_size=5, max_size=6),
    st.just(Anchor.WHOLE),
) | st.builds(
    PlatePattern,
    st.sampled_from(["鲁P", "??"]),
    st.text(SERIAL_CHARACTERS, min_size=2, max_size=4),
    st.sampled_from([Anchor.HEAD, Anchor.TAIL, Anchor.INSIDE, Anchor.GAPPED]),
)
readings = st.builds(PlateReading, pattern=patterns, source=st.sampled_from(PlateSource))


@given(left=readings, right=readings)
def test_plates_weigh_the_same_whichever_comes_first(left: PlateReading, right: PlateReading) -> None:
    there, back = plate_agreement(left, right), plate_agreement(right, left)

    assert there.bits == pytest.approx(back.bits, abs=1e-9)


@given(left=readings, right=readings)
def test_the_places_of_a_plate_sum_to_its_bits(left: PlateReading, right: PlateReading) -> None:
    agreement = plate_agreement(left, right)

    assert sum(bits for _, bits in agreement.parts) == pytest.approx(agreement.bits, abs=1e-9)


@given(right=readings)
def test_a_plate_of_which_nothing_is_known_weighs_nothing(right: PlateReading) -> None:
    unknown = PlateReading(pattern=PlatePattern("??", "?????", Anchor.INSIDE), source=PlateSource.WITNESS)

    assert plate_agreement(unknown, right).bits == pytest.approx(0, abs=0.01)


def bits(left: str, right: str, source: PlateSource = PlateSource.WITNESS) -> float:
    return plate_agreement(plate(left, source), plate(right, OFFICER)).bits


def test_a_rare_region_that_agrees_is_worth_more_than_the_local_one() -> None:
    assert bits("冀E", "冀E12345") > bits("鲁P", "鲁P12345") + 3


def test_a_character_people_shun_is_worth_more_than_a_common_one() -> None:
    assert bits("鲁P14444", "鲁P14444") > bits("鲁P18888", "鲁P18888") + 2


def test_a_character_of_similar_shape_costs_less_than_a_strange_one() -> None:
    alike = plate_agreement(plate("鲁P1234B", CAMERA), plate("鲁P12348", OFFICER))
    strange = plate_agreement(plate("鲁P1234W", CAMERA), plate("鲁P12348", OFFICER))

    assert alike.level == Level.PLATE_ALIKE
    assert strange.level == Level.PLATE_DIFFERS
    assert alike.bits > strange.bits + 2


def test_more_known_places_that_agree_weigh_more() -> None:
    ladder = [bits(text, "鲁P39K51") for text in ("鲁P", "鲁P3???1", "鲁P39??1", "鲁P39K?1", "鲁P39K51")]

    assert ladder == sorted(ladder)


def test_the_tail_of_a_plate_speaks_for_plates_of_both_lengths() -> None:
    assert bits("345", "鲁P12345") > 8
    assert bits("345", "鲁PD12345") > 8


def test_one_forgotten_character_does_not_hide_the_plate() -> None:
    assert bits("鲁P9K51", "鲁P39K51") > 10
    assert bits("鲁PD1245", "鲁PD12345") > 8


def test_an_unsure_camera_weighs_less_than_a_sure_one() -> None:
    sure = plate_agreement(plate("鲁P39K51", CAMERA, 0.99), plate("鲁P39K51", OFFICER))
    unsure = plate_agreement(plate("鲁P39K51", CAMERA, 0.55), plate("鲁P39K51", OFFICER))

    assert sure.bits > unsure.bits > 0


def test_bystanders_plates_in_the_media_cost_about_one_bit_however_many() -> None:
    crowd = [plate(f"鲁P{number:05d}", CAMERA, 0.99) for number in range(20_000, 20_030)]

    reason = compare_plates(crowd, WHITE_VAN.plate)

    assert -1.01 < reason.bits < 0


def test_the_right_plate_among_bystanders_is_still_found() -> None:
    crowd = [plate(f"鲁P{number:05d}", CAMERA, 0.99) for number in range(20_000, 20_030)]

    reason = compare_plates([*crowd, plate("鲁P39K51", CAMERA, 0.99)], WHITE_VAN.plate)

    assert reason.bits > 10
    assert reason.tip == "鲁P39K51"


def test_the_same_plate_on_many_frames_counts_once() -> None:
    once = compare_plates([plate("鲁P39K51", CAMERA, 0.9)], WHITE_VAN.plate)
    often = compare_plates([plate("鲁P39K51", CAMERA, 0.9)] * 12, WHITE_VAN.plate)

    assert often.bits == once.bits


def looks(**said: set[str]) -> Appearance:
    return Appearance(**{field: frozenset(values) for field, values in said.items()})


colours = st.frozensets(st.sampled_from(sorted(WEIGHTS.colour_shares)), max_size=3)


@given(left=colours, right=colours, not_left=colours)
def test_colours_weigh_the_same_whichever_comes_first(
    left: frozenset[str], right: frozenset[str], not_left: frozenset[str]
) -> None:
    one, other = Appearance(colours=left, not_colours=not_left - left), Appearance(colours=right)

    there = compare_appearance(Field.COLOUR, one, other)
    back = compare_appearance(Field.COLOUR, other, one)

    assert there.bits == pytest.approx(back.bits, abs=1e-9)
    assert there.bits == 0 or (one.colours or one.not_colours)


def test_colour_agrees_is_alike_differs_or_is_ruled_out() -> None:
    white = looks(colours={"white"})

    same = compare_appearance(Field.COLOUR, white, white)
    alike = compare_appearance(Field.COLOUR, looks(colours={"silver"}), white)
    differs = compare_appearance(Field.COLOUR, looks(colours={"red"}), white)
    ruled_out = compare_appearance(Field.COLOUR, looks(not_colours={"white"}), white)
    allowed = compare_appearance(Field.COLOUR, looks(not_colours={"red"}), white)

    assert [one.level for one in (same, alike, differs, ruled_out, allowed)] == [
        Level.COLOUR_SAME,
        Level.COLOUR_ALIKE,
        Level.COLOUR_DIFFERS,
        Level.COLOUR_DIFFERS,
        Level.COLOUR_ALLOWED,
    ]
    assert same.bits > allowed.bits > alike.bits > differs.bits
    assert ruled_out.bits < 0 < allowed.bits


def test_a_rare_type_that_agrees_weighs_more_than_a_common_one() -> None:
    bus = compare_appearance(Field.VEHICLE_TYPE, looks(types={"bus"}), looks(types={"bus"}))
    car = compare_appearance(Field.VEHICLE_TYPE, looks(types={"car"}), looks(types={"car"}))

    assert bus.bits > car.bits > 0


def space_time(minutes: float | None, metres: float | None, length_min: float = 0) -> tuple[float, Level]:
    tip = replace(
        TIP,
        happened=None if minutes is None else moment(minutes, length_min),
        point=None if metres is None else north_of_crossing(metres),
    )
    reason = compare_space_time(tip, CASE)
    return reason.bits, reason.level


def test_near_and_soon_weighs_much_and_fades_with_time_and_distance() -> None:
    here, later, farther, elsewhere = (
        space_time(5, 100),
        space_time(200, 100),
        space_time(5, 8_000),
        space_time(60 * 24 * 10, 8_000),
    )

    assert here[1] == Level.TIME_AND_PLACE_FIT
    assert here[0] > later[0] > elsewhere[0]
    assert here[0] > farther[0] > elsewhere[0]
    assert elsewhere[0] < 0


def test_what_no_car_could_reach_gets_the_floor_and_says_so() -> None:
    assert space_time(0, 60_000) == (WEIGHTS.out_of_reach_bits, Level.OUT_OF_REACH)


def test_a_far_place_is_in_reach_when_there_was_time() -> None:
    assert space_time(45, 60_000)[1] != Level.OUT_OF_REACH


def test_a_long_stretch_of_time_says_less_than_a_moment() -> None:
    assert space_time(0, 100)[0] > space_time(-4_000, 100, 8_000)[0]


def test_time_alone_or_place_alone_says_less_than_both() -> None:
    both, time_only, place_only, neither = (
        space_time(5, 100),
        space_time(5, None),
        space_time(None, 100),
        space_time(None, None),
    )

    assert (time_only[1], place_only[1]) == (Level.TIME_FITS, Level.PLACE_FITS)
    assert both[0] > time_only[0] > 0
    assert both[0] > place_only[0] > 0
    assert neither == (0.0, Level.NOT_STATED)


@given(minutes=st.floats(-100_000, 100_000), metres=st.floats(0, 200_000), length_min=st.floats(0, 5_000))
def test_time_and_place_stay_between_floor_and_cap(minutes: float, metres: float, length_min: float) -> None:
    weight, _ = space_time(minutes, metres, length_min)

    assert WEIGHTS.out_of_reach_bits <= weight <= WEIGHTS.space_time_most_bits


def test_named_places_count_only_where_no_distance_was_measured() -> None:
    told = replace(TIP, text="在人和路金城路口", marks=frozenset({"左大灯"}))

    without_point = compare_words(told, CASE, WHITE_VAN)
    with_point = compare_words(replace(told, point=CASE.point), CASE, WHITE_VAN)

    assert without_point.bits == min(3.0 + 2 * 3.5, WEIGHTS.words_most_bits)
    assert with_point.bits == 3.0
    assert with_point.facts["shared"] == ["左大灯"]


def test_the_model_is_named_by_its_numbers() -> None:
    same = Weights(**{one: getattr(WEIGHTS, one) for one in WEIGHTS.__slots__ if one != "__weakref__"})
    other = Weights(
        **{one: getattr(WEIGHTS, one) for one in WEIGHTS.__slots__ if one not in {"__weakref__", "no_case"}},
        no_case=0.4,
    )

    assert same.model == WEIGHTS.model
    assert other.model != WEIGHTS.model
    assert len(WEIGHTS.model) <= 60


def test_every_table_of_shares_is_a_distribution() -> None:
    assert sum(WEIGHTS.colour_shares.values()) == pytest.approx(1, abs=0.01)
    assert sum(WEIGHTS.type_shares.values()) == pytest.approx(1, abs=0.01)
    assert sum(WEIGHTS.region_shares.values()) < 1
    assert len(WEIGHTS.together) == len(WEIGHTS.apart_minutes) == len(WEIGHTS.minutes_edges) - 1
    assert {len(row) for row in WEIGHTS.together} == {len(WEIGHTS.apart_metres)} == {len(WEIGHTS.metres_edges) - 1}


def test_an_interval_needs_aware_and_ordered_moments() -> None:
    with pytest.raises(ValueError, match="before it begins"):
        moment(0, -timedelta(minutes=1).total_seconds())

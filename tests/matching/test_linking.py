from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.facts import Appearance, PlateSource, TipFacts
from matching.linking import rank, suggest
from matching.reasons import ORDER, Field, Level
from matching.weights import WEIGHTS
from tests.matching.facts import CASE, EVENING, TIP, WHITE_VAN, moment, north_of_crossing, other_cases, plate

CASES = [*other_cases(5), CASE, *other_cases(11)[5:]]
FITTING = replace(
    TIP,
    happened=moment(10),
    point=north_of_crossing(200),
    appearance=Appearance(colours=frozenset({"white"}), types=frozenset({"van"})),
)

tips = st.builds(
    TipFacts,
    received_at=st.just(EVENING + timedelta(hours=3)),
    plates=st.lists(
        st.sampled_from(["鲁P39K51", "鲁P39K5?", "鲁P", "351", "冀E12345", "鲁PD39K51"]).map(plate), max_size=3
    ).map(tuple),
    appearance=st.builds(
        Appearance,
        colours=st.frozensets(st.sampled_from(["white", "black", "red"]), max_size=2),
        not_types=st.frozensets(st.sampled_from(["van", "car"]), max_size=1),
    ),
    happened=st.none() | st.floats(-9_000, 100).map(moment),
    point=st.none() | st.floats(0, 40_000).map(north_of_crossing),
    text=st.sampled_from(["", "人和路口", CASE.number]),
    marks=st.frozensets(st.sampled_from(["左大灯", "凹陷"]), max_size=2),
)


@given(tip=tips)
def test_the_reasons_sum_to_the_weight(tip: TipFacts) -> None:
    for one in rank(tip, CASES):
        assert sum(reason.bits for reason in one.reasons) == pytest.approx(one.weight, abs=1e-6)
        assert sum(reason["bits"] for reason in one.reasons_json()) == pytest.approx(one.weight, abs=1e-6)


@given(tip=tips)
def test_probabilities_leave_room_for_no_open_case(tip: TipFacts) -> None:
    ranked = rank(tip, CASES)

    assert sum(one.probability for one in ranked) <= 1
    assert [one.weight for one in ranked] == sorted((one.weight for one in ranked), reverse=True)


@given(tip=tips)
def test_every_field_is_told_once_in_the_order_shown(tip: TipFacts) -> None:
    for one in rank(tip, CASES):
        assert tuple(reason.field for reason in one.reasons) == ORDER


@given(tip=tips)
def test_what_is_not_stated_adds_nothing(tip: TipFacts) -> None:
    for one in rank(tip, CASES):
        assert all(reason.bits == 0 for reason in one.reasons if reason.level is Level.NOT_STATED)


def test_a_tip_that_says_nothing_is_proposed_nowhere() -> None:
    assert suggest(TIP, CASES) == []


def test_place_time_and_looks_find_the_case_without_any_plate() -> None:
    found = suggest(FITTING, CASES)

    assert [one.key for one in found] == ["case"]
    assert found[0].probability > 0.9


def test_strangers_plates_in_the_media_do_not_hide_a_case_that_fits() -> None:
    crowd = tuple(plate(f"鲁P{number:05d}", PlateSource.CAMERA, 0.98) for number in range(20_000, 20_030))

    found = suggest(replace(FITTING, plates=crowd), CASES)

    assert [one.key for one in found] == ["case"]


def test_a_part_of_the_plate_adds_to_place_and_time() -> None:
    without = suggest(FITTING, CASES)[0]
    with_part = suggest(replace(FITTING, plates=(plate("鲁P39?51"),)), CASES)[0]

    assert with_part.weight > without.weight + 10


def test_a_whole_plate_finds_the_case_weeks_later_and_elsewhere() -> None:
    late = replace(
        TIP,
        received_at=EVENING + timedelta(days=90),
        happened=moment(60 * 24 * 80),
        point=north_of_crossing(20_000),
        plates=(plate("鲁P39K51"),),
    )

    assert [one.key for one in suggest(late, CASES)] == ["case"]


def test_a_case_weeks_after_the_tip_is_not_compared() -> None:
    early = replace(TIP, received_at=EVENING - timedelta(days=9), happened=moment(-60 * 24 * 9))

    assert "case" not in [one.key for one in rank(early, CASES)]


def test_a_plate_seen_where_it_cannot_have_been_is_proposed_with_the_reason_shown() -> None:
    copied = replace(FITTING, point=north_of_crossing(80_000), plates=(plate("鲁P39K51"),))

    reasons = {reason.field: reason for reason in suggest(copied, CASES)[0].reasons}

    assert reasons[Field.SPACE_TIME].level == Level.OUT_OF_REACH
    assert reasons[Field.SPACE_TIME].bits == WEIGHTS.out_of_reach_bits
    assert reasons[Field.PLATE].level == Level.PLATE_SAME


def test_a_case_named_by_its_number_is_proposed() -> None:
    named = replace(TIP, text=f"关于{CASE.number}的线索")

    assert [one.key for one in suggest(named, CASES)] == ["case"]


def test_the_vehicle_that_fits_best_speaks_for_a_case_of_several() -> None:
    red_bus = replace(
        WHITE_VAN, plate=None, appearance=Appearance(colours=frozenset({"red"}), types=frozenset({"bus"}))
    )
    both = replace(CASE, vehicles=(red_bus, WHITE_VAN))

    assert suggest(FITTING, [both])[0].weight == suggest(FITTING, [CASE])[0].weight


def test_more_open_cases_make_each_less_likely() -> None:
    few, many = suggest(FITTING, CASES[:6])[0], suggest(FITTING, [*CASES, *other_cases(40)])[0]

    assert few.weight > many.weight


def test_at_most_five_cases_are_proposed() -> None:
    alike = [replace(CASE, key=number) for number in range(12)]

    assert len(suggest(FITTING, alike)) == WEIGHTS.most_suggestions


def test_no_open_case_means_no_suggestion() -> None:
    assert suggest(FITTING, []) == []


@pytest.mark.parametrize(
    "little",
    [
        replace(TIP, appearance=Appearance(colours=frozenset({"white"}))),
        replace(TIP, appearance=Appearance(types=frozenset({"van"}))),
        replace(TIP, plates=(plate("鲁P"),)),
        replace(TIP, point=north_of_crossing(2_000)),
    ],
)
@pytest.mark.parametrize("open_cases", [1, 12])
def test_colour_type_region_or_neighbourhood_alone_propose_nothing(little: TipFacts, open_cases: int) -> None:
    assert suggest(little, [CASE, *other_cases(open_cases - 1)]) == []

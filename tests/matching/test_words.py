from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.words import place_names, read_text


@pytest.mark.parametrize(
    ("text", "plates"),
    [
        ("车牌鲁P·12?45，往东跑了", ["鲁P12?45"]),
        ("车牌是鲁pa12o3的银色轿车", ["鲁PA1203"]),
        ("我看到一辆灰色SUV，鲁P D12345", ["鲁PD12345"]),
        ("plate 鲁P1234学 SUV", ["鲁P1234学"]),
        ("尾号345的黑色轿车", ["…345"]),
        ("车牌尾数是八八六", ["…886"]),
        ("后三位好像是203", ["…203"]),
        ("鲁P开头的大货车", ["鲁P…"]),
        ("车牌中间有个123", ["…123…"]),
        ("plate ending in 345", ["…345"]),
        ("京A12345不是鲁P12345", ["京A12345"]),
        ("我的车是鲁P88888", []),
        ("大概20多岁，穿红衣服，电话13800000000", []),
        ("2026年11月20日19点30分", []),
    ],
)
def test_plates_and_parts_of_plates_are_found_in_words(text: str, plates: list[str]) -> None:
    assert [pattern.text for pattern in read_text(text).plates] == plates


@pytest.mark.parametrize(
    ("text", "colours", "not_colours"),
    [
        ("一辆白色面包车", {"white"}, set()),
        ("一辆白车", {"white"}, set()),
        ("银灰色轿车", {"silver"}, set()),
        ("不是白色的，像黑色", {"black"}, {"white"}),
        ("白色或者银色的面包车", {"white", "silver"}, set()),
        ("白天在红绿灯路口，银行门口，黄河路，金城路", set(), set()),
        ("司机穿红色上衣，黄色头盔", set(), set()),
        ("蓝色车牌", set(), set()),
        ("not a white car, a black SUV", {"black"}, {"white"}),
        ("a white plate and a red light", set(), set()),
    ],
)
def test_colours_are_the_vehicles_and_denials_are_kept(text: str, colours: set[str], not_colours: set[str]) -> None:
    appearance = read_text(text).appearance

    assert (set(appearance.colours), set(appearance.not_colours)) == (colours, not_colours)


@pytest.mark.parametrize(
    ("text", "types", "not_types"),
    [
        ("一辆五菱面包车", {"van"}, set()),
        ("一辆货车", {"light_truck", "heavy_truck"}, set()),
        ("不是轿车，是越野车", {"suv"}, {"car"}),
        ("白色轿车撞了一辆电动车", {"car"}, set()),
        ("骑电动车的老人被一辆小轿车撞倒", {"car"}, set()),
        ("撞人的白色轿车往北跑了", {"car"}, set()),
        ("我骑电动车路过，看到三轮车跑了", {"tricycle"}, set()),
        ("在公交车站旁边", set(), set()),
        ("a pickup hit an electric bike", {"light_truck"}, set()),
    ],
)
def test_types_are_the_fleeing_vehicles_not_the_victims(text: str, types: set[str], not_types: set[str]) -> None:
    appearance = read_text(text).appearance

    assert (set(appearance.types), set(appearance.not_types)) == (types, not_types)


def test_damage_is_found_in_both_languages_under_one_name() -> None:
    assert read_text("左前大灯碎了").marks == {"左大灯"}
    assert read_text("the left headlight was broken").marks == {"左大灯"}


def test_places_are_named_without_the_words_around_them() -> None:
    assert place_names("高唐县人和路与金城路交叉口东侧50米") >= {"金城路"}
    assert place_names("G308 国道、鱼丘湖大街路口") >= {"G308", "鱼丘湖大街"}


@given(st.text(max_size=200))
def test_no_text_makes_the_reader_stumble(text: str) -> None:
    told = read_text(text)

    assert not told.appearance.colours & told.appearance.not_colours


def test_hostile_repetition_is_read_in_no_time() -> None:
    told = read_text("鲁P1 " * 2000 + "撞" * 2000 + "尾号" * 2000)

    assert told.appearance.colours == frozenset()

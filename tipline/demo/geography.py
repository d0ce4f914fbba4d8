"""The lie of the land: real roads and townships of Gaotang, positions only about right, units and cameras invented."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tipline.accounts.tables import Unit, UnitKind
from tipline.demo.chance import Chance
from tipline.intake.tables import Datum
from tipline.sightings.tables import Camera

# 高唐县's code in GB/T 2260; the cameras' numbers behind it are invented.
COUNTY_CODE: Final = "371526"

BRIGADE: Final = "演示高唐县交警大队"
ACCIDENT_SECTION: Final = "演示事故科"
COMMAND_CENTRE: Final = "演示指挥中心"
TOWN: Final = "演示城区中队"
NORTH: Final = "演示梁村中队"
WEST: Final = "演示清平中队"
EAST: Final = "演示固河中队"

UNITS: Final = (
    (BRIGADE, UnitKind.BRIGADE),
    (ACCIDENT_SECTION, UnitKind.ACCIDENT_SECTION),
    (COMMAND_CENTRE, UnitKind.COMMAND_CENTRE),
    (TOWN, UnitKind.SQUADRON),
    (NORTH, UnitKind.SQUADRON),
    (WEST, UnitKind.SQUADRON),
    (EAST, UnitKind.SQUADRON),
)


@dataclass(frozen=True, slots=True)
class Spot:
    """A place where things happen: how people call it, where it lies (WGS-84, degrees), whose beat it is."""

    text: str
    latitude: float
    longitude: float
    squadron: str


SPOTS: Final = (
    Spot("人和街道金城路与人和路路口", 36.8662, 116.2301, TOWN),
    Spot("人和街道金城东路汽车站附近", 36.8668, 116.2462, TOWN),
    Spot("人和街道人和路与官道街路口", 36.8609, 116.2296, TOWN),
    Spot("人和街道时风路工业园门口", 36.8514, 116.2487, TOWN),
    Spot("鱼邱湖街道鱼邱湖东岸", 36.8643, 116.2247, TOWN),
    Spot("鱼邱湖街道北湖路与滨湖路路口", 36.8721, 116.2213, TOWN),
    Spot("鱼邱湖街道金城西路县医院附近", 36.8658, 116.2154, TOWN),
    Spot("汇鑫街道汇鑫路与超越路路口", 36.8833, 116.2352, TOWN),
    Spot("汇鑫街道汇鑫路物流园北门", 36.8907, 116.2418, TOWN),
    Spot("G308国道高唐城北段红绿灯", 36.8879, 116.2206, TOWN),
    Spot("G308国道三十里铺镇路口", 36.9152, 116.1638, NORTH),
    Spot("G308国道三十里铺镇加油站东侧", 36.9096, 116.1745, NORTH),
    Spot("三十里铺镇镇政府驻地", 36.9187, 116.1592, NORTH),
    Spot("梁村镇G105国道梁村大桥北", 36.9861, 116.2237, NORTH),
    Spot("梁村镇驻地十字路口", 36.9789, 116.2291, NORTH),
    Spot("G105国道梁村镇南段", 36.9574, 116.2268, NORTH),
    Spot("杨屯镇驻地集市路口", 36.9392, 116.2713, NORTH),
    Spot("杨屯镇S316省道路口", 36.9325, 116.2839, NORTH),
    Spot("G105国道姜店镇路口", 36.8167, 116.2468, EAST),
    Spot("姜店镇驻地小学门口", 36.8105, 116.2533, EAST),
    Spot("姜店镇G105国道收费站南侧", 36.7983, 116.2497, EAST),
    Spot("固河镇驻地十字路口", 36.8428, 116.3647, EAST),
    Spot("固河镇S316省道固河桥西", 36.8471, 116.3502, EAST),
    Spot("G308国道固河镇路口", 36.8386, 116.3291, EAST),
    Spot("S316省道固河镇与杨屯镇交界", 36.8942, 116.3218, EAST),
    Spot("赵寨子镇驻地路口", 36.8052, 116.1816, EAST),
    Spot("赵寨子镇乡道与G105国道连接线", 36.7904, 116.2127, EAST),
    Spot("尹集镇驻地十字路口", 36.8371, 116.1039, WEST),
    Spot("尹集镇S316省道尹集段", 36.8462, 116.1287, WEST),
    Spot("S316省道尹集镇路口西200米", 36.8447, 116.1173, WEST),
    Spot("清平镇古城路口", 36.7563, 116.0942, WEST),
    Spot("清平镇驻地农贸市场", 36.7512, 116.1006, WEST),
    Spot("清平镇林场乡道弯道", 36.7417, 116.0871, WEST),
    Spot("琉璃寺镇驻地路口", 36.7598, 116.1724, WEST),
    Spot("琉璃寺镇县道大杨庄桥头", 36.7726, 116.1609, WEST),
)

# Cameras stand at the spots and, on the through roads, between them: (place, latitude, longitude).
ROADSIDE: Final = (
    ("G308国道城东卡口", 36.8703, 116.2746),
    ("G308国道与G105国道互通卡口", 36.8791, 116.2509),
    ("G105国道县界北卡口", 37.0012, 116.2219),
    ("G105国道县界南卡口", 36.7724, 116.2531),
    ("S316省道西县界卡口", 36.8489, 116.0731),
)


def units(chance: Chance) -> list[Unit]:
    """Return the brigade and the parts that belong to it, every name labelled 演示."""
    made = [
        Unit(id=chance.uuid(), name=name, kind=kind, parent=None, closed_at=None, is_demo=True) for name, kind in UNITS
    ]
    brigade = next(one for one in made if one.name == BRIGADE)
    for one in made:
        one.parent = None if one is brigade else brigade.id
    return made


def cameras(chance: Chance) -> list[Camera]:
    """Return 40 checkpoint cameras with invented codes: one at each spot and five on the through roads."""
    places = [(f"{spot.text}卡口", spot.latitude, spot.longitude) for spot in SPOTS] + list(ROADSIDE)
    return [
        Camera(
            id=chance.uuid(),
            code=f"{COUNTY_CODE}YS{number:04d}",
            place_text=f"演示 {text}",
            latitude=latitude,
            longitude=longitude,
            datum=Datum.WGS84,
            is_demo=True,
        )
        for number, (text, latitude, longitude) in enumerate(places, start=1)
    ]

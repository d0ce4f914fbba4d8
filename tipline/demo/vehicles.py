"""Invented vehicles: what they look like to a witness, and how witnesses put it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tipline.demo.chance import Chance
from tipline.intake.tables import VehicleColour, VehicleType

TYPES: Final = (
    (VehicleType.CAR, 34.0),
    (VehicleType.SUV, 14.0),
    (VehicleType.VAN, 12.0),
    (VehicleType.LIGHT_TRUCK, 13.0),
    (VehicleType.HEAVY_TRUCK, 7.0),
    (VehicleType.MOTORCYCLE, 5.0),
    (VehicleType.TRICYCLE, 8.0),
    (VehicleType.ELECTRIC_BIKE, 7.0),
)
COLOURS: Final = (
    (VehicleColour.WHITE, 36.0),
    (VehicleColour.BLACK, 16.0),
    (VehicleColour.GREY, 12.0),
    (VehicleColour.SILVER, 11.0),
    (VehicleColour.RED, 10.0),
    (VehicleColour.BLUE, 9.0),
    (VehicleColour.YELLOW, 3.0),
    (VehicleColour.GREEN, 2.0),
    (VehicleColour.BROWN, 1.0),
)
FEATURES: Final = (
    "右前大灯破损",
    "左前大灯破损",
    "前保险杠右侧开裂",
    "前保险杠左侧脱落",
    "右后视镜折断",
    "左后视镜外壳脱落",
    "发动机舱盖凹陷",
    "右侧车门有刮擦痕迹",
    "左侧车身有长条刮痕",
    "前挡风玻璃呈蛛网状破裂",
    "车厢蒙蓝色篷布",
    "车尾贴有实习标志",
    "车顶有行李架",
    "后尾灯右侧不亮",
)
TYPE_WORDS: Final = {
    VehicleType.CAR: "轿车",
    VehicleType.SUV: "越野车",
    VehicleType.VAN: "面包车",
    VehicleType.LIGHT_TRUCK: "轻型货车",
    VehicleType.HEAVY_TRUCK: "重型货车",
    VehicleType.BUS: "客车",
    VehicleType.MOTORCYCLE: "摩托车",
    VehicleType.TRICYCLE: "三轮车",
    VehicleType.ELECTRIC_BIKE: "电动车",
    VehicleType.OTHER: "车",
    VehicleType.UNCLEAR: "车",
}
COLOUR_WORDS: Final = {
    VehicleColour.WHITE: "白色",
    VehicleColour.BLACK: "黑色",
    VehicleColour.GREY: "灰色",
    VehicleColour.SILVER: "银色",
    VehicleColour.RED: "红色",
    VehicleColour.BLUE: "蓝色",
    VehicleColour.YELLOW: "黄色",
    VehicleColour.GREEN: "绿色",
    VehicleColour.BROWN: "棕色",
    VehicleColour.OTHER: "",
    VehicleColour.UNCLEAR: "",
}
WITHOUT_PLATE: Final = frozenset({VehicleType.TRICYCLE, VehicleType.ELECTRIC_BIKE})


@dataclass(frozen=True, slots=True)
class VehiclePlan:
    """A fleeing vehicle as it really is; `plate` is empty for a kind that bears none."""

    plate: str
    type: VehicleType
    colour: VehicleColour
    features: str

    @property
    def words(self) -> str:
        """How a witness names it, for example 白色轻型货车."""
        return COLOUR_WORDS[self.colour] + TYPE_WORDS[self.type]


def vehicle(chance: Chance) -> VehiclePlan:
    """Return the next invented vehicle."""
    kind = chance.weighed(TYPES)
    area = chance.weighed((("鲁P", 80.0), ("鲁N", 8.0), ("鲁A", 7.0), ("冀E", 5.0)))
    return VehiclePlan(
        plate="" if kind in WITHOUT_PLATE else chance.plate(area),
        type=kind,
        colour=chance.weighed(COLOURS),
        features=chance.pick(FEATURES),
    )


def glimpsed(chance: Chance, plate: str) -> str:
    """Return a plate as a witness half saw it: one to three places unknown ('?'), or nothing at all."""
    if not plate or chance.happens(0.35):
        return ""
    hidden = set(chance.shuffled(range(2, len(plate)))[: chance.whole(0, 3)])
    return "".join("?" if place in hidden else character for place, character in enumerate(plate))

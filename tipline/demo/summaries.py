"""How a case is summed up, in the words of such files."""

from __future__ import annotations

from typing import Final

from tipline.cases.tables import Severity
from tipline.demo.chance import Chance
from tipline.demo.vehicles import VehiclePlan

VICTIMS: Final = ("一名行人", "一名骑电动自行车的群众", "一名骑自行车的老人", "一名步行的学生", "一名驾驶三轮车的群众")
THINGS: Final = (
    "路边停放的小型轿车",
    "道路中央护栏",
    "沿街商铺门前的电动三轮车",
    "停在路边的面包车",
    "路口信号灯杆",
)
HARM: Final = {
    Severity.FATAL: "致一人死亡",
    Severity.SERIOUS_INJURY: "致一人重伤",
    Severity.MINOR_INJURY: "致一人轻微伤",
    Severity.PROPERTY: "造成财产损失，无人员伤亡",
}
WAYS: Final = ("向东", "向西", "向南", "向北")


def told(severity: Severity, place: str, fleeing: VehiclePlan, chance: Chance) -> str:
    """Return the summary of a case: vehicle, place, whom it struck, the harm, the flight, what the scene showed."""
    struck = chance.pick(THINGS if severity == Severity.PROPERTY else VICTIMS)
    return (
        f"一辆{fleeing.words}行至{place}时与{struck}发生碰撞，{HARM[severity]}，事故后驾车{chance.pick(WAYS)}逃逸。"
        f"现场勘查：{fleeing.features}。"
    )

"""The present: open cases of the last thirty days before the county is loaded, written by hand, wholly invented."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from tipline.cases.tables import Severity
from tipline.clock import SHANGHAI
from tipline.demo.casefile import CasePlan
from tipline.demo.geography import SPOTS
from tipline.demo.vehicles import VehiclePlan
from tipline.intake.tables import VehicleColour, VehicleType


@dataclass(frozen=True, slots=True)
class OpenCase:
    """One open case: so many whole days before the load at this hour (Asia/Shanghai), and what is known of it."""

    key: str
    days_ago: int
    hour: int
    minute: int
    place: str
    severity: Severity
    vehicle: VehiclePlan
    seen_plate: str
    summary: str

    def happened_at(self, now: datetime) -> datetime:
        """Return the moment, counted back from `now`."""
        day = now.astimezone(SHANGHAI) - timedelta(days=self.days_ago)
        return day.replace(hour=self.hour, minute=self.minute, second=0, microsecond=0)


OPEN_CASES: Final = (
    OpenCase(
        "van",
        2,
        19,
        40,
        "人和街道金城路与人和路路口",
        Severity.SERIOUS_INJURY,
        VehiclePlan("鲁PYS618", VehicleType.VAN, VehicleColour.SILVER, "右前大灯破损，前保险杠右侧开裂"),
        "鲁PYS6??",
        "一辆银色面包车在路口右转时撞倒一名骑电动自行车的群众，致一人重伤，未停车向东逃逸。现场遗留右前大灯碎片。",
    ),
    OpenCase(
        "truck",
        3,
        5,
        25,
        "G308国道三十里铺镇加油站东侧",
        Severity.FATAL,
        VehiclePlan("鲁P3YS07", VehicleType.HEAVY_TRUCK, VehicleColour.RED, "右侧车轮有擦痕，右后视镜折断"),
        "鲁P3????",
        "一辆红色重型货车由西向东行驶时与一名步行的老人发生碰撞，致一人死亡，肇事后向东逃逸。现场遗留后视镜碎片。",
    ),
    OpenCase(
        "sedan",
        4,
        22,
        10,
        "汇鑫街道汇鑫路与超越路路口",
        Severity.MINOR_INJURY,
        VehiclePlan("鲁P52YS9", VehicleType.CAR, VehicleColour.BLACK, "左前大灯破损，发动机舱盖凹陷"),
        "鲁P52???",
        "一辆黑色轿车闯红灯撞倒骑自行车的学生，致一人轻微伤，司机下车查看后驾车离开现场。",
    ),
    OpenCase(
        "suv",
        6,
        18,
        5,
        "鱼邱湖街道北湖路与滨湖路路口",
        Severity.PROPERTY,
        VehiclePlan("鲁AYS273", VehicleType.SUV, VehicleColour.WHITE, "右侧车门有刮擦痕迹，车顶有行李架"),
        "鲁A??273",
        "一辆白色越野车变道时刮撞路边停放的两辆轿车，造成财产损失，向南逃逸。",
    ),
    OpenCase(
        "tricycle",
        7,
        6,
        50,
        "杨屯镇驻地集市路口",
        Severity.MINOR_INJURY,
        VehiclePlan("", VehicleType.TRICYCLE, VehicleColour.RED, "车厢蒙蓝色篷布"),
        "",
        "一辆红色三轮车在集市路口撞倒一名摆摊群众，致一人轻微伤，向杨屯镇北方向逃逸，车厢蒙蓝色篷布。",
    ),
    OpenCase(
        "light_truck",
        9,
        20,
        35,
        "G105国道姜店镇路口",
        Severity.SERIOUS_INJURY,
        VehiclePlan("鲁N8YS42", VehicleType.LIGHT_TRUCK, VehicleColour.BLUE, "前保险杠左侧脱落，后尾灯右侧不亮"),
        "鲁N????2",
        "一辆蓝色轻型货车由北向南行驶时撞倒一名骑电动自行车的群众，致一人重伤，向南逃逸。",
    ),
    OpenCase(
        "grey_car",
        11,
        13,
        15,
        "鱼邱湖街道金城西路县医院附近",
        Severity.PROPERTY,
        VehiclePlan("鲁P6YS85", VehicleType.CAR, VehicleColour.GREY, "左侧车身有长条刮痕"),
        "鲁P6YS8?",
        "一辆灰色轿车倒车时撞坏路边护栏及一辆电动三轮车，未报警即驶离，向西逃逸。",
    ),
    OpenCase(
        "motorcycle",
        12,
        21,
        45,
        "清平镇古城路口",
        Severity.MINOR_INJURY,
        VehiclePlan("鲁PYS150", VehicleType.MOTORCYCLE, VehicleColour.BLACK, "左后视镜外壳脱落"),
        "",
        "一辆黑色摩托车撞倒一名行人，致一人轻微伤，驾驶人扶起摩托车后向北逃逸。",
    ),
    OpenCase(
        "night_car",
        14,
        1,
        20,
        "G308国道高唐城北段红绿灯",
        Severity.SERIOUS_INJURY,
        VehiclePlan("鲁P90YS3", VehicleType.CAR, VehicleColour.WHITE, "前挡风玻璃呈蛛网状破裂，左前大灯破损"),
        "鲁P9????",
        "凌晨一辆白色轿车高速通过路口时撞倒一名环卫工人，致一人重伤，向东逃逸，前挡风玻璃破裂。",
    ),
    OpenCase(
        "bridge",
        16,
        17,
        55,
        "固河镇S316省道固河桥西",
        Severity.PROPERTY,
        VehiclePlan("鲁P4YS66", VehicleType.SUV, VehicleColour.BLACK, "前保险杠右侧开裂"),
        "鲁P4??6?",
        "一辆黑色越野车与对向电动三轮车刮撞，造成财产损失，未停车向西逃逸。",
    ),
    OpenCase(
        "school",
        19,
        7,
        35,
        "姜店镇驻地小学门口",
        Severity.MINOR_INJURY,
        VehiclePlan("鲁P7YS31", VehicleType.VAN, VehicleColour.WHITE, "车尾贴有实习标志"),
        "鲁P7????",
        "上学时段一辆白色面包车在小学门口刮倒一名学生，致一人轻微伤，向北离开，车尾贴有实习标志。",
    ),
    OpenCase(
        "market",
        21,
        9,
        5,
        "清平镇驻地农贸市场",
        Severity.PROPERTY,
        VehiclePlan("鲁PYS924", VehicleType.LIGHT_TRUCK, VehicleColour.WHITE, "车厢蒙蓝色篷布，右后视镜折断"),
        "鲁P???24",
        "一辆白色轻型货车倒车撞坏两个摊位后离开，车厢蒙蓝色篷布。",
    ),
    OpenCase(
        "ebike",
        24,
        18,
        30,
        "尹集镇驻地十字路口",
        Severity.MINOR_INJURY,
        VehiclePlan("", VehicleType.ELECTRIC_BIKE, VehicleColour.YELLOW, "车尾有黄色外卖箱"),
        "",
        "一辆黄色电动自行车撞倒一名过街老人，致一人轻微伤，骑车人向西逃逸，车尾有黄色外卖箱。",
    ),
    OpenCase(
        "liangcun",
        27,
        23,
        15,
        "梁村镇G105国道梁村大桥北",
        Severity.SERIOUS_INJURY,
        VehiclePlan("冀E1YS58", VehicleType.HEAVY_TRUCK, VehicleColour.WHITE, "左侧车身有长条刮痕，后尾灯右侧不亮"),
        "冀E?????",
        "一辆白色重型货车越过中心线刮撞对向摩托车，致一人重伤，向北往夏津方向逃逸。",
    ),
)


def open_case_plans(now: datetime) -> dict[str, CasePlan]:
    """Return the plans of the open cases by key; file numbers are counted by the caller."""
    spots = {spot.text: spot for spot in SPOTS}
    return {
        one.key: CasePlan(
            serial=0,
            severity=one.severity,
            spot=spots[one.place],
            happened_at=one.happened_at(now),
            recorded_at=one.happened_at(now) + timedelta(minutes=20),
            summary=one.summary,
            vehicles=(one.vehicle,),
            seen_plate=one.seen_plate,
        )
        for one in OPEN_CASES
    }

"""Tips of the last thirty days, written by hand: several fit an open case, others lead nowhere, all are invented."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from tipline.clock import SHANGHAI
from tipline.demo.casefile import LABEL, CasePlan
from tipline.demo.geography import SPOTS
from tipline.demo.tips import Words
from tipline.demo.vehicles import VehiclePlan
from tipline.intake.tables import DeclineReason, FileRole, TipChannel, VehicleColour, VehicleType


@dataclass(frozen=True, slots=True)
class Fitting:
    """A tip that fits an open case: it came so many hours after the accident and sees it so many minutes off."""

    case: str
    hours_after: float
    minutes_off: int
    story: str
    plate: str = ""
    vehicle_type: VehicleType = VehicleType.UNCLEAR
    vehicle_colour: VehicleColour = VehicleColour.UNCLEAR
    damage: str = ""
    direction: str = ""
    has_position: bool = True
    language: str = "zh-CN"
    channel: TipChannel = TipChannel.WEB
    media: tuple[FileRole, ...] = ()
    is_accepted: bool = False


@dataclass(frozen=True, slots=True)
class Stray:
    """A tip that fits no case: received so many days before the load at this hour (Asia/Shanghai)."""

    days_ago: int
    hour: int
    story: str
    place: str = ""
    language: str = "zh-CN"
    channel: TipChannel = TipChannel.WEB
    decline_reason: DeclineReason | None = None


@dataclass(frozen=True, slots=True)
class PresentTip:
    """One tip ready to be written; `shown` is the vehicle that its media show, where it brings any."""

    words: Words
    received_at: datetime
    media: tuple[FileRole, ...] = ()
    shown: VehiclePlan | None = None
    is_accepted: bool = False
    decline_reason: DeclineReason | None = None


FITTING: Final = (
    Fitting(
        "van",
        1.5,
        2,
        "刚才在金城路和人和路路口，一辆银色面包车右转把骑电动车的撞倒了，没停，往东跑了。车牌前面是鲁PYS6，右前大灯碎了。",
        plate="鲁PYS6??",
        vehicle_type=VehicleType.VAN,
        vehicle_colour=VehicleColour.SILVER,
        damage="右前大灯破损",
        direction="向东",
        media=(FileRole.PHOTO, FileRole.VIDEO),
    ),
    Fitting(
        "van",
        20,
        5,
        "我在汽车站附近修车铺上班，今天上午来了一辆银色面包车，要换右前大灯，车牌鲁PYS618，司机说撞树上了。",
        plate="鲁PYS618",
        vehicle_type=VehicleType.VAN,
        vehicle_colour=VehicleColour.SILVER,
        damage="右前大灯破损",
        has_position=False,
        channel=TipChannel.PHONE,
    ),
    Fitting(
        "truck",
        4,
        -3,
        "早上五点多在三十里铺加油站东边，一辆红色大货车撞了人没停，往高唐城里方向开了，右边的后视镜掉了。",
        plate="鲁P3????",
        vehicle_type=VehicleType.HEAVY_TRUCK,
        vehicle_colour=VehicleColour.RED,
        damage="右后视镜折断",
        direction="向东",
    ),
    Fitting(
        "truck",
        9,
        12,
        "I was driving on G308 past Sanshilipu at about 5:30 and a red heavy truck without a right mirror overtook me "
        "very fast. The plate began with 鲁P3.",
        plate="鲁P3????",
        vehicle_type=VehicleType.HEAVY_TRUCK,
        vehicle_colour=VehicleColour.RED,
        language="en",
    ),
    Fitting(
        "sedan",
        0.8,
        0,
        "汇鑫路和超越路路口，黑色轿车闯红灯撞了学生，司机下来看了一眼就走了，车牌鲁P52开头，左前大灯坏了。",
        plate="鲁P52???",
        vehicle_type=VehicleType.CAR,
        vehicle_colour=VehicleColour.BLACK,
        damage="左前大灯破损",
        media=(FileRole.PHOTO,),
    ),
    Fitting(
        "sedan",
        30,
        20,
        "小区里停了一辆黑色轿车，机盖瘪了一块，左前大灯破了，以前没见它坏，车牌鲁P52YS9，你们查查。",
        plate="鲁P52YS9",
        vehicle_type=VehicleType.CAR,
        vehicle_colour=VehicleColour.BLACK,
        damage="发动机舱盖凹陷",
        has_position=False,
    ),
    Fitting(
        "suv",
        3,
        4,
        "A white SUV with a roof rack scraped two parked cars at the corner of Beihu Road and Binhu Road, then drove "
        "off to the south. I read 273 at the end of the plate.",
        plate="鲁A??273",
        vehicle_type=VehicleType.SUV,
        vehicle_colour=VehicleColour.WHITE,
        direction="south",
        language="en",
    ),
    Fitting(
        "tricycle",
        5,
        10,
        "杨屯集上那个红三轮车撞了卖菜的，车上盖着蓝篷布，好像是北边村里的。",
        vehicle_type=VehicleType.TRICYCLE,
        vehicle_colour=VehicleColour.RED,
    ),
    Fitting(
        "light_truck",
        12,
        -6,
        "晚上八点半左右姜店路口，蓝色小货车撞了骑电动车的往南跑，尾号是2，右边尾灯不亮。",
        plate="鲁N????2",
        vehicle_type=VehicleType.LIGHT_TRUCK,
        vehicle_colour=VehicleColour.BLUE,
        damage="后尾灯右侧不亮",
        direction="向南",
        is_accepted=True,
    ),
    Fitting(
        "grey_car",
        2,
        0,
        "县医院门口一辆灰色轿车倒车把护栏和三轮车撞了就走，车牌鲁P6YS8，最后一位没看清。",
        plate="鲁P6YS8?",
        vehicle_type=VehicleType.CAR,
        vehicle_colour=VehicleColour.GREY,
        direction="向西",
        is_accepted=True,
    ),
    Fitting(
        "night_car",
        7,
        15,
        "凌晨一点多在城北国道红绿灯听到撞击声，白色轿车挡风玻璃裂得像蜘蛛网还在往东开，车牌鲁P9开头。",
        plate="鲁P9????",
        vehicle_type=VehicleType.CAR,
        vehicle_colour=VehicleColour.WHITE,
        damage="前挡风玻璃破裂",
        direction="向东",
        media=(FileRole.PHOTO,),
    ),
    Fitting(
        "bridge",
        26,
        -8,
        "固河桥西边，黑色越野车和三轮车刮了没停往西走了，前保险杠右边裂了，行车记录仪里有，我回头找找。",
        plate="鲁P4??6?",
        vehicle_type=VehicleType.SUV,
        vehicle_colour=VehicleColour.BLACK,
        damage="前保险杠右侧开裂",
    ),
    Fitting(
        "school",
        1,
        1,
        "姜店小学门口早上七点半多，白面包车刮倒一个学生，车后面贴着实习标志，往北走了。",
        vehicle_type=VehicleType.VAN,
        vehicle_colour=VehicleColour.WHITE,
        direction="向北",
    ),
    Fitting(
        "liangcun",
        10,
        5,
        "夜里在梁村大桥北边，河北牌照的白色半挂刮了摩托车往夏津方向跑了，车牌冀E。",
        plate="冀E?????",
        vehicle_type=VehicleType.HEAVY_TRUCK,
        vehicle_colour=VehicleColour.WHITE,
        direction="向北",
    ),
)

STRAY: Final = (
    Stray(1, 10, "时风路工业园门口的红绿灯坏了两天了，早晚很堵，请你们看看。", "人和街道时风路工业园门口"),
    Stray(1, 16, "昨晚路上有辆车没开灯开得飞快，没看清什么车。"),
    Stray(3, 11, "我的电动车停在县医院门口被人碰倒了，想查监控。", "鱼邱湖街道金城西路县医院附近"),
    Stray(5, 9, "听说汇鑫路那边有人逃逸，是一辆银色的车，别的不知道。", "汇鑫街道汇鑫路物流园北门"),
    Stray(
        6,
        14,
        "There is an abandoned grey van near the logistics park. It has been there for a week and has no plates.",
        "汇鑫街道汇鑫路物流园北门",
        language="en",
    ),
    Stray(8, 20, "邻居家的车天天占道停，管不管？", decline_reason=DeclineReason.NOT_ABOUT_A_HIT_AND_RUN),
    Stray(10, 8, "有车跑了。", decline_reason=DeclineReason.TOO_LITTLE_TO_WORK_WITH),
    Stray(13, 15, "赵寨子镇驻地路口有一辆蓝色三轮车撞坏了信号灯杆，人跑了。", "赵寨子镇驻地路口"),
    Stray(17, 19, "琉璃寺镇大杨庄桥头有刹车印和碎玻璃，不知道是不是出过事。", "琉璃寺镇县道大杨庄桥头"),
    Stray(
        22, 12, "清平农贸市场倒车撞摊位那个货车，好像是送菜的，白色的。", "清平镇驻地农贸市场", channel=TipChannel.PHONE
    ),
)


def present_tips(plans: dict[str, CasePlan], now: datetime) -> list[PresentTip]:
    """Return the tips in the order they came, none later than `now`."""
    spots = {spot.text: spot for spot in SPOTS}
    found = [_fitting(one, plans[one.case], now) for one in FITTING]
    for stray in STRAY:
        day = now.astimezone(SHANGHAI) - timedelta(days=stray.days_ago)
        words = Words(
            story=LABEL + stray.story,
            language=stray.language,
            channel=stray.channel,
            spot=spots.get(stray.place),
            has_position=False,
        )
        received = day.replace(hour=stray.hour, minute=12, second=0, microsecond=0)
        found.append(PresentTip(words, received, decline_reason=stray.decline_reason))
    return sorted(found, key=lambda tip: tip.received_at)


def _fitting(one: Fitting, plan: CasePlan, now: datetime) -> PresentTip:
    words = Words(
        story=LABEL + one.story,
        language=one.language,
        channel=one.channel,
        happened_at=plan.happened_at + timedelta(minutes=one.minutes_off),
        spot=plan.spot,
        has_position=one.has_position,
        plate=one.plate,
        vehicle_type=one.vehicle_type,
        vehicle_colour=one.vehicle_colour,
        damage=one.damage,
        direction=one.direction,
    )
    received = min(plan.happened_at + timedelta(hours=one.hours_after), now - timedelta(minutes=1))
    shown = plan.vehicles[0] if one.media else None
    return PresentTip(words, received, media=one.media, shown=shown, is_accepted=one.is_accepted)

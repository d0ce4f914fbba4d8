"""Tips of the history: those that helped to clear a case, those that belonged to one, and those that led nowhere."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from tipline.accounts.tables import Officer
from tipline.cases.tables import Link
from tipline.clock import SHANGHAI, start_of_year
from tipline.demo.casefile import LABEL, CaseFile
from tipline.demo.chance import Chance, part_way
from tipline.demo.geography import SPOTS, Spot
from tipline.demo.history import FIRST_YEAR, LAST_YEAR
from tipline.demo.vehicles import VehiclePlan, glimpsed, vehicle
from tipline.intake.aliases import FIRST, SECOND, WORD_LETTERS
from tipline.intake.tables import Datum, DeclineReason, Receipt, Tip, TipChannel, TipState, VehicleColour, VehicleType

STRAY_PER_YEAR: Final = 16
FIRST_WORDS, SECOND_WORDS = (
    tuple(words[at : at + WORD_LETTERS] for at in range(0, len(words), WORD_LETTERS)) for words in (FIRST, SECOND)
)
HELPFUL: Final = (
    "昨晚路过{place}，看见一辆{vehicle}撞了人没停，{way}开走了，车牌像是{plate}，{features}。",
    "我店里的监控拍到一辆{vehicle}，{features}，时间和你们通告的对得上，车牌看着是{plate}。",
    "我家邻居的{vehicle}这两天突然蒙着不开了，{features}，车牌{plate}，请你们查一下。",
    "修理厂来了一辆{vehicle}要换件，{features}，司机很着急，车牌{plate}。",
)
BELONGING: Final = (
    "{place}出事的时候我在后面，那辆{vehicle}{way}跑了，没看清车牌。",
    "听见{place}一声响，出来看见一辆{vehicle}开走了，{features}。",
)
STRAY: Final = (
    "{place}有人把车停在路口好几天了，影响通行。",
    "在{place}看到一辆{vehicle}开得很快，不知道有没有事。",
    "我的车停在{place}被人刮了，什么时候的事不清楚。",
    "听说{place}前几天有事故，具体不清楚。",
)
WAYS: Final = ("往东", "往西", "往南", "往北")
REASONS: Final = (
    DeclineReason.NOT_ABOUT_A_HIT_AND_RUN,
    DeclineReason.TOO_LITTLE_TO_WORK_WITH,
    DeclineReason.OTHER,
)


@dataclass(slots=True)
class Told:
    """Rows of tips: receipts whose codes nobody has, the tips, and the links to cases."""

    receipts: list[Receipt] = field(default_factory=list)
    tips: list[Tip] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Words:
    """What one tip says; unset fields were left empty on the form."""

    story: str
    language: str = "zh-CN"
    channel: TipChannel = TipChannel.WEB
    happened_at: datetime | None = None
    spot: Spot | None = None
    has_position: bool = True
    plate: str = ""
    vehicle_type: VehicleType = VehicleType.UNCLEAR
    vehicle_colour: VehicleColour = VehicleColour.UNCLEAR
    damage: str = ""
    direction: str = ""


def tip_of(words: Words, received_at: datetime, chance: Chance) -> tuple[Receipt, Tip]:
    """Return the rows of one tip that nobody has decided on yet."""
    receipt = _receipt(received_at, chance)
    position = words.spot if words.has_position else None
    return receipt, Tip(
        id=chance.uuid(),
        receipt=receipt.id,
        alias=f"{chance.pick(FIRST_WORDS)} {chance.pick(SECOND_WORDS)}",
        channel=words.channel,
        language=words.language,
        story=words.story,
        happened_from=words.happened_at,
        happened_to=words.happened_at,
        place_text=words.spot.text if words.spot else "",
        latitude=position.latitude if position else None,
        longitude=position.longitude if position else None,
        datum=Datum.WGS84 if position else None,
        plate_text=words.plate,
        vehicle_type=words.vehicle_type,
        vehicle_colour=words.vehicle_colour,
        damage=words.damage,
        direction=words.direction,
        is_here_now=False,
        received_at=received_at,
        first_seen_at=None,
        state=TipState.RECEIVED,
        decided_by=None,
        decided_at=None,
        decline_reason=None,
        duplicate_of=None,
        assigned_to=None,
        surfaced_at=None,
        is_demo=True,
    )


def tips_of_history(files: list[CaseFile], officer: Officer, chance: Chance) -> Told:
    """Return the tips of 2015 to 2021: each tip-attributed case has one that helped, some cases one that belonged."""
    told = Told()
    for file in files:
        if file.clearance is None:
            continue
        if file.plan.tip_attributed:
            _add_linked(told, file, officer, chance, is_useful=True)
        if chance.happens(0.12):
            _add_linked(told, file, officer, chance, is_useful=False)
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        for _ in range(STRAY_PER_YEAR):
            _add_declined(told, year, officer, chance)
    return told


def _add_linked(told: Told, file: CaseFile, officer: Officer, chance: Chance, *, is_useful: bool) -> None:
    plan, seen = file.plan, file.plan.vehicles[0]
    taken = plan.drivers[0].in_hand_at
    received = part_way(plan.recorded_at, taken, chance.part(0.05, 0.35))
    decided = part_way(received, taken, 0.1)
    words = Words(
        story=_story(HELPFUL if is_useful else BELONGING, plan.spot, seen, chance),
        channel=chance.weighed(((TipChannel.WEB, 7.0), (TipChannel.PHONE, 3.0))),
        happened_at=plan.happened_at + timedelta(minutes=chance.whole(-15, 15)),
        spot=plan.spot,
        plate=glimpsed(chance, seen.plate) if is_useful else "",
        vehicle_type=seen.type,
        vehicle_colour=seen.colour,
        damage=seen.features if is_useful else "",
    )
    receipt, tip = tip_of(words, received, chance)
    tip.state, tip.decided_by = TipState.ACCEPTED, officer.id
    tip.decided_at = decided
    told.receipts.append(receipt)
    told.tips.append(tip)
    told.links.append(
        Link(
            id=chance.uuid(),
            tip=tip.id,
            case=file.case.id,
            suggestion=None,
            decided_by=officer.id,
            decided_at=decided,
            is_useful=is_useful,
        )
    )


def _add_declined(told: Told, year: int, officer: Officer, chance: Chance) -> None:
    received = chance.moment(start_of_year(year), datetime(year, 12, 20, tzinfo=SHANGHAI))
    words = Words(story=_story(STRAY, chance.pick(SPOTS), vehicle(chance), chance))
    receipt, tip = tip_of(words, received, chance)
    tip.state, tip.decided_by = TipState.DECLINED, officer.id
    tip.decided_at = received + timedelta(hours=chance.whole(1, 60))
    tip.decline_reason = chance.pick(REASONS)
    told.receipts.append(receipt)
    told.tips.append(tip)


def _story(templates: tuple[str, ...], spot: Spot, seen: VehiclePlan, chance: Chance) -> str:
    return LABEL + chance.pick(templates).format(
        place=spot.text,
        vehicle=seen.words,
        features=seen.features,
        plate=seen.plate or "没挂牌",
        way=chance.pick(WAYS),
    )


def _receipt(created_at: datetime, chance: Chance) -> Receipt:
    """Return a receipt whose code was never given out: its verifier is the digest of nothing anyone can type."""
    return Receipt(
        id=chance.uuid(),
        locator=f"{chance.whole(0, 9999):04d}",
        salt=chance.octets(16),
        verifier=chance.octets(32),
        request_sha256=hashlib.sha256(chance.octets(32)).hexdigest(),
        created_at=created_at,
    )

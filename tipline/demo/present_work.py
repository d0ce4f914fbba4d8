"""What officers have done on the open cases of the present: screening, a determination, inquiries; wholly invented."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from piccolo.table import Table

from tipline.accounts.tables import Officer, OfficerRole
from tipline.cases.determinations.tables import (
    CauseShare,
    Determination,
    DeterminationKind,
    DeterminationParty,
    DeterminationService,
    InquirerRelation,
    Responsibility,
    ResponsibilityBasis,
    ServiceMethod,
    UnsolvedApplication,
    VictimInquiry,
)
from tipline.cases.screening.rules import state_after
from tipline.cases.screening.tables import (
    CandidateKind,
    CandidateSource,
    LockBasis,
    LockBasisKind,
    ScreeningAct,
    ScreeningCandidate,
    ScreeningMethod,
    ScreeningStep,
)
from tipline.cases.tables import Person, PersonRole, PersonState
from tipline.demo.chance import Chance
from tipline.intake.tables import VehicleColour, VehicleType

# A stream of its own: what is drawn here moves nothing of the history.
SEED: Final = 2026
AUTHORITY: Final = "高唐县公安局交通警察大队（演示）"


@dataclass(frozen=True, slots=True)
class Step:
    """One step with a candidate, so many hours after the accident."""

    act: ScreeningAct
    after_h: float
    words: str = ""
    method: ScreeningMethod | None = None
    by_second: bool = False


@dataclass(frozen=True, slots=True)
class Candidate:
    """One candidate of an open case: a plate, or a person's name, how it looks, and what was done with it."""

    case: str
    plate: str = ""
    name: str = ""
    type: VehicleType = VehicleType.UNCLEAR
    colour: VehicleColour = VehicleColour.UNCLEAR
    told: str = ""
    steps: tuple[Step, ...] = ()
    basis: str = ""


ADDED, CHECKED, EXCLUDED = ScreeningAct.ADDED, ScreeningAct.CHECKED, ScreeningAct.EXCLUDED
PROPOSED, LOCKED = ScreeningAct.LOCK_PROPOSED, ScreeningAct.LOCKED
TRACES, TRAJECTORY = ScreeningMethod.TRACE_COMPARISON, ScreeningMethod.TRAJECTORY
CANDIDATES: Final = (
    Candidate(
        "van",
        "鲁PYS618",
        type=VehicleType.VAN,
        colour=VehicleColour.SILVER,
        told="右前大灯新换",
        steps=(
            Step(ADDED, 3),
            Step(CHECKED, 20, "案发时段沿金城路东行，轨迹相符", TRAJECTORY),
            Step(PROPOSED, 22, "轨迹与灯具碎片均相符，建议锁定"),
        ),
        basis="修理厂经营者询问笔录（演示）第2号：案发次日更换右前大灯",
    ),
    Candidate(
        "van",
        "鲁PYS681",
        type=VehicleType.VAN,
        colour=VehicleColour.SILVER,
        told="同型同色，车头完好",
        steps=(
            Step(ADDED, 4),
            Step(CHECKED, 9, "到场查看，车头无碰撞痕迹", TRACES),
            Step(EXCLUDED, 9, "灯具完好，漆面与现场碎片不符", TRACES),
        ),
    ),
    Candidate("van", name="吴大海演", told="称案发时驾车经过", steps=(Step(ADDED, 26),)),
    Candidate(
        "truck",
        "鲁P3YS70",
        type=VehicleType.HEAVY_TRUCK,
        colour=VehicleColour.RED,
        told="右后视镜缺失",
        steps=(Step(ADDED, 6), Step(CHECKED, 30, "驾驶人称镜子早已损坏，待核实", ScreeningMethod.INTERVIEW)),
    ),
    Candidate(
        "night_car",
        "鲁P90YS3",
        type=VehicleType.CAR,
        colour=VehicleColour.WHITE,
        told="前挡风玻璃呈蛛网状破裂",
        steps=(
            Step(ADDED, 30),
            Step(CHECKED, 52, "前部痕迹与现场遗留物吻合", TRACES),
            Step(PROPOSED, 76, "痕迹鉴定意见支持同一，建议锁定"),
            Step(LOCKED, 80, "复核鉴定意见后确认", by_second=True),
        ),
        basis="聊城痕鉴（演示）第17号：车辆前部痕迹与现场遗留物吻合",
    ),
)
# Victims of open cases by case, and the hours after the accident at which they were named.
VICTIMS: Final = {"van": "李秀兰演", "truck": "孙守田演", "night_car": "赵桂芝演", "liangcun": "周小武演"}


@dataclass(slots=True)
class _Desk:
    """Where the rows gather; `first` and `second` are the two officers."""

    cases: dict[str, tuple[UUID, datetime]]
    first: Officer
    second: Officer
    now: datetime
    chance: Chance = field(default_factory=lambda: Chance(SEED))

    def at(self, case: str, hours: float) -> datetime:
        """Return a moment so long after the accident, and never ahead of the load."""
        return min(self.cases[case][1] + timedelta(hours=hours), self.now)


def present_work(cases: dict[str, tuple[UUID, datetime]], officers: list[Officer], now: datetime) -> list[list[Table]]:
    """Return the rows in the order of writing, each list of one table.

    Args:
        cases: id and moment of the accident of each open case, by its key.
        officers: of the county; two investigators do the work.
        now: the moment of loading.
    """
    two = [one for one in officers if one.role == OfficerRole.INVESTIGATOR][:2]
    desk = _Desk(cases, two[0], two[1], now)
    victims = {key: _victim(desk, key, name) for key, name in VICTIMS.items()}
    screened = [_screened(desk, one) for one in CANDIDATES]
    return [
        [*victims.values()],
        [candidate for candidate, _, _ in screened],
        [step for _, steps, _ in screened for step in steps],
        [basis for _, _, bases in screened for basis in bases],
        *_unsolved(desk, victims),
        _inquiries(desk),
    ]


def _victim(desk: _Desk, case: str, name: str) -> Person:
    return Person(
        id=desk.chance.uuid(),
        case=desk.cases[case][0],
        full_name=name,
        role=PersonRole.VICTIM,
        state=PersonState.IDENTIFIED,
        identified_at=desk.at(case, 1),
        in_hand_at=None,
    )


def _screened(desk: _Desk, plan: Candidate) -> tuple[Table, list[Table], list[Table]]:
    last = plan.steps[-1].act
    candidate = ScreeningCandidate(
        id=desk.chance.uuid(),
        case=desk.cases[plan.case][0],
        kind=CandidateKind.PERSON if plan.name else CandidateKind.VEHICLE,
        plate_text=plan.plate,
        vehicle_type=plan.type,
        vehicle_colour=plan.colour,
        full_name=plan.name,
        description=plan.told,
        source=CandidateSource.OFFICER,
        tip=None,
        hint=None,
        suggestion=None,
        sighting=None,
        vehicle=None,
        person=None,
        state=state_after(last),
        steps=len(plan.steps),
        proposed_by=desk.first.id if last == PROPOSED else None,
        added_at=desk.at(plan.case, plan.steps[0].after_h),
    )
    steps = [
        ScreeningStep(
            id=desk.chance.uuid(),
            candidate=candidate.id,
            number=number,
            act=step.act,
            method=step.method,
            words=step.words,
            officer=(desk.second if step.by_second else desk.first).id,
            proposed_by=desk.first.id if step.act == LOCKED else None,
            happened_at=desk.at(plan.case, step.after_h),
            recorded_at=desk.at(plan.case, step.after_h),
        )
        for number, step in enumerate(plan.steps, start=1)
    ]
    bases = [
        LockBasis(
            id=desk.chance.uuid(),
            step=step.id,
            kind=LockBasisKind.STATEMENT if "笔录" in plan.basis else LockBasisKind.FORENSIC_CONCLUSION,
            item=None,
            tip=None,
            words=plan.basis,
        )
        for step in steps
        if step.act == PROPOSED
    ]
    return candidate, [*steps], [*bases]


def _unsolved(desk: _Desk, victims: dict[str, Person]) -> list[list[Table]]:
    """One unsolved flight with its document, served on the victim; one application that still waits for its own."""
    applied = {
        key: _application(desk, key, victims[key], hours) for key, hours in (("night_car", 72), ("liangcun", 480))
    }
    case, made_at = desk.cases["night_car"][0], desk.at("night_car", 216)
    document = Determination(
        id=desk.chance.uuid(),
        case=case,
        number=f"演示第37152612〔{made_at.year}〕0018号",
        version=1,
        kind=DeterminationKind.UNSOLVED_FLIGHT,
        made_at=made_at,
        authority=AUTHORITY,
        content="凌晨一辆白色轿车通过路口时撞倒正在作业的环卫工人，致其重伤，肇事车辆驶离现场，驾驶人尚未查明。",
        is_complex=False,
        application=applied["night_car"].id,
        replaces=None,
        replacement_ground=None,
        replacement_document="",
        states_revocation=False,
        recorded_by=desk.first.id,
        recorded_at=made_at,
    )
    fled, hurt = (
        DeterminationParty(
            id=desk.chance.uuid(),
            determination=document.id,
            person=person,
            described_as=described,
            responsibility=share,
            basis=basis,
            cause_share=cause,
            cause_words=words,
        )
        for person, described, share, basis, cause, words in (
            (
                None,
                "肇事逃逸车辆驾驶人",
                Responsibility.FULL,
                ResponsibilityBasis.FLIGHT,
                CauseShare.NOT_APPRAISED,
                "",
            ),
            (
                victims["night_car"].id,
                "",
                Responsibility.NONE,
                ResponsibilityBasis.FAULT,
                CauseShare.NONE,
                "在施划作业区内作业，未见过错",
            ),
        )
    )
    service = DeterminationService(
        id=desk.chance.uuid(),
        party=hurt.id,
        method=ServiceMethod.DIRECT,
        served_at=desk.at("night_car", 240),
        served_by=desk.first.id,
        received_by=VICTIMS["night_car"],
        tells_review=True,
        tells_mediation=True,
        tells_litigation=True,
        recorded_at=desk.at("night_car", 240),
    )
    return [[*applied.values()], [document], [fled, hurt], [service]]


def _application(desk: _Desk, case: str, victim: Person, hours: float) -> UnsolvedApplication:
    return UnsolvedApplication(
        id=desk.chance.uuid(),
        case=desk.cases[case][0],
        applicant=victim.id,
        received_at=desk.at(case, hours),
        recorded_by=desk.first.id,
        recorded_at=desk.at(case, hours),
    )


def _inquiries(desk: _Desk) -> list[Table]:
    answered = {"answer": "已掌握车辆特征，正在查缉，有进展将及时告知。", "withheld": "具体侦查措施"}
    return [
        VictimInquiry(
            id=desk.chance.uuid(),
            case=desk.cases[case][0],
            asked_by=asked_by,
            relation=relation,
            asked_at=desk.at(case, hours),
            question=question,
            recorded_by=desk.first.id,
            recorded_at=desk.at(case, hours),
            answered_at=desk.at(case, hours + 1) if told else None,
            answered_by=desk.first.id if told else None,
            answer=told.get("answer", ""),
            withheld=told.get("withheld", ""),
        )
        for case, asked_by, relation, hours, question, told in (
            ("night_car", VICTIMS["night_car"], InquirerRelation.VICTIM, 120, "案件查得怎么样了？", answered),
            ("truck", "孙守田演之女", InquirerRelation.FAMILY, 40, "肇事车辆找到了吗？", {}),
        )
    ]

"""Turns the plan of one case into the rows of its file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final, TypeAlias
from uuid import UUID

from tipline.accounts.tables import Officer
from tipline.cases.tables import (
    Case,
    CaseEvent,
    CaseEventType,
    CaseState,
    Clearance,
    Outcome,
    OutcomeKind,
    OutcomeStage,
    Person,
    PersonRole,
    PersonState,
    Severity,
    Vehicle,
    VehicleState,
)
from tipline.clock import SHANGHAI, start_of_year
from tipline.demo.chance import Chance, part_way
from tipline.demo.geography import Spot
from tipline.demo.vehicles import VehiclePlan
from tipline.intake.tables import Datum

# Which version of a rule of law governs a day: (code, day) -> row id.
RuleBook: TypeAlias = Callable[[str, date], UUID]

LABEL: Final = "【演示】"
AUTHORITY: Final = "高唐县公安局（演示）"
BASIS: Final = {
    OutcomeKind.CRIMINAL_DETENTION: "criminal_detention_of_suspect",
    OutcomeKind.ADMINISTRATIVE_DETENTION: "administrative_detention_for_flight",
}


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure against one driver; `days` for an administrative, `ground` for a criminal detention.

    `executed_at` is None for a decision that was not carried out: it detains nobody.
    """

    kind: OutcomeKind
    approved_at: datetime
    executed_at: datetime | None
    days: int | None = None
    ground: str = ""


@dataclass(frozen=True, slots=True)
class Driver:
    """A driver, when he was named and taken, and what was done to him."""

    name: str
    in_hand_at: datetime
    measures: tuple[Measure, ...] = ()


@dataclass(frozen=True, slots=True)
class CasePlan:
    """One case as it went. `vehicles[i]` was driven by `drivers[i]`; the first pair clears the case."""

    serial: int
    severity: Severity
    spot: Spot
    happened_at: datetime
    recorded_at: datetime
    summary: str
    vehicles: tuple[VehiclePlan, ...]
    seen_plate: str = ""
    cleared_at: datetime | None = None
    drivers: tuple[Driver, ...] = ()
    tip_attributed: bool = False

    @property
    def year(self) -> int:
        """Calendar year of the record in Asia/Shanghai."""
        return self.recorded_at.astimezone(SHANGHAI).year

    @property
    def number(self) -> str:
        """Number of the file, labelled as invented."""
        return f"演示高公交逃〔{self.year}〕第{self.serial:03d}号"


@dataclass(slots=True)
class CaseFile:
    """The rows of one case."""

    plan: CasePlan
    case: Case
    events: list[CaseEvent] = field(default_factory=list)
    vehicles: list[Vehicle] = field(default_factory=list)
    persons: list[Person] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)
    clearance: Clearance | None = None


class Documents:
    """Numbers of decisions and warrants, counted by kind and year as an office does."""

    def __init__(self) -> None:
        self._issued: dict[tuple[OutcomeKind, int], int] = {}

    def next(self, kind: OutcomeKind, approved_at: datetime) -> str:
        """Return the next document number of that kind."""
        year = approved_at.astimezone(SHANGHAI).year
        serial = self._issued[kind, year] = self._issued.get((kind, year), 0) + 1
        if kind == OutcomeKind.CRIMINAL_DETENTION:
            return f"演示高公拘字〔{year}〕{serial:03d}号"
        return f"演示高公交行罚决字〔{year}〕{serial:03d}号"


def case_file(
    plan: CasePlan, chance: Chance, *, lead: Officer, approver: Officer, documents: Documents, rules: RuleBook
) -> CaseFile:
    """Return the rows of a case: open as described, or cleared with vehicle seized and driver in hand."""
    case = Case(
        id=chance.uuid(),
        number=plan.number,
        severity=plan.severity,
        happened_from=plan.happened_at,
        happened_to=plan.happened_at + timedelta(minutes=5),
        place_text=plan.spot.text,
        latitude=plan.spot.latitude,
        longitude=plan.spot.longitude,
        datum=Datum.WGS84,
        summary=LABEL + plan.summary,
        unit=lead.unit,
        lead_officer=lead.id,
        recorded_at=plan.recorded_at,
        state=CaseState.OPEN if plan.cleared_at is None else CaseState.CLEARED,
        merged_into=None,
        is_demo=True,
    )
    file = CaseFile(plan, case, events=[_event(chance, case, CaseEventType.RECORDED, plan.recorded_at, lead)])
    if plan.cleared_at is None:
        file.vehicles = [_described(chance, case, plan.vehicles[0], plan.seen_plate)]
        return file
    for vehicle_plan, driver in zip(plan.vehicles, plan.drivers, strict=True):
        _found(file, vehicle_plan, driver, chance, lead=lead)
        file.outcomes += [
            _outcome(chance, file, measure, documents=documents, rules=rules, recorded_by=lead)
            for measure in driver.measures
        ]
    file.clearance = Clearance(
        id=chance.uuid(),
        case=case.id,
        vehicle=file.vehicles[0].id,
        driver=file.persons[0].id,
        cleared_at=plan.cleared_at,
        approved_by=approver.id,
        recorded_at=known_soon(plan.cleared_at, chance),
        vehicle_ground=None,
        vehicle_reason="",
        revoked_at=None,
        revoked_by=None,
    )
    file.events.append(_event(chance, case, CaseEventType.CLEARED, plan.cleared_at, approver))
    file.events.sort(key=lambda event: event.happened_at)
    return file


def known_soon(moment: datetime, chance: Chance) -> datetime:
    """Return when a fact of `moment` was entered: within two hours, and never after its own year's end."""
    end_of_year = start_of_year(moment.astimezone(SHANGHAI).year + 1) - timedelta(seconds=1)
    return min(moment + timedelta(minutes=chance.whole(2, 110)), end_of_year)


def _event(chance: Chance, case: Case, kind: CaseEventType, at: datetime, by: Officer) -> CaseEvent:
    return CaseEvent(
        id=chance.uuid(),
        case=case.id,
        type=kind,
        severity=case.severity,
        happened_at=at,
        known_at=known_soon(at, chance),
        recorded_by=by.id,
        reason="",
        other_case=None,
    )


def _described(chance: Chance, case: Case, plan: VehiclePlan, seen_plate: str) -> Vehicle:
    return Vehicle(
        id=chance.uuid(),
        case=case.id,
        plate_text=seen_plate,
        vehicle_type=plan.type,
        vehicle_colour=plan.colour,
        features=plan.features,
        state=VehicleState.DESCRIBED,
        identified_at=None,
        seized_at=None,
    )


def _found(file: CaseFile, plan: VehiclePlan, driver: Driver, chance: Chance, *, lead: Officer) -> None:
    """Add a found vehicle and its driver with their four steps, in the order in which such a search goes."""
    case, taken = file.case, driver.in_hand_at
    identified, named, seized = (part_way(file.plan.recorded_at, taken, share) for share in (0.45, 0.7, 0.9))
    row = _described(chance, case, plan, plan.plate)
    row.state, row.identified_at, row.seized_at = VehicleState.SEIZED, identified, seized
    file.vehicles.append(row)
    file.persons.append(
        Person(
            id=chance.uuid(),
            case=case.id,
            full_name=driver.name,
            role=PersonRole.DRIVER,
            state=PersonState.IN_HAND,
            identified_at=named,
            in_hand_at=taken,
        )
    )
    file.events += [
        _event(chance, case, kind, at, lead)
        for kind, at in (
            (CaseEventType.VEHICLE_IDENTIFIED, identified),
            (CaseEventType.DRIVER_IDENTIFIED, named),
            (CaseEventType.VEHICLE_SEIZED, seized),
            (CaseEventType.DRIVER_IN_HAND, taken),
        )
    ]


def _outcome(
    chance: Chance, file: CaseFile, measure: Measure, *, documents: Documents, rules: RuleBook, recorded_by: Officer
) -> Outcome:
    day = measure.approved_at.astimezone(SHANGHAI).date()
    return Outcome(
        id=chance.uuid(),
        case=file.case.id,
        person=file.persons[-1].id,
        kind=measure.kind,
        stage=OutcomeStage.APPROVED if measure.executed_at is None else OutcomeStage.EXECUTED,
        document_number=documents.next(measure.kind, measure.approved_at),
        basis=rules(BASIS[measure.kind], day),
        ground=rules(measure.ground, day) if measure.ground else None,
        days=measure.days,
        days_to_serve=None,
        amount_yuan=None,
        authority=AUTHORITY,
        approved_at=measure.approved_at,
        executed_at=measure.executed_at,
        due_at=None,
        ended_at=None,
        recorded_by=recorded_by.id,
        recorded_at=known_soon(measure.executed_at or measure.approved_at, chance),
    )

"""Finding out: vehicles and persons of a case, each step a dated fact. Every deed is one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from tipline.cases.errors import CaseInvalid, DriverAlreadyInHand, VehicleMovedOn
from tipline.cases.lawbook import clearance_rule
from tipline.cases.locks import open_case_locked, person_and_case_locked, vehicle_and_case_locked
from tipline.cases.rules import (
    FEATURES_LIMIT,
    NAME_LIMIT,
    moment_problems,
    plate_problems,
    stored_plate,
    text_problems,
)
from tipline.cases.suggestions import ask_for_recent_tips
from tipline.cases.tables import (
    Case,
    CaseEvent,
    CaseEventType,
    Person,
    PersonRole,
    PersonState,
    Vehicle,
    VehicleState,
)
from tipline.database import engine
from tipline.errors import Problem
from tipline.intake.tables import VehicleColour, VehicleType
from tipline.law.service import day_of
from tipline.work.service import ask
from tipline.work.tables import Job


@dataclass(frozen=True, kw_only=True, slots=True)
class VehicleDraft:
    """A vehicle as far as it is known; in the plate `?` stands for a place not known."""

    plate_text: str = ""
    vehicle_type: VehicleType = VehicleType.UNCLEAR
    vehicle_colour: VehicleColour = VehicleColour.UNCLEAR
    features: str = ""


async def add_vehicle(case_id: UUID, draft: VehicleDraft, *, now: datetime) -> Vehicle:
    """Describe the fleeing vehicle of an open case, and ask for suggestions for recent tips again.

    Raises:
        CaseInvalid: the plate cannot be one, or a text is too long.
        CaseNotFound, CaseClosed: there is no such open case.
    """
    _refuse(
        [
            *plate_problems(draft.plate_text, is_full=False),
            *text_problems("features", draft.features, FEATURES_LIMIT, is_required=False),
        ]
    )
    async with engine().transaction():
        case = await open_case_locked(case_id)
        vehicle = Vehicle(
            id=uuid4(),
            case=case.id,
            plate_text=stored_plate(draft.plate_text),
            vehicle_type=draft.vehicle_type,
            vehicle_colour=draft.vehicle_colour,
            features=draft.features.strip(),
            state=VehicleState.DESCRIBED,
            identified_at=None,
            seized_at=None,
        )
        await vehicle.save()
        await ask_for_recent_tips(now=now)
    return vehicle


async def vehicle_identified(
    vehicle_id: UUID, draft: VehicleDraft, *, identified_at: datetime, by: UUID, now: datetime
) -> None:
    """Say which vehicle it is; suggestions for recent tips are asked for again.

    An empty plate means that the vehicle bears none.

    Raises:
        CaseInvalid: the plate is not whole, or the time is in the future or before the accident.
        VehicleNotFound, CaseClosed: there is no such vehicle of an open case.
        VehicleMovedOn: it is identified or seized already.
    """
    async with engine().transaction():
        vehicle, case = await vehicle_and_case_locked(vehicle_id)
        if vehicle.state != VehicleState.DESCRIBED:
            raise VehicleMovedOn(vehicle_id, state=VehicleState(vehicle.state), at=vehicle.identified_at)
        _refuse(
            [
                *plate_problems(draft.plate_text, is_full=True),
                *text_problems("features", draft.features, FEATURES_LIMIT, is_required=False),
                *moment_problems("identified_at", identified_at, not_before=case.happened_from, now=now),
            ]
        )
        await Vehicle.update(
            {
                Vehicle.plate_text: stored_plate(draft.plate_text),
                Vehicle.vehicle_type: draft.vehicle_type,
                Vehicle.vehicle_colour: draft.vehicle_colour,
                Vehicle.features: draft.features.strip(),
                Vehicle.state: VehicleState.IDENTIFIED,
                Vehicle.identified_at: identified_at,
            }
        ).where(Vehicle.id == vehicle_id)
        await note(case, CaseEventType.VEHICLE_IDENTIFIED, happened_at=identified_at, by=by, now=now)
        await ask_for_recent_tips(now=now)


async def vehicle_seized(vehicle_id: UUID, *, seized_at: datetime, by: UUID, now: datetime) -> None:
    """Record that the vehicle is in police hands. One seized before it was identified is identified with it.

    Raises:
        CaseInvalid: the time is in the future, or before the accident or the identification.
        VehicleNotFound, CaseClosed: there is no such vehicle of an open case.
        VehicleMovedOn: it is seized already.
    """
    async with engine().transaction():
        vehicle, case = await vehicle_and_case_locked(vehicle_id)
        if vehicle.state == VehicleState.SEIZED:
            raise VehicleMovedOn(vehicle_id, state=VehicleState.SEIZED, at=vehicle.seized_at)
        was_identified = vehicle.state == VehicleState.IDENTIFIED
        earliest = vehicle.identified_at if was_identified else case.happened_from
        code = "too_early" if was_identified else "before_the_accident"
        _refuse(moment_problems("seized_at", seized_at, not_before=earliest, now=now, code=code))
        await Vehicle.update(
            {
                Vehicle.state: VehicleState.SEIZED,
                Vehicle.seized_at: seized_at,
                Vehicle.identified_at: vehicle.identified_at if was_identified else seized_at,
            }
        ).where(Vehicle.id == vehicle_id)
        if not was_identified:
            await note(case, CaseEventType.VEHICLE_IDENTIFIED, happened_at=seized_at, by=by, now=now)
        await note(case, CaseEventType.VEHICLE_SEIZED, happened_at=seized_at, by=by, now=now)


async def add_person(
    case_id: UUID, full_name: str, *, role: PersonRole, identified_at: datetime, by: UUID, now: datetime
) -> Person:
    """Name a person of an open case. A named driver is a lead until a decision says otherwise.

    Raises:
        CaseInvalid: no name, or the time is in the future or before the accident.
        CaseNotFound, CaseClosed: there is no such open case.
    """
    async with engine().transaction():
        case = await open_case_locked(case_id)
        _refuse(
            [
                *text_problems("full_name", full_name, NAME_LIMIT),
                *moment_problems("identified_at", identified_at, not_before=case.happened_from, now=now),
            ]
        )
        person = Person(
            id=uuid4(),
            case=case.id,
            full_name=full_name.strip(),
            role=role,
            state=PersonState.IDENTIFIED,
            identified_at=identified_at,
            in_hand_at=None,
        )
        await person.save()
        if role == PersonRole.DRIVER:
            await note(case, CaseEventType.DRIVER_IDENTIFIED, happened_at=identified_at, by=by, now=now)
    return person


async def driver_in_hand(person_id: UUID, *, in_hand_at: datetime, by: UUID, now: datetime) -> None:
    """Record that the driver is in police hands (到案).

    Raises:
        CaseInvalid: the person is not the driver, or the time is in the future or before the identification.
        PersonNotFound, CaseClosed: there is no such person of an open case.
        DriverAlreadyInHand: it is recorded already.
    """
    async with engine().transaction():
        person, case = await person_and_case_locked(person_id)
        if person.state == PersonState.IN_HAND:
            raise DriverAlreadyInHand(person_id, at=person.in_hand_at)
        problems = moment_problems("in_hand_at", in_hand_at, not_before=person.identified_at, now=now, code="too_early")
        if person.role != PersonRole.DRIVER:
            law = await clearance_rule(on=day_of(in_hand_at))
            problems.append(Problem("person", "not_the_driver", law.facts))
        _refuse(problems)
        await Person.update({Person.state: PersonState.IN_HAND, Person.in_hand_at: in_hand_at}).where(
            Person.id == person_id
        )
        await note(case, CaseEventType.DRIVER_IN_HAND, happened_at=in_hand_at, by=by, now=now)


async def note(
    case: Case,
    event: CaseEventType,
    *,
    happened_at: datetime,
    by: UUID,
    now: datetime,
    reason: str = "",
    other_case: UUID | None = None,
) -> None:
    """Add one dated fact; known from `now` on; clocks and tasks follow. Joins the caller's transaction."""
    await CaseEvent(
        id=uuid4(),
        case=case.id,
        type=event,
        severity=case.severity,
        happened_at=happened_at,
        known_at=now,
        recorded_by=by,
        reason=reason,
        other_case=other_case,
    ).save()
    await ask(Job.KEEP_CLOCKS, case.id, now=now)


def _refuse(problems: list[Problem]) -> None:
    if problems:
        raise CaseInvalid(*problems)

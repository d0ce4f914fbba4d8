"""Vehicles and persons of a case by program: described, identified, in police hands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from litestar import Request, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from tipline.accounts.pages import signed_in
from tipline.cases import service
from tipline.cases.forms import vehicle_draft
from tipline.cases.reads import persons_of, vehicles_of
from tipline.clock import Clock
from tipline.console.api.answers import CHANGING, MadeOut, problems
from tipline.console.api.bodies import IdentifiedIn, InHandIn, PersonIn, SeizedIn, VehicleIn
from tipline.console.api.cases import TAG, WRITERS
from tipline.errors import NotFound

Asked = Request[Any, Any, Any]


@post(
    "/cases/{case_id:uuid}/vehicles",
    tags=[TAG],
    opt=WRITERS,
    summary="Describe the fleeing vehicle",
    responses=problems(CHANGING),
)
async def add_vehicle(case_id: FromPath[UUID], data: JSONBody[VehicleIn], clock: NamedDependency[Clock]) -> MadeOut:
    """Describe the fleeing vehicle."""
    made = await service.add_vehicle(case_id, vehicle_draft(data.answers()), now=clock())
    return MadeOut(id=made.id)


@post(
    "/cases/{case_id:uuid}/vehicles/{vehicle_id:uuid}/identify",
    tags=[TAG],
    opt=WRITERS,
    status_code=200,
    summary="Say which vehicle it is",
    responses=problems(CHANGING),
)
async def identify(
    request: Asked,
    case_id: FromPath[UUID],
    vehicle_id: FromPath[UUID],
    data: JSONBody[IdentifiedIn],
    clock: NamedDependency[Clock],
) -> MadeOut:
    """Say which vehicle it is."""
    _require(vehicle_id, await vehicles_of(case_id))
    draft = vehicle_draft(data.answers())
    await service.vehicle_identified(
        vehicle_id, draft, identified_at=data.identified_at, by=signed_in(request).id, now=clock()
    )
    return MadeOut(id=vehicle_id)


@post(
    "/cases/{case_id:uuid}/vehicles/{vehicle_id:uuid}/seize",
    tags=[TAG],
    opt=WRITERS,
    status_code=200,
    summary="The vehicle is in police hands",
    responses=problems(CHANGING),
)
async def seize(
    request: Asked,
    case_id: FromPath[UUID],
    vehicle_id: FromPath[UUID],
    data: JSONBody[SeizedIn],
    clock: NamedDependency[Clock],
) -> MadeOut:
    """Record that the vehicle is in police hands."""
    _require(vehicle_id, await vehicles_of(case_id))
    await service.vehicle_seized(vehicle_id, seized_at=data.seized_at, by=signed_in(request).id, now=clock())
    return MadeOut(id=vehicle_id)


@post("/cases/{case_id:uuid}/persons", tags=[TAG], opt=WRITERS, summary="Name a person", responses=problems(CHANGING))
async def add_person(
    request: Asked, case_id: FromPath[UUID], data: JSONBody[PersonIn], clock: NamedDependency[Clock]
) -> MadeOut:
    """Name a person of the case."""
    made = await service.add_person(
        case_id,
        data.answers().text("full_name"),
        role=data.role,
        identified_at=data.identified_at,
        by=signed_in(request).id,
        now=clock(),
    )
    return MadeOut(id=made.id)


@post(
    "/cases/{case_id:uuid}/persons/{person_id:uuid}/in-hand",
    tags=[TAG],
    opt=WRITERS,
    status_code=200,
    summary="The driver is in police hands",
    responses=problems(CHANGING),
)
async def in_hand(
    request: Asked,
    case_id: FromPath[UUID],
    person_id: FromPath[UUID],
    data: JSONBody[InHandIn],
    clock: NamedDependency[Clock],
) -> MadeOut:
    """Record that the driver is in police hands."""
    _require(person_id, await persons_of(case_id))
    await service.driver_in_hand(person_id, in_hand_at=data.in_hand_at, by=signed_in(request).id, now=clock())
    return MadeOut(id=person_id)


def _require(wanted: UUID, rows: Sequence[dict[str, Any]]) -> None:
    """Pass when the row is one of this case; access was asked for the case in the address, and for no other."""
    if all(row["id"] != wanted for row in rows):
        raise NotFound


HANDLERS: Final = [add_vehicle, identify, seize, add_person, in_hand]

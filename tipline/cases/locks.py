"""Rows that a deed holds while it decides: of two officers at once the second waits, then sees what the first did.

Order everywhere: case, then tip, then suggestion or vehicle or person. Deeds that close a case take it whole
(`FOR UPDATE`), so that no suggestion or link slips in beside them.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from tipline.accounts.tables import Officer
from tipline.cases.errors import CaseAlreadyCleared, CaseNotFound, OfficerNotFound, PersonNotFound, VehicleNotFound
from tipline.cases.tables import Case, CaseState, Person, Vehicle

CLEARED_BY: Final = """
SELECT k.cleared_at, o.full_name, o.badge_number FROM clearance k JOIN officer o ON o.id = k.approved_by
WHERE k."case" = {}"""


async def open_case_locked(case_id: UUID) -> Case:
    """Hold an open case until the transaction ends.

    Raises:
        CaseNotFound: there is none.
        CaseAlreadyCleared: a colleague cleared it.
    """
    case = await case_locked(case_id)
    if case.state == CaseState.CLEARED:
        raise await _cleared(case_id)
    return case


async def case_locked(case_id: UUID) -> Case:
    """Hold a case, open or cleared.

    Raises:
        CaseNotFound: there is none.
    """
    case = await Case.objects().where(Case.id == case_id).lock_rows("UPDATE").first()
    if case is None:
        raise CaseNotFound(case_id)
    return case


async def vehicle_and_case_locked(vehicle_id: UUID) -> tuple[Vehicle, Case]:
    """Hold a vehicle and its open case.

    Raises:
        VehicleNotFound: there is none.
        CaseAlreadyCleared: the case is closed.
    """
    seen = await Vehicle.select(Vehicle.case).where(Vehicle.id == vehicle_id).first()
    if seen is None:
        raise VehicleNotFound(vehicle_id)
    case = await open_case_locked(seen["case"])
    return await vehicle_of(case.id, vehicle_id), case


async def person_and_case_locked(person_id: UUID) -> tuple[Person, Case]:
    """Hold a person and the open case.

    Raises:
        PersonNotFound: there is none.
        CaseAlreadyCleared: the case is closed.
    """
    seen = await Person.select(Person.case).where(Person.id == person_id).first()
    if seen is None:
        raise PersonNotFound(person_id)
    case = await open_case_locked(seen["case"])
    return await person_of(case.id, person_id), case


async def vehicle_of(case_id: UUID, vehicle_id: UUID) -> Vehicle:
    """Return a vehicle of the case that the caller holds.

    Raises:
        VehicleNotFound: there is none in this case.
    """
    vehicle = await Vehicle.objects().where((Vehicle.id == vehicle_id) & (Vehicle.case == case_id)).first()
    if vehicle is None:
        raise VehicleNotFound(vehicle_id)
    return vehicle


async def person_of(case_id: UUID, person_id: UUID) -> Person:
    """Return a person of the case that the caller holds.

    Raises:
        PersonNotFound: there is none in this case.
    """
    person = await Person.objects().where((Person.id == person_id) & (Person.case == case_id)).first()
    if person is None:
        raise PersonNotFound(person_id)
    return person


async def officer_of(officer_id: UUID) -> Officer:
    """Return an officer's row.

    Raises:
        OfficerNotFound: there is none.
    """
    officer = await Officer.objects().where(Officer.id == officer_id).first()
    if officer is None:
        raise OfficerNotFound(officer_id)
    return officer


async def _cleared(case_id: UUID) -> CaseAlreadyCleared:
    rows: list[dict[str, Any]] = await Case.raw(CLEARED_BY, case_id)
    by_name, by_badge, at = ("", "", None) if not rows else _told(rows[0])
    return CaseAlreadyCleared(case_id, by_name=by_name, by_badge=by_badge, at=at)


def _told(row: dict[str, Any]) -> tuple[str, str, datetime]:
    return row["full_name"], row["badge_number"], row["cleared_at"]

"""Rows that a deed holds while it decides: of two officers at once the second waits, then sees what the first did.

Order everywhere: case, then tip, then suggestion or vehicle or person. Deeds that close a case take it whole
(`FOR UPDATE`), so that no suggestion or link slips in beside them.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from tipline.accounts.tables import Officer, OfficerRole
from tipline.cases.errors import (
    ApproverNotCommander,
    CaseAlreadyCleared,
    CaseClosed,
    CaseNotFound,
    OfficerNotFound,
    PersonNotFound,
    VehicleNotFound,
)
from tipline.cases.tables import Case, CaseState, Person, Vehicle

CLEARED_BY: Final = """
SELECT k.cleared_at AS at, o.full_name, o.badge_number FROM clearance k JOIN officer o ON o.id = k.approved_by
WHERE k."case" = {} AND k.revoked_at IS NULL"""
CLOSED_BY: Final = """
SELECT e.happened_at AS at, o.full_name, o.badge_number FROM case_event e JOIN officer o ON o.id = e.recorded_by
WHERE e."case" = {} AND e.type IN ('cleared_exceptionally', 'unfounded', 'transferred_out')
ORDER BY e.known_at DESC LIMIT 1"""
GOES_ON_IN: Final = "SELECT coalesce(c.merged_into, c.id) AS id FROM case_file c WHERE c.id = {}"
IS_OF: Final = "SELECT family.id FROM case_family({}) AS family (id) WHERE family.id = {}"


async def open_case_locked(case_id: UUID) -> Case:
    """Hold an open case until the transaction ends.

    Raises:
        CaseNotFound: there is none.
        CaseClosed: a colleague cleared it (`CaseAlreadyCleared`) or closed it otherwise.
    """
    case = await case_locked(case_id)
    if case.state != CaseState.OPEN:
        raise await closed(case)
    return case


async def case_locked(case_id: UUID) -> Case:
    """Hold a case, open or closed.

    Raises:
        CaseNotFound: there is none.
    """
    case = await Case.objects().where(Case.id == case_id).lock_rows("UPDATE").first()
    if case is None:
        raise CaseNotFound(case_id)
    return case


async def vehicle_and_case_locked(vehicle_id: UUID) -> tuple[Vehicle, Case]:
    """Hold a vehicle and its open case; of a merged case, the one that goes on.

    Raises:
        VehicleNotFound: there is none.
        CaseClosed: the case is closed.
    """
    seen = await Vehicle.select(Vehicle.case).where(Vehicle.id == vehicle_id).first()
    if seen is None:
        raise VehicleNotFound(vehicle_id)
    case = await open_case_locked(await _goes_on_in(seen["case"]))
    return await vehicle_of(case.id, vehicle_id), case


async def person_and_case_locked(person_id: UUID) -> tuple[Person, Case]:
    """Hold a person and the open case; of a merged case, the one that goes on.

    Raises:
        PersonNotFound: there is none.
        CaseClosed: the case is closed.
    """
    seen = await Person.select(Person.case).where(Person.id == person_id).first()
    if seen is None:
        raise PersonNotFound(person_id)
    case = await open_case_locked(await _goes_on_in(seen["case"]))
    return await person_of(case.id, person_id), case


async def vehicle_of(case_id: UUID, vehicle_id: UUID) -> Vehicle:
    """Return a vehicle of the case that the caller holds, or of one that was merged into it.

    Raises:
        VehicleNotFound: there is none in this case.
    """
    vehicle = await Vehicle.objects().where(Vehicle.id == vehicle_id).first()
    if vehicle is None or not await _is_of(case_id, vehicle.case):
        raise VehicleNotFound(vehicle_id)
    return vehicle


async def person_of(case_id: UUID, person_id: UUID) -> Person:
    """Return a person of the case that the caller holds, or of one that was merged into it.

    Raises:
        PersonNotFound: there is none in this case.
    """
    person = await Person.objects().where(Person.id == person_id).first()
    if person is None or not await _is_of(case_id, person.case):
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


async def commander_of(officer_id: UUID) -> Officer:
    """Return an officer who may approve what changes the figures: a commander in office.

    Raises:
        OfficerNotFound: there is none.
        ApproverNotCommander: another role, or out of office.
    """
    officer = await officer_of(officer_id)
    if officer.role != OfficerRole.COMMANDER or not officer.is_active:
        raise ApproverNotCommander(officer_id, officer.role)
    return officer


async def closed(case: Case) -> CaseClosed:
    """Return the error that says how the case was closed, by whom and when."""
    is_cleared = case.state == CaseState.CLEARED
    rows: list[dict[str, Any]] = await Case.raw(CLEARED_BY if is_cleared else CLOSED_BY, case.id)
    by_name, by_badge, at = ("", "", None) if not rows else _told(rows[0])
    if is_cleared:
        return CaseAlreadyCleared(case.id, by_name=by_name, by_badge=by_badge, at=at)
    return CaseClosed(case.id, state=CaseState(case.state), by_name=by_name, by_badge=by_badge, at=at)


async def _goes_on_in(case_id: UUID) -> UUID:
    rows: list[dict[str, UUID]] = await Case.raw(GOES_ON_IN, case_id)
    return rows[0]["id"]


async def _is_of(case_id: UUID, owner: UUID) -> bool:
    return bool(await Case.raw(IS_OF, case_id, owner))


def _told(row: dict[str, Any]) -> tuple[str, str, datetime]:
    return row["full_name"], row["badge_number"], row["at"]

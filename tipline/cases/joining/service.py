"""并案与分案 Deeds that make one case of two, or two of one. Each is one transaction that holds the cases it touches.

A merged case stays with all its rows and points at the one that goes on, which shows them as its own; what is split off
moves, and a row says so. Nothing is removed (docs/decisions/0027).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid4

from tipline.cases.closing.rules import reason_problems
from tipline.cases.errors import LinkNotFound
from tipline.cases.finding import note
from tipline.cases.joining.errors import JoiningRefused
from tipline.cases.joining.tables import CaseJoining, CaseMove, JoiningKind
from tipline.cases.locks import case_locked, closed, commander_of, open_case_locked, person_of, vehicle_of
from tipline.cases.rules import moment_problems
from tipline.cases.service import CaseDraft, open_case
from tipline.cases.suggestions import ask_for_recent_tips, withdraw_suggestions
from tipline.cases.tables import Case, CaseEventType, CaseState, Link, Person, PersonRole, Vehicle
from tipline.cases.turns import earliest_turn
from tipline.database import engine
from tipline.errors import Problem

GOES_ON: Final = frozenset({CaseState.OPEN, CaseState.CLEARED, CaseState.CLEARED_EXCEPTIONALLY})
LINKS: Final = 'SELECT l.id FROM link l WHERE l."case" IN (SELECT case_family({}))'
# A measure, a ruling, a determination or a clearance names its case in its papers; whoever it concerns stays.
NAMED_IN_PAPERS: Final = """
SELECT x.person AS id FROM outcome x WHERE x.person = ANY({}::uuid[])
UNION SELECT r.person FROM ruling r WHERE r.person = ANY({}::uuid[])
UNION SELECT d.person FROM determination_party d WHERE d.person = ANY({}::uuid[])
UNION SELECT k.driver FROM clearance k WHERE k.driver = ANY({}::uuid[])
UNION SELECT e.person FROM exceptional_clearance e WHERE e.person = ANY({}::uuid[])
UNION SELECT k.vehicle FROM clearance k WHERE k.vehicle = ANY({}::uuid[])"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """What goes along when a case is split: ids of links, vehicles and persons."""

    links: Sequence[UUID] = ()
    vehicles: Sequence[UUID] = ()
    persons: Sequence[UUID] = ()


async def merge_cases(
    case_id: UUID, into_id: UUID, *, reason: str, merged_at: datetime, by: UUID, now: datetime
) -> CaseJoining:
    """Merge a case into another that is about the same accident and goes on; the merged one counts no longer.

    Raises:
        ApproverNotCommander: `by` is no active commander.
        CaseNotFound, OfficerNotFound: not there.
        CaseClosed: the merged case is not open, or the other one left this unit; a colleague may have been faster.
        JoiningRefused: a case into itself, no reason, or the time does not fit.
    """
    commander = await commander_of(by)
    if case_id == into_id:
        raise JoiningRefused(Problem("into", "case_into_itself"))
    async with engine().transaction():
        # Always in one order, so that two who merge the same two cases crosswise do not wait for each other forever.
        held = {one: await case_locked(one) for one in sorted((case_id, into_id))}
        case, into = held[case_id], held[into_id]
        if case.state != CaseState.OPEN:
            raise await closed(case)
        if into.state not in GOES_ON:
            raise await closed(into)
        problems = [
            *reason_problems(reason),
            *moment_problems(
                "merged_at", merged_at, not_before=await earliest_turn(case), now=now, code="before_the_last_turn"
            ),
        ]
        if problems:
            raise JoiningRefused(*problems)
        await Case.update({Case.merged_into: into.id}).where(Case.merged_into == case.id)
        await Case.update({Case.state: CaseState.MERGED, Case.merged_into: into.id}).where(Case.id == case.id)
        await withdraw_suggestions(case.id)
        await note(
            case,
            CaseEventType.UNFOUNDED,
            happened_at=merged_at,
            by=commander.id,
            now=now,
            reason=reason.strip(),
            other_case=into.id,
        )
        joining = await _join(
            JoiningKind.MERGED, case.id, into.id, reason=reason, at=merged_at, by=commander.id, now=now
        )
        await ask_for_recent_tips(now=now)
    return joining


async def split_case(
    case_id: UUID, draft: CaseDraft, part: Part, *, reason: str, by: UUID, now: datetime
) -> CaseJoining:
    """Split a second accident off an open case: a new case with the chosen tips, vehicles and persons.

    Raises:
        ApproverNotCommander: `by` is no active commander.
        CaseNotFound, LinkNotFound, VehicleNotFound, PersonNotFound, OfficerNotFound: not there, or another case's.
        CaseClosed: a colleague closed the case.
        CaseInvalid: the new case lacks something.
        JoiningRefused: no reason, nothing was chosen, or papers of this case name a chosen vehicle or person.
    """
    commander = await commander_of(by)
    async with engine().transaction():
        await open_case_locked(case_id)
        vehicles = [await vehicle_of(case_id, one) for one in part.vehicles]
        persons = [await person_of(case_id, one) for one in part.persons]
        await _know_links(case_id, part.links)
        problems = [*reason_problems(reason), *await _part_problems(part)]
        if problems:
            raise JoiningRefused(*problems)
        new = await open_case(draft, by=commander.id, now=now)
        joining = await _join(
            JoiningKind.SPLIT, case_id, new.id, reason=reason, at=draft.recorded_at, by=commander.id, now=now
        )
        for link_id in part.links:
            await Link.update({Link.case: new.id}).where(Link.id == link_id)
            await _moved(joining, link=link_id)
        for vehicle in vehicles:
            await Vehicle.update({Vehicle.case: new.id}).where(Vehicle.id == vehicle.id)
            await _moved(joining, vehicle=vehicle.id)
            await _tell_vehicle(new, vehicle, by=commander.id, now=now)
        for person in persons:
            await Person.update({Person.case: new.id}).where(Person.id == person.id)
            await _moved(joining, person=person.id)
            await _tell_person(new, person, by=commander.id, now=now)
    return joining


async def _join(
    kind: JoiningKind, case_id: UUID, other_id: UUID, *, reason: str, at: datetime, by: UUID, now: datetime
) -> CaseJoining:
    joining = CaseJoining(
        id=uuid4(),
        kind=kind,
        case=case_id,
        other=other_id,
        reason=reason.strip(),
        happened_at=at,
        decided_by=by,
        recorded_at=now,
    )
    await joining.save()
    return joining


async def _moved(
    joining: CaseJoining, *, link: UUID | None = None, vehicle: UUID | None = None, person: UUID | None = None
) -> None:
    await CaseMove(id=uuid4(), joining=joining.id, link=link, vehicle=vehicle, person=person).save()


async def _know_links(case_id: UUID, links: Sequence[UUID]) -> None:
    rows: list[dict[str, Any]] = await Link.raw(LINKS, case_id)
    known = {row["id"] for row in rows}
    for link_id in links:
        if link_id not in known:
            raise LinkNotFound(link_id)


async def _part_problems(part: Part) -> list[Problem]:
    if not (part.links or part.vehicles or part.persons):
        return [Problem("links", "nothing_chosen")]
    persons, vehicles = list(part.persons), list(part.vehicles)
    rows: list[dict[str, Any]] = await Case.raw(NAMED_IN_PAPERS, *[persons] * 5, vehicles)
    named = {row["id"] for row in rows}
    return [
        Problem(field, "named_in_papers")
        for field, chosen in (("vehicles", vehicles), ("persons", persons))
        if named.intersection(chosen)
    ]


async def _tell_vehicle(case: Case, vehicle: Vehicle, *, by: UUID, now: datetime) -> None:
    for event, at in (
        (CaseEventType.VEHICLE_IDENTIFIED, vehicle.identified_at),
        (CaseEventType.VEHICLE_SEIZED, vehicle.seized_at),
    ):
        if at is not None:
            await note(case, event, happened_at=at, by=by, now=now)


async def _tell_person(case: Case, person: Person, *, by: UUID, now: datetime) -> None:
    if person.role != PersonRole.DRIVER:
        return
    await note(case, CaseEventType.DRIVER_IDENTIFIED, happened_at=person.identified_at, by=by, now=now)
    if person.in_hand_at is not None:
        await note(case, CaseEventType.DRIVER_IN_HAND, happened_at=person.in_hand_at, by=by, now=now)

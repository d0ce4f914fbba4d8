"""办结与恢复 Deeds that close or reopen a case, and that change its severity. Each is one transaction.

Each holds the case: of two officers at once one wins, and the other is told by whom and when.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid4

from tipline.cases.closing.errors import CaseNotCleared, EvidenceNotOfCase, TurnUnlawful
from tipline.cases.closing.rules import (
    ExceptionalDraft,
    StandIn,
    clearance_problems,
    exceptional_problems,
    reason_problems,
)
from tipline.cases.closing.tables import ExceptionalClearance
from tipline.cases.errors import ClearanceUnlawful, LinkNotFound
from tipline.cases.finding import note
from tipline.cases.lawbook import as_rule, clearance_rule
from tipline.cases.locks import case_locked, closed, commander_of, open_case_locked, person_of, vehicle_of
from tipline.cases.rules import FoundPerson, FoundVehicle, moment_problems
from tipline.cases.screening.reads import excluded_in_file
from tipline.cases.suggestions import ask_for_recent_tips, withdraw_suggestions
from tipline.cases.tables import (
    Case,
    CaseEvent,
    CaseEventType,
    CaseState,
    Clearance,
    ClearanceEvidence,
    Link,
    Person,
    PersonRole,
    PersonState,
    Severity,
    VehicleState,
)
from tipline.cases.turns import earliest_turn
from tipline.database import engine
from tipline.errors import Problem
from tipline.law.service import day_of, rule

STAND_IN: Final = "clearance_vehicle_stand_in"
EXCEPTIONAL: Final = "clearance_exceptional"
CAN_BE_REOPENED: Final = frozenset({CaseState.CLEARED, CaseState.CLEARED_EXCEPTIONALLY})
LINKS: Final = 'SELECT l.id FROM link l WHERE l."case" IN (SELECT case_family({}))'
ITEMS: Final = """
SELECT i.id FROM evidence_item i JOIN tip_file f ON f.item = i.id JOIN link l ON l.tip = f.tip
WHERE l."case" IN (SELECT case_family({})) AND i.state = 'sealed' AND i.id = ANY({}::uuid[])"""
REOPENED_BY: Final = """
SELECT e.happened_at AS at, o.full_name, o.badge_number FROM case_event e JOIN officer o ON o.id = e.recorded_by
WHERE e."case" = {} AND e.type = 'reopened' ORDER BY e.known_at DESC LIMIT 1"""
LAST_SEVERITY: Final = """
SELECT max(e.happened_at) AS at FROM case_event e
WHERE e."case" = {} AND e.type IN ('recorded', 'transferred_in', 'reclassified')"""


async def clear_case(
    case_id: UUID,
    *,
    vehicle_id: UUID,
    driver_id: UUID,
    cleared_at: datetime,
    useful_links: Sequence[UUID],
    approved_by: UUID,
    now: datetime,
    stand_in: StandIn | None = None,
) -> Clearance:
    """Record that a case is cleared (侦破): vehicle found and driver in hand, approved by a commander.

    Marks the links that helped, and only those; withdraws the open suggestions for the case, and closes it.

    Raises:
        ApproverNotCommander: the approver is no active commander.
        CaseNotFound, VehicleNotFound, PersonNotFound, LinkNotFound, OfficerNotFound: not there, or another case's.
        EvidenceNotOfCase: an item of the stand-in is no sealed item of a linked tip.
        CaseAlreadyCleared, CaseClosed: a colleague was faster.
        ClearanceUnlawful: vehicle or driver is not found by `cleared_at`, and no ground stands in for the vehicle;
            the problems name the article.
    """
    approver = await commander_of(approved_by)
    async with engine().transaction():
        case = await open_case_locked(case_id)
        vehicle = await vehicle_of(case_id, vehicle_id)
        driver = await person_of(case_id, driver_id)
        problems = clearance_problems(
            FoundVehicle(state=VehicleState(vehicle.state), seized_at=vehicle.seized_at),
            _found(driver),
            await clearance_rule(on=day_of(cleared_at)),
            cleared_at=cleared_at,
            not_before=await earliest_turn(case),
            now=now,
            stand_in=stand_in,
            stand_in_law=as_rule(await rule(STAND_IN, on=day_of(cleared_at))) if stand_in else None,
        )
        excluded = await excluded_in_file(case_id)
        problems += [
            Problem(field, f"{field}_excluded")
            for field, row in (("vehicle", vehicle.id), ("driver", driver.id))
            if row in excluded
        ]
        if problems:
            raise ClearanceUnlawful(*problems)
        await _mark_useful(case_id, useful_links)
        clearance = Clearance(
            id=uuid4(),
            case=case.id,
            vehicle=vehicle.id,
            vehicle_ground=None if stand_in is None else stand_in.ground,
            vehicle_reason="" if stand_in is None else stand_in.reason.strip(),
            driver=driver.id,
            cleared_at=cleared_at,
            approved_by=approver.id,
            recorded_at=now,
            revoked_at=None,
            revoked_by=None,
        )
        await clearance.save()
        await _keep_proof(case_id, clearance.id, () if stand_in is None else stand_in.items)
        await _turn(case, CaseState.CLEARED, CaseEventType.CLEARED, at=cleared_at, by=approver.id, now=now)
    return clearance


async def clear_exceptionally(
    case_id: UUID, person_id: UUID, draft: ExceptionalDraft, *, approved_by: UUID, now: datetime
) -> ExceptionalClearance:
    """Close a case whose driver cannot be brought in, for instance a dead one; it never counts as cleared.

    Raises:
        ApproverNotCommander: the approver is no active commander.
        CaseNotFound, PersonNotFound, OfficerNotFound: not there, or another case's.
        CaseClosed: a colleague was faster.
        TurnUnlawful: one of the four tests is not answered, or the driver is in hand; the problems name the article.
    """
    approver = await commander_of(approved_by)
    async with engine().transaction():
        case = await open_case_locked(case_id)
        driver = await person_of(case_id, person_id)
        basis = await rule(EXCEPTIONAL, on=day_of(draft.cleared_at))
        problems = exceptional_problems(
            draft, _found(driver), as_rule(basis), not_before=await earliest_turn(case), now=now
        )
        if driver.id in await excluded_in_file(case_id):
            problems.append(Problem("person", "driver_excluded"))
        if problems:
            raise TurnUnlawful(*problems)
        clearance = ExceptionalClearance(
            id=uuid4(),
            case=case.id,
            person=driver.id,
            ground=draft.ground,
            identified_by=draft.identified_by.strip(),
            evidence=draft.evidence.strip(),
            whereabouts=draft.whereabouts.strip(),
            beyond_control=draft.beyond_control.strip(),
            basis=basis.id,
            cleared_at=draft.cleared_at,
            approved_by=approver.id,
            recorded_at=now,
            revoked_at=None,
            revoked_by=None,
        )
        await clearance.save()
        await _turn(
            case,
            CaseState.CLEARED_EXCEPTIONALLY,
            CaseEventType.CLEARED_EXCEPTIONALLY,
            at=draft.cleared_at,
            by=approver.id,
            now=now,
        )
    return clearance


async def declare_unfounded(
    case_id: UUID, *, reason: str, found_at: datetime, approved_by: UUID, now: datetime
) -> None:
    """Close a case that turned out to be none: no accident, or nobody fled. It leaves every count of cases.

    Raises:
        ApproverNotCommander: the approver is no active commander.
        CaseNotFound, OfficerNotFound: not there.
        CaseClosed: a colleague was faster.
        TurnUnlawful: no reason, or the time does not fit.
    """
    approver = await commander_of(approved_by)
    async with engine().transaction():
        case = await open_case_locked(case_id)
        _refuse([*reason_problems(reason), *await _moment(case, "found_at", found_at, now=now)])
        await _turn(
            case,
            CaseState.UNFOUNDED,
            CaseEventType.UNFOUNDED,
            at=found_at,
            by=approver.id,
            now=now,
            reason=reason.strip(),
        )


async def reopen_case(case_id: UUID, *, reason: str, reopened_at: datetime, by: UUID, now: datetime) -> None:
    """Take a case up again that was cleared, exceptionally or not. What cleared it stays, revoked, as history.

    Suggestions for recent tips are asked for again.

    Raises:
        ApproverNotCommander: `by` is no active commander.
        CaseNotFound, OfficerNotFound: not there.
        CaseNotCleared: it is open, perhaps reopened by a colleague.
        CaseClosed: it left this unit, was merged or found unfounded, which no reopening undoes.
        TurnUnlawful: no reason, or the time does not fit.
    """
    commander = await commander_of(by)
    async with engine().transaction():
        case = await case_locked(case_id)
        if case.state == CaseState.OPEN:
            raise await _not_cleared(case_id)
        if case.state not in CAN_BE_REOPENED:
            raise await closed(case)
        _refuse([*reason_problems(reason), *await _moment(case, "reopened_at", reopened_at, now=now)])
        for table in (Clearance, ExceptionalClearance):
            await table.update({table.revoked_at: reopened_at, table.revoked_by: commander.id}).where(
                (table.case == case_id) & table.revoked_at.is_null()
            )
        await Case.update({Case.state: CaseState.OPEN}).where(Case.id == case_id)
        await note(
            case, CaseEventType.REOPENED, happened_at=reopened_at, by=commander.id, now=now, reason=reason.strip()
        )
        await ask_for_recent_tips(now=now)


async def reclassify(
    case_id: UUID, severity: Severity, *, reason: str, happened_at: datetime, by: UUID, now: datetime
) -> None:
    """Change the severity of a case from a moment on, for instance when an injured person has died.

    Severities before it stay with the events of their time; figures as known earlier do not change.

    Raises:
        CaseNotFound: there is none.
        CaseClosed: the case left this unit or was merged.
        TurnUnlawful: nothing would change, no reason, or the time does not come after the last change.
    """
    async with engine().transaction():
        case = await case_locked(case_id)
        if case.state != CaseState.OPEN and case.state not in CAN_BE_REOPENED:
            raise await closed(case)
        rows: list[dict[str, Any]] = await CaseEvent.raw(LAST_SEVERITY, case_id)
        earliest = max(moment for moment in (case.recorded_at, rows[0]["at"]) if moment is not None)
        problems = [
            *reason_problems(reason),
            *moment_problems("happened_at", happened_at, not_before=earliest, now=now, code="before_the_last_change"),
        ]
        if severity == case.severity:
            problems.append(Problem("severity", "severity_unchanged"))
        _refuse(problems)
        case.severity = severity
        await Case.update({Case.severity: severity}).where(Case.id == case_id)
        await note(case, CaseEventType.RECLASSIFIED, happened_at=happened_at, by=by, now=now, reason=reason.strip())


async def _turn(
    case: Case, state: CaseState, event: CaseEventType, *, at: datetime, by: UUID, now: datetime, reason: str = ""
) -> None:
    await Case.update({Case.state: state}).where(Case.id == case.id)
    await withdraw_suggestions(case.id)
    await note(case, event, happened_at=at, by=by, now=now, reason=reason)


async def _moment(case: Case, field: str, moment: datetime, *, now: datetime) -> list[Problem]:
    return moment_problems(field, moment, not_before=await earliest_turn(case), now=now, code="before_the_last_turn")


def _found(person: Person) -> FoundPerson:
    return FoundPerson(role=PersonRole(person.role), state=PersonState(person.state), in_hand_at=person.in_hand_at)


def _refuse(problems: Sequence[Problem]) -> None:
    if problems:
        raise TurnUnlawful(*problems)


async def _mark_useful(case_id: UUID, useful_links: Sequence[UUID]) -> None:
    links: list[dict[str, Any]] = await Link.raw(LINKS, case_id)
    known = [link["id"] for link in links]
    for link_id in useful_links:
        if link_id not in known:
            raise LinkNotFound(link_id)
    if known:
        await Link.update({Link.is_useful: False}).where(Link.id.is_in(known) & Link.is_useful.eq(True))
    if useful_links:
        await Link.update({Link.is_useful: True}).where(Link.id.is_in(list(useful_links)))


async def _keep_proof(case_id: UUID, clearance_id: UUID, items: Sequence[UUID]) -> None:
    if not items:
        return
    rows: list[dict[str, Any]] = await ClearanceEvidence.raw(ITEMS, case_id, list(items))
    known = {row["id"] for row in rows}
    for item in dict.fromkeys(items):
        if item not in known:
            raise EvidenceNotOfCase(item)
        await ClearanceEvidence(id=uuid4(), clearance=clearance_id, item=item).save()


async def _not_cleared(case_id: UUID) -> CaseNotCleared:
    rows: list[dict[str, Any]] = await CaseEvent.raw(REOPENED_BY, case_id)
    if not rows:
        return CaseNotCleared(case_id, by_name="", by_badge="", at=None)
    return CaseNotCleared(case_id, by_name=rows[0]["full_name"], by_badge=rows[0]["badge_number"], at=rows[0]["at"])

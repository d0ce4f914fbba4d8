"""Putting officers on a case and taking them off: by its lead or a commander, entered in the audit."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid4

from asyncpg.exceptions import UniqueViolationError

from tipline.accounts.audit.service import enter
from tipline.accounts.audit.tables import AuditAct, AuditSubject
from tipline.accounts.rules import Right
from tipline.accounts.service import SignedInOfficer, list_case_officers
from tipline.cases.assignments.errors import AlreadyAssigned, AssignmentInvalid, AssignmentNotFound, NotTheLead
from tipline.cases.assignments.tables import CaseAssignment
from tipline.cases.errors import CaseNotFound
from tipline.cases.tables import Case
from tipline.database import engine
from tipline.errors import Problem

_ASSIGNED: Final = """
SELECT a.id, a.officer, a.assigned_at, a.ended_at, o.full_name, o.badge_number, u.name AS unit_name,
       b.full_name AS assigned_by_name, e.full_name AS ended_by_name
FROM case_assignment a JOIN officer o ON o.id = a.officer JOIN unit u ON u.id = o.unit
JOIN officer b ON b.id = a.assigned_by LEFT JOIN officer e ON e.id = a.ended_by
WHERE a."case" = {} ORDER BY a.ended_at IS NOT NULL, a.assigned_at DESC, a.id"""
_END: Final = """
UPDATE case_assignment SET ended_at = {}, ended_by = {} WHERE id = {} AND "case" = {} AND ended_at IS NULL
RETURNING officer"""


async def assignments_of(case_id: UUID) -> list[dict[str, Any]]:
    """Return who works or worked on the case, those who still do first."""
    rows: list[dict[str, Any]] = await CaseAssignment.raw(_ASSIGNED, case_id)
    return rows


async def may_assign(case_id: UUID, officer: SignedInOfficer) -> bool:
    """Tell whether `officer` decides who works on the case: its lead, and every commander.

    Raises:
        CaseNotFound: there is none.
    """
    row = await Case.select(Case.lead_officer).where(Case.id == case_id).first()
    if row is None:
        raise CaseNotFound(case_id)
    return bool(row["lead_officer"] == officer.id) or Right.CLEAR_CASES in officer.may


async def assign(case_id: UUID, officer_id: UUID, *, by: SignedInOfficer, now: datetime) -> None:
    """Put an officer on the case, who reads it from now on wherever they serve.

    Raises:
        CaseNotFound: there is none.
        NotTheLead: `by` is neither its lead nor a commander.
        AssignmentInvalid: the officer is out of use, or has a role that works on no cases.
        AlreadyAssigned: they are on the case.
    """
    async with engine().transaction():
        if not await may_assign(case_id, by):
            raise NotTheLead
        if officer_id not in {row["id"] for row in await list_case_officers()}:
            raise AssignmentInvalid(Problem("officer", "not_a_choice"))
        try:
            await CaseAssignment(
                id=uuid4(),
                case=case_id,
                officer=officer_id,
                assigned_at=now,
                assigned_by=by.id,
                ended_at=None,
                ended_by=None,
            ).save()
        except UniqueViolationError as problem:
            raise AlreadyAssigned from problem
        await _enter(AuditAct.ASSIGNED, case_id, officer_id, by=by, now=now)


async def release(assignment_id: UUID, case_id: UUID, *, by: SignedInOfficer, now: datetime) -> None:
    """Take an officer off the case; what they did on it stays.

    Raises:
        CaseNotFound: there is none.
        NotTheLead: `by` is neither its lead nor a commander.
        AssignmentNotFound: it is another case's, or has ended.
    """
    async with engine().transaction():
        if not await may_assign(case_id, by):
            raise NotTheLead
        rows: list[dict[str, Any]] = await CaseAssignment.raw(_END, now, by.id, assignment_id, case_id)
        if not rows:
            raise AssignmentNotFound
        await _enter(AuditAct.RELEASED, case_id, rows[0]["officer"], by=by, now=now)


async def _enter(act: AuditAct, case_id: UUID, officer: UUID, *, by: SignedInOfficer, now: datetime) -> None:
    facts = {"officer": str(officer)}
    await enter(act, AuditSubject.CASE, case_id, by=by.id, purpose="assignment", now=now, facts=facts)

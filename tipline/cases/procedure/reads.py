"""What other rooms ask of procedure: the steps of a case, and the filing or registration that stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from tipline.cases.procedure.tables import ProcedureKind, ProcedureStep

_STEPS: Final = """
SELECT s.id, s."case", s.kind, s.document_number, s.authority, s.approver, s.decided_at, s.reason, s.counterpart,
       s.direction, s.received_at, s.recorded_at, s.revoked_at, s.revoked_reason, o.full_name AS recorded_by_name,
       x.full_name AS revoked_by_name, c.number AS case_number,
       b.source AS basis_source, b.article AS basis_article, b.title_zh AS basis_title_zh, b.title_en AS basis_title_en
FROM procedure_step s JOIN officer o ON o.id = s.recorded_by JOIN legal_rule b ON b.id = s.basis
JOIN case_file c ON c.id = s."case" LEFT JOIN officer x ON x.id = s.revoked_by
WHERE s."case" IN (SELECT case_family({})) ORDER BY s.decided_at, s.recorded_at, s.id"""
# Of a case and those merged into it; its own step goes first. What a later withdrawal took back does not stand.
_STANDING: Final = """
SELECT s.id, s.document_number, s.authority, s.approver, s.decided_at, s.recorded_at FROM procedure_step s
WHERE s."case" IN (SELECT case_family({})) AND s.kind = {} AND s.revoked_at IS NULL
  AND NOT EXISTS (SELECT 1 FROM procedure_step w WHERE s.kind = 'filing' AND w."case" = s."case"
                  AND w.kind = 'withdrawal' AND w.revoked_at IS NULL AND w.decided_at >= s.decided_at)
ORDER BY s."case" <> {}, s.decided_at LIMIT 1"""
_RECEIPT: Final = """
SELECT max(s.received_at) AS received_at FROM procedure_step s
WHERE s."case" = {} AND s.direction = 'in' AND s.revoked_at IS NULL"""


@dataclass(frozen=True, slots=True)
class Decision:
    """An official step that stands: number of its document, who decided it, who signed, when, and since when known."""

    step: UUID
    document_number: str
    authority: str
    approver: str
    decided_at: datetime
    recorded_at: datetime


async def steps_of(case_id: UUID) -> list[dict[str, Any]]:
    """Return every step of a case and of those merged into it, by the time of decision; revoked ones are among them."""
    rows: list[dict[str, Any]] = await ProcedureStep.raw(_STEPS, case_id)
    return rows


async def registration_of(case_id: UUID) -> Decision | None:
    """Return the 受案登记 of a case; None while there is none."""
    return await _standing(case_id, ProcedureKind.REGISTRATION)


async def filing_of(case_id: UUID) -> Decision | None:
    """Return the 立案决定 that stands: neither revoked as a mistake nor followed by a 撤案; None when there is none.

    Criminal measures rest on it (公安机关办理刑事案件程序规定 178): they are not earlier than its `decided_at`.
    """
    return await _standing(case_id, ProcedureKind.FILING)


async def withdrawal_of(case_id: UUID) -> Decision | None:
    """Return the first 撤案决定 of a case; None when there is none."""
    return await _standing(case_id, ProcedureKind.WITHDRAWAL)


async def taken_over_at(case_id: UUID) -> datetime | None:
    """Return when the case was taken over from another jurisdiction; None when it began here.

    From then on the terms of order 146 are counted (道路交通事故处理程序规定 11(2)).
    """
    rows: list[dict[str, Any]] = await ProcedureStep.raw(_RECEIPT, case_id)
    received: datetime | None = rows[0]["received_at"]
    return received


async def _standing(case_id: UUID, kind: ProcedureKind) -> Decision | None:
    rows: list[dict[str, Any]] = await ProcedureStep.raw(_STANDING, case_id, kind.value, case_id)
    if not rows:
        return None
    row = rows[0]
    return Decision(
        step=row["id"],
        document_number=row["document_number"],
        authority=row["authority"],
        approver=row["approver"],
        decided_at=row["decided_at"],
        recorded_at=row["recorded_at"],
    )

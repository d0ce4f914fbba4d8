"""An officer's decision on one file of a tip: taken as evidence, or left aside. Of two officers the first decides.

A file left aside stays kept and sealed; it goes into no case evidence and no suggestion rests on it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from tipline.accounts.audit.service import enter
from tipline.accounts.audit.tables import AuditAct, AuditSubject
from tipline.database import engine
from tipline.errors import Invalid, Problem
from tipline.intake.errors import FileDecided, FileUnknown
from tipline.intake.tables import FileDecision, FileDeclineReason, TipFile
from tipline.work.service import ask
from tipline.work.tables import Job

PURPOSE: Final = "decision on a file of a tip"
LOCKED: Final = """
SELECT f.item, f.decision, f.decline_reason, f.decided_at, o.full_name, o.badge_number
FROM tip_file f LEFT JOIN officer o ON o.id = f.decided_by WHERE f.id = {} AND f.tip = {} FOR UPDATE OF f"""


async def decide_file(
    tip_id: UUID,
    file_id: UUID,
    decision: FileDecision,
    *,
    officer: UUID,
    seen: FileDecision,
    now: datetime,
    reason: FileDeclineReason | None = None,
) -> None:
    """Record what an officer makes of one file; a decision may be changed, and taken back to undecided.

    Args:
        tip_id: the tip it belongs to.
        file_id: the file.
        decision: what it is to be.
        officer: who decides.
        seen: how it stood on the officer's page.
        now: when.
        reason: why it is left aside; exactly then.

    Raises:
        FileUnknown: the tip has no such file.
        FileDecided: it stands otherwise by now.
        Invalid: left aside without a reason.
    """
    if decision == FileDecision.DECLINED and reason is None:
        raise Invalid(Problem(f"reason-{file_id}", "required"))
    reason = reason if decision == FileDecision.DECLINED else None
    async with engine().transaction():
        rows: list[dict[str, Any]] = await TipFile.raw(LOCKED, file_id, tip_id)
        if not rows:
            raise FileUnknown(file_id)
        row = rows[0]
        if row["decision"] != seen or row["decision"] == decision:
            raise FileDecided(
                file_id,
                state=FileDecision(row["decision"]),
                by_name=row["full_name"] or "",
                by_badge=row["badge_number"] or "",
                at=row["decided_at"],
            )
        is_open = decision == FileDecision.UNDECIDED
        await TipFile.update(
            {
                TipFile.decision: decision,
                TipFile.decline_reason: reason,
                TipFile.decided_by: None if is_open else officer,
                TipFile.decided_at: None if is_open else now,
            }
        ).where(TipFile.id == file_id)
        facts = {"from": row["decision"], "to": decision.value, "reason": reason and reason.value}
        await enter(
            AuditAct.CHANGED, AuditSubject.MEDIUM, row["item"], by=officer, purpose=PURPOSE, now=now, facts=facts
        )
        if FileDecision.DECLINED in {row["decision"], decision}:
            await ask(Job.SUGGEST_CASES, tip_id, now=now)  # its hints count no more, or again

"""Reads the answers of procedure's forms into drafts."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from tipline.cases.procedure.rules import StepDraft
from tipline.cases.procedure.tables import ProcedureKind, TransferDirection
from tipline.web.answers import Answers

# In the form of a new case: what tells that another jurisdiction handed it over.
TAKEN_OVER: Final = ("from_body", "transfer_number", "transfer_decided_at", "received_at")


def step_draft(answers: Answers, kind: ProcedureKind) -> StepDraft:
    """Return the step that was typed; a transfer of jurisdiction typed in a case goes out of it.

    Raises:
        Invalid: an answer cannot be read.
    """
    is_jurisdiction = kind == ProcedureKind.TRANSFER_OF_JURISDICTION
    received_at = answers.moment("received_at", is_required=False) if is_jurisdiction else None
    decided_at = answers.needed_moment("decided_at")
    answers.refuse_problems()
    return StepDraft(
        kind=kind,
        document_number=answers.text("document_number"),
        authority=answers.text("authority"),
        approver=answers.text("approver"),
        decided_at=decided_at,
        reason=answers.text("reason"),
        counterpart=answers.text("counterpart"),
        direction=TransferDirection.OUT if is_jurisdiction else None,
        received_at=received_at,
    )


def taken_over(answers: Answers) -> StepDraft | None:
    """Return the transfer by which a new case came here; None when none of its fields was filled in.

    Raises:
        Invalid: the receipt, or the time of the decision, cannot be read.
    """
    if not any(answers.text(name) for name in TAKEN_OVER):
        return None
    decided_at = answers.moment("transfer_decided_at")
    received_at: datetime = answers.needed_moment("received_at")
    answers.refuse_problems()
    return StepDraft(
        kind=ProcedureKind.TRANSFER_OF_JURISDICTION,
        document_number=answers.text("transfer_number"),
        authority=answers.text("from_body"),
        decided_at=decided_at or received_at,
        counterpart=answers.text("from_body"),
        direction=TransferDirection.IN,
        received_at=received_at,
    )

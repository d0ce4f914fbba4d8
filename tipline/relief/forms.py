"""Reads the relief forms' answers into drafts."""

from __future__ import annotations

from uuid import UUID

from tipline.errors import Problem
from tipline.relief.rules import StepDraft, fen_from
from tipline.relief.service import RecipientDraft
from tipline.relief.tables import ReliefStepKind
from tipline.web.answers import Answers


def recipient_draft(answers: Answers, case_id: UUID | None) -> RecipientDraft:
    """Return the recipient that was typed.

    Raises:
        Invalid: an answer cannot be read.
    """
    care_began_at = answers.moment("care_began_at", is_required=False)
    accident_at = answers.needed_moment("accident_at")
    answers.refuse_problems()
    return RecipientDraft(
        full_name=answers.text("full_name"),
        accident_number=answers.text("accident_number"),
        accident_at=accident_at,
        care_began_at=care_began_at,
        case=case_id,
    )


def step_draft(answers: Answers) -> StepDraft:
    """Return the step that was typed; the sum is written in yuan.

    Raises:
        Invalid: an answer cannot be read.
    """
    kind = answers.choice("kind", ReliefStepKind, ReliefStepKind.APPLICATION_RECEIVED)
    words = answers.text("amount")
    amount_fen = fen_from(words) if words else None
    if words and amount_fen is None:
        answers.problems.append(Problem("amount", "not_a_sum"))
    happened_at = answers.needed_moment("happened_at")
    answers.refuse_problems()
    return StepDraft(
        kind=kind,
        happened_at=happened_at,
        amount_fen=amount_fen,
        document_number=answers.text("document_number"),
        body=answers.text("body"),
        note=answers.text("note"),
    )

"""扶危救助 Deeds of relief: record a recipient, a matter, a step; confirm a step as the second officer; undo one.

Each is one transaction that holds the matter, so that of two officers at once one wins.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

from tipline.database import engine
from tipline.errors import Problem
from tipline.law.service import day_of, rules_in_force
from tipline.law.tables import RuleKind
from tipline.relief.errors import OwnStep, ReliefInvalid, ReliefNotFound, StepDecided
from tipline.relief.rules import PURPOSES, WITH_SUM, Standing, StepDraft, step_problems
from tipline.relief.tables import (
    Confirmation,
    ReliefConfirmation,
    ReliefKind,
    ReliefMatter,
    ReliefPurpose,
    ReliefRecipient,
    ReliefStep,
    ReliefStepKind,
)

NAME_LIMIT: Final = 80
NUMBER_LIMIT: Final = 60
REASON_LIMIT: Final = 300

STANDING: Final = """
SELECT s.kind, s.happened_at, coalesce(s.amount_fen, 0) AS amount_fen, c.decision IS NOT NULL AS is_confirmed
FROM relief_step s LEFT JOIN relief_confirmation c ON c.step = s.id
WHERE s.matter = {} AND s.reverses IS NULL AND coalesce(c.decision, '') <> 'rejected'
  AND NOT EXISTS (SELECT 1 FROM relief_step u JOIN relief_confirmation k ON k.step = u.id
                  WHERE u.reverses = s.id AND k.decision = 'confirmed')
ORDER BY s.happened_at, s.recorded_at"""
DECIDED: Final = """
SELECT c.decision, c.decided_at, o.full_name, o.badge_number
FROM relief_confirmation c JOIN officer o ON o.id = c.decided_by WHERE c.step = {}"""


@dataclass(frozen=True, kw_only=True, slots=True)
class RecipientDraft:
    """Who is helped, as an officer writes it down."""

    full_name: str
    accident_number: str
    accident_at: datetime
    care_began_at: datetime | None = None
    case: UUID | None = None


async def add_recipient(draft: RecipientDraft, *, unit: UUID, by: UUID, now: datetime) -> ReliefRecipient:
    """Record who is helped.

    Raises:
        ReliefInvalid: name or number missing or too long, or times that cannot be.
    """
    problems = []
    for field, value, limit in (
        ("full_name", draft.full_name, NAME_LIMIT),
        ("accident_number", draft.accident_number, NUMBER_LIMIT),
    ):
        if not value.strip():
            problems.append(Problem(field, "required"))
        elif len(value) > limit:
            problems.append(Problem(field, "too_long", {"limit": limit}))
    if draft.accident_at > now:
        problems.append(Problem("accident_at", "in_the_future"))
    if draft.care_began_at is not None and draft.care_began_at < draft.accident_at:
        problems.append(Problem("care_began_at", "before_the_accident", {"earliest": draft.accident_at}))
    if problems:
        raise ReliefInvalid(*problems)
    recipient = ReliefRecipient(
        id=uuid4(),
        full_name=draft.full_name.strip(),
        accident_number=draft.accident_number.strip(),
        case=draft.case,
        accident_at=draft.accident_at,
        care_began_at=draft.care_began_at,
        unit=unit,
        recorded_by=by,
        recorded_at=now,
        is_demo=False,
    )
    await recipient.save()
    return recipient


async def open_matter(
    recipient_id: UUID, kind: ReliefKind, purpose: ReliefPurpose, *, ground: str | None, by: UUID, now: datetime
) -> ReliefMatter:
    """Open a matter for a recipient; `ground` is the code of the trigger, for the rescue fund only.

    Raises:
        ReliefNotFound: there is no such recipient.
        ReliefInvalid: the purpose is none of this kind's, or the ground is missing or none of the day's law.
    """
    problems = []
    if purpose not in PURPOSES[kind]:
        problems.append(Problem("purpose", "not_a_choice"))
    async with engine().transaction():
        recipient = await ReliefRecipient.objects().get(ReliefRecipient.id == recipient_id)
        if recipient is None:
            raise ReliefNotFound(recipient_id)
        row = None
        if kind == ReliefKind.RESCUE_FUND:
            grounds = await rules_in_force(
                kind=RuleKind.RELIEF_GROUND, applies_to=kind, on=day_of(recipient.accident_at)
            )
            row = next((one for one in grounds if one.code == ground), None)
            if row is None:
                problems.append(Problem("ground", "required"))
        if problems:
            raise ReliefInvalid(*problems)
        matter = ReliefMatter(
            id=uuid4(),
            recipient=recipient_id,
            kind=kind,
            purpose=purpose,
            ground=None if row is None else row.id,
            recorded_by=by,
            recorded_at=now,
        )
        await matter.save()
    return matter


async def add_step(matter_id: UUID, draft: StepDraft, *, by: UUID, now: datetime) -> ReliefStep:
    """Record a step. A sum counts once a second officer has confirmed it.

    Raises:
        ReliefNotFound: there is no such matter.
        ReliefInvalid: the step does not hold, or not after what was before.
    """
    async with engine().transaction():
        matter = await _locked(matter_id)
        recipient = await ReliefRecipient.objects().get(ReliefRecipient.id == matter.recipient)
        if recipient is None:
            raise ReliefNotFound(matter_id)
        problems = step_problems(
            draft,
            ReliefKind(matter.kind),
            await standing_steps(matter_id),
            accident_at=recipient.accident_at,
            now=now,
        )
        if problems:
            raise ReliefInvalid(*problems)
        step = ReliefStep(
            id=uuid4(),
            matter=matter_id,
            kind=draft.kind,
            happened_at=draft.happened_at,
            amount_fen=draft.amount_fen,
            document_number=draft.document_number.strip(),
            body=draft.body.strip(),
            note=draft.note.strip(),
            reverses=None,
            recorded_by=by,
            recorded_at=now,
        )
        await step.save()
    return step


async def undo_step(step_id: UUID, reason: str, *, by: UUID, now: datetime) -> ReliefStep:
    """Ask that a wrong step count no more. It stays on record; a second officer has to confirm the undoing.

    Raises:
        ReliefNotFound: there is no such step, or it undoes another itself.
        ReliefInvalid: no reason, or the undoing was asked for already.
    """
    if not reason.strip():
        raise ReliefInvalid(Problem("reason", "required"))
    if len(reason) > REASON_LIMIT:
        raise ReliefInvalid(Problem("reason", "too_long", {"limit": REASON_LIMIT}))
    async with engine().transaction():
        wrong = await ReliefStep.objects().get((ReliefStep.id == step_id) & ReliefStep.reverses.is_null())
        if wrong is None:
            raise ReliefNotFound(step_id)
        await _locked(wrong.matter)
        if await ReliefStep.exists().where(ReliefStep.reverses == step_id):
            raise ReliefInvalid(Problem("reason", "undoing_asked_for"))
        step = ReliefStep(
            id=uuid4(),
            matter=wrong.matter,
            kind=wrong.kind,
            happened_at=now,
            amount_fen=wrong.amount_fen,
            document_number=wrong.document_number,
            body=wrong.body,
            note=reason.strip(),
            reverses=step_id,
            recorded_by=by,
            recorded_at=now,
        )
        await step.save()
    return step


async def decide_step(step_id: UUID, decision: Confirmation, reason: str, *, by: UUID, now: datetime) -> None:
    """Confirm or reject a step as the second officer; a rejection needs its reason.

    Raises:
        ReliefNotFound: there is no such step, or it needs no second officer.
        OwnStep: the officer recorded it.
        StepDecided: a colleague was faster.
        ReliefInvalid: a rejection without a reason.
    """
    if len(reason) > REASON_LIMIT:
        raise ReliefInvalid(Problem("reason", "too_long", {"limit": REASON_LIMIT}))
    if decision == Confirmation.REJECTED and not reason.strip():
        raise ReliefInvalid(Problem("reason", "required"))
    async with engine().transaction():
        step = await ReliefStep.objects().get(ReliefStep.id == step_id)
        if step is None or not needs_second_officer(ReliefStepKind(step.kind), is_undoing=step.reverses is not None):
            raise ReliefNotFound(step_id)
        await _locked(step.matter)
        for row in await ReliefStep.raw(DECIDED, step_id):
            raise StepDecided(
                decision=Confirmation(row["decision"]),
                by_name=row["full_name"],
                by_badge=row["badge_number"],
                at=row["decided_at"],
            )
        if step.recorded_by == by:
            raise OwnStep
        confirmation = ReliefConfirmation(
            id=uuid4(), step=step_id, decision=decision, reason=reason.strip(), decided_by=by, decided_at=now
        )
        await confirmation.save()


def needs_second_officer(kind: ReliefStepKind, *, is_undoing: bool) -> bool:
    """Tell whether a step counts only after a second officer's word: sums, and every undoing."""
    return is_undoing or kind in WITH_SUM


async def standing_steps(matter_id: UUID) -> list[Standing]:
    """Return the steps of a matter that stand, in the order of time."""
    return [
        Standing(ReliefStepKind(row["kind"]), row["happened_at"], row["amount_fen"], row["is_confirmed"])
        for row in await ReliefStep.raw(STANDING, matter_id)
    ]


async def _locked(matter_id: UUID) -> ReliefMatter:
    # Rows of relief are only added, so officers may not lock them; the lock lasts as long as the transaction.
    await ReliefMatter.raw("SELECT pg_advisory_xact_lock(hashtext('relief'), hashtext({}))", str(matter_id))
    matter = await ReliefMatter.objects().get(ReliefMatter.id == matter_id)
    if matter is None:
        raise ReliefNotFound(matter_id)
    return matter

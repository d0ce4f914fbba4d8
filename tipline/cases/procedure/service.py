"""办案程序 Deeds of procedure: record an official step, revoke a mistaken entry, take a case over, note a receipt.

Each is one transaction that holds the case; of two officers at once one wins and the other is told.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid4

from tipline.cases.finding import note
from tipline.cases.lawbook import as_rule
from tipline.cases.locks import case_locked, closed
from tipline.cases.procedure.errors import ReceiptAlreadyNoted, StepAlreadyRevoked, StepNotFound, StepUnlawful
from tipline.cases.procedure.rules import (
    REASON_LIMIT,
    StandingStep,
    StepDraft,
    contradiction,
    step_problems,
)
from tipline.cases.procedure.tables import ProcedureKind, ProcedureStep, TransferDirection
from tipline.cases.rules import moment_problems, text_problems
from tipline.cases.service import NUMBER_LOCK, CaseDraft, open_case
from tipline.cases.suggestions import withdraw_suggestions
from tipline.cases.tables import Case, CaseEventType, CaseState
from tipline.cases.turns import turn_problems
from tipline.database import engine
from tipline.errors import Problem
from tipline.law.service import day_of, rule

# A case that is no longer this unit's takes no further step; a cleared one goes on to the procuratorate.
TAKES_STEPS: Final = frozenset({CaseState.OPEN, CaseState.CLEARED, CaseState.CLEARED_EXCEPTIONALLY})
OTHERS: Final = """
SELECT s.kind, s.decided_at, s.direction FROM procedure_step s
WHERE s."case" = {} AND s.revoked_at IS NULL AND s.id IS DISTINCT FROM {} ORDER BY s.decided_at, s.recorded_at"""
REVOKED_BY: Final = """
SELECT s.revoked_at, o.full_name, o.badge_number FROM procedure_step s JOIN officer o ON o.id = s.revoked_by
WHERE s.id = {}"""


async def record_step(case_id: UUID, draft: StepDraft, *, by: UUID, now: datetime) -> ProcedureStep:
    """Record an official step of a case. A transfer to another jurisdiction closes it here.

    Raises:
        CaseNotFound: there is no such case.
        CaseClosed: the case has left this unit; a transfer of jurisdiction needs an open case.
        RuleUnknown, RuleNotInForce: no rule governs the step on its day.
        StepUnlawful: something is missing, the body cannot decide it, the number is taken, or the order is broken.
    """
    async with engine().transaction():
        case = await case_locked(case_id)
        is_transfer = draft.kind == ProcedureKind.TRANSFER_OF_JURISDICTION
        if case.state not in TAKES_STEPS or (is_transfer and case.state != CaseState.OPEN):
            raise await closed(case)
        problems = await turn_problems(case, "decided_at", draft.decided_at) if is_transfer else []
        step = await _enter(case, draft, problems, by=by, now=now)
        if is_transfer:
            await Case.update({Case.state: CaseState.TRANSFERRED_OUT}).where(Case.id == case_id)
            await withdraw_suggestions(case_id)
            await note(
                case,
                CaseEventType.TRANSFERRED_OUT,
                happened_at=draft.decided_at,
                by=by,
                now=now,
                reason=draft.reason.strip(),
            )
    return step


async def record_case(draft: CaseDraft, transfer: StepDraft | None, *, by: UUID, now: datetime) -> Case:
    """Record a new case, or with `transfer` one that another jurisdiction handed over.

    Raises:
        CaseInvalid, StepUnlawful: as `open_case` and `take_over_case`.
    """
    if transfer is None:
        return await open_case(draft, by=by, now=now)
    return await take_over_case(draft, transfer, by=by, now=now)


async def take_over_case(draft: CaseDraft, transfer: StepDraft, *, by: UUID, now: datetime) -> Case:
    """Record a case that another jurisdiction handed over (移送管辖); here it begins when it was received.

    The time of recording in `draft` gives way to the time of receipt.

    Raises:
        CaseInvalid: as `open_case`.
        StepUnlawful: the transfer lacks its number, its bodies or its receipt.
    """
    begun = replace(draft, recorded_at=transfer.received_at or draft.recorded_at)
    async with engine().transaction():
        case = await open_case(begun, by=by, now=now, entry=CaseEventType.TRANSFERRED_IN)
        await _enter(case, transfer, [], by=by, now=now)
    return case


async def revoke_step(case_id: UUID, step_id: UUID, *, reason: str, by: UUID, now: datetime) -> None:
    """Take back a step that was entered by mistake; the row stays, with who took it back and why.

    Raises:
        StepNotFound: there is no such step of the case.
        StepAlreadyRevoked: a colleague was faster.
        StepUnlawful: no reason, another step rests on it, or it is a transfer, which closed or began the case.
    """
    async with engine().transaction():
        await case_locked(case_id)
        step = await _step(case_id, step_id)
        problems = text_problems("reason", reason, REASON_LIMIT)
        if step.kind == ProcedureKind.TRANSFER_OF_JURISDICTION:
            problems.append(Problem("", "transfer_not_revoked"))
        elif contradiction(await _others(case_id, without=step_id)) is not None:
            problems.append(Problem("", "another_step_rests_on_it"))
        if problems:
            raise StepUnlawful(*problems)
        await ProcedureStep.update(
            {
                ProcedureStep.revoked_at: now,
                ProcedureStep.revoked_by: by,
                ProcedureStep.revoked_reason: reason.strip(),
            }
        ).where(ProcedureStep.id == step_id)


async def note_receipt(case_id: UUID, step_id: UUID, *, received_at: datetime, now: datetime) -> None:
    """Note when the other jurisdiction received the case that was handed over to it.

    Raises:
        StepNotFound: there is no such transfer of the case.
        ReceiptAlreadyNoted: a colleague was faster.
        StepUnlawful: the time is in the future, or before the transfer was decided.
    """
    async with engine().transaction():
        await case_locked(case_id)
        step = await _step(case_id, step_id)
        if step.direction != TransferDirection.OUT:
            raise StepNotFound(step_id)
        if step.received_at is not None:
            raise ReceiptAlreadyNoted(step_id, ProcedureKind(step.kind), at=step.received_at)
        problems = moment_problems(
            "received_at", received_at, not_before=step.decided_at, now=now, code="received_before_decided"
        )
        if problems:
            raise StepUnlawful(*problems)
        await ProcedureStep.update({ProcedureStep.received_at: received_at}).where(ProcedureStep.id == step_id)


async def _enter(case: Case, draft: StepDraft, problems: list[Problem], *, by: UUID, now: datetime) -> ProcedureStep:
    basis = await rule(f"procedure_{draft.kind.value}", on=day_of(draft.decided_at))
    law = as_rule(basis)
    problems = [*problems, *step_problems(draft, law, happened_from=case.happened_from, now=now)]
    number = draft.document_number.strip()
    await ProcedureStep.raw(NUMBER_LOCK, draft.kind.value, number)
    if await ProcedureStep.exists().where(
        (ProcedureStep.kind == draft.kind)
        & (ProcedureStep.document_number == number)
        & ProcedureStep.revoked_at.is_null()
    ):
        problems.append(Problem("document_number", "document_number_taken", {"number": number}))
    new = StandingStep(draft.kind, draft.decided_at, draft.direction, is_new=True)
    found = contradiction([*await _others(case.id), new])
    if found is not None:
        code = found.code if found.step.is_new else "breaks_a_later_step"
        problems.append(Problem("decided_at", code, law.facts))
    if problems:
        raise StepUnlawful(*problems)
    step = ProcedureStep(
        id=uuid4(),
        case=case.id,
        kind=draft.kind,
        document_number=number,
        authority=draft.authority.strip(),
        approver=draft.approver.strip(),
        basis=basis.id,
        decided_at=draft.decided_at,
        reason=draft.reason.strip(),
        counterpart=draft.counterpart.strip(),
        direction=draft.direction,
        received_at=draft.received_at,
        recorded_by=by,
        recorded_at=now,
        revoked_at=None,
        revoked_by=None,
        revoked_reason="",
    )
    await step.save()
    return step


async def _others(case_id: UUID, *, without: UUID | None = None) -> list[StandingStep]:
    rows: list[dict[str, Any]] = await ProcedureStep.raw(OTHERS, case_id, without)
    return [
        StandingStep(
            ProcedureKind(row["kind"]),
            row["decided_at"],
            TransferDirection(row["direction"]) if row["direction"] else None,
        )
        for row in rows
    ]


async def _step(case_id: UUID, step_id: UUID) -> ProcedureStep:
    step = await ProcedureStep.objects().where((ProcedureStep.id == step_id) & (ProcedureStep.case == case_id)).first()
    if step is None:
        raise StepNotFound(step_id)
    if step.revoked_at is not None:
        rows: list[dict[str, Any]] = await ProcedureStep.raw(REVOKED_BY, step_id)
        told = rows[0]
        raise StepAlreadyRevoked(
            step_id, by_name=told["full_name"], by_badge=told["badge_number"], at=told["revoked_at"]
        )
    return step

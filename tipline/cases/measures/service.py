"""Deeds on a measure: propose, review, approve or refuse, execute. Each is one transaction; of two at once one wins.

What comes after the execution stands in `endings`. A measure never clears a case, and a cleared case takes it as well.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

from tipline.accounts.tables import OfficerRole
from tipline.cases.locks import case_locked, officer_of, person_of
from tipline.cases.measures.endings import end_custody_of
from tipline.cases.measures.errors import (
    OutcomeUnlawful,
    ReviewedByProposer,
    ReviewerNotLegal,
)
from tipline.cases.measures.facts import (
    circumstances_of,
    notices_of,
    other_detention_days,
    running_for,
)
from tipline.cases.measures.lawbook import COMBINED, LEGAL_REVIEW, law_of
from tipline.cases.measures.procedure_reads import procedure_of
from tipline.cases.measures.rules import (
    Before,
    Decision,
    MeasureLaw,
    Proposal,
    approval_problems,
    execution_problems,
    proposal_problems,
    reason_problems,
    to_the_minute,
)
from tipline.cases.measures.steps import concerns_about, governing_law, last_step, measure_locked, note_step
from tipline.cases.measures.tables import OutcomeStepKind
from tipline.cases.measures.terms import days_to_serve, due
from tipline.cases.rules import AUTHORITY_LIMIT, moment_problems, text_problems
from tipline.cases.tables import Case, Outcome, OutcomeKind, OutcomeStage
from tipline.database import engine
from tipline.errors import Problem
from tipline.law.clockbook import recorded_clocks
from tipline.law.errors import RuleNotInForce
from tipline.law.service import day_of

__all__ = ["Decision", "Proposal", "approve", "execute", "propose", "refuse", "review"]

# Two officers with one number at once: the second waits for the first, then finds it taken.
NUMBER_LOCK: Final = "SELECT pg_advisory_xact_lock(hashtext({}), hashtext({}))"
_DECIDED: Final = [
    Outcome.stage,
    Outcome.authority,
    Outcome.document_number,
    Outcome.approved_at,
    Outcome.basis,
    Outcome.ground,
]


async def propose(case_id: UUID, person_id: UUID, draft: Proposal, *, by: UUID, now: datetime) -> Outcome:
    """Ask for a measure against a person (呈请).

    Raises:
        CaseNotFound, PersonNotFound: there is no such person of the case.
        RuleUnknown, RuleNotInForce: basis or ground is no rule of the day.
        OutcomeUnlawful: the measure breaks a rule; each problem names its article.
    """
    async with engine().transaction():
        case = await case_locked(case_id)
        person = await person_of(case_id, person_id)
        law, basis, ground = await law_of(draft.kind, draft.basis, draft.ground, on=day_of(draft.proposed_at))
        known = await circumstances_of(person_id, case)
        problems = proposal_problems(draft, law, known, happened_from=case.happened_from, now=now)
        if problems:
            raise OutcomeUnlawful(draft.kind, *problems)
        outcome = Outcome(
            id=uuid4(),
            case=case.id,
            person=person.id,
            kind=draft.kind,
            stage=OutcomeStage.PROPOSED,
            document_number=None,
            basis=basis.id,
            ground=None if ground is None else ground.id,
            days=draft.days,
            days_to_serve=None,
            amount_yuan=draft.amount_yuan,
            authority="",
            approved_at=None,
            executed_at=None,
            due_at=None,
            ended_at=None,
            recorded_by=by,
            recorded_at=now,
        )
        await outcome.save()
        await note_step(
            outcome, OutcomeStepKind.PROPOSED, happened_at=draft.proposed_at, by=by, now=now, reason=draft.reason
        )
    return outcome


async def review(
    case_id: UUID, outcome_id: UUID, *, passes: bool, reason: str, reviewed_at: datetime, by: UUID, now: datetime
) -> Outcome:
    """Pass a measure on to the deciding body, or give it back (法制审核).

    Where something calls for care the reviewer must say why the measure may go on all the same.

    Raises:
        ReviewerNotLegal: the officer is no active legal reviewer.
        ReviewedByProposer: the reviewer proposed it.
        MeasureNotFound, CaseNotFound: not there, or another case's.
        MeasureMovedOn: a colleague was faster.
        OutcomeUnlawful: a reason is missing, or the times are out of order.
    """
    reviewer = await officer_of(by)
    if reviewer.role != OfficerRole.LEGAL_REVIEWER or not reviewer.is_active:
        raise ReviewerNotLegal(by, reviewer.role)
    async with engine().transaction():
        case, outcome = await measure_locked(case_id, outcome_id, OutcomeStage.PROPOSED)
        law, _, _ = await governing_law(outcome, on=reviewed_at)
        if outcome.recorded_by == by:
            raise ReviewedByProposer(outcome_id, article=law.conditions[LEGAL_REVIEW].article)
        kind = OutcomeKind(outcome.kind)
        proposed_at = to_the_minute((await last_step(outcome_id)).happened_at)
        problems = moment_problems("reviewed_at", reviewed_at, not_before=proposed_at, now=now, code="too_early")
        problems += reason_problems(reason)
        concerns = await concerns_about(case, outcome, law, on=reviewed_at)
        if not reason.strip() and (concerns or not passes):
            problems.append(Problem("reason", "review_reason_missing", law.conditions[LEGAL_REVIEW].facts))
        if problems:
            raise OutcomeUnlawful(kind, *problems)
        step = OutcomeStepKind.REVIEWED if passes else OutcomeStepKind.RETURNED
        outcome.stage = OutcomeStage.REVIEWED if passes else OutcomeStage.RETURNED
        await outcome.save([Outcome.stage])
        await note_step(outcome, step, happened_at=reviewed_at, by=by, now=now, reason=reason)
    return outcome


async def approve(case_id: UUID, outcome_id: UUID, decision: Decision, *, by: UUID, now: datetime) -> Outcome:
    """Record that the body in charge decided the measure (批准), under its document's number.

    Raises:
        MeasureNotFound, CaseNotFound: not there, or another case's.
        MeasureMovedOn: a colleague was faster, or the review is still to come.
        RuleNotInForce: basis or ground no longer stood on the day of the decision.
        OutcomeUnlawful: what had to come first did not, or the decision is another body's; the problems name the
            article.
    """
    async with engine().transaction():
        case, outcome = await measure_locked(case_id, outcome_id, OutcomeStage.REVIEWED)
        kind = OutcomeKind(outcome.kind)
        law, basis, ground = await governing_law(outcome, on=decision.decided_at)
        reviewed = await last_step(outcome_id)
        problems = approval_problems(
            kind,
            law.basis.code,
            outcome.amount_yuan,
            decision,
            law,
            await circumstances_of(outcome.person, case),
            await _before(case, outcome, at=decision.decided_at, review_reason=reviewed.reason),
            reviewed_at=reviewed.happened_at,
            now=now,
        )
        number = decision.document_number.strip()
        await Outcome.raw(NUMBER_LOCK, kind.value, number)
        if number and await Outcome.exists().where((Outcome.kind == kind) & (Outcome.document_number == number)):
            problems.append(Problem("document_number", "document_number_taken", {"number": number}))
        if problems:
            raise OutcomeUnlawful(kind, *problems)
        outcome.stage, outcome.authority = OutcomeStage.APPROVED, decision.authority.strip()
        outcome.document_number, outcome.approved_at = number, decision.decided_at
        outcome.basis, outcome.ground = basis.id, None if ground is None else ground.id
        await outcome.save(_DECIDED)
        await note_step(
            outcome,
            OutcomeStepKind.APPROVED,
            happened_at=decision.decided_at,
            by=by,
            now=now,
            authority=outcome.authority,
            document_number=number,
        )
    return outcome


async def refuse(
    case_id: UUID, outcome_id: UUID, *, authority: str, reason: str, refused_at: datetime, by: UUID, now: datetime
) -> Outcome:
    """Record that the body in charge did not approve (不批准); the measure ends there.

    Raises:
        MeasureNotFound, CaseNotFound, MeasureMovedOn: see `approve`.
        OutcomeUnlawful: the body or the reason is missing, or the times are out of order.
    """
    async with engine().transaction():
        _, outcome = await measure_locked(case_id, outcome_id, OutcomeStage.REVIEWED)
        reviewed = await last_step(outcome_id)
        problems = moment_problems(
            "refused_at", refused_at, not_before=to_the_minute(reviewed.happened_at), now=now, code="too_early"
        )
        problems += text_problems("authority", authority, AUTHORITY_LIMIT)
        problems += reason_problems(reason, is_required=True)
        if problems:
            raise OutcomeUnlawful(OutcomeKind(outcome.kind), *problems)
        outcome.stage = OutcomeStage.REFUSED
        await outcome.save([Outcome.stage])
        await note_step(
            outcome,
            OutcomeStepKind.REFUSED,
            happened_at=refused_at,
            by=by,
            now=now,
            authority=authority.strip(),
            reason=reason,
        )
    return outcome


async def execute(case_id: UUID, outcome_id: UUID, *, executed_at: datetime, by: UUID, now: datetime) -> Outcome:
    """Record that a decided measure was carried out (执行). Only from here on is a detention a detention.

    Sets what is left to serve of an administrative detention after custody and the joint limit, and when the measure
    must end by the clock of its day. A release ends the custody it releases from.

    Raises:
        MeasureNotFound, CaseNotFound, MeasureMovedOn: see `approve`.
        OutcomeUnlawful: before the decision, in the future, or no day is left to serve.
        HolidaysUnknown: the term reaches a year without a holiday table.
    """
    async with engine().transaction():
        _, outcome = await measure_locked(case_id, outcome_id, OutcomeStage.APPROVED)
        kind = OutcomeKind(outcome.kind)
        law, _, _ = await governing_law(outcome, on=executed_at)
        left = await _days_left(outcome, law, at=executed_at) if kind == OutcomeKind.ADMINISTRATIVE_DETENTION else None
        problems = execution_problems(
            kind, executed_at, law, approved_at=outcome.approved_at, now=now, days_to_serve=left
        )
        if problems:
            raise OutcomeUnlawful(kind, *problems)
        ends = await _ends(kind, executed_at, law, days=left)
        outcome.stage, outcome.executed_at, outcome.days_to_serve = OutcomeStage.EXECUTED, executed_at, left
        outcome.due_at = ends
        await outcome.save([Outcome.stage, Outcome.executed_at, Outcome.days_to_serve, Outcome.due_at])
        await note_step(outcome, OutcomeStepKind.EXECUTED, happened_at=executed_at, by=by, now=now)
        if kind == OutcomeKind.RELEASE:
            await end_custody_of(outcome.person, at=executed_at, number=outcome.document_number, by=by, now=now)
    return outcome


async def _before(case: Case, outcome: Outcome, *, at: datetime, review_reason: str) -> Before:
    running = await running_for(outcome.person, at=at)
    return Before(
        procedure=await procedure_of(case.id, outcome.person, at=at),
        notices=await notices_of(outcome.id),
        standing=running.standing,
        review_reason=review_reason,
        in_custody=running.in_custody,
    )


async def _ends(kind: OutcomeKind, executed_at: datetime, law: MeasureLaw, *, days: int | None) -> datetime | None:
    try:
        ends = due(kind, executed_at, await recorded_clocks(), law.limit, days=days)
    except RuleNotInForce:
        return None  # entered years later: no clock of that day is recorded, and the term is long over
    return None if ends is None else ends.due


async def _days_left(outcome: Outcome, law: MeasureLaw, *, at: datetime) -> int:
    running = await running_for(outcome.person, at=at)
    others = await other_detention_days(outcome.person, outcome.id, at=at)
    return days_to_serve(outcome.days, running.custody, others, law.conditions[COMBINED], at=at).days

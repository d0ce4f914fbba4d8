"""Deeds on a measure that runs: extend it, end it, change it for another, revoke it. Each is one transaction."""

from __future__ import annotations

from datetime import datetime
from typing import Final, cast
from uuid import UUID

from tipline.cases.measures.errors import OutcomeUnlawful
from tipline.cases.measures.kinds import CUSTODY
from tipline.cases.measures.lawbook import EXTENSION, EXTENSION_SERIAL
from tipline.cases.measures.rules import Decision, MeasureLaw, authority_problems, reason_problems
from tipline.cases.measures.steps import governing_law, measure_locked, note_step
from tipline.cases.measures.tables import OutcomeStep, OutcomeStepKind
from tipline.cases.measures.terms import SERIAL_GROUND, extended_due
from tipline.cases.rules import Rule, moment_problems
from tipline.cases.tables import Outcome, OutcomeKind, OutcomeStage
from tipline.database import engine
from tipline.errors import Problem
from tipline.law.clockbook import recorded_clocks

# How a measure that runs may end: lifted or run out, changed for another one, or struck down as never right.
ENDINGS: Final = {
    OutcomeStepKind.ENDED: OutcomeStage.ENDED,
    OutcomeStepKind.CHANGED: OutcomeStage.ENDED,
    OutcomeStepKind.REVOKED: OutcomeStage.REVOKED,
}

RUNNING: Final = (OutcomeStage.EXECUTED,)
REVOCABLE: Final = (OutcomeStage.APPROVED, OutcomeStage.EXECUTED, OutcomeStage.ENDED)


async def extend(
    case_id: UUID,
    outcome_id: UUID,
    decision: Decision,
    *,
    days: int,
    is_serial: bool,
    reason: str,
    by: UUID,
    now: datetime,
) -> Outcome:
    """Record that the request for arrest of a detained person may come later, as the head of the bureau approved.

    By `days` in special circumstances; for serial, repeated or gang offences (`is_serial`) to the end of the long
    term, which the ground of the detention must bear.

    Raises:
        CaseNotFound, MeasureNotFound, MeasureMovedOn: see `approve`.
        OutcomeUnlawful: no detention that runs, approved too late or below the county, days beyond the law, or no
            reason; the problems name the article.
    """
    async with engine().transaction():
        _, outcome = await measure_locked(case_id, outcome_id, OutcomeStage.EXECUTED)
        kind = OutcomeKind(outcome.kind)
        law, _, _ = await governing_law(outcome, on=decision.decided_at)
        if kind != OutcomeKind.CRIMINAL_DETENTION:
            raise OutcomeUnlawful(kind, Problem("days", "days_not_for_this_measure", law.limit.facts))
        rule = law.conditions[EXTENSION_SERIAL if is_serial else EXTENSION]
        problems = [
            *authority_problems(kind, decision, law),
            *_extension_problems(outcome, decision, rule, law, days=days, is_serial=is_serial, now=now),
            *reason_problems(reason, is_required=True),
        ]
        steps = OutcomeStep.outcome == outcome_id
        if await OutcomeStep.exists().where(steps & (OutcomeStep.kind == OutcomeStepKind.EXTENDED)):
            problems.append(Problem("days", "extended_already", rule.facts))
        if problems:
            raise OutcomeUnlawful(kind, *problems)
        outcome.due_at = extended_due(outcome.executed_at, await recorded_clocks(), days=days, is_serial=is_serial)
        await outcome.save([Outcome.due_at])
        await note_step(
            outcome,
            OutcomeStepKind.EXTENDED,
            happened_at=decision.decided_at,
            by=by,
            now=now,
            authority=decision.authority.strip(),
            document_number=decision.document_number.strip(),
            reason=reason,
        )
    return outcome


async def end(
    case_id: UUID,
    outcome_id: UUID,
    how: OutcomeStepKind,
    *,
    ended_at: datetime,
    document_number: str,
    reason: str,
    by: UUID,
    now: datetime,
) -> Outcome:
    """Record that a measure is over: ended, changed for another, or revoked; a revoked one counts in no figure.

    Raises:
        CaseNotFound, MeasureNotFound: not there, or another case's.
        MeasureMovedOn: it neither stands nor runs.
        OutcomeUnlawful: before the measure began, in the future, or without a reason.
        ValueError: `how` is no ending.
    """
    if how not in ENDINGS:
        raise ValueError(f"{how} does not end a measure")
    stages = REVOCABLE if how == OutcomeStepKind.REVOKED else RUNNING
    async with engine().transaction():
        _, outcome = await measure_locked(case_id, outcome_id, *stages)
        is_decided_only = outcome.stage == OutcomeStage.APPROVED
        began = outcome.approved_at if is_decided_only else outcome.executed_at
        problems = moment_problems("ended_at", ended_at, not_before=began, now=now, code="too_early")
        problems += reason_problems(reason, is_required=True)
        if problems:
            raise OutcomeUnlawful(OutcomeKind(outcome.kind), *problems)
        await _end(outcome, how, at=ended_at, number=document_number, reason=reason, by=by, now=now)
    return outcome


async def end_custody_of(person_id: UUID, *, at: datetime, number: str, by: UUID, now: datetime) -> None:
    """End the custody a person is released from, in the transaction of the release."""
    kinds = [one.value for one in CUSTODY]
    held = await Outcome.objects().where(
        (Outcome.person == person_id) & Outcome.kind.is_in(kinds) & (Outcome.stage == OutcomeStage.EXECUTED)
    )
    for outcome in held:
        await _end(outcome, OutcomeStepKind.ENDED, at=at, number=number, reason="", by=by, now=now)


async def _end(
    outcome: Outcome, how: OutcomeStepKind, *, at: datetime, number: str, reason: str, by: UUID, now: datetime
) -> None:
    if outcome.stage == OutcomeStage.EXECUTED:
        outcome.ended_at = at
    outcome.stage = ENDINGS[how]
    await outcome.save([Outcome.stage, Outcome.ended_at])
    await note_step(outcome, how, happened_at=at, by=by, now=now, document_number=number.strip(), reason=reason)


def _extension_problems(
    outcome: Outcome,
    decision: Decision,
    rule: Rule,
    law: MeasureLaw,
    *,
    days: int,
    is_serial: bool,
    now: datetime,
) -> list[Problem]:
    at = decision.decided_at
    problems = moment_problems("approved_at", at, not_before=outcome.executed_at, now=now, code="too_early")
    due_at = cast("datetime | None", outcome.due_at)  # Piccolo types a nullable column as if it were never null
    if due_at is not None and at > due_at:
        problems.append(Problem("approved_at", "extended_too_late", {"due_at": due_at, **rule.facts}))
    least, most = rule.minimum or 0, rule.maximum or 0
    if not is_serial and not least <= days <= most:
        problems.append(
            Problem("days", "days_outside_limit", {"days": days, "minimum": least, "maximum": most, **rule.facts})
        )
    if is_serial and (law.ground is None or law.ground.code != SERIAL_GROUND):
        problems.append(Problem("is_serial", "ground_not_serial", rule.facts))
    return problems

"""Deeds around a measure that the law asks for beside the decision: the notice before a penalty, the first hours."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

from tipline.cases.measures.errors import OutcomeUnlawful
from tipline.cases.measures.kinds import PENALTIES
from tipline.cases.measures.procedure import Notice
from tipline.cases.measures.steps import measure_locked
from tipline.cases.measures.tables import CustodyDuty, DutyKind, PenaltyNotice
from tipline.cases.measures.terms import DUTIES
from tipline.cases.rules import moment_problems, text_problems
from tipline.cases.tables import OutcomeKind, OutcomeStage
from tipline.database import engine
from tipline.errors import Problem
from tipline.work.service import ask
from tipline.work.tables import Job

STATEMENT_LIMIT: Final = 2_000
REASON_LIMIT: Final = 300
BEFORE_THE_DECISION: Final = (OutcomeStage.PROPOSED, OutcomeStage.REVIEWED)


async def give_notice(case_id: UUID, outcome_id: UUID, notice: Notice, *, by: UUID, now: datetime) -> None:
    """Enter that the person was told of the proposed penalty and of the rights, and what the person said (告知).

    A later entry stands for the one before: with the answer to a statement, or after the hearing.

    Raises:
        CaseNotFound, MeasureNotFound: not there, or another case's.
        MeasureMovedOn: it is decided already.
        OutcomeUnlawful: no penalty, a time out of order, or a text too long.
    """
    async with engine().transaction():
        case, outcome = await measure_locked(case_id, outcome_id, *BEFORE_THE_DECISION)
        kind = OutcomeKind(outcome.kind)
        problems = [
            *moment_problems("informed_at", notice.informed_at, not_before=case.happened_from, now=now),
            *text_problems("statement", notice.statement, STATEMENT_LIMIT, is_required=False),
            *text_problems("statement_answer", notice.statement_answer, STATEMENT_LIMIT, is_required=False),
        ]
        if kind not in PENALTIES:
            problems.append(Problem("", "notice_of_no_penalty"))
        held_at = notice.hearing_held_at
        if held_at is not None:
            problems += moment_problems(
                "hearing_held_at", held_at, not_before=notice.informed_at, now=now, code="too_early"
            )
        if problems:
            raise OutcomeUnlawful(kind, *problems)
        await PenaltyNotice(
            id=uuid4(),
            outcome=outcome.id,
            informed_at=notice.informed_at,
            statement=notice.statement.strip(),
            statement_answer=notice.statement_answer.strip(),
            is_hearing_offered=notice.is_hearing_offered,
            is_hearing_asked=notice.is_hearing_asked,
            hearing_held_at=held_at,
            recorded_by=by,
            recorded_at=now,
        ).save()


async def note_duty(
    case_id: UUID, outcome_id: UUID, duty: DutyKind, *, done_at: datetime | None, reason: str, by: UUID, now: datetime
) -> None:
    """Enter that a duty of the first hours in custody was done, or why it could not be.

    Raises:
        CaseNotFound, MeasureNotFound: not there, or another case's.
        MeasureMovedOn: nobody is or was held under it.
        OutcomeUnlawful: no duty of this measure, neither time nor reason, or a time out of order.
    """
    async with engine().transaction():
        _, outcome = await measure_locked(case_id, outcome_id, OutcomeStage.EXECUTED, OutcomeStage.ENDED)
        kind = OutcomeKind(outcome.kind)
        problems = text_problems("reason", reason, REASON_LIMIT, is_required=done_at is None)
        if duty not in DUTIES.get(kind, ()):
            problems.append(Problem("duty", "not_a_choice"))
        if done_at is not None:
            problems += moment_problems("done_at", done_at, not_before=outcome.executed_at, now=now, code="too_early")
        if problems:
            raise OutcomeUnlawful(kind, *problems)
        await CustodyDuty(
            id=uuid4(),
            outcome=outcome.id,
            kind=duty,
            done_at=done_at,
            reason=reason.strip(),
            recorded_by=by,
            recorded_at=now,
        ).save()
        await ask(Job.KEEP_CLOCKS, case_id, now=now)

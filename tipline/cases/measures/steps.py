"""The chain of a measure: hold it at the stage a deed needs, and write down each step."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid4

from tipline.cases.locks import case_locked
from tipline.cases.measures.concerns import Concern, concerns_of
from tipline.cases.measures.errors import MeasureMovedOn, MeasureNotFound
from tipline.cases.measures.facts import care_of, circumstances_of
from tipline.cases.measures.lawbook import law_of
from tipline.cases.measures.rules import MeasureLaw
from tipline.cases.measures.tables import OutcomeStep, OutcomeStepKind
from tipline.cases.tables import Case, Outcome, OutcomeKind, OutcomeStage
from tipline.law.service import day_of
from tipline.law.tables import LegalRule
from tipline.work.service import ask
from tipline.work.tables import Job

LAST_STEP: Final = """
SELECT s.happened_at, s.recorded_at, s.reason, o.full_name, o.badge_number
FROM outcome_step s JOIN officer o ON o.id = s.recorded_by
WHERE s.outcome = {} ORDER BY s.recorded_at DESC, s.happened_at DESC LIMIT 1"""


@dataclass(frozen=True, slots=True)
class LastStep:
    """The step that brought a measure where it stands."""

    happened_at: datetime
    recorded_at: datetime
    reason: str
    by_name: str
    by_badge: str


async def measure_locked(case_id: UUID, outcome_id: UUID, *stages: OutcomeStage) -> tuple[Case, Outcome]:
    """Hold a case and its measure, which must stand at one of `stages`.

    Raises:
        CaseNotFound, MeasureNotFound: not there, or another case's.
        MeasureMovedOn: it stands elsewhere by now.
    """
    case = await case_locked(case_id)
    outcome = await Outcome.objects().where((Outcome.id == outcome_id) & (Outcome.case == case_id)).first()
    if outcome is None:
        raise MeasureNotFound(outcome_id)
    if outcome.stage not in stages:
        step = await last_step(outcome_id)
        raise MeasureMovedOn(
            outcome_id,
            stage=OutcomeStage(outcome.stage),
            by_name=step.by_name,
            by_badge=step.by_badge,
            at=step.recorded_at,
        )
    return case, outcome


async def last_step(outcome_id: UUID) -> LastStep:
    """Return the latest step of a measure; every measure has one."""
    rows: list[dict[str, Any]] = await Outcome.raw(LAST_STEP, outcome_id)
    row = rows[0]
    return LastStep(row["happened_at"], row["recorded_at"], row["reason"], row["full_name"], row["badge_number"])


async def note_step(
    outcome: Outcome,
    kind: OutcomeStepKind,
    *,
    happened_at: datetime,
    by: UUID,
    now: datetime,
    authority: str = "",
    document_number: str = "",
    reason: str = "",
) -> None:
    """Write down one step of a measure, in the transaction of the deed; clocks and tasks follow."""
    await OutcomeStep(
        id=uuid4(),
        outcome=outcome.id,
        kind=kind,
        happened_at=happened_at,
        recorded_at=now,
        recorded_by=by,
        authority=authority,
        document_number=document_number,
        reason=reason.strip(),
    ).save()
    await ask(Job.KEEP_CLOCKS, outcome.case, now=now)


async def governing_law(outcome: Outcome, *, on: datetime) -> tuple[MeasureLaw, LegalRule, LegalRule | None]:
    """Return the law that governs a measure on the day of a moment, and the day's rows of its basis and ground.

    Raises:
        RuleNotInForce: a needed rule was not in force on the day.
    """
    rows: list[dict[str, Any]] = await LegalRule.select(LegalRule.id, LegalRule.code).where(
        LegalRule.id.is_in([one for one in (outcome.basis, outcome.ground) if one is not None])
    )
    codes = {row["id"]: row["code"] for row in rows}
    return await law_of(OutcomeKind(outcome.kind), codes[outcome.basis], codes.get(outcome.ground), on=day_of(on))


async def concerns_about(case: Case, outcome: Outcome, law: MeasureLaw, *, on: datetime) -> list[Concern]:
    """Return what the legal reviewer must weigh about a measure (需法制审核)."""
    return concerns_of(
        OutcomeKind(outcome.kind),
        law,
        await circumstances_of(outcome.person, case),
        await care_of(outcome.person),
        on=day_of(on),
    )

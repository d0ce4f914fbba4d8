"""What the rules ask about before a measure goes on, read for the officer who holds the case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from tipline.cases.measures.ages import Circumstances, full_years
from tipline.cases.measures.concerns import Care
from tipline.cases.measures.kinds import COMPULSORY, CUSTODY
from tipline.cases.measures.procedure import Notice
from tipline.cases.measures.tables import (
    JuvenileFact,
    JuvenileFactKind,
    PenaltyNotice,
    PersonParticulars,
)
from tipline.cases.measures.terms import Custody
from tipline.cases.tables import Case, Outcome, OutcomeKind, OutcomeStage
from tipline.law.service import day_of

# The same human being: this row of a person, and every other that bears the same identity.
SAME_HUMAN: Final = """
SELECT {} AS person
UNION
SELECT other.person FROM person_particulars own
JOIN person_particulars other ON other.identity = own.identity
WHERE own.person = {} AND own.identity IS NOT NULL"""
_OTHER_DETENTIONS: Final = f"""
SELECT coalesce(sum(o.days_to_serve), 0) AS days FROM outcome o
WHERE o.person IN ({SAME_HUMAN}) AND o.kind = 'administrative_detention' AND o.id <> {{}}
  AND o.stage = 'executed' AND o.executed_at <= {{}} AND o.due_at > {{}}"""  # noqa: S608  this file's constant


@dataclass(frozen=True, slots=True)
class Running:
    """What runs against a person for the act, and what ran."""

    standing: tuple[OutcomeKind, ...]
    custody: tuple[Custody, ...]
    in_custody: bool


async def circumstances_of(person_id: UUID, case: Case) -> Circumstances:
    """Return what is known of a person's age at the act and circumstances; the latest entry counts."""
    row: dict[str, Any] | None = (
        await PersonParticulars.select()
        .where(PersonParticulars.person == person_id)
        .order_by(PersonParticulars.recorded_at, ascending=False)
        .first()
    )
    if row is None:
        return Circumstances()
    born_on = row["born_on"]
    age = row["age_at_act"] if born_on is None else full_years(born_on, day_of(case.happened_from))
    return Circumstances(age=age, born_on=born_on, is_nursing=row["is_nursing"], is_gravely_ill=row["is_gravely_ill"])


async def care_of(person_id: UUID) -> Care:
    """Return what was done to protect a person under 18."""
    rows = await JuvenileFact.objects().where(JuvenileFact.person == person_id).order_by(JuvenileFact.recorded_at)
    kinds = [JuvenileFactKind(row.kind) for row in rows]
    sealing = [one for one in kinds if one in {JuvenileFactKind.RECORD_SEALED, JuvenileFactKind.RECORD_UNSEALED}]
    return Care(
        has_guardian=JuvenileFactKind.GUARDIAN_PRESENT in kinds,
        has_legal_aid=JuvenileFactKind.LEGAL_AID in kinds,
        is_sealed=sealing[-1:] == [JuvenileFactKind.RECORD_SEALED],
    )


async def notices_of(outcome_id: UUID) -> list[Notice]:
    """Return what the person was told before a penalty, in the order in which it was entered."""
    rows = (
        await PenaltyNotice.objects()
        .where(PenaltyNotice.outcome == outcome_id)
        .order_by(PenaltyNotice.recorded_at, PenaltyNotice.informed_at)
    )
    return [
        Notice(
            informed_at=row.informed_at,
            statement=row.statement,
            statement_answer=row.statement_answer,
            is_hearing_offered=row.is_hearing_offered,
            is_hearing_asked=row.is_hearing_asked,
            hearing_held_at=row.hearing_held_at,
        )
        for row in rows
    ]


async def running_for(person_id: UUID, *, at: datetime) -> Running:
    """Return the criminal measures that stand against a person for the act, and the stays in custody up to `at`."""
    rows: list[dict[str, Any]] = (
        await Outcome.select()
        .where((Outcome.person == person_id) & Outcome.kind.is_in([one.value for one in COMPULSORY]))
        .where(Outcome.approved_at <= at)
        .order_by(Outcome.approved_at)
    )
    standing, custody = [], []
    for row in rows:
        kind, ended_at, executed_at = OutcomeKind(row["kind"]), row["ended_at"], row["executed_at"]
        was_over = ended_at is not None and ended_at <= at
        if not was_over and row["stage"] != OutcomeStage.REVOKED:
            standing.append(kind)
        if kind in CUSTODY and executed_at is not None and executed_at <= at:
            custody.append(Custody(since=executed_at, until=ended_at))
    return Running(tuple(standing), tuple(custody), any(one.until is None or one.until >= at for one in custody))


async def other_detention_days(person_id: UUID, outcome_id: UUID, *, at: datetime) -> int:
    """Return the days of administrative detentions of the same human being that run at `at` beside this one."""
    rows: list[dict[str, Any]] = await Outcome.raw(_OTHER_DETENTIONS, person_id, person_id, outcome_id, at, at)
    return int(rows[0]["days"])

"""What the pages of measures show: a case's measures by person, one measure whole, and the queue of the reviewers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from piccolo.querystring import QueryString

from tipline.cases.measures.concerns import Concern
from tipline.cases.measures.errors import MeasureNotFound
from tipline.cases.measures.facts import notices_of, other_detention_days, running_for
from tipline.cases.measures.kinds import CUSTODY
from tipline.cases.measures.lawbook import COMBINED
from tipline.cases.measures.moves import Deed, deeds_at
from tipline.cases.measures.procedure import Notice
from tipline.cases.measures.rules import MeasureLaw
from tipline.cases.measures.steps import concerns_about, governing_law
from tipline.cases.measures.tables import CustodyDuty
from tipline.cases.measures.terms import ToServe, days_to_serve, duties
from tipline.cases.tables import Case, Outcome, OutcomeKind, OutcomeStage, PersonState
from tipline.law.clockbook import recorded_clocks
from tipline.law.clocks import Deadline
from tipline.law.errors import RuleNotInForce

_ROWS: Final = """
SELECT x.*, p.full_name AS person_name, p.role AS person_role, p.state AS person_state,
       o.full_name AS recorded_by_name, c.number AS case_number, c.is_demo,
       b.code AS basis_code, b.source AS basis_source, b.article AS basis_article,
       b.title_zh AS basis_title_zh, b.title_en AS basis_title_en, b.doubt AS basis_doubt, b.doubt_zh AS basis_doubt_zh,
       g.source AS ground_source, g.article AS ground_article,
       g.title_zh AS ground_title_zh, g.title_en AS ground_title_en
FROM outcome x JOIN person p ON p.id = x.person JOIN officer o ON o.id = x.recorded_by
JOIN case_file c ON c.id = x."case"
JOIN legal_rule b ON b.id = x.basis LEFT JOIN legal_rule g ON g.id = x.ground"""
_OF_CASE: Final = (
    f'{_ROWS} WHERE x."case" IN (SELECT case_family({{}})) ORDER BY p.full_name, p.id, x.recorded_at, x.id'
)
_ONE: Final = f'{_ROWS} WHERE x."case" = {{}} AND x.id = {{}}'
_QUEUE: Final = f"""{_ROWS} WHERE x.stage = 'proposed' AND {{}} ORDER BY x.recorded_at, x.id"""
_STEPS: Final = """
SELECT s.outcome, s.kind, s.happened_at, s.recorded_at, s.authority, s.document_number, s.reason,
       o.full_name AS by_name, o.badge_number AS by_badge
FROM outcome_step s JOIN officer o ON o.id = s.recorded_by
WHERE s.outcome = ANY({}::uuid[]) ORDER BY s.recorded_at, s.happened_at, s.id"""
_DUTIES: Final = (
    """SELECT d.kind, d.done_at, d.reason FROM custody_duty d WHERE d.outcome = {} ORDER BY d.recorded_at"""
)


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure as it is listed: its row, its steps, what may be done next."""

    row: dict[str, Any]
    steps: list[dict[str, Any]]
    deeds: tuple[Deed, ...]
    is_at_large: bool
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class Duty:
    """A duty of the first hours: until when, when it was done or why not, and whether it is late."""

    deadline: Deadline
    done_at: datetime | None
    reason: str
    is_late: bool


@dataclass(frozen=True, slots=True)
class MeasureFile:
    """One measure whole, with the law that governs it."""

    measure: Measure
    law: MeasureLaw
    concerns: list[Concern]
    notices: list[Notice]
    duties: list[Duty]
    to_serve: ToServe | None


@dataclass(frozen=True, slots=True)
class PersonMeasures:
    """The measures against one person, in the order in which they were proposed."""

    person: UUID
    name: str
    role: str
    state: str
    measures: list[Measure]


async def measures_of(case_id: UUID, *, now: datetime) -> list[PersonMeasures]:
    """Return the measures of a case by person, in two queries."""
    rows: list[dict[str, Any]] = await Case.raw(_OF_CASE, case_id)
    found: dict[UUID, PersonMeasures] = {}
    for measure in await _with_steps(rows, now=now):
        row = measure.row
        person = found.setdefault(
            row["person"],
            PersonMeasures(row["person"], row["person_name"], row["person_role"], row["person_state"], []),
        )
        person.measures.append(measure)
    return list(found.values())


async def measure_file(case_id: UUID, outcome_id: UUID, *, now: datetime) -> MeasureFile:
    """Return one measure with its law, what a reviewer must weigh, notices, duties and what is left to serve.

    Raises:
        MeasureNotFound: there is none in this case.
    """
    rows: list[dict[str, Any]] = await Case.raw(_ONE, case_id, outcome_id)
    outcome = await Outcome.objects().where(Outcome.id == outcome_id).first()
    case = await Case.objects().where(Case.id == case_id).first()
    if not rows or outcome is None or case is None:
        raise MeasureNotFound(outcome_id)
    [measure] = await _with_steps(rows, now=now)
    on = measure.row["approved_at"] or now
    law, _, _ = await governing_law(outcome, on=on)
    return MeasureFile(
        measure=measure,
        law=law,
        concerns=await concerns_about(case, outcome, law, on=on),
        notices=await notices_of(outcome_id),
        duties=await _duties(measure.row, now=now),
        to_serve=await _to_serve(measure.row, law, now=now),
    )


async def review_queue(readable: QueryString, *, now: datetime) -> list[Measure]:
    """Return the measures that wait for a legal review, the oldest first; `readable` is the condition of access."""
    rows: list[dict[str, Any]] = await Case.raw(_QUEUE, readable)
    return await _with_steps(rows, now=now)


async def _with_steps(rows: list[dict[str, Any]], *, now: datetime) -> list[Measure]:
    steps: list[dict[str, Any]] = await Case.raw(_STEPS, [row["id"] for row in rows])
    return [_measure(row, [step for step in steps if step["outcome"] == row["id"]], now=now) for row in rows]


def _measure(row: dict[str, Any], steps: list[dict[str, Any]], *, now: datetime) -> Measure:
    kind, stage = OutcomeKind(row["kind"]), OutcomeStage(row["stage"])
    return Measure(
        row=row,
        steps=steps,
        deeds=deeds_at(kind, stage),
        is_at_large=kind in CUSTODY and stage == OutcomeStage.APPROVED and row["person_state"] != PersonState.IN_HAND,
        is_overdue=stage == OutcomeStage.EXECUTED and row["due_at"] is not None and row["due_at"] < now,
    )


async def _duties(row: dict[str, Any], *, now: datetime) -> list[Duty]:
    if row["executed_at"] is None:
        return []
    told: Sequence[dict[str, Any]] = await CustodyDuty.raw(_DUTIES, row["id"])
    entered = {one["kind"]: one for one in told}
    found = []
    try:
        deadlines = duties(OutcomeKind(row["kind"]), row["executed_at"], await recorded_clocks())
    except RuleNotInForce:
        return []  # entered years later: no clock of that day is recorded
    for deadline in deadlines:
        entry = entered.get(deadline.rule, {"done_at": None, "reason": ""})
        done_at = entry["done_at"]
        is_late = (done_at or now) > deadline.due and not (entry["reason"] and done_at is None)
        found.append(Duty(deadline, done_at, entry["reason"], is_late))
    return found


async def _to_serve(row: dict[str, Any], law: MeasureLaw, *, now: datetime) -> ToServe | None:
    if row["kind"] != OutcomeKind.ADMINISTRATIVE_DETENTION:
        return None
    at = row["executed_at"] or now
    running = await running_for(row["person"], at=at)
    others = await other_detention_days(row["person"], row["id"], at=at)
    return days_to_serve(row["days"], running.custody, others, law.conditions[COMBINED], at=at)

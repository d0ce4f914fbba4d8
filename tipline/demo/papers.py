"""The papers around the measures of the history: how each case was registered and filed, and each measure taken.

They come out of a chance of their own, so that nothing else in the county changes with them.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID

from tipline.accounts.tables import Officer
from tipline.cases.measures.kinds import CUSTODY, PENALTIES
from tipline.cases.measures.tables import (
    OutcomeStep,
    OutcomeStepKind,
    PenaltyNotice,
    PersonIdentity,
    PersonParticulars,
)
from tipline.cases.procedure.tables import ProcedureKind, ProcedureStep
from tipline.cases.tables import Outcome, OutcomeKind, OutcomeStage
from tipline.clock import SHANGHAI
from tipline.demo.casefile import AUTHORITY, CaseFile, RuleBook
from tipline.demo.chance import Chance

SEED: Final = 34
HEAD: Final = "局长（演示）"
CUSTODY_DAYS: Final = 3
# Every driver of the history is of age: born in these years.
BORN: Final = (1962, 1994)
MASK: Final = "371526**********演"
END_OF_DAY: Final = time(23, 59, 59, tzinfo=SHANGHAI)


@dataclass(slots=True)
class Papers:
    """The rows around cases and measures, in the order of writing."""

    procedure: list[ProcedureStep] = field(default_factory=list)
    steps: list[OutcomeStep] = field(default_factory=list)
    notices: list[PenaltyNotice] = field(default_factory=list)
    identities: list[PersonIdentity] = field(default_factory=list)
    particulars: list[PersonParticulars] = field(default_factory=list)


def papers(files: list[CaseFile], *, reviewer: Officer, rules: RuleBook) -> Papers:
    """Return the papers of every case, and bring its measures to the stage they reached.

    Each case is registered when it was recorded. A case with a custody is filed before it; where an administrative
    detention follows for the same act, the criminal case is withdrawn in between.
    """
    chance, found = Chance(SEED), Papers()
    known: dict[str, PersonIdentity] = {}
    for file in files:
        _step(found, file, ProcedureKind.REGISTRATION, file.plan.recorded_at, chance, rules)
        criminal = sorted(_moment(one) for one in file.outcomes if one.kind in CUSTODY)
        if criminal:
            _step(found, file, ProcedureKind.FILING, _between(file.plan.recorded_at, criminal[0]), chance, rules)
            later = [_moment(one) for one in file.outcomes if one.kind not in CUSTODY and _moment(one) > criminal[-1]]
            if later:
                _step(found, file, ProcedureKind.WITHDRAWAL, min(later) - timedelta(days=1), chance, rules)
        for outcome in file.outcomes:
            _bring_to_its_stage(outcome, file)
            _take(found, file, outcome, reviewer, chance)
        _who(found, file, known, chance)
    return found


def _bring_to_its_stage(outcome: Outcome, file: CaseFile) -> None:
    if outcome.executed_at is None:
        outcome.stage = OutcomeStage.APPROVED
        return
    outcome.stage = OutcomeStage.ENDED
    days = CUSTODY_DAYS
    if outcome.kind == OutcomeKind.ADMINISTRATIVE_DETENTION:
        before = [
            one
            for one in file.outcomes
            if one.person == outcome.person and one.kind in CUSTODY and _moment(one) < _moment(outcome)
        ]
        outcome.days_to_serve = days = outcome.days - CUSTODY_DAYS * len(before)
    last = outcome.executed_at.astimezone(SHANGHAI).date() + timedelta(days=days)
    outcome.due_at = datetime.combine(last, END_OF_DAY)
    outcome.ended_at = outcome.executed_at + timedelta(days=days)


def _take(found: Papers, file: CaseFile, outcome: Outcome, reviewer: Officer, chance: Chance) -> None:
    lead, approved = file.case.lead_officer, _moment(outcome)
    asked = max(file.plan.recorded_at, approved - timedelta(hours=2))
    reviewed = _between(asked, approved)
    chain: list[tuple[OutcomeStepKind, datetime | None, UUID, str]] = [
        (OutcomeStepKind.PROPOSED, asked, lead, ""),
        (OutcomeStepKind.REVIEWED, reviewed, reviewer.id, "演示数据：依据、程序审核无异议"),
        (OutcomeStepKind.APPROVED, approved, lead, ""),
        (OutcomeStepKind.EXECUTED, outcome.executed_at, lead, ""),
        (OutcomeStepKind.ENDED, outcome.ended_at, lead, "演示数据：期限届满或者不再需要"),
    ]
    if outcome.kind in PENALTIES:
        found.notices.append(
            PenaltyNotice(
                id=chance.uuid(),
                outcome=outcome.id,
                informed_at=asked,
                statement="",
                statement_answer="",
                is_hearing_offered=False,
                is_hearing_asked=False,
                hearing_held_at=None,
                recorded_by=lead,
                recorded_at=asked,
            )
        )
    found.steps += [
        OutcomeStep(
            id=chance.uuid(),
            outcome=outcome.id,
            kind=kind,
            happened_at=at,
            recorded_at=at,
            recorded_by=by,
            authority=outcome.authority if kind == OutcomeStepKind.APPROVED else "",
            document_number=outcome.document_number if kind == OutcomeStepKind.APPROVED else "",
            reason=reason,
        )
        for kind, at, by, reason in chain
        if at is not None
    ]


def _step(found: Papers, file: CaseFile, kind: ProcedureKind, at: datetime, chance: Chance, rules: RuleBook) -> None:
    plan = file.plan
    word = {ProcedureKind.REGISTRATION: "受", ProcedureKind.FILING: "立", ProcedureKind.WITHDRAWAL: "撤"}[kind]
    found.procedure.append(
        ProcedureStep(
            id=chance.uuid(),
            case=file.case.id,
            kind=kind,
            document_number=f"演示高公{word}字〔{plan.year}〕{plan.serial:03d}号",
            authority=AUTHORITY,
            approver="" if kind == ProcedureKind.REGISTRATION else HEAD,
            basis=rules(f"procedure_{kind.value}", _day(at)),
            decided_at=at,
            reason="演示数据：转行政处理" if kind == ProcedureKind.WITHDRAWAL else "",
            counterpart="",
            direction=None,
            received_at=None,
            recorded_by=file.case.lead_officer,
            recorded_at=at,
            revoked_at=None,
            revoked_by=None,
            revoked_reason="",
        )
    )


def _who(found: Papers, file: CaseFile, known: dict[str, PersonIdentity], chance: Chance) -> None:
    """Enter who each driver is: the digest is of an invented name, so that it is no real person's."""
    for person in file.persons:
        name = str(person.full_name)
        if name not in known:
            digest = hashlib.sha256(f"演示 {name}".encode()).hexdigest()
            known[name] = PersonIdentity(id=chance.uuid(), digest=digest, masked=MASK, created_at=file.plan.recorded_at)
            found.identities.append(known[name])
        born = date(chance.whole(*BORN), chance.whole(1, 12), chance.whole(1, 28))
        found.particulars.append(
            PersonParticulars(
                id=chance.uuid(),
                person=person.id,
                identity=known[name].id,
                born_on=born,
                age_at_act=None,
                is_nursing=False,
                is_gravely_ill=False,
                note="演示数据",
                recorded_by=file.case.lead_officer,
                recorded_at=person.identified_at,
            )
        )


def _moment(outcome: Outcome) -> datetime:
    moment: datetime = outcome.approved_at
    return moment


def _between(begin: datetime, end: datetime) -> datetime:
    return begin + (end - begin) / 2


def _day(moment: datetime) -> date:
    return moment.astimezone(SHANGHAI).date()

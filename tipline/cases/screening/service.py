"""排查 Deeds: add a candidate, take a step with one. Each is one transaction; of two officers at once one is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid4

from tipline.cases.locks import open_case_locked
from tipline.cases.rules import FEATURES_LIMIT, NAME_LIMIT, plate_problems, stored_plate, text_problems
from tipline.cases.screening.errors import (
    AlreadyScreened,
    CandidateMovedOn,
    CandidateNotFound,
    ScreeningInvalid,
    SecondOfficerNeeded,
)
from tipline.cases.screening.rules import (
    BasisDraft,
    StepDraft,
    acts_open,
    lock_problems,
    state_after,
    step_problems,
)
from tipline.cases.screening.tables import (
    CandidateKind,
    CandidateSource,
    LockBasis,
    LockBasisKind,
    ScreeningAct,
    ScreeningCandidate,
    ScreeningState,
    ScreeningStep,
)
from tipline.cases.suggestions import ask_for_recent_tips, ask_for_tips_proposed_for
from tipline.database import engine
from tipline.errors import Problem
from tipline.intake.tables import VehicleColour, VehicleType

STANDING: Final = """
SELECT c.id, s.happened_at, s.recorded_at, o.full_name, o.badge_number
FROM screening_candidate c JOIN screening_step s ON s.candidate = c.id AND s.number = 1
JOIN officer o ON o.id = s.officer
WHERE c."case" = {} AND (c.vehicle = {} OR c.person = {} OR ({} <> '' AND c.plate_text = {}))"""
LAST_STEP: Final = """
SELECT s.recorded_at, o.full_name, o.badge_number FROM screening_step s JOIN officer o ON o.id = s.officer
WHERE s.candidate = {} ORDER BY s.number DESC LIMIT 1"""
# An original that a linked tip brought, sealed; nothing else is evidence of the case yet.
SEALED: Final = """
SELECT i.id, f.tip FROM evidence_item i JOIN tip_file f ON f.item = i.id
JOIN link l ON l.tip = f.tip AND l."case" IN (SELECT case_family({}))
WHERE i.state = 'sealed' AND f.decision <> 'declined' AND i.id = ANY({}::uuid[])"""
LINKED: Final = 'SELECT l.tip FROM link l WHERE l."case" IN (SELECT case_family({})) AND l.tip = ANY({}::uuid[])'
# What changes which plates speak for the case.
CHANGES_SUPPORT: Final = frozenset({ScreeningAct.EXCLUDED, ScreeningAct.RESUMED})


@dataclass(frozen=True, kw_only=True, slots=True)
class CandidateDraft:
    """A vehicle or person that may be the one, and where it came from. In a plate `?` stands for a place not known."""

    kind: CandidateKind
    source: CandidateSource
    plate_text: str = ""
    vehicle_type: VehicleType = VehicleType.UNCLEAR
    vehicle_colour: VehicleColour = VehicleColour.UNCLEAR
    full_name: str = ""
    description: str = ""
    tip: UUID | None = None
    hint: UUID | None = None
    suggestion: UUID | None = None
    sighting: UUID | None = None
    vehicle: UUID | None = None
    person: UUID | None = None


async def add_candidate(case_id: UUID, draft: CandidateDraft, *, by: UUID, now: datetime) -> ScreeningCandidate:
    """Put a vehicle or person into the table of an open case, to be worked through.

    Raises:
        ScreeningInvalid: a vehicle without plate or description, a plate that cannot be one, a person without a name.
        CaseNotFound, CaseAlreadyCleared: there is no such open case.
        AlreadyScreened: it stands in the table already; says who added it and when.
    """
    problems = _candidate_problems(draft)
    if problems:
        raise ScreeningInvalid(*problems)
    plate = stored_plate(draft.plate_text) if draft.plate_text else ""
    async with engine().transaction():
        await open_case_locked(case_id)  # two who add at once wait for each other here
        standing: list[dict[str, Any]] = await ScreeningCandidate.raw(
            STANDING, case_id, draft.vehicle, draft.person, plate, plate
        )
        if standing:
            first = standing[0]
            raise AlreadyScreened(
                first["id"], by_name=first["full_name"], by_badge=first["badge_number"], at=first["recorded_at"]
            )
        candidate = ScreeningCandidate(
            id=uuid4(),
            case=case_id,
            kind=draft.kind,
            plate_text=plate,
            vehicle_type=draft.vehicle_type,
            vehicle_colour=draft.vehicle_colour,
            full_name=draft.full_name.strip(),
            description=draft.description.strip(),
            source=draft.source,
            tip=draft.tip,
            hint=draft.hint,
            suggestion=draft.suggestion,
            sighting=draft.sighting,
            vehicle=draft.vehicle,
            person=draft.person,
            state=ScreeningState.PENDING,
            steps=1,
            proposed_by=None,
            added_at=now,
        )
        await candidate.save()
        await _write(candidate.id, 1, ScreeningAct.ADDED, StepDraft(words="", happened_at=now), by=by, now=now)
    return candidate


async def take_step(
    case_id: UUID,
    candidate_id: UUID,
    act: ScreeningAct,
    draft: StepDraft,
    *,
    seen: int,
    by: UUID,
    now: datetime,
    bases: Sequence[BasisDraft] = (),
) -> None:
    """Take one step with a candidate: check, exclude, propose a lock, confirm or reject it, unlock, take up again.

    An exclusion straight from 待查 enters the check it rests on as a step of its own. What is excluded, or taken up
    again, changes which tips speak for the case: suggestions are asked for anew.

    Args:
        case_id: an open case.
        candidate_id: one of its candidates.
        act: what is done.
        draft: how, what was found or why, and when.
        seen: number of the last step that the officer saw.
        by: the officer.
        now: the present moment.
        bases: what a proposed lock rests on; `tip` of an evidence item is looked up here.

    Raises:
        CaseNotFound, CandidateNotFound: there is no such candidate of the case.
        CaseAlreadyCleared: the case is closed.
        CandidateMovedOn: a colleague took a step meanwhile; says who and when.
        SecondOfficerNeeded: who proposed a lock would confirm it.
        ScreeningInvalid: the step is not open from here, does not say how or why, or the lock rests on too little.
    """
    async with engine().transaction():
        await open_case_locked(case_id)
        candidate = await _candidate(case_id, candidate_id)
        if candidate.steps != seen:
            raise await _moved_on(candidate)
        is_proposer = candidate.proposed_by == by
        if act == ScreeningAct.LOCKED and is_proposer:
            raise SecondOfficerNeeded(candidate_id, by)
        state = ScreeningState(candidate.state)
        if act not in acts_open(state, is_proposed=candidate.proposed_by is not None, is_proposer=is_proposer):
            raise ScreeningInvalid(Problem("act", "step_not_open"))
        problems = step_problems(act, draft, not_before=candidate.added_at, now=now)
        if act == ScreeningAct.LOCK_PROPOSED:
            bases, unknown = await _known(case_id, bases)
            problems += unknown or lock_problems(bases, brought_by=candidate.tip)
        if problems:
            raise ScreeningInvalid(*problems)
        number = candidate.steps + 1
        if act == ScreeningAct.EXCLUDED and state == ScreeningState.PENDING:
            await _write(candidate_id, number, ScreeningAct.CHECKED, draft, by=by, now=now)
            number += 1
        proposer = candidate.proposed_by if act == ScreeningAct.LOCKED else None
        step = await _write(candidate_id, number, act, draft, by=by, now=now, proposed_by=proposer)
        for basis in bases if act == ScreeningAct.LOCK_PROPOSED else ():
            await _write_basis(step, basis)
        await ScreeningCandidate.update(
            {
                ScreeningCandidate.state: state_after(act),
                ScreeningCandidate.steps: number,
                ScreeningCandidate.proposed_by: by if act == ScreeningAct.LOCK_PROPOSED else None,
            }
        ).where(ScreeningCandidate.id == candidate_id)
        if act in CHANGES_SUPPORT:
            await ask_for_tips_proposed_for(case_id, now=now)
            await ask_for_recent_tips(now=now)


def _candidate_problems(draft: CandidateDraft) -> list[Problem]:
    problems = text_problems("description", draft.description, FEATURES_LIMIT, is_required=False)
    if draft.kind == CandidateKind.PERSON:
        return [*problems, *text_problems("full_name", draft.full_name, NAME_LIMIT)]
    if not (draft.plate_text.strip() or draft.description.strip()):
        return [*problems, Problem("plate_text", "plate_or_description")]
    return [*problems, *plate_problems(draft.plate_text.strip(), is_full=False)]


async def _candidate(case_id: UUID, candidate_id: UUID) -> ScreeningCandidate:
    """Hold a candidate of the case until the transaction ends."""
    found = await (
        ScreeningCandidate.objects()
        .where((ScreeningCandidate.id == candidate_id) & (ScreeningCandidate.case == case_id))
        .lock_rows("UPDATE")
        .first()
    )
    if found is None:
        raise CandidateNotFound(candidate_id)
    return found


async def _moved_on(candidate: ScreeningCandidate) -> CandidateMovedOn:
    last: list[dict[str, Any]] = await ScreeningStep.raw(LAST_STEP, candidate.id)
    return CandidateMovedOn(
        candidate.id,
        state=ScreeningState(candidate.state),
        by_name=last[0]["full_name"],
        by_badge=last[0]["badge_number"],
        at=last[0]["recorded_at"],
    )


async def _known(case_id: UUID, bases: Sequence[BasisDraft]) -> tuple[list[BasisDraft], list[Problem]]:
    """Return the bases with the tip that brought each item, and what of them is no sealed item or tip of the case."""
    items = [basis.item for basis in bases if basis.kind == LockBasisKind.EVIDENCE_ITEM]
    tips = [basis.tip for basis in bases if basis.kind == LockBasisKind.TIP]
    sealed = {row["id"]: row["tip"] for row in await ScreeningCandidate.raw(SEALED, case_id, items)}
    linked = {row["tip"] for row in await ScreeningCandidate.raw(LINKED, case_id, tips)}
    problems = []
    if any(item not in sealed for item in items):
        problems.append(Problem("evidence_item", "not_sealed_evidence"))
    if any(tip not in linked for tip in tips):
        problems.append(Problem("tip", "not_a_linked_tip"))
    known = [replace(basis, tip=sealed.get(basis.item)) if basis.item is not None else basis for basis in bases]
    return known, problems


async def _write(
    candidate_id: UUID,
    number: int,
    act: ScreeningAct,
    draft: StepDraft,
    *,
    by: UUID,
    now: datetime,
    proposed_by: UUID | None = None,
) -> UUID:
    step = ScreeningStep(
        id=uuid4(),
        candidate=candidate_id,
        number=number,
        act=act,
        method=draft.method,
        words=draft.words.strip(),
        officer=by,
        proposed_by=proposed_by,
        happened_at=draft.happened_at,
        recorded_at=now,
    )
    await step.save()
    return step.id


async def _write_basis(step: UUID, basis: BasisDraft) -> None:
    await LockBasis(
        id=uuid4(),
        step=step,
        kind=basis.kind,
        item=basis.item,
        tip=basis.tip if basis.kind == LockBasisKind.TIP else None,
        words=basis.words.strip(),
    ).save()

"""Reads the screening forms' answers into drafts."""

from __future__ import annotations

from uuid import UUID

from tipline.cases.screening.rules import BasisDraft, StepDraft
from tipline.cases.screening.service import CandidateDraft
from tipline.cases.screening.tables import (
    CandidateKind,
    CandidateSource,
    LockBasisKind,
    ScreeningAct,
    ScreeningMethod,
)
from tipline.intake.tables import VehicleColour, VehicleType
from tipline.web.answers import Answers

# Bases that are told in words; the others are chosen from the case's own rows.
TOLD: tuple[LockBasisKind, ...] = (
    LockBasisKind.FORENSIC_CONCLUSION,
    LockBasisKind.SIGHTING,
    LockBasisKind.STATEMENT,
    LockBasisKind.ADMISSION,
)


def candidate_draft(answers: Answers) -> CandidateDraft:
    """Return the candidate that an officer found himself.

    Raises:
        Invalid: an answer cannot be read.
    """
    kind = answers.choice("kind", CandidateKind, CandidateKind.VEHICLE)
    vehicle_type = answers.choice("vehicle_type", VehicleType, VehicleType.UNCLEAR)
    colour = answers.choice("vehicle_colour", VehicleColour, VehicleColour.UNCLEAR)
    answers.refuse_problems()
    if kind == CandidateKind.PERSON:
        return CandidateDraft(
            kind=kind,
            source=CandidateSource.OFFICER,
            full_name=answers.text("full_name"),
            description=answers.text("description"),
        )
    return CandidateDraft(
        kind=kind,
        source=CandidateSource.OFFICER,
        plate_text=answers.text("plate_text"),
        vehicle_type=vehicle_type,
        vehicle_colour=colour,
        description=answers.text("description"),
    )


def step_of(answers: Answers) -> tuple[ScreeningAct, StepDraft, int, list[BasisDraft]]:
    """Return the step that was written down, the number of the last step seen, and what a lock shall rest on.

    Raises:
        Invalid: an answer cannot be read.
    """
    act = answers.choice("act", ScreeningAct, ScreeningAct.CHECKED)
    method = answers.choice("method", ScreeningMethod, ScreeningMethod.OTHER) if answers.get("method") else None
    seen = answers.whole("seen")
    draft = StepDraft(method=method, words=answers.text("words"), happened_at=answers.needed_moment("happened_at"))
    answers.refuse_problems()
    return act, draft, seen or 0, bases_of(answers)


def bases_of(answers: Answers) -> list[BasisDraft]:
    """Return what a lock shall rest on: chosen files and tips, and what was told in words."""
    return [
        *(BasisDraft(kind=LockBasisKind.EVIDENCE_ITEM, item=row) for row in _rows(answers, "evidence_item")),
        *(BasisDraft(kind=LockBasisKind.TIP, tip=row) for row in _rows(answers, "tip")),
        *(BasisDraft(kind=kind, words=words) for kind in TOLD if (words := answers.text(kind.value))),
    ]


def _rows(answers: Answers, name: str) -> list[UUID]:
    rows = []
    for text in answers.get(name).split():
        try:
            rows.append(UUID(text))
        except ValueError:
            continue  # no form of ours sends it; what is left out cannot carry a lock
    return rows

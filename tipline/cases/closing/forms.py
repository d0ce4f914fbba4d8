"""Reads the answers of closing's forms into drafts."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from tipline.cases.closing.rules import ExceptionalDraft, StandIn
from tipline.cases.closing.tables import ExceptionalGround
from tipline.cases.tables import VehicleGround
from tipline.errors import Problem
from tipline.web.answers import Answers

SEIZED: Final = ""  # of the choices for the vehicle, the one that needs no ground


def stand_in(answers: Answers) -> StandIn | None:
    """Return the ground on which a vehicle that is not seized stands for a found one; None when it is seized.

    Problems are noted in `answers`.
    """
    if answers.text("vehicle_ground") == SEIZED:
        return None
    return StandIn(
        ground=answers.choice("vehicle_ground", VehicleGround, VehicleGround.DESTROYED),
        reason=answers.text("vehicle_reason"),
        items=chosen_rows(answers, "items"),
    )


def exceptional_draft(answers: Answers) -> ExceptionalDraft:
    """Return the exceptional clearance that was typed.

    Raises:
        Invalid: an answer cannot be read.
    """
    ground = answers.choice("ground", ExceptionalGround, ExceptionalGround.DRIVER_DIED)
    cleared_at = answers.needed_moment("cleared_at")
    answers.refuse_problems()
    return ExceptionalDraft(
        ground=ground,
        identified_by=answers.text("identified_by"),
        evidence=answers.text("evidence"),
        whereabouts=answers.text("whereabouts"),
        beyond_control=answers.text("beyond_control"),
        cleared_at=cleared_at,
    )


def chosen_rows(answers: Answers, name: str) -> list[UUID]:
    """Return the ids of the rows that were ticked; a problem is noted where one is no id."""
    try:
        return [UUID(word) for word in answers.get(name).split()]
    except ValueError:
        answers.problems.append(Problem(name, "not_a_choice"))
        return []

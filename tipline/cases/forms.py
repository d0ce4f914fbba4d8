"""Reads the case forms' answers into drafts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from tipline.cases.finding import VehicleDraft
from tipline.cases.rules import PLACE_LIMIT, number_problems, text_problems
from tipline.cases.service import CaseDraft
from tipline.cases.tables import Severity
from tipline.errors import Problem
from tipline.intake.tables import Datum, VehicleColour, VehicleType
from tipline.web.answers import Answers
from tipline.web.times import typed

SUMMARY_LIMIT: Final = 5_000
TAKEN_AS_TEXT: Final = ("number", "severity", "place_text", "datum", "summary", "lead_officer")


def case_draft(answers: Answers, *, units: dict[UUID, UUID], now: datetime) -> CaseDraft:
    """Return the case that was typed; a latest time left empty is the earliest.

    Args:
        answers: of the form.
        units: the unit of each officer who may lead a case.
        now: taken as the time of recording when none was typed.

    Raises:
        Invalid: an answer cannot be read.
    """
    answers.problems += [
        *number_problems(answers.text("number")),
        *text_problems("place_text", answers.text("place_text"), PLACE_LIMIT),
    ]
    severity = answers.choice("severity", Severity, Severity.PROPERTY)
    recorded_at = answers.moment("recorded_at", is_required=False)
    happened_to = answers.moment("happened_to", is_required=False)
    latitude, longitude = answers.decimal("latitude"), answers.decimal("longitude")
    for name, degrees, most in (("latitude", latitude, 90), ("longitude", longitude, 180)):
        if degrees is not None and not -most <= degrees <= most:
            answers.problems.append(Problem(name, "not_a_coordinate"))
    summary = answers.text("summary")
    if len(summary) > SUMMARY_LIMIT:
        answers.problems.append(Problem("summary", "too_long", {"limit": SUMMARY_LIMIT}))
    happened_from = answers.needed_moment("happened_from")
    lead = answers.row("lead_officer")
    if lead not in units:
        answers.problems.append(Problem("lead_officer", "not_a_choice"))
    answers.refuse_problems()
    has_point = latitude is not None or longitude is not None
    return CaseDraft(
        number=answers.text("number"),
        severity=severity,
        happened_from=happened_from,
        happened_to=happened_to or happened_from,
        place_text=answers.text("place_text"),
        unit=units[lead],
        lead_officer=lead,
        recorded_at=recorded_at or now,
        latitude=latitude,
        longitude=longitude,
        datum=answers.choice("datum", Datum, Datum.WGS84) if has_point else None,
        summary=summary,
    )


def case_typed(known: Mapping[str, Any]) -> dict[str, str]:
    """Return what is known of an accident, from a case or a tip, as the fields of a new case begin with it."""
    texts = {name: str(known.get(name) or "") for name in TAKEN_AS_TEXT}
    times = {name: typed(known.get(name)) for name in ("happened_from", "happened_to")}
    return {
        **texts,
        **times,
        "latitude": _degrees(known.get("latitude")),
        "longitude": _degrees(known.get("longitude")),
    }


def _degrees(value: float | None) -> str:
    return "" if value is None else f"{value:.6f}"


def vehicle_draft(answers: Answers) -> VehicleDraft:
    """Return the vehicle that was typed.

    Raises:
        Invalid: an answer cannot be read.
    """
    draft = VehicleDraft(
        plate_text=answers.text("plate_text"),
        vehicle_type=answers.choice("vehicle_type", VehicleType, VehicleType.UNCLEAR),
        vehicle_colour=answers.choice("vehicle_colour", VehicleColour, VehicleColour.UNCLEAR),
        features=answers.text("features"),
    )
    answers.refuse_problems()
    return draft

"""Linking: proposes open cases for a tip. Loads rows, lets `matching` weigh them, records what it found."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from matching.facts import (
    Appearance,
    CaseFacts,
    Interval,
    PlateReading,
    PlateSource,
    TipFacts,
    VehicleFacts,
)
from matching.linking import suggest
from matching.plates import PlatePattern, parse_plate
from matching.points import Point, wgs84_point
from matching.weights import WEIGHTS
from matching.words import TextFacts, fold, marks_in, place_names, read_text
from tipline.cases.suggestions import OpenCase, Proposal, open_cases, record_suggestions
from tipline.cases.tables import VehicleState
from tipline.intake.review.reads import CORRECTED, hints_that_count
from tipline.intake.tables import HintKind, Tip, TipState, VehicleColour, VehicleType
from tipline.intake.triage.resurfacing import resurface_like
from workers.doors import doors

_TIP: Final = "SELECT * FROM tip WHERE id = {}"
_UNKNOWN_VALUES: Final = frozenset({VehicleColour.UNCLEAR.value, VehicleType.UNCLEAR.value, VehicleType.OTHER.value})
# A device clock further off than this tells nothing about when it happened.
_OLDEST_CAPTURE: Final = timedelta(days=365)
# A plate the machine is less sure of than this is noise.
_LEAST_CONFIDENCE: Final = 0.3
_MOST_READINGS: Final = 40


async def suggest_cases(subject: str) -> None:
    """Propose open cases for the tip `subject`, or withdraw what holds no longer; bring back tips like it.

    Idempotent: proposals are upserted by tip and case, decided ones are never touched; run twice it changes nothing.
    A tip that does not exist (any more) needs no suggestion; a declined tip gets none, nor does a duplicate, whose
    media speak for the tip that it doubles.
    """
    tip_id, now = UUID(subject), doors().now()
    rows: list[dict[str, Any]] = await Tip.raw(_TIP, tip_id)
    if not rows:
        return
    found = []
    if rows[0]["state"] not in {TipState.DECLINED, TipState.DUPLICATE}:
        hints = await hints_that_count(tip_id)
        found = suggest(tip_facts(rows[0], hints), [case_facts(case) for case in await open_cases()])
    proposals = [
        Proposal(case=UUID(str(one.key)), match_weight=one.weight, reasons=one.reasons_json(), model=one.model)
        for one in found
    ]
    await record_suggestions(tip_id, proposals, now=now)
    await resurface_like(tip_id, now=now)


def tip_facts(tip: dict[str, Any], hints: list[dict[str, Any]]) -> TipFacts:
    """Return what a tip says: its form first, then its words, then its media.

    What the form states is not overruled by the words; media add plates, and a time only where none was stated.
    """
    text = "\n".join(part for part in (tip["story"], tip["place_text"], tip["damage"], tip["direction"]) if part)
    told = read_text(text)
    return TipFacts(
        received_at=tip["received_at"],
        plates=tuple(_plates(tip["plate_text"], told, hints)),
        appearance=_appearance(tip["vehicle_colour"], tip["vehicle_type"], told),
        happened=_stated_time(tip) or _capture_time(hints, received_at=tip["received_at"]),
        point=_point(tip),
        text=fold(text),
        marks=told.marks,
    )


def case_facts(open_case: OpenCase) -> CaseFacts:
    """Return what an open case says, with each of its vehicles."""
    case = open_case.case
    return CaseFacts(
        key=case["id"],
        number=case["number"],
        happened=Interval(case["happened_from"], case["happened_to"]),
        point=_point(case),
        place_names=place_names(case["place_text"]),
        vehicles=tuple(_vehicle_facts(vehicle) for vehicle in open_case.vehicles),
        marks=marks_in(case["summary"]),
        excluded_plates=open_case.excluded_plates,
    )


def _vehicle_facts(vehicle: dict[str, Any]) -> VehicleFacts:
    told = read_text(vehicle["features"])
    # A plate that only witnesses described errs like a witness; of a vehicle that was found it is certain.
    is_described = vehicle["state"] == VehicleState.DESCRIBED
    source = PlateSource.WITNESS if is_described else PlateSource.OFFICER
    plate = parse_plate(vehicle["plate_text"])
    return VehicleFacts(
        plate=None if plate is None else PlateReading(pattern=plate, source=source),
        appearance=_appearance(vehicle["vehicle_colour"], vehicle["vehicle_type"], told),
        marks=told.marks,
    )


def _plates(typed: str, told: TextFacts, hints: list[dict[str, Any]]) -> Iterator[PlateReading]:
    patterns = {pattern.text: pattern for pattern in (parse_plate(typed), *told.plates) if pattern is not None}
    for pattern in patterns.values():
        yield PlateReading(pattern=pattern, source=PlateSource.WITNESS)
    read = [hint for hint in hints if hint["kind"] == HintKind.PLATE and hint["confidence"] >= _LEAST_CONFIDENCE]
    for hint in read[:_MOST_READINGS]:
        seen = parse_plate(hint["value"])
        if seen is not None:
            yield PlateReading(pattern=seen, source=PlateSource.CAMERA, confidences=_confidences(seen, hint))


def _confidences(pattern: PlatePattern, hint: dict[str, Any]) -> tuple[float, ...]:
    """Return one confidence a character where the recogniser gave them for this very reading, else the whole's."""
    places = len(pattern.region) + len(pattern.serial)
    if hint.get("source") == CORRECTED:
        # An officer reads as officers do, but off a medium, which may show another vehicle: its source stays a camera.
        return (1 - WEIGHTS.plate_error[PlateSource.OFFICER],) * places
    raw = json.loads(hint["reading"]) if isinstance(hint["reading"], str) else hint["reading"]
    given = raw.get("characters", []) if isinstance(raw, dict) and raw.get("reading") == hint["value"] else []
    if len(given) == places and all(isinstance(one, int | float) and 0 <= one <= 1 for one in given):
        return tuple(float(one) for one in given)
    return (float(hint["confidence"]),) * places


def _appearance(colour: str, vehicle_type: str, told: TextFacts) -> Appearance:
    colours = _known(colour) or told.appearance.colours
    types = _known(vehicle_type) or told.appearance.types
    return Appearance(
        colours=colours,
        not_colours=told.appearance.not_colours - colours,
        types=types,
        not_types=told.appearance.not_types - types,
    )


def _known(value: str) -> frozenset[str]:
    return frozenset() if value in _UNKNOWN_VALUES else frozenset({value})


def _stated_time(tip: dict[str, Any]) -> Interval | None:
    begin, end = tip["happened_from"], tip["happened_to"]
    if begin is None and end is None:
        return None
    begin, end = begin or end, end or begin
    return Interval(min(begin, end), max(begin, end))


def _capture_time(hints: Iterable[dict[str, Any]], *, received_at: datetime) -> Interval | None:
    moments = []
    for hint in hints:
        if hint["kind"] != HintKind.CAPTURE_TIME:
            continue
        try:
            moment = datetime.fromisoformat(hint["value"])
        except ValueError:
            continue
        if moment.tzinfo is not None and received_at - _OLDEST_CAPTURE <= moment <= received_at:
            moments.append(moment)
    return Interval(min(moments), max(moments)) if moments else None


def _point(row: dict[str, Any]) -> Point | None:
    if row["latitude"] is None or row["longitude"] is None or row["datum"] is None:
        return None
    return wgs84_point(row["latitude"], row["longitude"], row["datum"])

"""Where a candidate comes from at the press of one button: a row of the case, its tips or their hints, as a draft."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from tipline.cases.rules import FEATURES_LIMIT
from tipline.cases.screening.errors import SourceNotFound
from tipline.cases.screening.service import CandidateDraft
from tipline.cases.screening.tables import CandidateKind, CandidateSource, ScreeningCandidate
from tipline.intake.tables import VehicleColour, VehicleType


class SourceRow(StrEnum):
    """Kinds of rows that a button stands beside."""

    TIP = "tip"
    HINT = "hint"
    SUGGESTION = "suggestion"
    VEHICLE = "vehicle"
    PERSON = "person"


_TIP: Final = """
SELECT t.id AS tip, t.plate_text, t.vehicle_type, t.vehicle_colour,
       concat_ws('；', nullif(t.damage, ''), t.alias) AS told
FROM tip t JOIN link l ON l.tip = t.id AND l."case" IN (SELECT case_family({})) WHERE t.id = {}"""
_HINT: Final = """
SELECT f.tip, h.value AS plate_text FROM standing_hint h JOIN tip_file f ON f.id = h.tip_file
JOIN link l ON l.tip = f.tip AND l."case" IN (SELECT case_family({})) WHERE h.id = {} AND h.kind = 'plate'"""
_SUGGESTION: Final = """
SELECT t.id AS tip, t.plate_text, t.vehicle_type, t.vehicle_colour,
       concat_ws('；', nullif(t.damage, ''), t.alias) AS told
FROM link_suggestion s JOIN tip t ON t.id = s.tip
WHERE s."case" = {} AND s.id = {} AND s.state IN ('proposed', 'accepted')"""
_VEHICLE: Final = """
SELECT v.plate_text, v.vehicle_type, v.vehicle_colour, v.features AS told FROM vehicle v
WHERE v."case" = {} AND v.id = {}"""
_PERSON: Final = """
SELECT p.full_name FROM person p WHERE p."case" = {} AND p.id = {} AND p.role IN ('driver', 'other')"""
_QUERIES: Final = {
    SourceRow.TIP: _TIP,
    SourceRow.HINT: _HINT,
    SourceRow.SUGGESTION: _SUGGESTION,
    SourceRow.VEHICLE: _VEHICLE,
    SourceRow.PERSON: _PERSON,
}


async def draft_from(case_id: UUID, kind: SourceRow, row_id: UUID) -> CandidateDraft:
    """Return the candidate that a row speaks of.

    Raises:
        SourceNotFound: there is no such row, it says nothing of a vehicle, or it does not belong to the case.
    """
    rows: list[dict[str, Any]] = await ScreeningCandidate.raw(_QUERIES[kind], case_id, row_id)
    if not rows:
        raise SourceNotFound(row_id)
    row = rows[0]
    if kind == SourceRow.PERSON:
        return CandidateDraft(
            kind=CandidateKind.PERSON, source=CandidateSource.OFFICER, full_name=row["full_name"], person=row_id
        )
    from_file = kind == SourceRow.VEHICLE
    return CandidateDraft(
        kind=CandidateKind.VEHICLE,
        source=CandidateSource.OFFICER if from_file else CandidateSource(kind.value),
        plate_text=row["plate_text"],
        vehicle_type=VehicleType(row.get("vehicle_type", VehicleType.UNCLEAR)),
        vehicle_colour=VehicleColour(row.get("vehicle_colour", VehicleColour.UNCLEAR)),
        description=row.get("told", "")[:FEATURES_LIMIT],
        tip=row.get("tip"),
        hint=row_id if kind == SourceRow.HINT else None,
        suggestion=row_id if kind == SourceRow.SUGGESTION else None,
        vehicle=row_id if from_file else None,
    )

"""What search finds: up to twenty rows of a kind, newest first, and whether there are more. One query a kind."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from tipline.accounts.rules import RIGHTS, Right
from tipline.accounts.tables import OfficerRole
from tipline.cases.access import Reader, visible_cases
from tipline.cases.measures.privacy import hidden_persons
from tipline.cases.screening.reads import screening_status_of
from tipline.cases.tables import Case
from tipline.console.searching.rules import SearchWish

ROWS_SHOWN: Final = 20
# A stored plate of which almost nothing is known fits everything and says nothing.
_FITS: Final = "({}::text IS NOT NULL AND PLATE ~ {}::text AND length(replace(PLATE, '?', '')) >= 3)"


def _fits(column: str) -> str:
    return _FITS.replace("PLATE", column)


_TIPS: Final = f"""
SELECT t.id, t.alias, t.state, t.channel, t.received_at, t.place_text, t.plate_text, left(t.story, 90) AS story_start,
       t.is_demo
FROM tip t
WHERE concat_ws(' ', t.alias, t.place_text, t.story, t.damage, t.direction) ILIKE ALL({{}}::text[])
   OR {_fits("t.plate_text")}
   OR EXISTS (SELECT 1 FROM tip_file f JOIN hint h ON h.tip_file = f.id
              WHERE f.tip = t.id AND h.kind = 'plate' AND {_fits("h.value")})
ORDER BY t.received_at DESC, t.id LIMIT {ROWS_SHOWN + 1}"""  # noqa: S608  made of this file's own constants
_CASES: Final = f"""
SELECT c.id, c.number, c.severity, c.state, c.happened_from, c.place_text, c.is_demo
FROM case_file c
WHERE {{}} AND concat_ws(' ', c.number, c.place_text, c.summary) ILIKE ALL({{}}::text[])
ORDER BY c.recorded_at DESC, c.id LIMIT {ROWS_SHOWN + 1}"""  # noqa: S608  made of this file's own constants
_VEHICLES: Final = f"""
SELECT v.id, v.plate_text, v.vehicle_type, v.vehicle_colour, v.features, v.state, c.id AS case_id, c.number,
       c.is_demo,
       EXISTS (SELECT 1 FROM screening_candidate s WHERE s."case" = c.id AND s.state = 'excluded'
               AND (s.vehicle = v.id OR (s.plate_text = v.plate_text AND v.plate_text <> ''))) AS is_excluded
FROM vehicle v JOIN case_file c ON c.id = v."case"
WHERE {{}} AND (concat_ws(' ', v.plate_text, v.features) ILIKE ALL({{}}::text[]) OR {_fits("v.plate_text")})
ORDER BY c.recorded_at DESC, v.id LIMIT {ROWS_SHOWN + 1}"""  # noqa: S608  made of this file's own constants
_PERSONS: Final = f"""
SELECT p.id, p.full_name, p.role, p.state, c.id AS case_id, c.number, c.is_demo,
       EXISTS (SELECT 1 FROM screening_candidate s
               WHERE s."case" = c.id AND s.state = 'excluded' AND s.person = p.id) AS is_excluded
FROM person p JOIN case_file c ON c.id = p."case"
WHERE {{}} AND p.full_name ILIKE ALL({{}}::text[])
ORDER BY c.recorded_at DESC, p.id LIMIT {ROWS_SHOWN + 1}"""  # noqa: S608  made of this file's own constants
_CANDIDATES: Final = f"""
SELECT s.id, s.kind, s.plate_text, s.full_name, s.description, s.state, s.person, c.id AS case_id, c.number, c.is_demo
FROM screening_candidate s JOIN case_file c ON c.id = s."case"
WHERE {{}} AND (concat_ws(' ', s.plate_text, s.full_name, s.description) ILIKE ALL({{}}::text[])
                OR {_fits("s.plate_text")})
ORDER BY s.added_at DESC, s.id LIMIT {ROWS_SHOWN + 1}"""  # noqa: S608  made of this file's own constants
_SIGHTINGS: Final = f"""
SELECT g.id, g.passed_at, g.plate_text, g.vehicle_type, g.vehicle_colour, k.code, k.place_text, g.is_demo
FROM sighting g JOIN camera k ON k.id = g.camera
WHERE {_fits("g.plate_text")} OR k.place_text ILIKE ALL({{}}::text[])
ORDER BY g.passed_at DESC, g.id LIMIT {ROWS_SHOWN + 1}"""  # noqa: S608  made of this file's own constants


@dataclass(frozen=True, slots=True)
class Found:
    """Rows of one kind, and whether there are more than are shown."""

    rows: list[dict[str, Any]]
    has_more: bool


@dataclass(frozen=True, slots=True)
class SearchResult:
    """What was found of each kind the officer may read; None for a kind that is not theirs."""

    tips: Found | None
    cases: Found | None
    vehicles: Found | None
    persons: Found | None
    candidates: Found | None
    sightings: Found | None
    screening: list[dict[str, Any]]

    @property
    def count(self) -> int:
        """Rows shown, of all kinds."""
        kinds = (self.tips, self.cases, self.vehicles, self.persons, self.candidates, self.sightings)
        return sum(len(found.rows) for found in kinds if found)


async def search(wish: SearchWish, officer: Reader, *, now: datetime) -> SearchResult:
    """Look for words and part of a plate in everything that `officer` may read.

    Names of persons under 18 stay hidden from officers outside the case, and are not found by them either.
    """
    rights = RIGHTS[OfficerRole(officer.role)]
    if wish.is_empty:
        return SearchResult(None, None, None, None, None, None, [])
    likes, plate = list(wish.likes), wish.plate
    tips = cases = vehicles = persons = candidates = sightings = None
    if Right.READ_TIPS in rights:
        tips = await _found(_TIPS, likes, plate, plate, plate, plate)
    if Right.READ_CASES in rights:
        cases = await _found(_CASES, visible_cases(officer), likes)
        vehicles = await _found(_VEHICLES, visible_cases(officer), likes, plate, plate)
        persons = await _found(_PERSONS, visible_cases(officer), likes)
        candidates = await _found(_CANDIDATES, visible_cases(officer), likes, plate, plate)
        sightings = await _found(_SIGHTINGS, plate, plate, likes)
        named = [*(row["id"] for row in persons.rows), *(row["person"] for row in candidates.rows if row["person"])]
        hidden = await hidden_persons(officer, named, now=now)
        persons = Found([row for row in persons.rows if row["id"] not in hidden], persons.has_more)
        candidates = Found([row for row in candidates.rows if row["person"] not in hidden], candidates.has_more)
    screening = await screening_status_of(wish.whole_plate, of=officer) if plate and Right.READ_CASES in rights else []
    return SearchResult(tips, cases, vehicles, persons, candidates, sightings, screening)


async def _found(statement: str, *values: object) -> Found:
    rows: list[dict[str, Any]] = await Case.raw(statement, *values)
    return Found(rows[:ROWS_SHOWN], len(rows) > ROWS_SHOWN)

"""What the case pages show: the list with search, one case's whole file, and a tip's suggestions."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from matching.plates import UNKNOWN, normalise
from tipline.cases.access import Reader, visible_cases
from tipline.cases.errors import CaseNotFound
from tipline.cases.tables import Case, CaseState

ROWS_A_PAGE: Final = 25

_LIST: Final = """
SELECT c.id, c.number, c.severity, c.state, c.happened_from, c.happened_to, c.place_text, c.recorded_at, c.is_demo,
       u.name AS unit_name, o.full_name AS lead_name,
       (SELECT count(DISTINCT l.tip) FROM link l JOIN case_file f ON f.id = l."case"
        WHERE f.id = c.id OR f.merged_into = c.id) AS links,
       (SELECT count(*) FROM link_suggestion s WHERE s."case" = c.id AND s.state = 'proposed') AS suggestions,
       count(*) OVER () AS total
FROM case_file c JOIN unit u ON u.id = c.unit JOIN officer o ON o.id = c.lead_officer
WHERE {} AND ({}::text IS NULL OR c.state = {})
  AND ({} = '' OR c.number ILIKE {} OR c.place_text ILIKE {}
       OR EXISTS (SELECT 1 FROM vehicle v WHERE v."case" = c.id AND v.plate_text LIKE {}))
ORDER BY c.recorded_at DESC, c.id LIMIT {} OFFSET {}"""
_COUNT: Final = """
SELECT count(*) AS total FROM case_file c
WHERE {} AND ({}::text IS NULL OR c.state = {})
  AND ({} = '' OR c.number ILIKE {} OR c.place_text ILIKE {}
       OR EXISTS (SELECT 1 FROM vehicle v WHERE v."case" = c.id AND v.plate_text LIKE {}))"""
_CASE: Final = """
SELECT c.*, u.name AS unit_name, o.full_name AS lead_name, o.badge_number AS lead_badge
FROM case_file c JOIN unit u ON u.id = c.unit JOIN officer o ON o.id = c.lead_officer WHERE c.id = {}"""
_VEHICLES: Final = (
    """SELECT v.* FROM vehicle v WHERE v."case" IN (SELECT case_family({})) ORDER BY v.identified_at NULLS LAST, v.id"""
)
_PERSONS: Final = (
    """SELECT p.* FROM person p WHERE p."case" IN (SELECT case_family({})) ORDER BY p.identified_at, p.id"""
)
_LINKS: Final = """
SELECT * FROM (
SELECT DISTINCT ON (l.tip) l.id, l.tip, l.suggestion, l.decided_at, l.is_useful, o.full_name AS decided_by_name,
       t.alias, t.story, t.received_at, t.channel, s.match_weight
FROM link l JOIN tip t ON t.id = l.tip JOIN officer o ON o.id = l.decided_by
LEFT JOIN link_suggestion s ON s.id = l.suggestion
WHERE l."case" IN (SELECT case_family({})) ORDER BY l.tip, l.decided_at, l.id) one ORDER BY one.decided_at, one.id"""
_SUGGESTIONS: Final = """
SELECT s.id, s.tip, s.match_weight, s.reasons, s.model, s.created_at, t.alias, t.story, t.received_at,
       t.state AS tip_state
FROM link_suggestion s JOIN tip t ON t.id = s.tip
WHERE s."case" IN (SELECT case_family({})) AND s.state = 'proposed' ORDER BY s.match_weight DESC, s.id"""
_OUTCOMES: Final = """
SELECT x.id, x.kind, x.stage, x.person, p.full_name AS person_name, x.document_number, x.days, x.authority,
       x.approved_at, x.executed_at, x.recorded_at, o.full_name AS recorded_by_name,
       b.code AS basis_code, b.source AS basis_source, b.article AS basis_article,
       b.title_zh AS basis_title_zh, b.title_en AS basis_title_en,
       g.code AS ground_code, g.source AS ground_source, g.article AS ground_article,
       g.title_zh AS ground_title_zh, g.title_en AS ground_title_en
FROM outcome x JOIN person p ON p.id = x.person JOIN officer o ON o.id = x.recorded_by
JOIN legal_rule b ON b.id = x.basis LEFT JOIN legal_rule g ON g.id = x.ground
WHERE x."case" IN (SELECT case_family({})) ORDER BY x.approved_at, x.id"""
_EVENTS: Final = """
SELECT e.id, e.type, e.severity, e.happened_at, e.known_at, o.full_name AS recorded_by_name
FROM case_event e JOIN officer o ON o.id = e.recorded_by WHERE e."case" = {} ORDER BY e.happened_at, e.known_at, e.id"""
_CLEARANCE: Final = """
SELECT k.id, k.vehicle, k.driver, k.cleared_at, k.recorded_at, k.vehicle_ground, k.vehicle_reason,
       o.full_name AS approved_by_name, o.badge_number AS approved_by_badge, v.plate_text, p.full_name AS driver_name
FROM clearance k JOIN officer o ON o.id = k.approved_by JOIN vehicle v ON v.id = k.vehicle
JOIN person p ON p.id = k.driver WHERE k."case" = {} AND k.revoked_at IS NULL"""


@dataclass(frozen=True, slots=True)
class CasePage:
    """One page of the list; `page` counts from 1, `pages` is at least 1."""

    rows: list[dict[str, Any]]
    total: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class CaseFile:
    """Everything of one case, as rows ready to show."""

    case: dict[str, Any]
    vehicles: list[dict[str, Any]]
    persons: list[dict[str, Any]]
    links: list[dict[str, Any]]
    suggestions: list[dict[str, Any]]
    outcomes: list[dict[str, Any]]
    events: list[dict[str, Any]]
    clearance: dict[str, Any] | None


async def list_cases(
    *, of: Reader, state: CaseState | None = None, words: str = "", page: int = 1, rows_a_page: int = ROWS_A_PAGE
) -> CasePage:
    """Return a page of cases, newest first.

    Args:
        of: the officer who reads; only cases that are theirs to see are listed and counted.
        state: only cases in this state.
        words: part of a number or place, or of a plate, in which `?` stands for one unknown place.
        page: from 1; one past the end is empty.
        rows_a_page: how many rows a page has.
    """
    asked = words.strip()
    part = f"%{_escaped(asked)}%"
    plate = normalise(asked)
    # Without one known character a plate is not asked for; NULL is like nothing.
    like_plate = f"%{_escaped(plate).replace(UNKNOWN, '_')}%" if plate.strip(UNKNOWN) else None
    chosen = None if state is None else state.value
    filters = (visible_cases(of), chosen, chosen, asked, part, part, like_plate)
    at = max(page, 1)
    rows: list[dict[str, Any]] = await Case.raw(_LIST, *filters, rows_a_page, (at - 1) * rows_a_page)
    total = int(rows[0]["total"]) if rows else int((await Case.raw(_COUNT, *filters))[0]["total"])
    return CasePage(rows=rows, total=total, page=at, pages=max(1, -(-total // rows_a_page)))


async def case_file(case_id: UUID) -> CaseFile:
    """Return a case with all that belongs to it, in eight queries whatever its size.

    Raises:
        CaseNotFound: there is none.
    """
    cases: list[dict[str, Any]] = await Case.raw(_CASE, case_id)
    if not cases:
        raise CaseNotFound(case_id)
    return CaseFile(
        case=cases[0],
        vehicles=await vehicles_of(case_id),
        persons=await persons_of(case_id),
        links=await links_of(case_id),
        suggestions=await suggestions_of(case_id),
        outcomes=await outcomes_of(case_id),
        events=await events_of(case_id),
        clearance=await clearance_of(case_id),
    )


async def vehicles_of(case_id: UUID) -> list[dict[str, Any]]:
    """Return the vehicles of a case, those identified first."""
    rows: list[dict[str, Any]] = await Case.raw(_VEHICLES, case_id)
    return rows


async def persons_of(case_id: UUID) -> list[dict[str, Any]]:
    """Return the persons of a case in the order in which they were named."""
    rows: list[dict[str, Any]] = await Case.raw(_PERSONS, case_id)
    return rows


async def links_of(case_id: UUID) -> list[dict[str, Any]]:
    """Return the tips linked to a case, each with who linked it and when."""
    rows: list[dict[str, Any]] = await Case.raw(_LINKS, case_id)
    return rows


async def suggestions_of(case_id: UUID) -> list[dict[str, Any]]:
    """Return the tips that the machine proposes for a case, the heaviest first, with their reasons."""
    rows: list[dict[str, Any]] = await Case.raw(_SUGGESTIONS, case_id)
    return [row | {"reasons": json.loads(row["reasons"])} for row in rows]


async def outcomes_of(case_id: UUID) -> list[dict[str, Any]]:
    """Return the measures of a case in the order of their approval."""
    rows: list[dict[str, Any]] = await Case.raw(_OUTCOMES, case_id)
    return rows


async def events_of(case_id: UUID) -> list[dict[str, Any]]:
    """Return the dated events of a case in the order in which they happened."""
    rows: list[dict[str, Any]] = await Case.raw(_EVENTS, case_id)
    return rows


async def clearance_of(case_id: UUID) -> dict[str, Any] | None:
    """Return the clearance that stands, with who approved it; None while the case is not cleared."""
    rows: list[dict[str, Any]] = await Case.raw(_CLEARANCE, case_id)
    return rows[0] if rows else None


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")

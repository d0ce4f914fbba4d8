"""What the screening shows, and what other rooms ask of it: which plates are excluded, and how a plate stands."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from tipline.cases.access import Reader, visible_cases
from tipline.cases.rules import stored_plate
from tipline.cases.screening.errors import CandidateNotFound
from tipline.cases.screening.tables import ScreeningCandidate

_CANDIDATES: Final = """
SELECT c.*, first.full_name AS added_by_name, proposer.full_name AS proposed_by_name,
       s.act AS last_act, s.method AS last_method, s.words AS last_words, s.happened_at AS last_happened_at,
       s.recorded_at AS last_recorded_at, o.full_name AS last_by_name, second.full_name AS last_proposed_by_name,
       t.alias AS tip_alias
FROM screening_candidate c
JOIN screening_step a ON a.candidate = c.id AND a.number = 1 JOIN officer first ON first.id = a.officer
JOIN screening_step s ON s.candidate = c.id AND s.number = c.steps JOIN officer o ON o.id = s.officer
LEFT JOIN officer second ON second.id = s.proposed_by LEFT JOIN officer proposer ON proposer.id = c.proposed_by
LEFT JOIN tip t ON t.id = c.tip
WHERE c."case" = {} AND ({}::uuid IS NULL OR c.id = {})
ORDER BY array_position(ARRAY['locked', 'checked', 'pending', 'excluded'], c.state::text), c.added_at, c.id"""
_STEPS: Final = """
SELECT s.*, o.full_name AS by_name, o.badge_number AS by_badge, p.full_name AS proposed_by_name
FROM screening_step s JOIN officer o ON o.id = s.officer LEFT JOIN officer p ON p.id = s.proposed_by
WHERE s.candidate = {} ORDER BY s.number"""
_BASES: Final = """
SELECT b.*, i.sha256, i.media_type, f.position, f.role AS file_role, t.alias AS tip_alias
FROM lock_basis b JOIN screening_step s ON s.id = b.step
LEFT JOIN evidence_item i ON i.id = b.item LEFT JOIN tip_file f ON f.item = b.item
LEFT JOIN tip t ON t.id = coalesce(b.tip, f.tip)
WHERE s.candidate = {} ORDER BY b.kind, b.id"""
# Plates told or read in linked tips, and vehicles and persons of the file, that nobody has put into the table yet.
_LEADS: Final = """
SELECT * FROM (
  SELECT DISTINCT ON (lead.plate) lead.* FROM (
    SELECT 'vehicle' AS source, v.id, v.plate_text AS plate, v.features AS told, 0 AS rank
    FROM vehicle v WHERE v."case" = {} AND v.plate_text <> ''
    UNION ALL
    SELECT 'tip', t.id, t.plate_text, t.alias, 1 FROM tip t
    JOIN link l ON l.tip = t.id AND l."case" IN (SELECT case_family({})) WHERE t.plate_text <> ''
    UNION ALL
    SELECT 'hint', h.id, h.value, t.alias, 2 FROM standing_hint h JOIN tip_file f ON f.id = h.tip_file
    JOIN tip t ON t.id = f.tip JOIN link l ON l.tip = t.id AND l."case" IN (SELECT case_family({}))
    WHERE h.kind = 'plate' AND f.decision <> 'declined'
  ) lead ORDER BY lead.plate, lead.rank, lead.id
) plates WHERE NOT EXISTS (SELECT 1 FROM screening_candidate c WHERE c."case" = {}
                           AND (c.plate_text = plates.plate OR c.vehicle = plates.id))
UNION ALL
SELECT 'person', p.id, p.full_name, '', 3 FROM person p WHERE p."case" = {} AND p.role IN ('driver', 'other')
AND NOT EXISTS (SELECT 1 FROM screening_candidate c WHERE c.person = p.id)
ORDER BY rank, plate, id LIMIT 40"""
_ITEMS: Final = """
SELECT i.id, i.media_type, i.sha256, f.role, f.position, f.tip, t.alias
FROM evidence_item i JOIN tip_file f ON f.item = i.id JOIN tip t ON t.id = f.tip
JOIN link l ON l.tip = t.id AND l."case" IN (SELECT case_family({}))
WHERE i.state = 'sealed' AND f.decision <> 'declined' ORDER BY t.received_at, f.position"""
_TIPS: Final = """
SELECT t.id, t.alias, t.received_at, left(t.story, 80) AS story FROM tip t
JOIN link l ON l.tip = t.id AND l."case" IN (SELECT case_family({})) ORDER BY t.received_at, t.id"""
_EXCLUDED: Final = """
SELECT c.plate_text FROM screening_candidate c
WHERE c."case" = {} AND c.state = 'excluded' AND c.plate_text <> ''"""
_EXCLUDED_IN_FILE: Final = """
SELECT v.id FROM vehicle v JOIN screening_candidate s ON s."case" = v."case" AND s.state = 'excluded'
AND (s.vehicle = v.id OR (s.plate_text = v.plate_text AND v.plate_text <> '')) WHERE v."case" = {}
UNION
SELECT s.person FROM screening_candidate s
WHERE s."case" = {} AND s.state = 'excluded' AND s.person IS NOT NULL"""
_STATUS: Final = """
SELECT s.id AS candidate, s."case", c.number, s.kind, s.plate_text, s.state, k.happened_at AS since,
       o.full_name AS by_name, o.badge_number AS by_badge, k.method
FROM screening_candidate s JOIN case_file c ON c.id = s."case"
JOIN screening_step k ON k.candidate = s.id AND k.number = s.steps JOIN officer o ON o.id = k.officer
WHERE s.plate_text = {} AND s.plate_text <> '' AND {} ORDER BY k.recorded_at DESC, s.id"""
# For each open case of a tip: the plates it tells or shows, and how each stands there.
_OF_TIP: Final = """
SELECT c.id AS "case", c.number, lead.source, lead.id, lead.plate, s.id AS candidate, s.state
FROM link l JOIN case_file c ON c.id = l."case" AND c.state = 'open'
CROSS JOIN LATERAL (
  SELECT DISTINCT ON (one.plate) one.* FROM (
    SELECT 'tip' AS source, t.id, t.plate_text AS plate FROM tip t WHERE t.id = l.tip AND t.plate_text <> ''
    UNION ALL
    SELECT 'hint', h.id, h.value FROM standing_hint h JOIN tip_file f ON f.id = h.tip_file
    WHERE f.tip = l.tip AND h.kind = 'plate'
  ) one ORDER BY one.plate, one.source DESC, one.id
) lead
LEFT JOIN screening_candidate s ON s."case" = c.id AND s.plate_text = lead.plate
WHERE l.tip = {} AND {} ORDER BY c.number, lead.plate LIMIT 40"""


async def screening_of(case_id: UUID) -> list[dict[str, Any]]:
    """Return the candidates of a case with their last step: locked first, excluded last."""
    rows: list[dict[str, Any]] = await ScreeningCandidate.raw(_CANDIDATES, case_id, None, None)
    return rows


async def standing_candidates(case_id: UUID) -> list[dict[str, Any]]:
    """Return the candidates for figures and exports: without those excluded, which never stand there."""
    return [row for row in await screening_of(case_id) if row["state"] != "excluded"]


async def candidate_of(case_id: UUID, candidate_id: UUID) -> dict[str, Any]:
    """Return one candidate with its `history`, each step with the `bases` of a proposed lock.

    Raises:
        CandidateNotFound: there is none in this case.
    """
    rows: list[dict[str, Any]] = await ScreeningCandidate.raw(_CANDIDATES, case_id, candidate_id, candidate_id)
    if not rows:
        raise CandidateNotFound(candidate_id)
    steps: list[dict[str, Any]] = await ScreeningCandidate.raw(_STEPS, candidate_id)
    bases: list[dict[str, Any]] = await ScreeningCandidate.raw(_BASES, candidate_id)
    history = [step | {"bases": [basis for basis in bases if basis["step"] == step["id"]]} for step in steps]
    return rows[0] | {"history": history}


async def leads_of(case_id: UUID) -> list[dict[str, Any]]:
    """Return up to forty plates and persons of the case's own rows that are not in the table yet.

    Each has `source` (vehicle, tip, hint, person), the row's `id`, `plate` (a person's name there) and `told`.
    """
    rows: list[dict[str, Any]] = await ScreeningCandidate.raw(_LEADS, *[case_id] * 5)
    return rows


async def possible_bases(case_id: UUID) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the sealed files of the case's tips, and the tips themselves, for a lock to rest on."""
    return await ScreeningCandidate.raw(_ITEMS, case_id), await ScreeningCandidate.raw(_TIPS, case_id)


async def excluded_plates(case_id: UUID) -> frozenset[str]:
    """Return the plates that are excluded for the case, as they are stored."""
    return frozenset(row["plate_text"] for row in await ScreeningCandidate.raw(_EXCLUDED, case_id))


async def excluded_in_file(case_id: UUID) -> frozenset[UUID]:
    """Return the vehicles and persons of the case's own file that are excluded."""
    return frozenset(row["id"] for row in await ScreeningCandidate.raw(_EXCLUDED_IN_FILE, case_id, case_id))


async def screening_status_of(plate: str, *, of: Reader) -> list[dict[str, Any]]:
    """Return how a plate stands in the tables of the cases that `of` may read, the latest step first.

    Each row has `case`, `number`, `candidate`, `state` (a `ScreeningState`), `since`, `method`, `by_name`, `by_badge`.
    """
    rows: list[dict[str, Any]] = await ScreeningCandidate.raw(_STATUS, stored_plate(plate), visible_cases(of))
    return rows


async def plates_of_tip(tip_id: UUID, *, of: Reader) -> list[dict[str, Any]]:
    """Return the plates that a tip tells or shows, for each open case it is linked to and that `of` may read.

    Each row has `case`, `number`, `source` and `id` for the button that adds it, `plate`, and `candidate` and `state`
    where it stands in that case's table already.
    """
    rows: list[dict[str, Any]] = await ScreeningCandidate.raw(_OF_TIP, tip_id, visible_cases(of))
    return rows

"""What the papers of a case are made of: its rows as they may stand on paper.

Nobody who told a tip is in it but by the tip's alias; vehicles, persons and plates that the screening excluded are not
in it at all; persons under 18 and with sealed records are masked, in officers' free words too.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from tipline.cases.documents.masking import MASK, masked_persons
from tipline.cases.errors import CaseNotFound
from tipline.cases.procedure.reads import steps_of
from tipline.cases.tables import Case
from tipline.law.service import cited
from tipline.law.tables import LegalRule, RuleKind

Row = dict[str, Any]
SHORTEST_NAME: Final = 2
TERMS: Final = ("review_request", "mediation_request")
_CASE: Final = """
SELECT c.id, c.number, c.severity, c.state, c.happened_from, c.happened_to, c.place_text, c.summary, c.recorded_at,
       u.name AS unit_name, o.full_name AS lead_name, o.badge_number AS lead_badge
FROM case_file c JOIN unit u ON u.id = c.unit JOIN officer o ON o.id = c.lead_officer WHERE c.id = {}"""
_VEHICLES: Final = """
SELECT v.* FROM vehicle v WHERE v."case" IN (SELECT case_family({})) AND NOT EXISTS (
  SELECT 1 FROM screening_candidate s WHERE s."case" IN (SELECT case_family({})) AND s.state = 'excluded'
  AND (s.vehicle = v.id OR (s.plate_text = v.plate_text AND v.plate_text <> '')))
ORDER BY v.identified_at NULLS LAST, v.id"""
_PERSONS: Final = """
SELECT p.*, p.role IN ('driver', 'other') AND EXISTS (
  SELECT 1 FROM screening_candidate s WHERE s.state = 'excluded' AND s."case" IN (SELECT case_family({}))
  AND (s.person = p.id OR (s.full_name = p.full_name AND s.full_name <> ''))) AS is_excluded
FROM person p WHERE p."case" IN (SELECT case_family({})) ORDER BY p.identified_at, p.id"""
_TIPS: Final = """
SELECT DISTINCT ON (t.received_at, t.id) t.id, t.alias, t.channel, t.received_at, l.decided_at, l.is_useful,
       coalesce(e.wants_secrecy, false) AS wants_secrecy
FROM link l JOIN tip t ON t.id = l.tip LEFT JOIN tip_entry e ON e.tip = t.id
WHERE l."case" IN (SELECT case_family({})) ORDER BY t.received_at, t.id, l.decided_at"""
_ITEMS: Final = """
SELECT i.id, i.media_type, i.size_bytes, i.sha256, i.sm3, i.received_at, i.sealed_at, f.role, f.position, f.decision,
       t.alias, NULL::text AS kind
FROM tip_file f JOIN evidence_item i ON i.id = f.item JOIN tip t ON t.id = f.tip
WHERE i.state = 'sealed' AND f.decision <> 'declined'
  AND EXISTS (SELECT 1 FROM link l WHERE l.tip = t.id AND l."case" IN (SELECT case_family({})))
UNION ALL
SELECT i.id, i.media_type, i.size_bytes, i.sha256, i.sm3, d.asked_at, i.sealed_at, f.role, f.position, f.decision,
       t.alias, d.kind
FROM derivation d JOIN tip_file f ON f.id = d.tip_file JOIN evidence_item i ON i.id = d.item JOIN tip t ON t.id = f.tip
WHERE i.state = 'sealed' AND f.decision <> 'declined'
  AND EXISTS (SELECT 1 FROM link l WHERE l.tip = t.id AND l."case" IN (SELECT case_family({})))
ORDER BY alias, position, kind NULLS FIRST, received_at, id"""
_HINTS: Final = """
SELECT h.value, max(h.confidence) AS confidence, bool_or(h.is_corrected) AS is_corrected,
       string_agg(DISTINCT t.alias, '、') AS aliases
FROM standing_hint h JOIN tip_file f ON f.id = h.tip_file JOIN tip t ON t.id = f.tip
WHERE h.kind = 'plate' AND f.decision <> 'declined'
  AND EXISTS (SELECT 1 FROM link l WHERE l.tip = t.id AND l."case" IN (SELECT case_family({})))
  AND NOT EXISTS (SELECT 1 FROM screening_candidate s WHERE s."case" IN (SELECT case_family({}))
                  AND s.state = 'excluded' AND s.plate_text = h.value)
GROUP BY h.value ORDER BY max(h.confidence) DESC, h.value LIMIT 40"""
_SCREENING: Final = """
SELECT s.state, count(*) AS candidates FROM screening_candidate s
WHERE s."case" IN (SELECT case_family({})) GROUP BY s.state ORDER BY s.state"""
_MEASURES: Final = """
SELECT x.kind, x.stage, x.person, x.document_number, x.authority, x.executed_at, x.ended_at
FROM outcome x WHERE x."case" IN (SELECT case_family({})) AND x.stage IN ('approved', 'executed', 'ended')
ORDER BY x.approved_at, x.id"""
_DETERMINATIONS: Final = """
SELECT d.number, d.kind, d.version, d.made_at, d.authority,
       EXISTS (SELECT 1 FROM determination n WHERE n.replaces = d.id) AS is_replaced
FROM determination d WHERE d."case" IN (SELECT case_family({})) ORDER BY d.made_at, d.version"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Material:
    """Everything a paper of the case may say; `names` are the masked names and what stands instead of each."""

    case: Row
    vehicles: list[Row]
    persons: list[Row]
    names: dict[str, str]
    tips: list[Row]
    items: list[Row]
    hints: list[Row]
    screening: dict[str, int]
    measures: list[Row]
    steps: list[Row]
    determinations: list[Row]
    law: dict[str, str]


async def material_of(case_id: UUID, *, now: datetime) -> Material:
    """Return what the papers of a case are made of, in as many statements whatever its size.

    Raises:
        CaseNotFound: there is none.
    """
    cases: list[Row] = await Case.raw(_CASE, case_id)
    if not cases:
        raise CaseNotFound(case_id)
    people: list[Row] = await Case.raw(_PERSONS, case_id, case_id)
    masked = await masked_persons((person["id"] for person in people), now=now)
    persons = [
        person | {"shown": MASK if person["id"] in masked else person["full_name"]}
        for person in people
        if not person["is_excluded"]
    ]
    kept = {person["id"]: person["shown"] for person in persons}
    measures: list[Row] = await Case.raw(_MEASURES, case_id)
    return Material(
        case=cases[0],
        vehicles=await Case.raw(_VEHICLES, case_id, case_id),
        persons=persons,
        names={
            person["full_name"]: MASK
            for person in people
            if person["id"] in masked and len(person["full_name"]) >= SHORTEST_NAME
        },
        tips=await Case.raw(_TIPS, case_id),
        items=await Case.raw(_ITEMS, case_id, case_id),
        hints=await Case.raw(_HINTS, case_id, case_id),
        screening={row["state"]: row["candidates"] for row in await Case.raw(_SCREENING, case_id)},
        measures=[row | {"shown": kept[row["person"]]} for row in measures if row["person"] in kept],
        steps=[step for step in await steps_of(case_id) if step["revoked_at"] is None],
        determinations=await Case.raw(_DETERMINATIONS, case_id),
        law=await law_now(),
    )


async def law_now() -> dict[str, str]:
    """Return the citation of every rule of papers, and of the terms they tell, whose version has no end, by code."""
    rows = await LegalRule.objects().where(
        ((LegalRule.kind == RuleKind.CASE_DOCUMENT) | LegalRule.code.is_in(list(TERMS))) & LegalRule.valid_to.is_null()
    )
    told = {row.code: cited(row) for row in rows}
    return told | {f"{row.code}_words": row.title_zh for row in rows if row.code in TERMS}

"""What a case file shows of closing: every clearance it had, the standing one last, and items that can prove one."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from tipline.cases.tables import Case

_CLOSINGS: Final = """
SELECT k.id, 'cleared' AS kind, k.cleared_at, k.recorded_at, k.revoked_at, k.vehicle_ground, k.vehicle_reason,
       NULL AS ground, NULL AS identified_by, NULL AS evidence, NULL AS whereabouts, NULL AS beyond_control,
       v.plate_text, p.id AS driver, p.full_name AS driver_name,
       o.full_name AS approved_by_name, o.badge_number AS approved_by_badge,
       r.full_name AS revoked_by_name, NULL AS basis_source, NULL AS basis_article,
       (SELECT coalesce(array_agg(i.sha256 ORDER BY i.sha256), ARRAY[]::varchar[]) FROM clearance_evidence e
        JOIN evidence_item i ON i.id = e.item WHERE e.clearance = k.id) AS proofs
FROM clearance k JOIN vehicle v ON v.id = k.vehicle JOIN person p ON p.id = k.driver
JOIN officer o ON o.id = k.approved_by LEFT JOIN officer r ON r.id = k.revoked_by WHERE k."case" = {}
UNION ALL
SELECT x.id, 'cleared_exceptionally', x.cleared_at, x.recorded_at, x.revoked_at, NULL, '',
       x.ground, x.identified_by, x.evidence, x.whereabouts, x.beyond_control,
       NULL, p.id, p.full_name, o.full_name, o.badge_number, r.full_name, b.source, b.article, ARRAY[]::varchar[]
FROM exceptional_clearance x JOIN person p ON p.id = x.person JOIN officer o ON o.id = x.approved_by
JOIN legal_rule b ON b.id = x.basis LEFT JOIN officer r ON r.id = x.revoked_by WHERE x."case" = {}
ORDER BY recorded_at, id"""
_ITEMS: Final = """
SELECT DISTINCT ON (t.received_at, f.position, i.id) i.id, i.media_type, i.sha256, f.role, f.position, t.alias
FROM evidence_item i JOIN tip_file f ON f.item = i.id JOIN tip t ON t.id = f.tip JOIN link l ON l.tip = t.id
WHERE l."case" IN (SELECT case_family({})) AND i.state = 'sealed' ORDER BY t.received_at, f.position, i.id LIMIT {}"""
MOST_ITEMS: Final = 200


async def closings_of(case_id: UUID) -> list[dict[str, Any]]:
    """Return every clearance of a case, ordinary and exceptional, in the order of entry; revoked ones are history."""
    rows: list[dict[str, Any]] = await Case.raw(_CLOSINGS, case_id, case_id)
    return rows


async def items_of(case_id: UUID) -> list[dict[str, Any]]:
    """Return the sealed originals of the tips linked to a case, at most 200, oldest tip first."""
    rows: list[dict[str, Any]] = await Case.raw(_ITEMS, case_id, MOST_ITEMS)
    return rows

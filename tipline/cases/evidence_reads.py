"""The sealed items of a case: originals of its tips with their digests, and what was derived from each."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from tipline.cases.tables import Case

ROWS_A_PAGE: Final = 50
_ITEMS: Final = """
WITH tips AS (SELECT DISTINCT l.tip FROM link l WHERE l."case" IN (SELECT case_family({})))
SELECT i.id, i.state, i.media_type, i.size_bytes, i.sha256, i.sm3, i.received_at, i.sealed_at, f.role, f.position,
       t.id AS tip, t.alias, count(*) OVER () AS total
FROM tips JOIN tip t ON t.id = tips.tip JOIN tip_file f ON f.tip = t.id JOIN evidence_item i ON i.id = f.item
ORDER BY i.received_at, t.id, f.position LIMIT {} OFFSET {}"""
_DERIVED: Final = """
SELECT d.id, d.parent, d.label, d.media_type, d.size_bytes, d.sha256, d.sealed_at FROM evidence_item d
WHERE d.parent = ANY({}::uuid[]) AND d.state = 'sealed' ORDER BY d.parent, d.label"""


async def evidence_of(case_id: UUID, *, page: int = 1, rows_a_page: int = ROWS_A_PAGE) -> list[dict[str, Any]]:
    """Return one page of the originals of a case, oldest first, each with `derived` rows and `total`; two queries.

    Args:
        case_id: the case; one that does not exist has none.
        page: from 1.
        rows_a_page: how many originals a page has.
    """
    items: list[dict[str, Any]] = await Case.raw(_ITEMS, case_id, rows_a_page, (page - 1) * rows_a_page)
    derived: list[dict[str, Any]] = await Case.raw(_DERIVED, [item["id"] for item in items])
    for item in items:
        item["derived"] = [row for row in derived if row["parent"] == item["id"]]
    return items

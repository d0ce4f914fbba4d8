"""Searching the audit and the views in the custody ledger as one list."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from tipline.accounts.audit.tables import AuditEntry
from tipline.console.auditing.errors import ExportTooLarge
from tipline.console.auditing.wish import AuditWish

ROWS_A_PAGE: Final = 50
EXPORT_MAXIMUM: Final = 50_000
SUBJECTS_MAXIMUM: Final = 500
# Officers and subjects are found by their words first, so that the big tables are asked by their indexes.
_OFFICERS: Final = "SELECT o.id, o.badge_number FROM officer o WHERE o.badge_number = {} OR o.full_name ILIKE {}"
_SUBJECTS: Final = """
SELECT c.id FROM case_file c WHERE c.number ILIKE {} UNION SELECT t.id FROM tip t WHERE t.alias ILIKE {}
UNION SELECT f.item FROM tip_file f JOIN tip t ON t.id = f.tip WHERE t.alias ILIKE {}
UNION SELECT p.id FROM person p WHERE p.full_name ILIKE {} UNION SELECT u.id FROM unit u WHERE u.name ILIKE {}
UNION SELECT o.id FROM officer o WHERE o.badge_number = {} OR o.full_name ILIKE {} LIMIT {}"""
_FOUND: Final = """
WITH entries AS (
  SELECT e.happened_at, e.id::text AS key, e.officer, e.act, e.subject_kind, e.subject, e.purpose, e.request_id,
         e.facts::text AS facts, o.badge_number, o.full_name
  FROM audit_entry e JOIN officer o ON o.id = e.officer
  WHERE e.happened_at >= {} AND e.happened_at < {} AND ({}::uuid[] IS NULL OR e.officer = ANY({}::uuid[]))
    AND ({}::uuid[] IS NULL OR e.subject = ANY({}::uuid[])) AND ({} = '' OR e.subject_kind = {})
    AND ({} = '' OR e.act = {})
  UNION ALL
  SELECT c.happened_at, c.position::text, o.id, c.act, 'medium', c.item,
         coalesce(c.record::jsonb -> 'detail' ->> 'purpose', ''), '', jsonb_build_object()::text, c.actor, o.full_name
  FROM custody_entry c LEFT JOIN officer o ON o.badge_number = c.actor
  WHERE c.act = 'viewed' AND c.happened_at >= {} AND c.happened_at < {}
    AND ({}::text[] IS NULL OR c.actor = ANY({}::text[]))
    AND ({}::uuid[] IS NULL OR c.item = ANY({}::uuid[])) AND {} IN ('', 'medium') AND {} IN ('', 'viewed')
)"""
_NAMED: Final = """
SELECT e.*, coalesce(c.number, t.alias, p.full_name, s.full_name, u.name, of_file.alias) AS subject_name
FROM page e
LEFT JOIN case_file c ON c.id = e.subject LEFT JOIN tip t ON t.id = e.subject
LEFT JOIN person p ON p.id = e.subject LEFT JOIN officer s ON s.id = e.subject LEFT JOIN unit u ON u.id = e.subject
LEFT JOIN LATERAL (SELECT t.alias FROM tip_file f JOIN tip t ON t.id = f.tip WHERE f.item = e.subject LIMIT 1) of_file
  ON true
ORDER BY e.happened_at DESC, e.key DESC"""
_PAGE: Final = f"""{_FOUND},
page AS (SELECT e.*, count(*) OVER () AS total FROM entries e ORDER BY e.happened_at DESC, e.key DESC
         LIMIT {{}} OFFSET {{}})
{_NAMED}"""  # noqa: S608  made of this file's own constants


@dataclass(frozen=True, slots=True)
class AuditPage:
    """One page of entries, newest first, and how many there are."""

    rows: list[dict[str, Any]]
    total: int
    page: int

    @property
    def page_count(self) -> int:
        """Number of pages, at least one."""
        return max(1, -(-self.total // ROWS_A_PAGE))


async def search_audit(wish: AuditWish, *, page: int) -> AuditPage:
    """Return one page of what was looked for; `page` counts from 1, one past the end is empty."""
    rows = await _entries(wish, ROWS_A_PAGE, (page - 1) * ROWS_A_PAGE)
    if not rows and page > 1:
        first = await _entries(wish, 1, 0)
        return AuditPage([], first[0]["total"] if first else 0, page)
    return AuditPage(rows, rows[0]["total"] if rows else 0, page)


async def export_audit(wish: AuditWish) -> list[dict[str, Any]]:
    """Return everything that was looked for, newest first.

    Raises:
        ExportTooLarge: it is more than one export holds.
    """
    rows = await _entries(wish, EXPORT_MAXIMUM, 0)
    if rows and rows[0]["total"] > EXPORT_MAXIMUM:
        raise ExportTooLarge(EXPORT_MAXIMUM)
    return rows


async def _entries(wish: AuditWish, limit: int, offset: int) -> list[dict[str, Any]]:
    officers, badges = await _officers(wish.officer)
    subjects = await _subjects(wish.subject)
    between = (wish.begins_at, wish.ends_before)
    rows: list[dict[str, Any]] = await AuditEntry.raw(
        _PAGE,
        *(*between, officers, officers, subjects, subjects, wish.kind, wish.kind, wish.act, wish.act),
        *(*between, badges, badges, subjects, subjects, wish.kind, wish.act),
        limit,
        offset,
    )
    return [row | {"facts": json.loads(row["facts"])} for row in rows]


async def _officers(words: str) -> tuple[list[UUID] | None, list[str] | None]:
    if not words:
        return None, None
    rows = await AuditEntry.raw(_OFFICERS, words, _part(words))
    # A badge number that nobody bears any more is found in the ledger all the same.
    return [row["id"] for row in rows], [words, *(row["badge_number"] for row in rows)]


async def _subjects(words: str) -> list[UUID] | None:
    if not words:
        return None
    try:
        return [UUID(words)]
    except ValueError:
        part = _part(words)
        rows = await AuditEntry.raw(_SUBJECTS, part, part, part, part, part, words, part, SUBJECTS_MAXIMUM)
        return [row["id"] for row in rows]


def _part(words: str) -> str:
    escaped = words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"

"""Who looked at a case and its tips and media, and who changed who works on it: for the case's own audit tab."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from tipline.cases.tables import Case

ROWS_A_PAGE: Final = 50
# Looks at originals stand in the custody ledger, everything else in the audit (docs/decisions/0038).
_ENTRIES: Final = """
WITH tips AS (SELECT l.tip FROM link l WHERE l."case" = {}),
entries AS (
  SELECT e.happened_at, e.id::text AS key, e.act, e.subject_kind, e.subject, e.purpose, e.facts::text AS facts,
         o.badge_number, o.full_name
  FROM audit_entry e JOIN officer o ON o.id = e.officer
  WHERE e.subject = {} OR e.subject IN (SELECT tip FROM tips)
     OR e.subject IN (SELECT p.id FROM person p WHERE p."case" = {})
  UNION ALL
  SELECT c.happened_at, c.position::text, c.act, 'medium', c.item, c.record::jsonb -> 'detail' ->> 'purpose',
         jsonb_build_object()::text, c.actor, o.full_name
  FROM custody_entry c JOIN tip_file f ON f.item = c.item LEFT JOIN officer o ON o.badge_number = c.actor
  WHERE c.act = 'viewed' AND f.tip IN (SELECT tip FROM tips)
)
SELECT *, count(*) OVER () AS total FROM entries ORDER BY happened_at DESC, key DESC LIMIT {} OFFSET {}"""


async def audit_of_case(case_id: UUID, *, page: int = 1, rows_a_page: int = ROWS_A_PAGE) -> list[dict[str, Any]]:
    """Return one page of what officers did with a case: looks at it, its tips, media and persons, and assignments.

    Newest first. Each row has `happened_at`, `act` (`AuditAct`), `subject_kind` (`AuditSubject`), `subject`,
    `badge_number`, `full_name` (None when nobody bears the badge number any more), `purpose`, `facts` (JSON text) and
    `total`, the number of all.

    Args:
        case_id: the case; one that does not exist has no rows.
        page: from 1.
        rows_a_page: how many rows a page has.
    """
    rows: list[dict[str, Any]] = await Case.raw(
        _ENTRIES, case_id, case_id, case_id, rows_a_page, (page - 1) * rows_a_page
    )
    return rows

"""Who looked at a case and its tips and media, and who changed who works on it: for the case's own audit tab."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from tipline.cases.tables import Case

ROWS_A_PAGE: Final = 50
# Looks at originals stand in the custody ledger, other looks in the audit (docs/decisions/0038), what was entered
# in the case in rows of its own.
_ENTRIES: Final = """
WITH of_case AS (SELECT case_family({}) AS id),
tips AS (SELECT l.tip FROM link l JOIN of_case c ON c.id = l."case"),
entries AS (
  SELECT e.happened_at, e.id::text AS key, e.act, e.subject_kind, e.subject, e.purpose, e.facts::text AS facts,
         o.badge_number, o.full_name, NULL AS enum, NULL AS fact
  FROM audit_entry e JOIN officer o ON o.id = e.officer
  WHERE e.subject IN (SELECT id FROM of_case) OR e.subject IN (SELECT tip FROM tips)
     OR e.subject IN (SELECT p.id FROM person p JOIN of_case c ON c.id = p."case")
  UNION ALL
  SELECT c.happened_at, c.position::text, c.act, 'medium', c.item, c.record::jsonb -> 'detail' ->> 'purpose',
         jsonb_build_object()::text, c.actor, o.full_name, NULL, NULL
  FROM custody_entry c JOIN tip_file f ON f.item = c.item LEFT JOIN officer o ON o.badge_number = c.actor
  WHERE c.act = 'viewed' AND f.tip IN (SELECT tip FROM tips)
  UNION ALL
  SELECT d.happened_at, d.key, 'changed', 'case', d."case", '', jsonb_build_object()::text,
         o.badge_number, o.full_name, d.enum, d.fact
  FROM (
    SELECT v.known_at AS happened_at, v.id::text AS key, v."case", v.recorded_by AS officer,
           'CaseEventType' AS enum, v.type::text AS fact
    FROM case_event v
    UNION ALL SELECT s.recorded_at, s.id::text, s."case", s.recorded_by, 'ProcedureKind', s.kind
    FROM procedure_step s
    UNION ALL SELECT l.decided_at, l.id::text, l."case", l.decided_by, 'TimelineFact', 'tip_linked'
    FROM link l
    UNION ALL SELECT m.recorded_at, m.id::text, x."case", m.recorded_by, 'OutcomeStepKind', m.kind
    FROM outcome_step m JOIN outcome x ON x.id = m.outcome
  ) d JOIN of_case c ON c.id = d."case" JOIN officer o ON o.id = d.officer
)
SELECT *, count(*) OVER () AS total FROM entries ORDER BY happened_at DESC, key DESC LIMIT {} OFFSET {}"""


async def audit_of_case(case_id: UUID, *, page: int = 1, rows_a_page: int = ROWS_A_PAGE) -> list[dict[str, Any]]:
    """Return one page of what officers did with a case: looked at it, its tips, media and persons, and entered in it.

    Newest first. Each row has `happened_at`, `act` (`AuditAct`), `subject_kind` (`AuditSubject`), `subject`,
    `badge_number`, `full_name` (None when nobody bears the badge number any more), `purpose`, `facts` (JSON text),
    `enum` and `fact` (what was entered in the case, None for other deeds) and `total`, the number of all.

    Args:
        case_id: the case; one that does not exist has no rows.
        page: from 1.
        rows_a_page: how many rows a page has.
    """
    rows: list[dict[str, Any]] = await Case.raw(_ENTRIES, case_id, rows_a_page, (page - 1) * rows_a_page)
    return rows

"""What happened in a case, from every table that dates a fact of it, in the order of time and with two times each."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from tipline.cases.tables import Case

ROWS_A_PAGE: Final = 200


class TimelineFact(StrEnum):
    """What a line tells that is no value of another enum."""

    TIP_LINKED = "tip_linked"
    LINK_WITHDRAWN = "link_withdrawn"
    NOTE = "note"
    INQUIRY = "inquiry"
    STEP_REVOKED = "step_revoked"
    DETERMINATION = "determination"


# Each part: when it happened, when it was entered, the enum and value that name it, words, who entered it, the tip it
# concerns, the case it was entered in, the kind of a measure. Persons are named in their own tabs, which know who may
# read a name. What a merged case knew belongs to the case that goes on.
_TIMELINE: Final = """
WITH of_case AS (SELECT case_family({}) AS id),
lines AS (
  SELECT e.happened_at, e.known_at, 'CaseEventType' AS enum, e.type::text AS value, e.reason AS words,
         e.recorded_by AS officer, NULL::uuid AS tip, e."case", NULL::text AS measure
  FROM case_event e JOIN of_case c ON c.id = e."case"
  UNION ALL
  SELECT s.decided_at, s.recorded_at, 'ProcedureKind', s.kind,
         concat_ws(' · ', s.document_number, s.authority, nullif(s.counterpart, ''), nullif(s.reason, '')),
         s.recorded_by, NULL, s."case", NULL
  FROM procedure_step s JOIN of_case c ON c.id = s."case"
  UNION ALL
  SELECT s.revoked_at, s.revoked_at, 'TimelineFact', 'step_revoked',
         concat_ws(' · ', s.document_number, s.revoked_reason), s.revoked_by, NULL, s."case", NULL
  FROM procedure_step s JOIN of_case c ON c.id = s."case" WHERE s.revoked_at IS NOT NULL
  UNION ALL
  SELECT l.decided_at, l.decided_at, 'TimelineFact', 'tip_linked', t.alias, l.decided_by, t.id, l."case", NULL
  FROM link l JOIN of_case c ON c.id = l."case" JOIN tip t ON t.id = l.tip
  UNION ALL
  SELECT w.withdrawn_at, w.withdrawn_at, 'TimelineFact', 'link_withdrawn', t.alias, w.withdrawn_by, t.id, w."case", NULL
  FROM withdrawn_link w JOIN of_case c ON c.id = w."case" JOIN tip t ON t.id = w.tip
  UNION ALL
  SELECT s.happened_at, s.recorded_at, 'OutcomeStepKind', s.kind, concat_ws(' · ', s.document_number, s.reason),
         s.recorded_by, NULL, x."case", x.kind
  FROM outcome_step s JOIN outcome x ON x.id = s.outcome JOIN of_case c ON c.id = x."case"
  UNION ALL
  SELECT j.happened_at, j.recorded_at, 'JoiningKind', j.kind, concat_ws(' · ', a.number, b.number, j.reason),
         j.decided_by, NULL, j."case", NULL
  FROM case_joining j JOIN case_file a ON a.id = j."case" JOIN case_file b ON b.id = j.other
  WHERE j."case" IN (SELECT id FROM of_case) OR j.other IN (SELECT id FROM of_case)
  UNION ALL
  SELECT k.happened_at, k.recorded_at, 'ScreeningAct', k.act,
         concat_ws(' · ', nullif(s.plate_text, ''), nullif(k.words, '')), k.officer, NULL, s."case", NULL
  FROM screening_step k JOIN screening_candidate s ON s.id = k.candidate JOIN of_case c ON c.id = s."case"
  UNION ALL
  SELECT d.made_at, d.recorded_at, 'TimelineFact', 'determination', d.number, d.recorded_by, NULL, d."case", NULL
  FROM determination d JOIN of_case c ON c.id = d."case"
  UNION ALL
  SELECT v.asked_at, v.recorded_at, 'TimelineFact', 'inquiry', v.asked_by, v.recorded_by, NULL, v."case", NULL
  FROM victim_inquiry v JOIN of_case c ON c.id = v."case"
  UNION ALL
  SELECT n.written_at, n.written_at, 'TimelineFact', 'note', concat_ws(': ', t.alias, n.text), n.author,
         t.id, l."case", NULL
  FROM tip_note n JOIN tip t ON t.id = n.tip JOIN link l ON l.tip = t.id JOIN of_case c ON c.id = l."case"
)
SELECT lines.*, o.full_name AS by_name, f.number AS case_number, count(*) OVER () AS total
FROM lines JOIN officer o ON o.id = lines.officer JOIN case_file f ON f.id = lines."case"
ORDER BY lines.happened_at, lines.known_at, lines.enum, lines.value, lines.words LIMIT {} OFFSET {}"""


async def timeline_of(case_id: UUID, *, page: int = 1, rows_a_page: int = ROWS_A_PAGE) -> list[dict[str, Any]]:
    """Return one page of what happened in a case, the earliest first, in one query.

    Each row has `happened_at`, `known_at`, the `enum` and `value` that name it, `words` as they were given, `by_name`,
    `tip` and `measure` (None unless it concerns one), the `case` it was entered in with its `case_number`, and `total`.

    Args:
        case_id: the case; one that does not exist has no rows.
        page: from 1.
        rows_a_page: how many rows a page has.
    """
    rows: list[dict[str, Any]] = await Case.raw(_TIMELINE, case_id, rows_a_page, (page - 1) * rows_a_page)
    return rows

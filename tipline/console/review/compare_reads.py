"""Which files a file may usefully be laid beside: of the same tip, and of tips in a case that this officer reads."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from tipline.cases.access import Reader, visible_cases
from tipline.intake.tables import TipFile

MOST_OFFERED: Final = 60
_BESIDE: Final = """
WITH here AS (SELECT tip FROM tip_file WHERE id = {}),
cases AS (
  SELECT c.id FROM case_file c JOIN (
    SELECT l."case" FROM link l JOIN here ON l.tip = here.tip
    UNION SELECT s."case" FROM link_suggestion s JOIN here ON s.tip = here.tip WHERE s.state = 'proposed'
  ) near ON near."case" = c.id WHERE {}),
tips AS (
  SELECT tip FROM here UNION SELECT l.tip FROM link l JOIN cases ON l."case" = cases.id
  UNION SELECT s.tip FROM link_suggestion s JOIN cases ON s."case" = cases.id WHERE s.state = 'proposed')
SELECT f.id, f.role, f.position, t.alias, t.received_at FROM tip_file f JOIN tip t ON t.id = f.tip
WHERE f.tip IN (SELECT tip FROM tips) AND f.id <> {}
ORDER BY f.tip = (SELECT tip FROM here) DESC, t.received_at DESC, f.position LIMIT {}"""


async def files_beside(file: UUID, *, of: Reader) -> list[dict[str, Any]]:
    """Return up to 60 files to compare with: of the same tip first, then of tips linked or suggested to its cases."""
    rows: list[dict[str, Any]] = await TipFile.raw(_BESIDE, file, visible_cases(of), file, MOST_OFFERED)
    return rows

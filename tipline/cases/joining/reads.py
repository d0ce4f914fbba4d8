"""What a case file shows of merging and splitting, and which case a number names."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from tipline.cases.access import Reader, visible_cases
from tipline.cases.tables import Case

_JOININGS: Final = """
SELECT j.id, j.kind, j."case", j.other, j.reason, j.happened_at, j.recorded_at, o.full_name AS decided_by_name,
       a.number AS case_number, b.number AS other_number,
       (SELECT count(*) FROM case_move m WHERE m.joining = j.id AND m.link IS NOT NULL) AS tips,
       (SELECT count(*) FROM case_move m WHERE m.joining = j.id AND m.vehicle IS NOT NULL) AS vehicles,
       (SELECT count(*) FROM case_move m WHERE m.joining = j.id AND m.person IS NOT NULL) AS persons
FROM case_joining j JOIN officer o ON o.id = j.decided_by JOIN case_file a ON a.id = j."case"
JOIN case_file b ON b.id = j.other
WHERE j."case" IN (SELECT case_family({})) OR j.other IN (SELECT case_family({})) ORDER BY j.recorded_at, j.id"""


async def joinings_of(case_id: UUID) -> list[dict[str, Any]]:
    """Return every merge and split that a case had a part in, in the order of entry."""
    rows: list[dict[str, Any]] = await Case.raw(_JOININGS, case_id, case_id)
    return rows


async def case_numbered(number: str, *, of: Reader) -> UUID | None:
    """Return the case that bears a number, if `of` may read it; None when there is none."""
    rows: list[dict[str, Any]] = await Case.raw(
        "SELECT c.id FROM case_file c WHERE c.number = {} AND {}", number.strip(), visible_cases(of)
    )
    return rows[0]["id"] if rows else None

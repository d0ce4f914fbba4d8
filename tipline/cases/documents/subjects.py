"""What a record of rights told is about: the service of a determination, or the notice before a penalty."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from tipline.cases.documents.masking import MASK, masked_persons
from tipline.cases.tables import Case

SERVICE: Final = "service"
PENALTY: Final = "penalty"
_SUBJECTS: Final = """
SELECT s.id, 'service' AS what, q.person, coalesce(p.full_name, q.described_as) AS name, d.number AS official_number,
       d.kind, s.method, s.served_at AS told_at, s.received_by, s.tells_review, s.tells_mediation, s.tells_litigation,
       '' AS statement, '' AS statement_answer, false AS is_hearing_offered, false AS is_hearing_asked,
       o.full_name AS recorded_by_name
FROM determination_service s JOIN determination_party q ON q.id = s.party
JOIN determination d ON d.id = q.determination LEFT JOIN person p ON p.id = q.person
JOIN officer o ON o.id = s.served_by
WHERE d."case" IN (SELECT case_family({}))
UNION ALL
SELECT n.id, 'penalty', x.person, p.full_name, coalesce(x.document_number, ''), x.kind, '', n.informed_at, '',
       false, false, false, n.statement, n.statement_answer, n.is_hearing_offered, n.is_hearing_asked, o.full_name
FROM penalty_notice n JOIN outcome x ON x.id = n.outcome JOIN person p ON p.id = x.person
JOIN officer o ON o.id = n.recorded_by
WHERE x."case" IN (SELECT case_family({}))
ORDER BY told_at, id"""


async def subjects_of(case_id: UUID, *, now: datetime) -> list[dict[str, Any]]:
    """Return the services and notices recorded on a case, in order of time; `shown` is the name as paper may bear it.

    Who received a document for a masked person is a guardian, whose name would tell the person's: it is masked too.
    """
    rows: list[dict[str, Any]] = await Case.raw(_SUBJECTS, case_id, case_id)
    masked = await masked_persons((row["person"] for row in rows if row["person"]), now=now)
    return [
        row
        | {
            "shown": MASK if row["person"] in masked else row["name"],
            "received_by": "（隐去）" if row["person"] in masked and row["received_by"] else row["received_by"],
        }
        for row in rows
    ]

"""What the tab of documents shows: every paper of the case with its versions, the newest first."""

from __future__ import annotations

import json
from typing import Any, Final
from uuid import UUID

from tipline.cases.documents.tables import CaseDocument, DocumentKind
from tipline.work.tables import Job

# `standing` is the newest version kept: what came before is superseded, what failed after it changed nothing.
_DOCUMENTS: Final = """
SELECT d.id, d.kind, d.subject, d.version, d.official_number, d.made_at, d.state, d.problem, d.settled_at,
       o.full_name AS made_by_name, o.badge_number AS made_by_badge,
       i.sha256, i.size_bytes, w.state AS work_state,
       max(d.version) FILTER (WHERE d.state = 'kept') OVER (PARTITION BY d.kind, d.subject) AS standing
FROM case_document d JOIN officer o ON o.id = d.made_by LEFT JOIN evidence_item i ON i.id = d.item
LEFT JOIN LATERAL (SELECT w.state FROM work w WHERE w.job = {} AND w.subject = d.id
                   ORDER BY w.asked_at DESC LIMIT 1) w ON true
WHERE d."case" = {} ORDER BY d.made_at DESC, d.version DESC, d.id"""
_LAST_FIELDS: Final = """
SELECT d.fields, d.official_number FROM case_document d
WHERE d."case" = {} AND d.kind = {} AND d.subject = {} ORDER BY d.version DESC LIMIT 1"""


async def documents_of(case_id: UUID) -> list[dict[str, Any]]:
    """Return every version of every paper of a case, latest first, in one statement.

    `status` is `asked`, `failed`, `refused`, `standing` or `superseded`; `superseded_by` the version that stands.
    """
    rows: list[dict[str, Any]] = await CaseDocument.raw(_DOCUMENTS, Job.MAKE_DOCUMENT.value, case_id)
    return [row | {"status": _status(row)} for row in rows]


def _status(row: dict[str, Any]) -> str:
    if row["state"] == "kept":
        return "standing" if row["version"] == row["standing"] else "superseded"
    if row["state"] == "asked" and row["work_state"] == "failed":
        return "failed"
    return str(row["state"])


async def last_fields(case_id: UUID, kind: DocumentKind, subject: UUID | None) -> dict[str, str]:
    """Return what was typed for the latest version, its official number too; empty where there is none."""
    rows: list[dict[str, Any]] = await CaseDocument.raw(_LAST_FIELDS, case_id, kind.value, subject or case_id)
    return {} if not rows else json.loads(rows[0]["fields"]) | {"official_number": rows[0]["official_number"]}


async def is_document(item_id: UUID) -> bool:
    """Return whether a sealed item is a paper of a case."""
    return await CaseDocument.exists().where(CaseDocument.item == item_id)

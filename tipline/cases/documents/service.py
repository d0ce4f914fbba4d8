"""文书 Deeds on the papers of a case: make the next version, ask again for one that failed, give one out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid4

from evidence.canonical import canonical_json
from evidence.custody import Custody
from tipline.accounts.audit.service import enter
from tipline.accounts.audit.tables import AuditAct, AuditSubject
from tipline.cases.documents.contents import Making, sheet_of
from tipline.cases.documents.errors import DocumentNotFailed, DocumentNotFound, DocumentNotReady
from tipline.cases.documents.material import material_of
from tipline.cases.documents.rules import DocumentDraft, Standing, draft_problems
from tipline.cases.documents.subjects import subjects_of
from tipline.cases.documents.tables import CaseDocument, DocumentKind, DocumentState
from tipline.cases.locks import case_locked, officer_of
from tipline.cases.procedure.reads import registration_of
from tipline.cases.tables import CaseState
from tipline.database import engine
from tipline.errors import Invalid
from tipline.papers.sheet import Sheet
from tipline.work.service import ask
from tipline.work.tables import Job

PURPOSE: Final = "document saved"
_REQUEST: Final = """
SELECT d.fields ->> 'recipients' AS recipients, d.official_number, d.made_at FROM case_document d
WHERE d."case" = {} AND d.kind = 'assistance_request' AND d.state <> 'refused' ORDER BY d.version DESC LIMIT 1"""
_NEXT: Final = """
SELECT coalesce(max(d.version), 0) + 1 AS version FROM case_document d
WHERE d."case" = {} AND d.kind = {} AND d.subject = {}"""
_ORDER: Final = """
SELECT d.id, d."case", d.kind, d.version, d.official_number, d.sheet, d.sheet_sha256, d.badge_number, d.made_at, d.state
FROM case_document d WHERE d.id = {}"""
_FAILED: Final = """
SELECT d.id FROM case_document d WHERE d."case" = {} AND d.id = {} AND (d.state = 'refused' OR d.state = 'asked' AND (
  SELECT w.state FROM work w WHERE w.job = {} AND w.subject = d.id ORDER BY w.asked_at DESC LIMIT 1) = 'failed')"""


@dataclass(frozen=True, slots=True)
class Known:
    """What a kind of paper begins with: the subjects to choose from, the standing request, numbers known."""

    subjects: list[dict[str, Any]]
    request: dict[str, Any]
    number: str


@dataclass(frozen=True, slots=True)
class Order:
    """A paper to be drawn: its words, and what the ledger is to say of it."""

    id: UUID
    case: UUID
    sheet: Mapping[str, Any]
    facts: Mapping[str, Any]
    made_at: datetime
    is_kept: bool


async def known_for(case_id: UUID, kind: DocumentKind, subject: UUID | None, *, now: datetime) -> Known:
    """Return what the case knows for a paper of this kind; `subject` chooses among the records of rights told."""
    request: dict[str, Any] = {}
    subjects: list[dict[str, Any]] = []
    number = ""
    if kind == DocumentKind.ASSISTANCE_WITHDRAWAL:
        rows: list[dict[str, Any]] = await CaseDocument.raw(_REQUEST, case_id)
        request = rows[0] if rows else {}
    elif kind == DocumentKind.RIGHTS_NOTICE:
        subjects = await subjects_of(case_id, now=now)
        number = next((row["official_number"] for row in subjects if row["id"] == subject), "")
    elif kind in {DocumentKind.EVIDENCE_LIST, DocumentKind.CASE_REPORT}:
        registration = await registration_of(case_id)
        number = "" if registration is None else registration.document_number
    return Known(subjects, request, number)


async def preview(case_id: UUID, draft: DocumentDraft, *, by: UUID, now: datetime) -> Sheet:
    """Return the paper as it would be made now, whatever is still missing in it; nothing is kept.

    Raises:
        CaseNotFound: there is no such case.
    """
    known = await known_for(case_id, draft.kind, draft.subject, now=now)
    return await _sheet(case_id, draft, known, by=by, now=now)


async def make(case_id: UUID, draft: DocumentDraft, *, by: UUID, now: datetime) -> UUID:
    """Fix the words of the next version of a paper, ask for its drawing, and return its id; earlier versions stay.

    Raises:
        CaseNotFound: there is no such case.
        Invalid: the draft does not hold (`draft_problems`).
    """
    async with engine().transaction():
        case = await case_locked(case_id)
        known = await known_for(case_id, draft.kind, draft.subject, now=now)
        standing = Standing(
            is_open=case.state == CaseState.OPEN,
            requested_of=known.request.get("recipients") or "",
            known_number=known.number,
            has_subject=any(row["id"] == draft.subject for row in known.subjects),
        )
        problems = draft_problems(draft, standing)
        if problems:
            raise Invalid(*problems)
        officer = await officer_of(by)
        sheet = json.loads(json.dumps((await _sheet(case_id, draft, known, by=by, now=now)).as_data()))
        document = CaseDocument(
            id=uuid4(),
            case=case_id,
            kind=draft.kind,
            subject=draft.subject or case_id,
            version=await _next_version(case_id, draft),
            official_number=draft.official_number,
            fields=json.dumps(dict(draft.fields), ensure_ascii=False),
            sheet=json.dumps(sheet, ensure_ascii=False),
            sheet_sha256=hashlib.sha256(canonical_json(sheet)).hexdigest(),
            made_by=by,
            badge_number=officer.badge_number,
            made_at=now,
            state=DocumentState.ASKED,
            item=None,
            problem="",
            settled_at=None,
        )
        await document.save()
        await enter(
            AuditAct.CREATED,
            AuditSubject.CASE,
            case_id,
            by=by,
            purpose=f"document {draft.kind.value}",
            now=now,
            facts={"document": document.id, "version": document.version, "official_number": draft.official_number},
        )
        await ask(Job.MAKE_DOCUMENT, document.id, now=now)
    return document.id


async def make_again(case_id: UUID, document_id: UUID, *, now: datetime) -> None:
    """Have a paper that failed drawn once more, from the same words.

    Raises:
        DocumentNotFound: the case has no such paper.
        DocumentNotFailed: it waits, or is drawn.
    """
    async with engine().transaction():
        await case_locked(case_id)
        if not await CaseDocument.exists().where((CaseDocument.id == document_id) & (CaseDocument.case == case_id)):
            raise DocumentNotFound(document_id)
        if not await CaseDocument.raw(_FAILED, case_id, document_id, Job.MAKE_DOCUMENT.value):
            raise DocumentNotFailed(document_id)
        await CaseDocument.raw(
            "UPDATE case_document SET state = 'asked', problem = '', settled_at = NULL WHERE id = {}", document_id
        )
        await ask(Job.MAKE_DOCUMENT, document_id, now=now)


async def give_out(
    case_id: UUID, document_id: UUID, *, by: UUID, badge_number: str, custody: Custody, now: datetime
) -> CaseDocument:
    """Enter into ledger and audit that an officer saves a paper, and return it; every saving is entered.

    Raises:
        DocumentNotFound: the case has no such paper.
        DocumentNotReady: it is not drawn yet.
    """
    document = (
        await CaseDocument.objects().where((CaseDocument.id == document_id) & (CaseDocument.case == case_id)).first()
    )
    if document is None:
        raise DocumentNotFound(document_id)
    if document.state != DocumentState.KEPT:
        raise DocumentNotReady(document_id)
    async with engine().transaction():
        await enter(
            AuditAct.EXPORTED,
            AuditSubject.CASE,
            case_id,
            by=by,
            purpose=PURPOSE,
            now=now,
            facts={"document": document_id, "kind": document.kind, "version": document.version},
        )
        await custody.viewed(document.item, actor=badge_number, purpose=PURPOSE, now=now)
    return document


async def order_of(document_id: UUID) -> Order:
    """Return what a worker is to draw.

    Raises:
        DocumentNotFound: nobody asked for it.
    """
    rows: list[dict[str, Any]] = await CaseDocument.raw(_ORDER, document_id)
    if not rows:
        raise DocumentNotFound(document_id)
    row = rows[0]
    return Order(
        id=row["id"],
        case=row["case"],
        sheet=json.loads(row["sheet"]),
        facts={
            "asked_by": row["badge_number"],
            "kind": row["kind"],
            "official_number": row["official_number"],
            "sheet_sha256": row["sheet_sha256"],
            "version": row["version"],
        },
        made_at=row["made_at"],
        is_kept=row["state"] == DocumentState.KEPT,
    )


async def record_kept(document_id: UUID, item: UUID, *, now: datetime) -> None:
    """Write down which sealed item the paper is; safe to repeat."""
    await CaseDocument.raw(
        "UPDATE case_document SET state = 'kept', item = {}, problem = '', settled_at = {}"
        " WHERE id = {} AND state <> 'kept'",
        item,
        now,
        document_id,
    )


async def record_refused(document_id: UUID, *, problem: str, now: datetime) -> None:
    """Write down that the paper cannot be drawn and why; what is kept stays kept."""
    await CaseDocument.raw(
        "UPDATE case_document SET state = 'refused', problem = {}, settled_at = {} WHERE id = {} AND state <> 'kept'",
        problem,
        now,
        document_id,
    )


async def _sheet(case_id: UUID, draft: DocumentDraft, known: Known, *, by: UUID, now: datetime) -> Sheet:
    officer = await officer_of(by)
    return sheet_of(
        Making(
            kind=draft.kind,
            version=await _next_version(case_id, draft),
            official_number=draft.official_number,
            fields=draft.fields,
            by_name=officer.full_name,
            by_badge=officer.badge_number,
            made_at=now,
        ),
        await material_of(case_id, now=now),
        subject=next((row for row in known.subjects if row["id"] == draft.subject), {}),
        request=known.request,
    )


async def _next_version(case_id: UUID, draft: DocumentDraft) -> int:
    rows: list[dict[str, int]] = await CaseDocument.raw(_NEXT, case_id, draft.kind.value, draft.subject or case_id)
    return rows[0]["version"]

"""Staff pages of the papers: the tab, the form with its preview, and the paper itself."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Stream, Template

from evidence.custody import Custody
from tipline.accounts.pages import signed_in
from tipline.accounts.rules import Right, roles_with
from tipline.cases.documents import service
from tipline.cases.documents.forms import begun, document_draft, kind_of, subject_of
from tipline.cases.documents.reads import documents_of, last_fields
from tipline.cases.documents.rules import FIELDS
from tipline.cases.documents.tables import DocumentKind
from tipline.cases.file_reads import head_of
from tipline.cases.tabs import tab_page
from tipline.clock import Clock
from tipline.errors import Refused, TiplineError
from tipline.web.answers import Answers, answered, read_answers
from tipline.web.guards import serves

SEE_OTHER: Final = 303
READERS: Final = serves(*roles_with(Right.READ_CASES))
WRITERS: Final = serves(*roles_with(Right.WRITE_CASES))
TAB: Final = "documents"


@get("/cases/{case_id:uuid}/documents", opt=READERS, include_in_schema=False)
async def documents(request: Request[Any, Any, Any], case_id: FromPath[UUID]) -> Template:
    """Show the papers of the case with their versions."""
    return await tab_page(
        request,
        case_id,
        TAB,
        "documents/documents.html",
        documents=await documents_of(case_id),
        kinds=list(DocumentKind),
    )


@get("/cases/{case_id:uuid}/documents/new", opt=WRITERS, include_in_schema=False)
async def new_document(
    request: Request[Any, Any, Any], case_id: FromPath[UUID], clock: NamedDependency[Clock]
) -> Template:
    """Ask what a paper is to say; `?kind=` names it, `?subject=` the service or notice a record is about."""
    kind, subject = kind_of(request.query_params), subject_of(request.query_params)
    known = await service.known_for(case_id, kind, subject, now=clock())
    typed = begun(kind, await head_of(case_id), known, await last_fields(case_id, kind, subject), subject)
    return await _form(request, case_id, Answers(typed), clock)


@post("/cases/{case_id:uuid}/documents", opt=WRITERS, include_in_schema=False)
async def make_document(
    request: Request[Any, Any, Any], case_id: FromPath[UUID], clock: NamedDependency[Clock]
) -> Template | Redirect:
    """Make the next version of a paper, or show what it would say."""
    answers = await read_answers(request)
    if answers.get("deed") == "preview":
        return await _form(request, case_id, answers, clock)
    try:
        await service.make(case_id, document_draft(answers), by=signed_in(request).id, now=clock())
    except Refused as refusal:
        return await _form(request, case_id, answers, clock, refusal)
    return _back(case_id)


@post("/cases/{case_id:uuid}/documents/{document_id:uuid}/again", opt=WRITERS, include_in_schema=False)
async def make_again(case_id: FromPath[UUID], document_id: FromPath[UUID], clock: NamedDependency[Clock]) -> Redirect:
    """Have a paper that failed drawn once more."""
    await service.make_again(case_id, document_id, now=clock())
    return _back(case_id)


@get("/cases/{case_id:uuid}/documents/{document_id:uuid}/pdf", opt=READERS, include_in_schema=False)
async def document_pdf(
    request: Request[Any, Any, Any],
    case_id: FromPath[UUID],
    document_id: FromPath[UUID],
    custody: NamedDependency[Custody],
    clock: NamedDependency[Clock],
) -> Stream:
    """Give out a paper as it was sealed."""
    officer = signed_in(request)
    document = await service.give_out(
        case_id, document_id, by=officer.id, badge_number=officer.badge_number, custody=custody, now=clock()
    )
    name = f"{document.kind.replace('_', '-')}-{document.version}.pdf"
    return Stream(
        custody.open(document.item),
        media_type="application/pdf",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Content-Security-Policy": "default-src 'none'; sandbox",
        },
    )


async def _form(
    request: Request[Any, Any, Any],
    case_id: UUID,
    answers: Answers,
    clock: Clock,
    refusal: TiplineError | None = None,
) -> Template:
    draft, now = document_draft(answers), clock()
    known = await service.known_for(case_id, draft.kind, draft.subject, now=now)
    return await tab_page(
        request,
        case_id,
        TAB,
        "documents/new.html",
        **answered(answers, refusal),
        kind=draft.kind,
        fields=FIELDS[draft.kind],
        known=known,
        sheet=await service.preview(case_id, draft, by=signed_in(request).id, now=now),
    )


def _back(case_id: UUID) -> Redirect:
    return Redirect(f"/cases/{case_id}/documents", status_code=SEE_OTHER)


HANDLERS: Final = [documents, new_document, make_document, make_again, document_pdf]

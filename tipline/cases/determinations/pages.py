"""Staff pages of the register: the tab, a document, its service, a disclosure, an application."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from tipline.accounts.pages import signed_in
from tipline.accounts.rules import Right, roles_with
from tipline.cases.determinations import service
from tipline.cases.determinations.forms import UNKNOWN, determination_draft, disclosure_draft, service_draft
from tipline.cases.determinations.lawbook import cited_now
from tipline.cases.determinations.reads import party_of, register_of
from tipline.cases.determinations.tables import (
    CauseShare,
    DeterminationKind,
    ReplacementGround,
    Responsibility,
    ResponsibilityBasis,
    ServiceMethod,
)
from tipline.cases.reads import persons_of
from tipline.cases.tables import PersonRole
from tipline.cases.tabs import tab_page
from tipline.clock import Clock
from tipline.errors import Invalid, Overtaken, Refused, TiplineError
from tipline.web.answers import Answers, read_answers
from tipline.web.errors import status_of
from tipline.web.guards import serves
from tipline.web.wording import sentence

SEE_OTHER: Final = 303
READERS: Final = serves(*roles_with(Right.READ_CASES))
WRITERS: Final = serves(*roles_with(Right.WRITE_CASES))
TAB: Final = "determinations"


@get("/cases/{case_id:uuid}/determinations", opt=READERS, include_in_schema=False)
async def register(request: Request[Any, Any, Any], case_id: FromPath[UUID]) -> Template:
    """Show the register of the case."""
    return await tab_page(
        request,
        case_id,
        TAB,
        "determinations/register.html",
        register=await register_of(case_id),
        law=await cited_now(),
    )


@get("/cases/{case_id:uuid}/determinations/new", opt=WRITERS, include_in_schema=False)
async def new_determination(request: Request[Any, Any, Any], case_id: FromPath[UUID]) -> Template:
    """Ask for a document of the national system; `?kind=` begins with its kind."""
    return await _determination_form(request, case_id, Answers({"kind": request.query_params.get("kind", "")}))


@post("/cases/{case_id:uuid}/determinations", opt=WRITERS, include_in_schema=False)
async def add_determination(
    request: Request[Any, Any, Any], case_id: FromPath[UUID], clock: NamedDependency[Clock]
) -> Template | Redirect:
    """Register a document as the next version."""
    answers = await read_answers(request)
    try:
        draft = determination_draft(answers, await persons_of(case_id))
        await service.register(case_id, draft, by=signed_in(request).id, now=clock())
    except (Refused, Overtaken) as refusal:
        return await _determination_form(request, case_id, answers, refusal)
    return to_register(case_id)


@get("/cases/{case_id:uuid}/determinations/parties/{party_id:uuid}/service", opt=WRITERS, include_in_schema=False)
async def service_form(request: Request[Any, Any, Any], case_id: FromPath[UUID], party_id: FromPath[UUID]) -> Template:
    """Ask how the document reached the party."""
    return await _service_form(request, case_id, party_id, Answers())


@post("/cases/{case_id:uuid}/determinations/parties/{party_id:uuid}/service", opt=WRITERS, include_in_schema=False)
async def serve(
    request: Request[Any, Any, Any],
    case_id: FromPath[UUID],
    party_id: FromPath[UUID],
    clock: NamedDependency[Clock],
) -> Template | Redirect:
    """Record the service on one party."""
    answers = await read_answers(request)
    try:
        await service.serve(case_id, party_id, service_draft(answers), by=signed_in(request).id, now=clock())
    except (Refused, Overtaken) as refusal:
        return await _service_form(request, case_id, party_id, answers, refusal)
    return to_register(case_id)


@get("/cases/{case_id:uuid}/determinations/disclosures/new", opt=WRITERS, include_in_schema=False)
async def new_disclosure(request: Request[Any, Any, Any], case_id: FromPath[UUID]) -> Template:
    """Ask when and to whom the evidence was shown."""
    return await form_page(request, case_id, "determinations/disclosure.html", Answers())


@post("/cases/{case_id:uuid}/determinations/disclosures", opt=WRITERS, include_in_schema=False)
async def add_disclosure(
    request: Request[Any, Any, Any], case_id: FromPath[UUID], clock: NamedDependency[Clock]
) -> Template | Redirect:
    """Record that the evidence was shown to the parties."""
    answers = await read_answers(request)
    try:
        await service.record_disclosure(case_id, disclosure_draft(answers), by=signed_in(request).id, now=clock())
    except (Refused, Overtaken) as refusal:
        return await form_page(request, case_id, "determinations/disclosure.html", answers, refusal)
    return to_register(case_id)


@get("/cases/{case_id:uuid}/determinations/applications/new", opt=WRITERS, include_in_schema=False)
async def new_application(request: Request[Any, Any, Any], case_id: FromPath[UUID]) -> Template:
    """Ask who applied for a determination while the flight is unsolved, and when."""
    return await _application_form(request, case_id, Answers())


@post("/cases/{case_id:uuid}/determinations/applications", opt=WRITERS, include_in_schema=False)
async def add_application(
    request: Request[Any, Any, Any], case_id: FromPath[UUID], clock: NamedDependency[Clock]
) -> Template | Redirect:
    """Record a written application of the victim's side."""
    answers = await read_answers(request)
    try:
        received_at = answers.needed_moment("received_at")
        await service.record_application(
            case_id,
            applicant=answers.row("applicant"),
            received_at=received_at,
            by=signed_in(request).id,
            now=clock(),
        )
    except (Refused, Overtaken) as refusal:
        return await _application_form(request, case_id, answers, refusal)
    return to_register(case_id)


async def form_page(
    request: Request[Any, Any, Any],
    case_id: UUID,
    template: str,
    answers: Answers,
    refusal: TiplineError | None = None,
    **context: Any,
) -> Template:
    """Answer with a form below the register's tab: fresh, or with what was typed and why it was refused."""
    problems = refusal.problems if isinstance(refusal, Invalid) else ()
    return await tab_page(
        request,
        case_id,
        TAB,
        template,
        status=200 if refusal is None else status_of(refusal),
        law=await cited_now(),
        answers=answers,
        problems=problems,
        told="" if problems or refusal is None else sentence(refusal),
        **context,
    )


def to_register(case_id: UUID) -> Redirect:
    """Answer with the way back to the register."""
    return Redirect(f"/cases/{case_id}/determinations", status_code=SEE_OTHER)


async def _determination_form(
    request: Request[Any, Any, Any], case_id: UUID, answers: Answers, refusal: TiplineError | None = None
) -> Template:
    found = await register_of(case_id)
    return await form_page(
        request,
        case_id,
        "determinations/new.html",
        answers,
        refusal,
        persons=await persons_of(case_id),
        unknown=UNKNOWN,
        standing=found.standing,
        applications=[one for one in found.applications if one["number"] is None],
        kinds=list(DeterminationKind),
        grounds=list(ReplacementGround),
        responsibilities=list(Responsibility),
        bases=list(ResponsibilityBasis),
        cause_shares=list(CauseShare),
    )


async def _service_form(
    request: Request[Any, Any, Any],
    case_id: UUID,
    party_id: UUID,
    answers: Answers,
    refusal: TiplineError | None = None,
) -> Template:
    party = await party_of(case_id, party_id)
    return await form_page(
        request,
        case_id,
        "determinations/service.html",
        answers,
        refusal,
        party=party,
        methods=list(ServiceMethod),
    )


async def _application_form(
    request: Request[Any, Any, Any], case_id: UUID, answers: Answers, refusal: TiplineError | None = None
) -> Template:
    victims = [one for one in await persons_of(case_id) if one["role"] == PersonRole.VICTIM]
    return await form_page(request, case_id, "determinations/application.html", answers, refusal, victims=victims)


HANDLERS: Final = [
    register,
    new_determination,
    add_determination,
    service_form,
    serve,
    new_disclosure,
    add_disclosure,
    new_application,
    add_application,
]

"""Staff pages of procedure: the form of each official step, taking one back, and noting a receipt."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from tipline.accounts.pages import signed_in
from tipline.accounts.rules import Right, roles_with
from tipline.cases.file_reads import head_of
from tipline.cases.procedure import service
from tipline.cases.procedure.errors import StepNotFound
from tipline.cases.procedure.forms import step_draft
from tipline.cases.procedure.reads import steps_of
from tipline.cases.procedure.rules import DECIDED_BY_THE_HEAD, NEEDS_REASON, TRANSFERS
from tipline.cases.procedure.tables import ProcedureKind
from tipline.cases.tabs import address_of
from tipline.clock import Clock
from tipline.errors import Overtaken, Refused, TiplineError
from tipline.law.service import day_of, rule
from tipline.web.answers import Answers, answer_page, read_answers
from tipline.web.guards import serves

SEE_OTHER: Final = 303
WRITERS: Final = serves(*roles_with(Right.WRITE_CASES))


@get("/cases/{case_id:uuid}/procedure/new", opt=WRITERS, include_in_schema=False)
async def step_form(
    request: Request[Any, Any, Any], case_id: FromPath[UUID], clock: NamedDependency[Clock]
) -> Template:
    """Ask for a step of the kind named in `?kind=`, registration unless told otherwise."""
    return await _step_form(request, case_id, _kind(request.query_params.get("kind", "")), Answers(), clock)


@post("/cases/{case_id:uuid}/procedure", opt=WRITERS, include_in_schema=False)
async def record_step(
    request: Request[Any, Any, Any], case_id: FromPath[UUID], clock: NamedDependency[Clock]
) -> Template | Redirect:
    """Record an official step."""
    answers = await read_answers(request)
    kind = _kind(answers.get("kind"))
    try:
        draft = step_draft(answers, kind)
        await service.record_step(case_id, draft, by=signed_in(request).id, now=clock())
    except (Refused, Overtaken) as refusal:
        return await _step_form(request, case_id, kind, answers, clock, refusal)
    return _to_overview(case_id)


@get("/cases/{case_id:uuid}/procedure/{step_id:uuid}/revoke", opt=WRITERS, include_in_schema=False)
async def revoke_form(request: Request[Any, Any, Any], case_id: FromPath[UUID], step_id: FromPath[UUID]) -> Template:
    """Ask why an entry is taken back."""
    return await _one_step_form(request, case_id, step_id, "procedure/revoke.html", Answers())


@post("/cases/{case_id:uuid}/procedure/{step_id:uuid}/revoke", opt=WRITERS, include_in_schema=False)
async def revoke(
    request: Request[Any, Any, Any],
    case_id: FromPath[UUID],
    step_id: FromPath[UUID],
    clock: NamedDependency[Clock],
) -> Template | Redirect:
    """Take back a step that was entered by mistake."""
    answers = await read_answers(request)
    try:
        await service.revoke_step(
            case_id, step_id, reason=answers.text("reason"), by=signed_in(request).id, now=clock()
        )
    except (Refused, Overtaken) as refusal:
        return await _one_step_form(request, case_id, step_id, "procedure/revoke.html", answers, refusal)
    return _to_overview(case_id)


@get("/cases/{case_id:uuid}/procedure/{step_id:uuid}/receipt", opt=WRITERS, include_in_schema=False)
async def receipt_form(request: Request[Any, Any, Any], case_id: FromPath[UUID], step_id: FromPath[UUID]) -> Template:
    """Ask when the other jurisdiction received the case."""
    return await _one_step_form(request, case_id, step_id, "procedure/receipt.html", Answers())


@post("/cases/{case_id:uuid}/procedure/{step_id:uuid}/receipt", opt=WRITERS, include_in_schema=False)
async def receipt(
    request: Request[Any, Any, Any],
    case_id: FromPath[UUID],
    step_id: FromPath[UUID],
    clock: NamedDependency[Clock],
) -> Template | Redirect:
    """Note when the other jurisdiction received the case."""
    answers = await read_answers(request)
    try:
        await service.note_receipt(case_id, step_id, received_at=answers.needed_moment("received_at"), now=clock())
    except (Refused, Overtaken) as refusal:
        return await _one_step_form(request, case_id, step_id, "procedure/receipt.html", answers, refusal)
    return _to_overview(case_id)


async def _step_form(
    request: Request[Any, Any, Any],
    case_id: UUID,
    kind: ProcedureKind,
    answers: Answers,
    clock: Clock,
    refusal: TiplineError | None = None,
) -> Template:
    return answer_page(
        request,
        "procedure/step.html",
        answers=answers,
        refusal=refusal,
        case=await head_of(case_id),
        kind=kind,
        kinds=list(ProcedureKind),
        basis=await rule(f"procedure_{kind.value}", on=day_of(clock())),
        is_decided_by_the_head=kind in DECIDED_BY_THE_HEAD,
        needs_reason=kind in NEEDS_REASON,
        is_transfer=kind in TRANSFERS,
    )


async def _one_step_form(
    request: Request[Any, Any, Any],
    case_id: UUID,
    step_id: UUID,
    template: str,
    answers: Answers,
    refusal: TiplineError | None = None,
) -> Template:
    step = next((row for row in await steps_of(case_id) if row["id"] == step_id and row["case"] == case_id), None)
    if step is None:
        raise StepNotFound(step_id)
    case = await head_of(case_id)
    return answer_page(request, template, answers=answers, refusal=refusal, case=case, step=step)


def _kind(text: str) -> ProcedureKind:
    return ProcedureKind(text) if text in set(ProcedureKind) else ProcedureKind.REGISTRATION


def _to_overview(case_id: UUID) -> Redirect:
    return Redirect(f"{address_of(case_id)}#procedure", status_code=SEE_OTHER)


HANDLERS: Final = [step_form, record_step, revoke_form, revoke, receipt_form, receipt]

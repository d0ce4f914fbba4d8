"""Staff pages that begin a new case from a tip."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from tipline.accounts.pages import signed_in
from tipline.accounts.rules import Right, roles_with
from tipline.accounts.service import list_case_officers
from tipline.cases.forms import case_draft, case_typed
from tipline.cases.from_tip import record_case_from_tip, told_by
from tipline.cases.procedure.forms import taken_over
from tipline.cases.tables import Severity
from tipline.cases.tabs import address_of
from tipline.clock import Clock
from tipline.errors import Overtaken, Refused, TiplineError
from tipline.intake.tables import Datum
from tipline.web.answers import Answers, answer_page, read_answers
from tipline.web.guards import serves

SEE_OTHER: Final = 303
WRITERS: Final = serves(*roles_with(Right.WRITE_CASES))


@get("/tips/{tip_id:uuid}/case", opt=WRITERS, include_in_schema=False)
async def new_case_from_tip(request: Request[Any, Any, Any], tip_id: FromPath[UUID]) -> Template:
    """Ask for a new case that begins with what the tip told."""
    typed = case_typed(await told_by(tip_id)) | {"lead_officer": str(signed_in(request).id)}
    return await _form(request, tip_id, Answers(typed))


@post("/tips/{tip_id:uuid}/case", opt=WRITERS, include_in_schema=False)
async def open_case_from_tip(
    request: Request[Any, Any, Any], tip_id: FromPath[UUID], clock: NamedDependency[Clock]
) -> Template | Redirect:
    """Record a new case and link the tip to it."""
    answers = await read_answers(request)
    units = {officer["id"]: officer["unit"] for officer in await list_case_officers()}
    try:
        transfer = taken_over(answers)
        draft = case_draft(answers, units=units, now=clock())
        case = await record_case_from_tip(tip_id, draft, transfer, by=signed_in(request).id, now=clock())
    except (Refused, Overtaken) as refusal:
        return await _form(request, tip_id, answers, refusal)
    return Redirect(address_of(case.id), status_code=SEE_OTHER)


async def _form(
    request: Request[Any, Any, Any], tip_id: UUID, answers: Answers, refusal: TiplineError | None = None
) -> Template:
    return answer_page(
        request,
        "cases/new.html",
        answers=answers,
        refusal=refusal,
        tip=await told_by(tip_id),
        severities=list(Severity),
        datums=list(Datum),
        officers=await list_case_officers(),
    )


HANDLERS: Final = [new_case_from_tip, open_case_from_tip]

"""Staff pages of merging and splitting: a form each, for commanders."""

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
from tipline.cases.closing.forms import chosen_rows
from tipline.cases.file_reads import head_of
from tipline.cases.forms import case_draft, case_typed
from tipline.cases.joining.reads import case_numbered
from tipline.cases.joining.service import Part, merge_cases, split_case
from tipline.cases.reads import links_of, persons_of, vehicles_of
from tipline.cases.tables import Severity
from tipline.cases.tabs import address_of
from tipline.clock import Clock
from tipline.errors import Invalid, Overtaken, Problem, Refused, TiplineError
from tipline.intake.tables import Datum
from tipline.web.answers import Answers, answer_page, read_answers
from tipline.web.guards import serves

SEE_OTHER: Final = 303
APPROVERS: Final = serves(*roles_with(Right.CLEAR_CASES))


@get("/cases/{case_id:uuid}/merging", opt=APPROVERS, include_in_schema=False)
async def merging_form(request: Request[Any, Any, Any], case_id: FromPath[UUID]) -> Template:
    """Ask a commander into which case this one goes."""
    return await _merging_form(request, case_id, Answers())


@post("/cases/{case_id:uuid}/merging", opt=APPROVERS, include_in_schema=False)
async def merge(
    request: Request[Any, Any, Any], case_id: FromPath[UUID], clock: NamedDependency[Clock]
) -> Template | Redirect:
    """Merge the case into the one whose number was typed."""
    answers = await read_answers(request)
    try:
        merged_at = answers.needed_moment("merged_at")
        into = await case_numbered(answers.text("into"), of=signed_in(request))
        if into is None:
            raise Invalid(Problem("into", "no_such_number"))
        await merge_cases(
            case_id, into, reason=answers.text("reason"), merged_at=merged_at, by=signed_in(request).id, now=clock()
        )
    except (Refused, Overtaken) as refusal:
        return await _merging_form(request, case_id, answers, refusal)
    return Redirect(address_of(into), status_code=SEE_OTHER)


@get("/cases/{case_id:uuid}/splitting", opt=APPROVERS, include_in_schema=False)
async def splitting_form(request: Request[Any, Any, Any], case_id: FromPath[UUID]) -> Template:
    """Ask a commander what goes into a case of its own, beginning with what this one says of the accident."""
    typed = case_typed(await head_of(case_id)) | {"number": "", "recorded_at": ""}
    return await _splitting_form(request, case_id, Answers(typed))


@post("/cases/{case_id:uuid}/splitting", opt=APPROVERS, include_in_schema=False)
async def split(
    request: Request[Any, Any, Any], case_id: FromPath[UUID], clock: NamedDependency[Clock]
) -> Template | Redirect:
    """Split the chosen tips, vehicles and persons off into a new case."""
    answers = await read_answers(request, lists=("links", "vehicles", "persons"))
    units = {officer["id"]: officer["unit"] for officer in await list_case_officers()}
    try:
        part = Part(**{name: chosen_rows(answers, name) for name in ("links", "vehicles", "persons")})
        draft = case_draft(answers, units=units, now=clock())
        joining = await split_case(
            case_id, draft, part, reason=answers.text("reason"), by=signed_in(request).id, now=clock()
        )
    except (Refused, Overtaken) as refusal:
        return await _splitting_form(request, case_id, answers, refusal)
    return Redirect(address_of(joining.other), status_code=SEE_OTHER)


async def _merging_form(
    request: Request[Any, Any, Any], case_id: UUID, answers: Answers, refusal: TiplineError | None = None
) -> Template:
    return answer_page(request, "joining/merging.html", answers=answers, refusal=refusal, case=await head_of(case_id))


async def _splitting_form(
    request: Request[Any, Any, Any], case_id: UUID, answers: Answers, refusal: TiplineError | None = None
) -> Template:
    return answer_page(
        request,
        "joining/splitting.html",
        answers=answers,
        refusal=refusal,
        case=await head_of(case_id),
        links=await links_of(case_id),
        vehicles=await vehicles_of(case_id),
        persons=await persons_of(case_id),
        severities=list(Severity),
        datums=list(Datum),
        officers=await list_case_officers(),
        chosen={name: answers.get(name).split() for name in ("links", "vehicles", "persons")},
    )


HANDLERS: Final = [merging_form, merge, splitting_form, split]

"""The tab of the officers on a case: who works on it beside its unit, and the form that puts one on."""

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
from tipline.cases.assignments.service import assign, assignments_of, may_assign, release
from tipline.cases.tabs import tab_page
from tipline.clock import Clock
from tipline.errors import Invalid, Overtaken, TiplineError
from tipline.web.answers import read_answers
from tipline.web.errors import status_of
from tipline.web.guards import serves
from tipline.web.wording import sentence

SEE_OTHER: Final = 303
TAB: Final = "assignments"
READERS: Final = serves(*roles_with(Right.READ_CASES))
WRITERS: Final = serves(*roles_with(Right.WRITE_CASES))


@get("/cases/{case_id:uuid}/assignments", opt=READERS, include_in_schema=False)
async def assignments(request: Request[Any, Any, Any], case_id: FromPath[UUID]) -> Template:
    """Show who works on the case."""
    return await _tab(request, case_id)


@post("/cases/{case_id:uuid}/assignments", opt=WRITERS, include_in_schema=False)
async def put_on(
    request: Request[Any, Any, Any], case_id: FromPath[UUID], clock: NamedDependency[Clock]
) -> Template | Redirect:
    """Put an officer on the case."""
    answers = await read_answers(request)
    try:
        await assign(case_id, answers.row("officer"), by=signed_in(request), now=clock())
    except (Invalid, Overtaken) as refusal:
        return await _tab(request, case_id, refusal)
    return _back(case_id)


@post("/cases/{case_id:uuid}/assignments/{assignment_id:uuid}/end", opt=WRITERS, include_in_schema=False)
async def take_off(
    request: Request[Any, Any, Any],
    case_id: FromPath[UUID],
    assignment_id: FromPath[UUID],
    clock: NamedDependency[Clock],
) -> Redirect:
    """Take an officer off the case."""
    await release(assignment_id, case_id, by=signed_in(request), now=clock())
    return _back(case_id)


async def _tab(request: Request[Any, Any, Any], case_id: UUID, refusal: TiplineError | None = None) -> Template:
    rows = await assignments_of(case_id)
    on_the_case = {row["officer"] for row in rows if row["ended_at"] is None}
    problems = refusal.problems if isinstance(refusal, Invalid) else ()
    return await tab_page(
        request,
        case_id,
        TAB,
        "assignments/assignments.html",
        status=status_of(refusal) if refusal else 200,
        assigned=rows,
        may_decide=await may_assign(case_id, signed_in(request)),
        officers=[row for row in await list_case_officers() if row["id"] not in on_the_case],
        problems=problems,
        told=sentence(refusal) if refusal and not problems else "",
    )


def _back(case_id: UUID) -> Redirect:
    return Redirect(f"/cases/{case_id}/{TAB}", status_code=SEE_OTHER)


HANDLERS: Final = [assignments, put_on, take_off]

"""Deeds that tie tips to cases: accept or dismiss a suggestion, or link by choice."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from litestar import Request, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from tipline.accounts.pages import signed_in
from tipline.accounts.rules import Right, roles_with
from tipline.cases.access import require_case
from tipline.cases.links import dismiss_suggestion, link_tip
from tipline.clock import Clock
from tipline.console.tip_pages import tip_page
from tipline.console.tip_reads import pair_of_suggestion
from tipline.console.triage.answers import answered
from tipline.errors import Overtaken, Problem
from tipline.web.guards import serves

SEE_OTHER: Final = 303
OVERTAKEN: Final = 409
REFUSED: Final = 422
LINKERS: Final = serves(*roles_with(Right.WRITE_CASES))


@post("/tips/{tip_id:uuid}/links", opt=LINKERS, include_in_schema=False)
async def link(
    request: Request[Any, Any, Any], tip_id: FromPath[UUID], clock: NamedDependency[Clock]
) -> Template | Redirect:
    """Link a tip to the case chosen."""
    form = await request.form()
    try:
        case_id = UUID(str(form.get("case", "")))
    except ValueError:
        return await tip_page(request, tip_id, status=REFUSED, problems=(Problem("case_q", "not_a_choice"),))
    await require_case(signed_in(request), case_id)
    return await answered(request, tip_id, link_tip(tip_id, case_id, by=signed_in(request).id, now=clock()))


@post("/suggestions/{suggestion_id:uuid}/accept", opt=LINKERS, include_in_schema=False)
async def accept(
    request: Request[Any, Any, Any], suggestion_id: FromPath[UUID], clock: NamedDependency[Clock]
) -> Template | Redirect:
    """Link the tip to the case that the machine suggested."""
    form = await request.form()
    tip_id, case_id = await pair_of_suggestion(suggestion_id, of=signed_in(request))
    try:
        await link_tip(tip_id, case_id, by=signed_in(request).id, now=clock(), suggestion_id=suggestion_id)
    except Overtaken as overtaken:
        return await tip_page(request, tip_id, status=OVERTAKEN, overtaken=overtaken)
    return _back(form, tip_id, case_id)


@post("/suggestions/{suggestion_id:uuid}/dismiss", opt=LINKERS, include_in_schema=False)
async def dismiss(
    request: Request[Any, Any, Any], suggestion_id: FromPath[UUID], clock: NamedDependency[Clock]
) -> Template | Redirect:
    """Say that tip and case do not belong together."""
    form = await request.form()
    tip_id, case_id = await pair_of_suggestion(suggestion_id, of=signed_in(request))
    try:
        await dismiss_suggestion(suggestion_id, by=signed_in(request).id, now=clock())
    except Overtaken as overtaken:
        return await tip_page(request, tip_id, status=OVERTAKEN, overtaken=overtaken)
    return _back(form, tip_id, case_id)


def _back(form: Any, tip_id: UUID, case_id: UUID) -> Redirect:
    address = f"/cases/{case_id}/tips" if form.get("back") == "case" else f"/tips/{tip_id}"
    return Redirect(address, status_code=SEE_OTHER)


HANDLERS: Final = [link, accept, dismiss]

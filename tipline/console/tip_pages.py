"""The tip page, and an officer's decision on a tip."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from tipline.accounts.pages import signed_in
from tipline.accounts.rules import Right, roles_with
from tipline.cases.screening.reads import plates_of_tip
from tipline.clock import Clock
from tipline.console.tip_reads import find_open_cases, read_tip
from tipline.errors import Overtaken, Problem
from tipline.intake import decisions
from tipline.intake.tables import DeclineReason, FileDeclineReason, TipState
from tipline.web.guards import serves
from tipline.web.page import page
from tipline.web.wording import sentence

SEE_OTHER: Final = 303
OVERTAKEN: Final = 409
REFUSED: Final = 422
WORDS_MAXIMUM: Final = 60


@get("/tips/{tip_id:uuid}", opt=serves(*roles_with(Right.READ_TIPS)), include_in_schema=False)
async def tip(request: Request[Any, Any, Any], tip_id: FromPath[UUID]) -> Template:
    """Show a tip with its media, hints, suggestions and links; `?case_q=` looks for open cases to link by hand."""
    return await tip_page(request, tip_id)


@post("/tips/{tip_id:uuid}/accept", opt=serves(*roles_with(Right.DECIDE_TIPS)), include_in_schema=False)
async def accept(
    request: Request[Any, Any, Any], tip_id: FromPath[UUID], clock: NamedDependency[Clock]
) -> Template | Redirect:
    """Take the tip into work; 409 with who and when if a colleague was faster."""
    form = await request.form()
    try:
        await decisions.accept_tip(tip_id, officer=signed_in(request).id, now=clock(), seen=_seen(form))
    except decisions.TipDecided as overtaken:
        return await tip_page(request, tip_id, status=OVERTAKEN, overtaken=overtaken)
    return Redirect(f"/tips/{tip_id}", status_code=SEE_OTHER)


@post("/tips/{tip_id:uuid}/decline", opt=serves(*roles_with(Right.DECIDE_TIPS)), include_in_schema=False)
async def decline(
    request: Request[Any, Any, Any], tip_id: FromPath[UUID], clock: NamedDependency[Clock]
) -> Template | Redirect:
    """Leave the tip aside with a reason; 409 with who and when if a colleague was faster."""
    form = await request.form()
    reason = str(form.get("reason", ""))
    if reason not in set(DeclineReason):
        return await tip_page(request, tip_id, status=REFUSED, problems=(Problem("reason", "not_a_choice"),))
    try:
        await decisions.decline_tip(
            tip_id, DeclineReason(reason), officer=signed_in(request).id, now=clock(), seen=_seen(form)
        )
    except decisions.TipDecided as overtaken:
        return await tip_page(request, tip_id, status=OVERTAKEN, overtaken=overtaken)
    return Redirect(f"/tips/{tip_id}", status_code=SEE_OTHER)


async def tip_page(
    request: Request[Any, Any, Any],
    tip_id: UUID,
    *,
    status: int = 200,
    problems: tuple[Problem, ...] = (),
    overtaken: Overtaken | None = None,
) -> Template:
    """Return the page of a tip as it stands now, with what came of a deed on top.

    Raises:
        TipNotFound: there is none.
    """
    words = request.query_params.get("case_q", "").strip()[:WORDS_MAXIMUM]
    return page(
        request,
        "console/tip.html",
        status=status,
        view=await read_tip(tip_id, of=signed_in(request)),
        problems=problems,
        overtaken=overtaken and sentence(overtaken),
        reasons=[reason.value for reason in DeclineReason],
        screened=await plates_of_tip(tip_id, of=signed_in(request)),
        file_reasons=[reason.value for reason in FileDeclineReason],
        case_words=words,
        cases=await find_open_cases(tip_id, words, of=signed_in(request)),
    )


def _seen(form: Any) -> TipState:
    seen = str(form.get("seen", ""))
    return TipState(seen) if seen in set(TipState) else TipState.RECEIVED


HANDLERS: Final = [tip, accept, decline]

"""Answering an alarm, the banner by itself for scripts, and the roster of duty."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from tipline.accounts.pages import signed_in
from tipline.accounts.rules import Right, roles_with
from tipline.clock import Clock
from tipline.errors import Invalid, TiplineError
from tipline.intake.alarms import roster, service
from tipline.intake.alarms.rules import LAST_PLACE
from tipline.web.answers import Answers, answer_page, read_answers
from tipline.web.guards import serves
from tipline.web.page import page

SEE_OTHER: Final = 303
READERS: Final = serves(*roles_with(Right.READ_TIPS))
PLANNERS: Final = serves(*roles_with(Right.PLAN_DUTY))


@get("/alarms", opt=READERS, include_in_schema=False)
async def banner(request: Request[Any, Any, Any]) -> Template:
    """Give the open alarms alone, for the script that keeps them up to date."""
    return page(request, "alarms/banner.html")


@post("/alarms/{alarm_id:uuid}/acknowledge", opt=serves(*roles_with(Right.DECIDE_TIPS)), include_in_schema=False)
async def acknowledge(
    request: Request[Any, Any, Any], alarm_id: FromPath[UUID], clock: NamedDependency[Clock]
) -> Redirect:
    """Answer an alarm and go to its tip."""
    tip = await service.acknowledge(alarm_id, officer=signed_in(request).id, now=clock())
    return Redirect(f"/tips/{tip}", status_code=SEE_OTHER)


@get("/desk/duty", opt=READERS, include_in_schema=False)
async def duty(request: Request[Any, Any, Any], clock: NamedDependency[Clock]) -> Template:
    """Show who is on duty now and later, and how alarms go on."""
    return await _duty(request, clock, Answers({"place": "1"}))


@post("/desk/duty", opt=PLANNERS, include_in_schema=False)
async def enter_turn(request: Request[Any, Any, Any], clock: NamedDependency[Clock]) -> Template | Redirect:
    """Put an officer on duty."""
    answers = await read_answers(request)
    try:
        begins_at, ends_at = answers.needed_moment("begins_at"), answers.needed_moment("ends_at")
        await roster.enter_turn(
            answers.row("officer"),
            begins_at=begins_at,
            ends_at=ends_at,
            place=answers.whole("place") or 0,
            by=signed_in(request).id,
            now=clock(),
        )
    except Invalid as refusal:
        return await _duty(request, clock, answers, refusal)
    return Redirect("/desk/duty", status_code=SEE_OTHER)


@post("/desk/duty/{turn_id:uuid}/cancel", opt=PLANNERS, include_in_schema=False)
async def cancel_turn(
    request: Request[Any, Any, Any], turn_id: FromPath[UUID], clock: NamedDependency[Clock]
) -> Redirect:
    """Take a turn off the roster."""
    await roster.cancel_turn(turn_id, by=signed_in(request).id, now=clock())
    return Redirect("/desk/duty", status_code=SEE_OTHER)


@post("/desk/duty/patience", opt=PLANNERS, include_in_schema=False)
async def set_patience(request: Request[Any, Any, Any], clock: NamedDependency[Clock]) -> Template | Redirect:
    """Set how long an alarm waits for each call."""
    answers = await read_answers(request)
    try:
        await roster.set_patience(answers.whole("patience_s") or 0, by=signed_in(request).id, now=clock())
    except Invalid as refusal:
        return await _duty(request, clock, answers, refusal)
    return Redirect("/desk/duty", status_code=SEE_OTHER)


async def _duty(
    request: Request[Any, Any, Any], clock: Clock, answers: Answers, refusal: TiplineError | None = None
) -> Template:
    now = clock()
    return answer_page(
        request,
        "alarms/duty.html",
        answers=answers,
        refusal=refusal,
        path="/desk/duty",
        turns=await roster.turns(now=now),
        officers=await roster.officers_who_may_serve(),
        patience_s=int((await service.patience_now()).total_seconds()),
        places=list(range(1, LAST_PLACE + 1)),
    )


HANDLERS: Final = [banner, acknowledge, duty, enter_turn, cancel_turn, set_patience]

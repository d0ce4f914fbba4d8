"""The tip page."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from litestar import Request, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Template

from tipline.accounts.pages import signed_in
from tipline.accounts.rules import Right, roles_with
from tipline.cases.screening.reads import plates_of_tip
from tipline.clock import Clock
from tipline.console.tip_reads import find_open_cases, read_tip
from tipline.console.triage.menus import menus
from tipline.console.triage.preview_reads import find_tips, read_side
from tipline.errors import Overtaken, Problem
from tipline.intake.tables import FileDeclineReason
from tipline.intake.triage.own import has_single_keys, mark_seen
from tipline.web.guards import serves
from tipline.web.page import page
from tipline.web.wording import sentence

WORDS_MAXIMUM: Final = 60


@get("/tips/{tip_id:uuid}", opt=serves(*roles_with(Right.READ_TIPS)), include_in_schema=False)
async def tip(request: Request[Any, Any, Any], tip_id: FromPath[UUID], clock: NamedDependency[Clock]) -> Template:
    """Show a tip with its media, hints, suggestions, links and history; the officer has seen it then.

    `?case_q=` looks for open cases to link by hand, `?tip_q=` for the tip that it is a duplicate of.
    """
    shown = await tip_page(request, tip_id)
    await mark_seen(tip_id, officer=signed_in(request).id, now=clock())
    return shown


async def tip_page(
    request: Request[Any, Any, Any],
    tip_id: UUID,
    *,
    status: int = 200,
    problems: tuple[Problem, ...] = (),
    overtaken: Overtaken | None = None,
    told: str = "",
) -> Template:
    """Return the page of a tip as it stands now, with what came of a deed on top.

    Raises:
        TipNotFound: there is none.
    """
    officer = signed_in(request)
    words, tip_words = (request.query_params.get(name, "").strip()[:WORDS_MAXIMUM] for name in ("case_q", "tip_q"))
    return page(
        request,
        "console/tip.html",
        status=status,
        view=await read_tip(tip_id, of=officer),
        problems=problems,
        overtaken=overtaken and sentence(overtaken),
        told=told,
        has_keys=await has_single_keys(officer.id),
        side=await read_side(tip_id, of=officer),
        tip_words=tip_words,
        tips_found=await find_tips(tip_id, tip_words),
        file_reasons=[reason.value for reason in FileDeclineReason],
        screened=await plates_of_tip(tip_id, of=officer),
        case_words=words,
        cases=await find_open_cases(tip_id, words, of=officer),
        **await menus(),
    )


HANDLERS: Final = [tip]

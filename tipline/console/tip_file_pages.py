"""Decisions on the files of a tip, one by one."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from litestar import Request, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from tipline.accounts.pages import signed_in
from tipline.accounts.rules import Right, roles_with
from tipline.clock import Clock
from tipline.console.tip_pages import tip_page
from tipline.errors import Invalid, Problem
from tipline.intake.errors import FileDecided
from tipline.intake.file_decisions import decide_file
from tipline.intake.tables import FileDecision, FileDeclineReason
from tipline.web.guards import serves

SEE_OTHER: Final = 303
OVERTAKEN: Final = 409
REFUSED: Final = 422


@post(
    "/tips/{tip_id:uuid}/files/{file_id:uuid}/decision",
    opt=serves(*roles_with(Right.DECIDE_TIPS)),
    include_in_schema=False,
)
async def decide(
    request: Request[Any, Any, Any], tip_id: FromPath[UUID], file_id: FromPath[UUID], clock: NamedDependency[Clock]
) -> Template | Redirect:
    """Take a file as evidence or leave it aside; 409 with who and when if a colleague was faster."""
    form = await request.form()
    words = {name: str(form.get(name, "")) for name in ("decision", "seen", "reason")}
    if words["decision"] not in set(FileDecision) or words["seen"] not in set(FileDecision):
        return await tip_page(request, tip_id, status=REFUSED, problems=(Problem("", "not_a_choice"),))
    try:
        await decide_file(
            tip_id,
            file_id,
            FileDecision(words["decision"]),
            officer=signed_in(request).id,
            seen=FileDecision(words["seen"]),
            now=clock(),
            reason=FileDeclineReason(words["reason"]) if words["reason"] in set(FileDeclineReason) else None,
        )
    except FileDecided as overtaken:
        return await tip_page(request, tip_id, status=OVERTAKEN, overtaken=overtaken)
    except Invalid as refusal:
        return await tip_page(request, tip_id, status=REFUSED, problems=refusal.problems)
    return Redirect(f"/tips/{tip_id}#media", status_code=SEE_OTHER)


HANDLERS: Final = [decide]

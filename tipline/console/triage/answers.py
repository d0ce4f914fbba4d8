"""How a deed on a tip is answered: with the page, or, where the inbox's script asked, with the one row and a word."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any, Final
from uuid import UUID

from litestar import Request
from litestar.response import Redirect, Template

from tipline.accounts.pages import signed_in
from tipline.console.tip_pages import tip_page
from tipline.console.triage.preview_reads import last_deed_of
from tipline.console.triage.reads import read_row
from tipline.errors import Overtaken, Refused
from tipline.intake.triage.errors import DeedOfAnother
from tipline.web.errors import status_of
from tipline.web.page import page
from tipline.web.wording import sentence

SEE_OTHER: Final = 303
FRAGMENT: Final = "x-fragment"


def wants_row(request: Request[Any, Any, Any]) -> bool:
    """Return whether the inbox's script asks, which puts the row in place."""
    return request.headers.get(FRAGMENT) == "row"


async def answered(request: Request[Any, Any, Any], tip_id: UUID, deed: Awaitable[object]) -> Template | Redirect:
    """Do the deed, and answer how the tip stands then; a colleague who was faster is named, under 409."""
    try:
        await deed
    except (Overtaken, Refused, DeedOfAnother) as refusal:
        return await _refused(request, tip_id, refusal)
    if wants_row(request):
        return await _row(request, tip_id, deed=await last_deed_of(signed_in(request).id))
    return Redirect(f"/tips/{tip_id}", status_code=SEE_OTHER)


async def _refused(
    request: Request[Any, Any, Any], tip_id: UUID, refusal: Overtaken | Refused | DeedOfAnother
) -> Template:
    if wants_row(request):
        return await _row(request, tip_id, refusal=refusal)
    if isinstance(refusal, Overtaken):
        return await tip_page(request, tip_id, status=status_of(refusal), overtaken=refusal)
    return await tip_page(request, tip_id, status=status_of(refusal), told=sentence(refusal))


async def _row(
    request: Request[Any, Any, Any],
    tip_id: UUID,
    *,
    deed: dict[str, Any] | None = None,
    refusal: Overtaken | Refused | DeedOfAnother | None = None,
) -> Template:
    return page(
        request,
        "triage/row_answer.html",
        status=200 if refusal is None else status_of(refusal),
        tip=await read_row(tip_id, of=signed_in(request)),
        deed=deed if deed is not None and deed["tip"] == tip_id else None,
        refusal=refusal and sentence(refusal),
        is_overtaken=isinstance(refusal, Overtaken),
    )

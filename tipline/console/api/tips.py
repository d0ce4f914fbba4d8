"""Tips by program: read, decide, link."""

from __future__ import annotations

from typing import Annotated, Any, Final
from uuid import UUID

from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from tipline.accounts.pages import signed_in
from tipline.accounts.rules import Right, roles_with
from tipline.accounts.tokens.tables import TokenScope
from tipline.cases.access import require_case
from tipline.cases.links import link_tip
from tipline.clock import Clock
from tipline.console.api.answers import (
    CHANGING,
    READING,
    MadeOut,
    TipFileOut,
    TipLinkOut,
    TipOut,
    TipRow,
    TipsOut,
    TipStateOut,
    problems,
    told,
)
from tipline.console.api.bodies import AcceptIn, DeclineIn, LinkIn
from tipline.console.tip_reads import read_tip
from tipline.console.triage.reads import read_inbox
from tipline.console.triage.wishes import wish_from
from tipline.intake import decisions
from tipline.intake.tables import TipState
from tipline.web.guards import serves_programs

TAG: Final = "tips"
READERS: Final = serves_programs(TokenScope.TIPS_READ, *roles_with(Right.READ_TIPS))
DECIDERS: Final = serves_programs(TokenScope.TIPS_DECIDE, *roles_with(Right.DECIDE_TIPS))
LINKERS: Final = serves_programs(TokenScope.CASES_WRITE, *roles_with(Right.WRITE_CASES))
Asked = Request[Any, Any, Any]
State = Annotated[
    str, QueryParameter(name="state", description="`received` (the queue), a state, `snoozed`, or empty for all.")
]
Words = Annotated[str, QueryParameter(name="q", description="Part of alias, plate, place or story.")]
Tag = Annotated[str, QueryParameter(name="tag", description="Name of a tag.")]
Page = Annotated[int, QueryParameter(name="page", ge=1, le=100_000, description="From 1.")]


@get("/tips", tags=[TAG], opt=READERS, summary="List tips", responses=problems(READING))
async def list_tips(
    request: Asked,
    clock: NamedDependency[Clock],
    standing: State = TipState.RECEIVED.value,
    words: Words = "",
    tag: Tag = "",
    page: Page = 1,
) -> TipsOut:
    """Give a page of tips, as the inbox lists them."""
    wish = wish_from({"state": standing, "q": words, "tag": tag, "page": str(page)})
    inbox = await read_inbox(wish, of=signed_in(request), now=clock())
    return TipsOut(
        tips=[told(TipRow, row) for row in inbox.tips], total=inbox.found, page=wish.page, pages=inbox.page_count
    )


@get("/tips/{tip_id:uuid}", tags=[TAG], opt=READERS, summary="Read a tip", responses=problems(READING))
async def tip(request: Asked, tip_id: FromPath[UUID]) -> TipOut:
    """Give a tip whole; the look is entered in the audit."""
    view = await read_tip(tip_id, of=signed_in(request))
    return told(
        TipOut,
        view.tip,
        files=[told(TipFileOut, file.row) for file in view.files],
        links=[told(TipLinkOut, row) for row in view.links],
    )


@post(
    "/tips/{tip_id:uuid}/accept",
    tags=[TAG],
    opt=DECIDERS,
    status_code=200,
    summary="Take a tip into work",
    responses=problems(CHANGING),
)
async def accept(
    request: Asked, tip_id: FromPath[UUID], data: JSONBody[AcceptIn], clock: NamedDependency[Clock]
) -> TipStateOut:
    """Take the tip into work."""
    await decisions.accept_tip(tip_id, officer=signed_in(request).id, now=clock(), seen=data.seen)
    return TipStateOut(id=tip_id, state=TipState.ACCEPTED)


@post(
    "/tips/{tip_id:uuid}/decline",
    tags=[TAG],
    opt=DECIDERS,
    status_code=200,
    summary="Leave a tip aside",
    responses=problems(CHANGING),
)
async def decline(
    request: Asked, tip_id: FromPath[UUID], data: JSONBody[DeclineIn], clock: NamedDependency[Clock]
) -> TipStateOut:
    """Leave the tip aside with a reason."""
    await decisions.decline_tip(tip_id, data.reason, officer=signed_in(request).id, now=clock(), seen=data.seen)
    return TipStateOut(id=tip_id, state=TipState.DECLINED)


@post(
    "/tips/{tip_id:uuid}/links", tags=[TAG], opt=LINKERS, summary="Link a tip to a case", responses=problems(CHANGING)
)
async def link(
    request: Asked, tip_id: FromPath[UUID], data: JSONBody[LinkIn], clock: NamedDependency[Clock]
) -> MadeOut:
    """Link the tip to an open case, and take it into work."""
    await require_case(signed_in(request), data.case)
    made = await link_tip(tip_id, data.case, by=signed_in(request).id, now=clock())
    return MadeOut(id=made.id)


HANDLERS: Final = [list_tips, tip, accept, decline, link]

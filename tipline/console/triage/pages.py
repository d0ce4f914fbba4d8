"""The inbox, the preview beside it, decisions on many tips, and what an officer keeps for himself there."""

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
from tipline.console.triage.bulk import BulkDeed, BulkResult, BulkWish, Picked, decide_many
from tipline.console.triage.menus import menus
from tipline.console.triage.preview_reads import last_deed_of, read_preview
from tipline.console.triage.reads import SEARCH_COUNTED_TO, read_inbox, read_searches, searches_of
from tipline.console.triage.wishes import STATES, wish_from, wish_of_query
from tipline.errors import Invalid, Refused
from tipline.intake.tables import DeclineReason, TipState
from tipline.intake.triage import own
from tipline.intake.triage.rules import Snooze
from tipline.web.answers import Answers, read_answers
from tipline.web.guards import serves
from tipline.web.page import page
from tipline.web.wording import sentence

SEE_OTHER: Final = 303
REFUSED: Final = 422
READERS: Final = serves(*roles_with(Right.READ_TIPS))
DECIDERS: Final = serves(*roles_with(Right.DECIDE_TIPS))


@get("/inbox", opt=READERS, include_in_schema=False)
async def inbox(request: Request[Any, Any, Any], clock: NamedDependency[Clock]) -> Template:
    """Show tips, those that wait for a decision unless others were asked for."""
    return await inbox_page(request, clock)


async def inbox_page(request: Request[Any, Any, Any], clock: Clock, *, refusal: Refused | None = None) -> Template:
    """Return the inbox as the address wishes, with why something was refused on top."""
    wish, officer, now = wish_from(request.query_params), signed_in(request), clock()
    searches = await searches_of(officer.id)
    wishes = {row["id"]: wish_of_query(row["query"]) for row in searches}
    return page(
        request,
        "console/inbox.html",
        status=200 if refusal is None else REFUSED,
        wish=wish,
        states=STATES,
        inbox=await read_inbox(wish, of=officer, now=now),
        address=f"/inbox?{wish.query}",
        searches=[row | {"wish": wishes[row["id"]]} for row in searches],
        searches_found=await read_searches(wishes, officer=officer.id, now=now),
        counted_to=SEARCH_COUNTED_TO,
        has_keys=await own.has_single_keys(officer.id),
        last_deed=await last_deed_of(officer.id),
        refusal=refusal and sentence(refusal),
        **await menus(),
    )


@get("/tips/{tip_id:uuid}/preview", opt=READERS, include_in_schema=False)
async def preview(request: Request[Any, Any, Any], tip_id: FromPath[UUID], clock: NamedDependency[Clock]) -> Template:
    """Show one tip beside the list; the officer has seen it then."""
    officer = signed_in(request)
    view = await read_preview(tip_id, of=officer)
    await own.mark_seen(tip_id, officer=officer.id, now=clock())
    return page(request, "triage/preview.html", view=view, **await menus())


@post("/inbox/bulk", opt=DECIDERS, include_in_schema=False)
async def bulk(request: Request[Any, Any, Any], clock: NamedDependency[Clock]) -> Template:
    """Do one deed on every tip that was ticked, and tell what became of each."""
    answers = await read_answers(request, lists=("tip",))
    try:
        picked, wish = _picked(answers), _bulk_wish(answers)
    except Refused as refusal:
        return await inbox_page(request, clock, refusal=refusal)
    results = await decide_many(picked, wish, officer=signed_in(request).id, now=clock())
    return page(
        request,
        "triage/bulk.html",
        wish=wish,
        back=f"/inbox?{wish_of_query(answers.get('back')).query}",
        done=[one for one in results if one.refusal is None],
        refused=[_told(one) for one in results if one.refusal is not None],
    )


@post("/inbox/searches", opt=READERS, include_in_schema=False)
async def save_search(request: Request[Any, Any, Any], clock: NamedDependency[Clock]) -> Template | Redirect:
    """Keep the present search under a name."""
    answers = await read_answers(request)
    query = wish_of_query(answers.get("query")).query
    try:
        await own.save_search(answers.text("name"), query, officer=signed_in(request).id, now=clock())
    except Refused as refusal:
        return await inbox_page(request, clock, refusal=refusal)
    return Redirect(f"/inbox?{query}", status_code=SEE_OTHER)


@post("/inbox/searches/{search_id:uuid}/remove", opt=READERS, include_in_schema=False)
async def remove_search(request: Request[Any, Any, Any], search_id: FromPath[UUID]) -> Redirect:
    """Remove one of the officer's own searches."""
    await own.forget_search(search_id, officer=signed_in(request).id)
    return Redirect("/inbox", status_code=SEE_OTHER)


@post("/inbox/keys", opt=READERS, include_in_schema=False)
async def keys(request: Request[Any, Any, Any]) -> Redirect:
    """Switch the officer's single keys on or off."""
    answers = await read_answers(request)
    await own.set_single_keys(officer=signed_in(request).id, are_on=answers.get("keys") == "on")
    return Redirect("/inbox", status_code=SEE_OTHER)


def _told(one: BulkResult) -> dict[str, Any]:
    return {"tip": one.tip, "alias": one.alias, "told": sentence(one.refusal) if one.refusal else ""}


def _picked(answers: Answers) -> list[Picked]:
    picked = []
    for words in answers.get("tip").split():
        tip_id, _, seen = words.partition(":")
        try:
            picked.append(Picked(UUID(tip_id), TipState(seen)))
        except ValueError:
            continue
    return picked


def _bulk_wish(answers: Answers) -> BulkWish:
    """Read the deed and what it needs.

    Raises:
        Invalid: no deed was chosen, or something that it needs is missing.
    """
    deed = answers.choice("deed", BulkDeed, BulkDeed.ACCEPT)
    reason, snooze, assignee = DeclineReason.OTHER, Snooze.TOMORROW, None
    if deed == BulkDeed.DECLINE:
        reason = answers.choice("reason", DeclineReason, reason)
    if deed == BulkDeed.SNOOZE:
        snooze = answers.choice("for", Snooze, snooze)
    if answers.problems:
        raise Invalid(*answers.problems)
    if deed == BulkDeed.ASSIGN:
        assignee = answers.row("officer")
    return BulkWish(deed=deed, reason=reason, snooze=snooze, assignee=assignee, tag=answers.text("tag"))


HANDLERS: Final = [inbox, preview, bulk, save_search, remove_search, keys]

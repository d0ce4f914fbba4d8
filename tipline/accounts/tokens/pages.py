"""An officer's own access tokens: made for a program, shown once, ended."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from tipline.accounts.pages import SEE_OTHER, signed_in
from tipline.accounts.tables import OfficerRole
from tipline.accounts.tokens import service
from tipline.accounts.tokens.rules import DAYS, NAME_MAXIMUM, scopes_for
from tipline.clock import Clock
from tipline.errors import Invalid, SlowDown, TiplineError
from tipline.web.answers import Answers, answer_page, read_answers
from tipline.web.guards import serves

ADDRESS: Final = "/account/tokens"


@get(ADDRESS, opt=serves(), include_in_schema=False)
async def tokens(request: Request[Any, Any, Any], clock: NamedDependency[Clock]) -> Template:
    """List the officer's tokens and offer to make one."""
    return await _page(request, Answers(), clock)


@post(ADDRESS, opt=serves(), include_in_schema=False)
async def make(request: Request[Any, Any, Any], clock: NamedDependency[Clock]) -> Template:
    """Make a token and show it this once."""
    answers = await read_answers(request, lists=("scopes",))
    try:
        made = await service.make_token(
            signed_in(request),
            name=answers.text("name"),
            scopes=answers.get("scopes").split(),
            days=answers.whole("days"),
            password=answers.get("password"),
            now=clock(),
        )
    except (Invalid, SlowDown) as refusal:
        return await _page(request, answers, clock, refusal)
    return await _page(request, Answers(), clock, made=made)


@post(f"{ADDRESS}/{{token_id:uuid}}/end", opt=serves(), include_in_schema=False)
async def end(request: Request[Any, Any, Any], token_id: FromPath[UUID], clock: NamedDependency[Clock]) -> Redirect:
    """End one of the officer's own tokens; 404 for anybody else's."""
    await service.end_token(token_id, of=signed_in(request), now=clock())
    return Redirect(ADDRESS, status_code=SEE_OTHER)


async def _page(
    request: Request[Any, Any, Any],
    answers: Answers,
    clock: Clock,
    refusal: TiplineError | None = None,
    *,
    made: str = "",
) -> Template:
    me = signed_in(request)
    return answer_page(
        request,
        "tokens/tokens.html",
        answers=answers,
        refusal=refusal,
        tokens=await service.standing_tokens(me.id, now=clock()),
        scopes=[scope.value for scope in scopes_for(OfficerRole(me.role))],
        chosen=answers.get("scopes").split(),
        days=DAYS,
        name_maximum=NAME_MAXIMUM,
        made=made,
    )


HANDLERS: Final = [tokens, make, end]

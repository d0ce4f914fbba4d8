"""The search page: one box, every kind of row."""

from __future__ import annotations

from typing import Any, Final

from litestar import Request, get
from litestar.di import NamedDependency
from litestar.response import Template

from tipline.accounts.audit.service import enter
from tipline.accounts.audit.tables import AuditAct, AuditSubject
from tipline.accounts.pages import signed_in
from tipline.accounts.rules import Right, roles_with
from tipline.clock import Clock
from tipline.console.searching.reads import search
from tipline.console.searching.rules import wish_from
from tipline.web.guards import serves
from tipline.web.page import page

READERS: Final = serves(*roles_with(Right.READ_TIPS, Right.READ_CASES))


@get("/search", opt=READERS, include_in_schema=False)
async def search_page(request: Request[Any, Any, Any], clock: NamedDependency[Clock]) -> Template:
    """Show what was found; the search is entered in the audit, for it may bring up persons."""
    officer, now = signed_in(request), clock()
    wish = wish_from(request.query_params.get("q", ""))
    found = await search(wish, officer, now=now)
    if not wish.is_empty:
        await enter(
            AuditAct.VIEWED,
            AuditSubject.SEARCH,
            None,
            by=officer.id,
            purpose=wish.words,
            now=now,
            request_id=str(request.scope["state"].get("request_id", "")),
            facts={"found": found.count},
        )
    return page(request, "searching/search.html", wish=wish, found=found)


HANDLERS: Final = [search_page]

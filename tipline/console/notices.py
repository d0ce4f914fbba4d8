"""What every page of the staff face says beside its matter: how much is due, and what an administrator must mend."""

from __future__ import annotations

from typing import Any, Final

from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Receive, Scope, Send

from tipline.accounts.rules import Right
from tipline.accounts.service import SignedInOfficer
from tipline.cases.clocks.urgency import Urgency
from tipline.cases.tasks.due import DueScope, due_counts
from tipline.clock import Clock
from tipline.law.holidays.reads import missing_year

PAGE: Final = b"text/html"


class NoticesMiddleware(ASGIMiddleware):
    """Puts `due` (overdue and due today of one's own) and `missing_year` beside a request for a page.

    Pictures, scripts and programs do not ask for text/html and cost nothing here.
    """

    scopes = (ScopeType.HTTP,)

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Look once, in at most two small queries, then answer."""
        officer = scope.get("user")
        if isinstance(officer, SignedInOfficer) and _wants_a_page(scope):
            scope["state"]["notices"] = await self._notices(officer)
        await next_app(scope, receive, send)

    async def _notices(self, officer: SignedInOfficer) -> dict[str, Any]:
        now = self._clock()
        found: dict[str, Any] = {}
        if Right.READ_CASES in officer.may:
            counts = await due_counts(officer, scope=DueScope.MINE, now=now)
            found["due"] = counts[Urgency.OVERDUE] + counts[Urgency.TODAY]
        if Right.WRITE_HOLIDAYS in officer.may:
            found["missing_year"] = await missing_year(now=now)
        return found


def _wants_a_page(scope: Scope) -> bool:
    return any(name.lower() == b"accept" and PAGE in value for name, value in scope["headers"])

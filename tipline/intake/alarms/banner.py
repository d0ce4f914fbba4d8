"""Puts the open alarms before every staff page: they are read once a request, for officers who may read tips."""

from __future__ import annotations

from typing import Final, cast

from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Receive, Scope, Send

from tipline.accounts.rules import Right
from tipline.accounts.service import SignedInOfficer
from tipline.clock import Clock
from tipline.intake.alarms.reads import open_alarms

# Answers that are no pages: they carry no banner.
BARE: Final = ("/static/", "/api/", "/media/", "/events", "/health")


class AlarmsMiddleware(ASGIMiddleware):
    """Finds the open alarms for the officer whom the session's middleware found; it stands inside that one."""

    scopes = (ScopeType.HTTP,)

    def __init__(self, clock: Clock) -> None:
        self.clock = clock

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Set `scope["state"]["desk_alarms"]`, which `page` gives to every template."""
        officer = cast("SignedInOfficer | None", scope.get("user"))
        if officer is not None and Right.READ_TIPS in officer.may and not scope["path"].startswith(BARE):
            scope["state"]["desk_alarms"] = await open_alarms(officer, now=self.clock())
        await next_app(scope, receive, send)

"""Every look at a tip, a case, a person or an identity is entered before the page is made, by the address alone.

A page cannot forget it: whoever asks for an address with one of these parameters is entered. Sealed originals have
their own entries in the custody ledger (docs/decisions/0038).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Final

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from tipline.accounts.audit.service import enter
from tipline.accounts.audit.tables import AuditAct, AuditSubject
from tipline.clock import Clock
from tipline.web.guards import SignedIn

VIEWED: Final[dict[str, AuditSubject]] = {
    "tip_id": AuditSubject.TIP,
    "case_id": AuditSubject.CASE,
    "person_id": AuditSubject.PERSON,
    "identity_id": AuditSubject.IDENTITY,
    "matter_id": AuditSubject.RELIEF,
}


def entering_views(clock: Clock) -> Callable[[ASGIConnection[Any, Any, Any, Any], BaseRouteHandler], Awaitable[None]]:
    """Return the guard of the staff face that enters looks; it comes after the guards that refuse."""

    async def enter_views(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
        officer: SignedIn | None = connection.scope.get("user")
        if officer is None or connection.scope.get("method") != "GET":
            return
        for parameter, kind in VIEWED.items():
            if parameter in connection.path_params:
                await enter(
                    AuditAct.VIEWED,
                    kind,
                    connection.path_params[parameter],
                    by=officer.id,
                    purpose=connection.scope.get("path_template", ""),
                    request_id=str(connection.scope["state"].get("request_id", "")),
                    now=clock(),
                )

    return enter_views

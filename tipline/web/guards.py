"""Who may do what on the staff face: denied unless a route says which roles it serves."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Final, Protocol
from uuid import UUID

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.enums import ScopeType
from litestar.handlers import BaseRouteHandler
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Receive, Scope, Send

from tipline.errors import NotAllowed, NotSettled, NotSignedIn

STAFF_SESSION_COOKIE: Final = "tl_staff_session"
ROLES_KEY: Final = "roles"
PUBLIC_KEY: Final = "is_public"
SETTLING_KEY: Final = "is_settling"
SCOPE_KEY: Final = "scope"
STAFF_API: Final = "/api/v1/staff/"
BEARER: Final = "bearer "


class SignedIn(Protocol):
    """The officer behind a request, as far as pages need to know."""

    @property
    def id(self) -> UUID:
        """Row id of the officer."""

    @property
    def badge_number(self) -> str:
        """Badge number, the name under which custody acts are recorded."""

    @property
    def full_name(self) -> str:
        """Name shown in the header."""

    @property
    def role(self) -> str:
        """Value of `OfficerRole`."""

    @property
    def may(self) -> frozenset[str]:
        """What the role allows, by the names templates ask for: `read_tips`, `write_cases` ..."""

    @property
    def duty(self) -> str:
        """Address of what the officer must do before anything else; empty when there is nothing."""


# Takes the token, and whether its officer uses the session or an open page reads something again by itself.
SessionLoader = Callable[[str, bool], Awaitable[SignedIn | None]]
TokenLoader = Callable[[str], Awaitable[SignedIn | None]]
BY_ITSELF: Final = "x-by-itself"
EVENT_STREAM: Final = "/events"


class StaffSessionMiddleware(ASGIMiddleware):
    """Finds the officer behind the session cookie; `app` passes the loader in."""

    scopes = (ScopeType.HTTP,)

    def __init__(self, load: SessionLoader) -> None:
        self.load = load

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Set `scope["user"]` to the signed-in officer or None."""
        request = Request[Any, Any, Any](scope)
        token = request.cookies.get(STAFF_SESSION_COOKIE, "")
        is_used = BY_ITSELF not in request.headers and scope["path"] != EVENT_STREAM
        scope["user"] = await self.load(token, is_used) if token else None
        await next_app(scope, receive, send)


class StaffTokenMiddleware(ASGIMiddleware):
    """Finds the officer behind the token of a program, for the staff API and nothing else; no cookie counts there."""

    scopes = (ScopeType.HTTP,)

    def __init__(self, load: TokenLoader) -> None:
        self.load = load

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Set `scope["user"]` to the officer in whose name the program asks, or None (RFC 6750, 2.1)."""
        if scope["path"].startswith(STAFF_API):
            given = Request[Any, Any, Any](scope).headers.get("authorization", "")
            token = given[len(BEARER) :].strip() if given.lower().startswith(BEARER) else ""
            scope["user"] = await self.load(token) if token else None
        await next_app(scope, receive, send)


def serves(*roles: str) -> dict[str, Any]:
    """Return the `opt` of a staff route that officers of `roles` may use; no role means every signed-in officer."""
    return {ROLES_KEY: frozenset(roles)}


def serves_programs(scope: str, *roles: str) -> dict[str, Any]:
    """Return the `opt` of a route of the staff API: for tokens with `scope`, of officers of `roles`."""
    return {ROLES_KEY: frozenset(roles), SCOPE_KEY: scope, "takes_no_cookie": True}


def open_to_all() -> dict[str, Any]:
    """Return the `opt` of a route that needs no sign-in (sign-in itself, health, static files)."""
    return {PUBLIC_KEY: True}


def settling() -> dict[str, Any]:
    """Return the `opt` of a route for every signed-in officer, those too who must do something else first."""
    return {ROLES_KEY: frozenset(), SETTLING_KEY: True}


def require_role(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Guard of the whole staff face: a route that names neither roles nor openness serves nobody.

    Raises:
        NotSignedIn: no valid session.
        NotAllowed: the officer's role is not served.
        NotSettled: the officer must do something else first.
    """
    if handler.opt.get(PUBLIC_KEY):
        return
    officer: SignedIn | None = connection.scope.get("user")
    if officer is None:
        raise NotSignedIn
    roles = handler.opt.get(ROLES_KEY)
    if roles is None or (roles and officer.role not in roles):
        raise NotAllowed
    if officer.duty and not handler.opt.get(SETTLING_KEY):
        raise NotSettled(officer.duty)


class ScopeMissing(NotAllowed):
    """The token was not made for this."""

    def __init__(self, scope: str) -> None:
        super().__init__(f"the token lacks the scope {scope}")
        self.scope = scope


def require_scope(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Guard of the whole staff face: a route for programs asks for its scope beside the officer's role.

    Raises:
        ScopeMissing: the token was made without it.
    """
    scope = handler.opt.get(SCOPE_KEY)
    if scope is not None and scope not in getattr(connection.scope.get("user"), "scopes", ()):
        raise ScopeMissing(scope)

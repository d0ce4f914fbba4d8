"""Cross-site request forgery: every change on a page carries a token bound to the browser's own cookie.

The token stands in the form's address (`?csrf=`) or, for htmx and scripts, in the header `X-CSRF-Token`, so that it
is checked before a body is read: an upload of gigabytes is refused at its first byte.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie, MutableScopeHeaders
from litestar.enums import ScopeType
from litestar.handlers import BaseRouteHandler
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from tipline.errors import Refused

HEADER: Final = "x-csrf-token"
QUERY: Final = "csrf"
SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
NONCE_KEY: Final = "csrf_nonce"
# What browsers say of a change that our own page, or a person by hand, asks for. The other face is a site of its own.
OWN_SITES: Final = frozenset({"same-origin", "none"})


class ForgedRequest(Refused):
    """A change came without the token of this browser's own page, or from another site."""


@dataclass(frozen=True, slots=True)
class Csrf:
    """One face's cookie name and secret."""

    cookie: str
    secret: str
    is_secure: bool

    def token(self, nonce: str) -> str:
        """Return the token that belongs to the cookie value `nonce`."""
        return hmac.new(self.secret.encode(), nonce.encode(), hashlib.sha256).hexdigest()


class CsrfMiddleware(ASGIMiddleware):
    """Gives every browser its nonce cookie."""

    scopes = (ScopeType.HTTP,)

    def __init__(self, csrf: Csrf) -> None:
        self.csrf = csrf

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Find or make the browser's nonce and answer the request."""
        kept = Request[Any, Any, Any](scope).cookies.get(self.csrf.cookie, "")
        nonce = kept or secrets.token_urlsafe(24)
        scope["state"][NONCE_KEY] = nonce

        async def tell(message: Message) -> None:
            if message["type"] == "http.response.start" and not kept and scope["state"].get("csrf_used"):
                cookie = Cookie(
                    key=self.csrf.cookie,
                    value=nonce,
                    httponly=True,
                    samesite="lax",
                    secure=self.csrf.is_secure,
                    path="/",
                )
                MutableScopeHeaders.from_message(message).add("Set-Cookie", cookie.to_header(header=""))
            await send(message)

        await next_app(scope, receive, tell)


def csrf_token(request: ASGIConnection[Any, Any, Any, Any]) -> str:
    """Return the token the pages of this request must carry, and see to it that its cookie is set."""
    request.scope["state"]["csrf_used"] = True
    csrf: Csrf = request.app.state.csrf
    return csrf.token(request.scope["state"][NONCE_KEY])


def with_csrf(request: ASGIConnection[Any, Any, Any, Any], address: str) -> str:
    """Return `address` with the token added, for a form's action."""
    return f"{address}{'&' if '?' in address else '?'}{urlencode({QUERY: csrf_token(request)})}"


def refuse_forged(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Guard: refuse a change that does not come from this browser's own page. `/api` takes no cookie and is exempt.

    Raises:
        ForgedRequest: the token is missing or another browser's, or the browser says that another site asks.
    """
    if connection.scope.get("method") in SAFE_METHODS or handler.opt.get("takes_no_cookie"):
        return
    # Older browsers do not send the header; the Origin says nothing here, for pages keep their address to themselves.
    if connection.headers.get("sec-fetch-site", "same-origin") not in OWN_SITES:
        raise ForgedRequest
    csrf: Csrf = connection.app.state.csrf
    nonce = connection.cookies.get(csrf.cookie, "")
    given = connection.headers.get(HEADER) or connection.query_params.get(QUERY) or ""
    if not nonce or not hmac.compare_digest(csrf.token(nonce).encode(), given.encode(errors="replace")):
        raise ForgedRequest

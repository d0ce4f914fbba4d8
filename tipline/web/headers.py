"""Headers every answer carries, and the request id that ties a page to the log."""

from __future__ import annotations

import logging
import secrets
import time
from typing import Final

from litestar.datastructures import MutableScopeHeaders
from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger("tipline.requests")

POLICY: Final = (
    "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; style-src 'self'; script-src 'self';"
    " object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
SECURITY: Final = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(self), camera=(), microphone=(), payment=()",
}


def policy_with_pictures_of(origin: str) -> str:
    """Return the content policy of a page that may also take pictures from one other origin, and nothing else."""
    return POLICY.replace("img-src 'self'", f"img-src 'self' {origin}")


class HeadersMiddleware(ASGIMiddleware):
    """Adds the security headers and a request id; logs method, route, status and time, never an address or a query."""

    scopes = (ScopeType.HTTP,)

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Answer the request with headers and a log line."""
        request_id = secrets.token_hex(6)
        scope["state"]["request_id"] = request_id
        began, status = time.perf_counter(), 0

        async def tell(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableScopeHeaders.from_message(message)
                for name, value in SECURITY.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", "no-store")
                headers["X-Request-Id"] = request_id
            await send(message)

        try:
            await next_app(scope, receive, tell)
        finally:
            spent_ms = (time.perf_counter() - began) * 1000
            route = scope.get("path_template", "") or "-"
            log.info("%s %s %s %s %.0f ms", request_id, scope.get("method"), route, status, spent_ms)

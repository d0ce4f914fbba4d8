"""HEAD on a page: the answer of GET without its body (RFC 9110, section 9.3.2)."""

from __future__ import annotations

from typing import Final

from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Message, Receive, Scope, Send

# Addresses below it answer HEAD themselves, where their protocol (tus) gives it a meaning.
API: Final = "/api/"


class HeadMiddleware(ASGIMiddleware):
    """Asks for the page by GET and sends its headers alone."""

    scopes = (ScopeType.HTTP,)

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Answer the request."""
        if scope.get("method") != "HEAD" or scope["path"].startswith(API):
            await next_app(scope, receive, send)
            return

        is_over = False

        async def tell(message: Message) -> None:
            nonlocal is_over
            if message["type"] == "http.response.body":
                # One empty body ends it: what streams on, a film or the event stream, is not waited for.
                message["body"], message["more_body"] = b"", False
                if is_over:
                    return
                is_over = True
            await send(message)

        await next_app({**scope, "method": "GET"}, receive, tell)  # type: ignore[arg-type]  # the same kind of scope

"""The staff API put together, and what its description says."""

from __future__ import annotations

from typing import Final

from litestar import Router
from litestar.openapi.spec import Components, SecurityScheme

from tipline.console.api import cases, exports, finding, measures, tips
from tipline.web.guards import STAFF_API

DESCRIPTION: Final = (
    "For programs that act in an officer's name: tips, cases, measures. The key is a token, made by the officer on"
    " /account/tokens and sent as `Authorization: Bearer`; no cookie counts. A token never may more than its officer."
    " Errors are problem+json (RFC 9457) in the language of Accept-Language: `title` names the error for programs,"
    " `detail` tells it to people."
)
SECURITY: Final = Components(
    security_schemes={"token": SecurityScheme(type="http", scheme="bearer", description="An access token, `tls_...`.")}
)
HANDLERS: Final = [
    Router(
        STAFF_API.rstrip("/"),
        route_handlers=[*tips.HANDLERS, *cases.HANDLERS, *finding.HANDLERS, *measures.HANDLERS, *exports.HANDLERS],
        security=[{"token": []}],
    )
]

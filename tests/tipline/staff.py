"""The staff face as a signed-in officer sees it: the real application over the real database."""

from __future__ import annotations

import hashlib
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from httpx import Response
from litestar import Litestar
from litestar.testing import AsyncTestClient

from tests.make import NOON
from tests.platform import Platform
from tipline.accounts.tables import Officer, StaffSession
from tipline.accounts.tokens.tables import AccessToken, TokenScope
from tipline.accounts.tries import digest_of
from tipline.app import create_staff_app
from tipline.web.guards import STAFF_SESSION_COOKIE

LATER = NOON + timedelta(hours=2)


@dataclass
class Desk:
    """One browser at the staff face."""

    client: AsyncTestClient[Litestar]

    async def get(self, address: str, **more: Any) -> Response:
        return await self.client.get(address, follow_redirects=False, **more)

    async def post(
        self, address: str, data: dict[str, Any] | None = None, *, headers: dict[str, str] | None = None
    ) -> Response:
        """Send a form with the token of the browser's own page."""
        shown = await self.client.get("/sign-in", follow_redirects=True)
        found = re.search(r'name="csrf-token" content="([0-9a-f]+)"', shown.text)
        assert found, shown.text[:500]
        return await self.client.post(
            address, data=data or {}, headers={"X-CSRF-Token": found[1], **(headers or {})}, follow_redirects=False
        )

    def sign_in(self, token: str) -> None:
        self.client.cookies.set(STAFF_SESSION_COOKIE, token)


async def session(officer: Officer, *, at: datetime = LATER) -> str:
    """Open a session for an officer without the password and return its token; call it as the owner."""
    token = f"session-of-{officer.username}-{uuid4()}"
    await StaffSession(
        id=uuid4(),
        token_sha256=hashlib.sha256(token.encode()).hexdigest(),
        officer=officer.id,
        created_at=at,
        seen_at=at,
        expires_at=at + timedelta(hours=12),
        revoked_at=None,
    ).save()
    return token


@asynccontextmanager
async def staff_face(platform: Platform, *, now: datetime = LATER) -> AsyncIterator[Desk]:
    """Run the staff face at a fixed time. It has a loop of its own: make rows before, as the owner; look after."""
    async with AsyncTestClient(create_staff_app(platform.settings, clock=lambda: now)) as client:
        yield Desk(client)


@asynccontextmanager
async def desk_of(platform: Platform, officer: Officer, *, now: datetime = LATER) -> AsyncIterator[Desk]:
    """Run the staff face with `officer` signed in."""
    token = await session(officer, at=now)
    async with staff_face(platform, now=now) as desk:
        desk.sign_in(token)
        yield desk


async def token_of(officer: Officer, *scopes: TokenScope, at: datetime = LATER) -> dict[str, str]:
    """Make a token without the page and return the header that shows it."""
    token = f"tls_{uuid4().hex}"
    await AccessToken(
        id=uuid4(),
        officer=officer.id,
        name="测试",
        token_sha256=digest_of(token),
        scopes=" ".join(scopes),
        created_at=at,
        expires_at=at + timedelta(days=7),
        last_used_at=None,
        revoked_at=None,
    ).save()
    return {"Authorization": f"Bearer {token}"}

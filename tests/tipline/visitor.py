"""The public face as a visitor's browser, or a program, sees it: the real application over the real database."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from io import BytesIO
from typing import Any
from uuid import uuid4

from httpx import Response
from litestar import Litestar
from litestar.testing import AsyncTestClient
from PIL import Image

from tests.make import NOON
from tests.platform import Platform
from tipline.app import create_public_app
from tipline.settings import Limits

STORY = "一辆白色轻型货车在人和路口撞倒行人后向东逃逸"
CODE = re.compile(r"\b\d{4}-\d{4}-\d{4}-\d{4}\b")


def photo(shade: int = 120) -> bytes:
    """Return a small JPEG; another shade makes another file."""
    kept = BytesIO()
    Image.new("RGB", (64, 48), (shade, shade, shade)).save(kept, "JPEG")
    return kept.getvalue()


def video(size_bytes: int = 2048) -> bytes:
    """Return bytes that begin as an MP4 does; no decoder looks at them here."""
    return b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2" + bytes(size_bytes)


@dataclass
class Visitor:
    """One browser, or program, at the public face."""

    client: AsyncTestClient[Litestar]

    async def get(self, address: str, **more: Any) -> Response:
        return await self.client.get(address, follow_redirects=False, **more)

    async def open_form(self, address: str = "/tips/new") -> tuple[str, str]:
        """Open a page with a form that takes files; return the form's action with its token, and its key."""
        shown = (await self.get(address)).text
        action = re.search(r'action="(/tips(?:/mine/files)?\?csrf=[0-9a-f]+)"', shown)
        key = re.search(r'name="form_key" value="([0-9a-f-]{36})"', shown)
        assert action, shown[:2000]
        assert key, shown[:2000]
        return action[1], key[1]

    async def send(
        self,
        fields: dict[str, str] | None = None,
        files: list[tuple[str, tuple[str, bytes, str]]] | None = None,
        *,
        form: tuple[str, str] | None = None,
        **more: Any,
    ) -> Response:
        """Fill in the public form and send it, as a browser does: words first, then files."""
        action, key = form or await self.open_form()
        words = {"form_key": key, **({"story": STORY} if fields is None else fields)}
        return await self.client.post(
            action,
            data=words,
            files=files or [("photos", ("", b"", "application/octet-stream"))],
            follow_redirects=False,
            **more,
        )

    async def open_tip(self, code: str) -> Response:
        """Enter a receipt code on the page for it."""
        shown = (await self.get("/follow-up")).text
        action = re.search(r'action="(/follow-up\?csrf=[0-9a-f]+)"', shown)
        assert action, shown[:2000]
        return await self.client.post(action[1], data={"code": code}, follow_redirects=False)

    async def send_json(self, body: dict[str, Any], *, key: str | None = None, **headers: str) -> Response:
        return await self.client.post(
            "/api/v1/tips", json=body, headers={"Idempotency-Key": key or str(uuid4()), **headers}
        )

    async def send_bytes(self, code: str, content: Any, **headers: str) -> Response:
        return await self.client.post(
            "/api/v1/tips/mine/files",
            content=content,
            headers={"Tipline-Receipt": code, "Content-Type": "application/octet-stream", **headers},
        )

    async def own(self, code: str) -> Response:
        return await self.client.get("/api/v1/tips/mine", headers={"Tipline-Receipt": code})


def code_in(answer: Response) -> str:
    """Return the receipt code that a page or a JSON answer shows."""
    found = CODE.search(answer.text)
    assert found, answer.text[:3000]
    return found[0]


@asynccontextmanager
async def public_face(
    platform: Platform,
    *,
    clock: Callable[[], datetime] = lambda: NOON,
    limits: Limits | None = None,
    raises: bool = True,
) -> AsyncIterator[Visitor]:
    """Run the public face; rows must be made before, as the owner."""
    settings = replace(platform.settings, limits=limits) if limits else platform.settings
    app = create_public_app(settings, clock=clock)
    async with AsyncTestClient(app, raise_server_exceptions=raises) as client:
        yield Visitor(client)


async def rows(platform: Platform, query: str, *values: object) -> list[dict[str, Any]]:
    """Look behind the roles."""
    connection = await platform.admin()
    try:
        return [dict(row) for row in await connection.fetch(query, *values)]
    finally:
        await connection.close()

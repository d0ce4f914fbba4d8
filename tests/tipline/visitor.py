"""The public face as a visitor's browser, or a program, sees it: the real application over the real database."""

from __future__ import annotations

import inspect
import re
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from io import BytesIO
from typing import Any
from uuid import uuid4

from httpx import ASGITransport, AsyncClient, Response
from litestar import Litestar
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

    client: AsyncClient
    app: Litestar

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
) -> AsyncIterator[Visitor]:
    """Run the public face; rows must be made before, as the owner."""
    settings = replace(platform.settings, limits=limits) if limits else platform.settings
    app = create_public_app(settings, clock=clock)
    transport = ASGITransport(app, raise_app_exceptions=False)  # type: ignore[arg-type]  # Litestar's own ASGI types
    # By hand and in this task: a fixture's end runs in another task than its beginning, which `lifespan()` refuses.
    await _run(app.on_startup)
    try:
        async with AsyncClient(transport=transport, base_url="http://testserver") as client:
            yield Visitor(client, app)
    finally:
        await _run(app.on_shutdown)


async def _run(hooks: Iterable[Callable[..., Any]]) -> None:
    for hook in hooks:
        done = hook()
        if inspect.isawaitable(done):
            await done


async def rows(platform: Platform, query: str, *values: object) -> list[dict[str, Any]]:
    """Look behind the roles."""
    connection = await platform.admin()
    try:
        return [dict(row) for row in await connection.fetch(query, *values)]
    finally:
        await connection.close()


@dataclass
class Sender:
    """A connection that hands over its body chunk by chunk, and may break off: what the test client cannot do."""

    chunks: list[bytes]
    breaks_off: bool = False
    taken: int = 0

    async def receive(self) -> dict[str, Any]:
        if self.taken == len(self.chunks):
            return {"type": "http.disconnect"}
        self.taken += 1
        is_last = self.taken == len(self.chunks) and not self.breaks_off
        return {"type": "http.request", "body": self.chunks[self.taken - 1], "more_body": not is_last}

    async def post(self, app: Litestar, address: str, headers: dict[str, str]) -> tuple[int, bytes]:
        """Send the body to the application and return status and body of the answer."""
        told: list[dict[str, Any]] = []

        async def send(message: Any) -> None:
            told.append(message)

        path, _, query = address.partition("?")
        scope: Any = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": "POST",
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "root_path": "",
            "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
            "client": ("127.0.0.1", 1),
            "server": ("testserver.local", 80),
            "state": {},
        }
        await app(scope, self.receive, send)  # type: ignore[arg-type]  # plain dictionaries, as servers send them
        return told[0]["status"], b"".join(message.get("body", b"") for message in told[1:])

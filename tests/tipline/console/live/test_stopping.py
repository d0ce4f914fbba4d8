"""A staff face with an open event stream, told to stop: as a process, because only a process is told so."""

from __future__ import annotations

import asyncio
import signal
import socket
import time
from collections.abc import AsyncIterator

import httpx

from tests import make
from tests.platform import Platform
from tests.programs import running
from tests.tipline.staff import session
from tipline.clock import utc_now
from tipline.commands.web import GRACE_S
from tipline.supervisor.programs import environment_of
from tipline.web.guards import STAFF_SESSION_COOKIE

UP_WITHIN_S = 60.0


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port: int = door.getsockname()[1]
        return port


async def until_up(client: httpx.AsyncClient) -> None:
    deadline = time.monotonic() + UP_WITHIN_S
    while True:
        try:
            assert (await client.get("/health")).status_code == 200
        except httpx.TransportError:
            if time.monotonic() > deadline:
                raise
            await asyncio.sleep(0.1)
        else:
            return


async def test_an_open_stream_does_not_hold_the_face_up_when_it_stops(database: Platform) -> None:
    token = await session(await make.officer(), at=utc_now())
    port = free_port()
    words = ("web", "staff", "--port", str(port))
    with running(*words, env=environment_of(database.settings, with_queue=False)) as process:
        async with httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{port}", cookies={STAFF_SESSION_COOKIE: token}, timeout=UP_WITHIN_S
        ) as client:
            await until_up(client)
            head = await client.head("/events")
            async with client.stream("GET", "/events?age_ms=0") as answer:
                lines = answer.aiter_lines()
                first = await anext(lines)
                tip = await make.tip()
                told = [line async for line in _until(lines, "data: ")]
                process.send_signal(signal.SIGTERM)
                began = time.monotonic()
                rest = [line async for line in lines]
        process.wait(timeout=UP_WITHIN_S)
        spent_s = time.monotonic() - began

    assert head.status_code == 200
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert first == "retry: 3000"
    assert told[-1] == f"data: tip {tip.id}"
    assert spent_s < GRACE_S
    assert "event: ended" not in rest


async def _until(lines: AsyncIterator[str], start: str) -> AsyncIterator[str]:
    async for line in lines:
        yield line
        if line.startswith(start):
            return

"""One connection a process that listens to PostgreSQL, and one bounded queue for each open stream."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final
from uuid import UUID

import asyncpg

from tipline.console.live.rules import EVERYTHING, SESSION, News, read_news
from tipline.settings import Role, Settings

log = logging.getLogger(__name__)

CHANNEL: Final = "tipline_changes"
QUEUE_LENGTH: Final = 200
FIRST_PAUSE_S: Final = 0.5
LONGEST_PAUSE_S: Final = 15.0
PASSING: Final = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError)


class Stream:
    """What one open stream still has to tell. A queue that runs over becomes one word: everything."""

    def __init__(self, session: UUID) -> None:
        self.session = session
        self.is_over = False
        self._news: asyncio.Queue[News | None] = asyncio.Queue(QUEUE_LENGTH)

    def put(self, news: News) -> None:
        """Add news; never waits."""
        if self._news.full():
            while not self._news.empty():
                self._news.get_nowait()
            news = News(EVERYTHING)
        self._news.put_nowait(news)

    def end(self) -> None:
        """Let the stream end as soon as it looks: its process stops."""
        self.is_over = True
        if not self._news.full():
            self._news.put_nowait(None)

    async def next(self, *, within_s: float) -> News | None:
        """Return the next news; None when there was none in that time, or the stream is over."""
        with suppress(TimeoutError):
            return await asyncio.wait_for(self._news.get(), within_s)
        return None


class Hub:
    """Listens while anybody is there to be told, and passes on what PostgreSQL notifies."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._streams: set[Stream] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._listener: asyncio.Task[None] | None = None
        self._listens = asyncio.Event()
        self._is_ending = False

    @property
    def is_listening(self) -> bool:
        """True while a task holds, or tries to get, the listening connection."""
        return self._listener is not None and not self._listener.done()

    async def is_ready(self, *, within_s: float) -> bool:
        """Wait until PostgreSQL is listened to; False when that takes too long, and all will be told to read again."""
        with suppress(TimeoutError):
            return await asyncio.wait_for(self._listens.wait(), within_s)
        return False

    @contextmanager
    def subscribed(self, session: UUID) -> Iterator[Stream]:
        """Give a stream that is told of every change from now on, while the block runs."""
        stream = Stream(session)
        self._loop = asyncio.get_running_loop()
        self._streams.add(stream)
        if self._is_ending:
            stream.end()
        elif not self.is_listening:
            self._listener = self._loop.create_task(self._listen())
        try:
            yield stream
        finally:
            self._streams.discard(stream)

    def end_streams(self) -> None:
        """End every stream, now and from now on; may be called from a signal handler or another thread."""
        self._is_ending = True
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._end_all)

    async def close(self) -> None:
        """End every stream and let the connection go."""
        self._is_ending = True
        self._end_all()
        if self._listener is not None:
            self._listener.cancel()
            with suppress(asyncio.CancelledError):
                await self._listener

    def _end_all(self) -> None:
        for stream in self._streams:
            stream.end()

    def _tell(self, news: News) -> None:
        for stream in self._streams:
            if news.kind != SESSION or news.subject == stream.session:
                stream.put(news)

    async def _listen(self) -> None:
        """Hold the connection until closed; after a gap everybody is told to read everything again."""
        pause_s, had_gap = FIRST_PAUSE_S, False
        while True:
            try:
                lost = asyncio.Event()
                connection = await self._connected(lost)
                try:
                    if had_gap:
                        self._tell(News(EVERYTHING))
                    pause_s, had_gap = FIRST_PAUSE_S, True
                    self._listens.set()
                    await lost.wait()
                finally:
                    self._listens.clear()
                    connection.terminate()
            except PASSING as problem:
                log.warning("changes cannot be listened to (%s); trying again", type(problem).__name__)
                had_gap = True
            await asyncio.sleep(pause_s)
            pause_s = min(pause_s * 2, LONGEST_PAUSE_S)

    async def _connected(self, lost: asyncio.Event) -> asyncpg.Connection:
        def hear(_connection: Any, _pid: int, _channel: str, payload: str) -> None:
            news = read_news(payload)
            if news is not None:
                self._tell(news)

        connection = await asyncpg.connect(
            self._settings.database_url,
            user=Role.STAFF.user,
            password=self._settings.secret(f"database_{Role.STAFF}"),
            timeout=10,
        )
        connection.add_termination_listener(lambda _connection: lost.set())
        await connection.add_listener(CHANNEL, hear)
        return connection

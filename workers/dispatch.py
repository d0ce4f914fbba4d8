"""The dispatcher: carries asked-for work from the rows to the queue, and asks again for what was lost on the way."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import asyncpg
import click
import redis

from tipline.clock import Clock, utc_now
from tipline.database import connect_as, engine
from tipline.intake.uploads.service import unsettled
from tipline.settings import Role, Settings
from tipline.supervisor.options import data_option, supervised_option
from tipline.supervisor.services import services
from tipline.work import presence, service
from tipline.work.service import CHANNEL, Queued
from tipline.work.subjects import EVERY_CASE
from tipline.work.tables import Job, Part
from workers import queue

log = logging.getLogger(__name__)

TICK_S: Final = 5.0
# Rows wait in the database, where they are seen and in order; the queue holds only what is next.
QUEUE_LENGTH: Final = 100
# A worker takes a job and claims its row within a second or two; after this a job that is gone was lost.
# Uploads are given up after days; a minute more or less is nothing to them.
UPLOADS_EVERY_S: Final = 60.0
# Clocks are kept when something happens to a case; this finds what nobody told.
CLOCKS_EVERY_S: Final = 600.0
STRANDED_AFTER: Final = timedelta(seconds=10)
FIRST_PAUSE_S: Final = 0.5
LONGEST_PAUSE_S: Final = 15.0
PASSING: Final = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError, redis.RedisError)


class Dispatcher:
    """Carries work until it is told to stop; one is enough, several take turns."""

    def __init__(self, settings: Settings, *, sign_as: str, now: Clock = utc_now, tick_s: float = TICK_S) -> None:
        self._settings, self._sign_as, self._now, self._tick_s = settings, sign_as, now, tick_s
        connection = queue.connect(settings)
        self._lanes = {lane: queue.open_lane(lane, connection) for lane in queue.LANES}
        self._started_at = now()
        self._looked, self._signed, self._looked_at_uploads = float("-inf"), float("-inf"), float("-inf")
        self._kept_clocks = time.monotonic()
        self._nudge = asyncio.Event()
        self._is_stopping = False

    def stop(self) -> None:
        """Ask for the end; `run` returns within a moment."""
        self._is_stopping = True
        self._nudge.set()

    async def run(self) -> None:
        """Carry work until `stop`; a database or queue that is away is waited for, and told in one line."""
        pause_s, is_away = FIRST_PAUSE_S, False
        while not self._is_stopping:
            try:
                async with self._listening() as connection:
                    while not self._is_stopping:
                        self._nudge.clear()
                        await self.round()
                        if connection.is_closed():
                            raise ConnectionResetError
                        pause_s, is_away = FIRST_PAUSE_S, False
                        with suppress(TimeoutError):
                            await asyncio.wait_for(self._nudge.wait(), self._tick_s)
            except PASSING as problem:
                if not is_away:
                    log.warning("a neighbour is away (%s); trying again", type(problem).__name__)
                is_away = True
                await asyncio.sleep(pause_s)
                pause_s = min(pause_s * 2, LONGEST_PAUSE_S)

    async def round(self) -> None:
        """Do one round: take back what was lost, put again what the queue lost, carry what is due."""
        now = self._now()
        if time.monotonic() - self._signed >= presence.SIGN_EVERY.total_seconds():
            await presence.sign(self._sign_as, Part.DISPATCHER, started_at=self._started_at, now=now)
            self._signed = time.monotonic()
        lengths = await asyncio.to_thread(self._lengths)  # before any row changes: is the queue there?
        if time.monotonic() - self._looked >= min(1.0, self._tick_s):
            self._looked = time.monotonic()
            for work_id in await service.recover_lost(now=now):
                log.warning("work %s had lost its worker", work_id)
            await self._put_again(await service.queued_before(now - STRANDED_AFTER))
        if time.monotonic() - self._looked_at_uploads >= UPLOADS_EVERY_S:
            self._looked_at_uploads = time.monotonic()
            for upload in await unsettled(now=now):
                await service.ask(Job.SETTLE_UPLOAD, upload, now=now)
        if time.monotonic() - self._kept_clocks >= CLOCKS_EVERY_S:
            self._kept_clocks = time.monotonic()
            await service.ask(Job.KEEP_CLOCKS, EVERY_CASE, now=now)
        for lane, jobs in queue.LANES.items():
            due = await service.carry_due(jobs, now=now, limit=max(0, QUEUE_LENGTH - lengths[lane]))
            await asyncio.to_thread(self._put, due)

    async def _put_again(self, suspects: list[Queued]) -> None:
        if not suspects:
            return
        held = await asyncio.to_thread(self._held)
        lost = [piece for piece in suspects if queue.name_of(piece.work_id, piece.attempts) not in held]
        if lost:
            log.warning("the queue had lost %d pieces of work", len(lost))
            await asyncio.to_thread(self._put, lost)
            await service.note_requeued(lost, now=self._now())

    def _lengths(self) -> dict[str, int]:
        return {lane: held.count for lane, held in self._lanes.items()}

    def _held(self) -> set[str]:
        return {name for held in self._lanes.values() for name in held.job_ids}

    def _put(self, pieces: list[Queued]) -> None:
        for piece in pieces:
            lane = next(lane for lane, jobs in queue.LANES.items() if piece.job in jobs)
            queue.put(self._lanes[lane], piece)

    @asynccontextmanager
    async def _listening(self) -> AsyncIterator[asyncpg.Connection]:
        """Hold a pool for the rounds, and a connection that wakes them when work is asked for or the database goes."""

        def nudge(*_: Any) -> None:
            self._nudge.set()

        await engine().start_connection_pool(min_size=1, max_size=2)
        try:
            connection = await asyncpg.connect(
                self._settings.database_url,
                user=Role.WORKER.user,
                password=self._settings.secret(f"database_{Role.WORKER}"),
                timeout=10,
            )
            try:
                connection.add_termination_listener(nudge)
                await connection.add_listener(CHANNEL, nudge)
                yield connection
            finally:
                connection.remove_termination_listener(nudge)
                connection.terminate()
        finally:
            pool, engine().pool = engine().pool, None
            if pool is not None:
                pool.terminate()  # closing in good order would wait for a server that may be gone


@click.command("dispatch")
@data_option
@supervised_option
@click.option("--name", default=None, help="Name under which it signs its presence.")
def command(data: Path, name: str | None) -> None:
    """Hand work to the workers, and ask again for lost work, until SIGTERM."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    with services(data, command="dispatch") as settings:
        connect_as(settings, Role.WORKER)
        asyncio.run(_dispatch(settings, name or f"dispatcher@{socket.gethostname()}:{os.getpid()}"))


async def _dispatch(settings: Settings, name: str) -> None:
    dispatcher = Dispatcher(settings, sign_as=name)
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, dispatcher.stop)
    await dispatcher.run()
    with suppress(*PASSING):
        await presence.sign_off(name)

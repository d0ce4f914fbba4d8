"""The worker: takes jobs from the queue, claims their rows, runs the jobs they name, and records what came of it."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import time
from collections.abc import Callable, Coroutine, Sequence
from datetime import datetime
from importlib import import_module
from pathlib import Path
from types import FrameType
from typing import Any, Final
from uuid import UUID

import click
import redis
import rq
from rq.job import Job as QueueJob
from rq.serializers import JSONSerializer

from evidence.errors import EvidenceError
from tipline.clock import utc_now
from tipline.database import connect_as
from tipline.errors import TiplineError
from tipline.settings import Role, Settings
from tipline.supervisor.options import data_option, supervised_option
from tipline.supervisor.services import services
from tipline.work import presence, service
from tipline.work.service import Claim
from tipline.work.tables import Job, Part
from workers import queue
from workers.doors import PERMANENT, Permanent, doors, open_doors
from workers.lease import PASSING, Lease

log = logging.getLogger(__name__)

# RQ waits for a job 15 s less than this, so an idle worker signs its presence every 5 s.
WORKER_TTL_S: Final = 20
LOOK_AFTER_JOB_EVERY_S: Final = 5
FIRST_PAUSE_S: Final = 0.5
LONGEST_PAUSE_S: Final = 15.0


def perform(work_id: str) -> None:
    """Carry out one piece of work; what comes of it stands on its row. The only function a worker runs."""
    asyncio.run(carry_out(UUID(work_id)))


async def carry_out(work_id: UUID) -> None:
    """Claim the row, run its job under a lease, and record the end; a row that is not to be had is left alone."""
    claim = await service.claim(work_id, now=doors().now())
    if claim is None:
        return
    loop, task = asyncio.get_running_loop(), asyncio.ensure_future(_run(claim))

    def lost() -> None:
        loop.call_soon_threadsafe(task.cancel)

    with Lease(claim, now=doors().now, lost=lost):
        try:
            await task
        except asyncio.CancelledError:
            return
        except PERMANENT as problem:
            log.warning("%s %s: %s", claim.job.value, claim.subject, problem)
            await service.fail(claim, _told(problem), now=doors().now(), is_final=True)
        except Exception as problem:  # the harness: whatever a job raises is recorded
            log.warning("%s %s failed", claim.job.value, claim.subject, exc_info=problem)
            await service.fail(claim, _told(problem), now=doors().now(), is_final=False)
        else:
            await service.finish(claim, now=doors().now())


def function_of(job: Job) -> Callable[[str], Coroutine[Any, Any, None]]:
    """Return the coroutine function that a `Job` names; nothing else is ever imported by address."""
    module, _, name = job.value.rpartition(".")
    found: Callable[[str], Coroutine[Any, Any, None]] = getattr(import_module(module), name)
    return found


def load_jobs() -> None:
    """Import every job's module before the first fork, so that each job's process finds them loaded.

    One that cannot be imported is told here and fails where it is asked for; the others go on.
    """
    for job in Job:
        try:
            function_of(job)
        except (ImportError, AttributeError) as problem:
            log.error("the job %s cannot be loaded: %s", job.value, problem)  # noqa: TRY400  the message says it


async def _run(claim: Claim) -> None:
    await function_of(claim.job)(str(claim.subject))


def _told(problem: Exception) -> str:
    """Return class and message for the row; of errors that are not ours only the class, they may quote people."""
    name = type(problem).__name__
    return f"{name}: {problem}" if isinstance(problem, (Permanent, EvidenceError, TiplineError)) else name


class Worker(rq.Worker):
    """RQ's forking worker, narrowed: it takes no commands from the queue's server and signs that it is alive.

    Each job runs in a process of its own, so a decoder that crashes on a hostile file takes down that try and no more.
    """

    job_class = queue.RowCall

    def __init__(self, settings: Settings, *, lanes: Sequence[str], sign_as: str, started_at: datetime) -> None:
        connection = queue.connect(settings)
        super().__init__(
            [queue.open_lane(lane, connection) for lane in lanes],
            name=f"worker-{os.getpid()}-{time.time_ns()}",
            connection=connection,
            serializer=JSONSerializer,
            worker_ttl=WORKER_TTL_S,
            job_monitoring_interval=LOOK_AFTER_JOB_EVERY_S,
            log_job_description=False,
            disable_default_exception_handler=True,
        )
        self._sign_as, self._started_at, self._signed = sign_as, started_at, float("-inf")
        self.was_told_to_stop = False

    def request_stop(self, signum: int, frame: FrameType | None) -> None:
        """Remember that a signal asked for the end, then stop as RQ does."""
        self.was_told_to_stop = True
        super().request_stop(signum, frame)  # type: ignore[no-untyped-call]  # RQ leaves it untyped

    def subscribe(self) -> None:
        """Listen to no commands: their thread would be copied by every fork, and nobody is to command a worker so."""

    def unsubscribe(self) -> None:
        """Nothing was subscribed to."""

    def heartbeat(self, timeout: int | None = None, pipeline: Any = None) -> None:
        """Tell the queue's server, and every five seconds the database, that this worker is alive."""
        super().heartbeat(timeout, pipeline)
        if not self.is_horse and time.monotonic() - self._signed > presence.SIGN_EVERY.total_seconds() / 2:
            self._signed = time.monotonic()
            sign(self._sign_as, Part.WORKER, self._started_at)

    def handle_work_horse_killed(self, job: QueueJob, retpid: int, ret_val: int, rusage: Any) -> None:
        """Give the row back at once when the process of a job died; otherwise its lease would have to pass first."""
        del retpid, rusage
        status = os.waitstatus_to_exitcode(ret_val)
        log.warning("the process of %s ended with %s", job.id, status)
        try:
            asyncio.run(_give_back(queue.work_of(job.id), f"its process ended with {status}"))
        except PASSING as problem:
            log.warning("not recorded, its lease will pass: %s", type(problem).__name__)


async def _give_back(work_id: UUID, problem: str) -> None:
    claim = await service.current_claim(work_id)
    if claim is not None:
        await service.fail(claim, problem, now=doors().now(), is_final=False)


def sign(name: str, part: Part, started_at: datetime) -> None:
    """Sign the presence of this process; a database that is away is no reason to stop."""
    try:
        asyncio.run(presence.sign(name, part, started_at=started_at, now=utc_now()))
    except PASSING as problem:
        log.warning("presence could not be signed: %s", type(problem).__name__)


def sign_off(name: str) -> None:
    """Clear this process's presence, so that nobody takes it for one that is lost."""
    try:
        asyncio.run(presence.sign_off(name))
    except PASSING as problem:
        log.warning("presence could not be cleared: %s", type(problem).__name__)


@click.command("worker")
@data_option
@supervised_option
@click.option("--name", default=None, help="Name under which it signs its presence; one for each worker.")
@click.option("--quick", is_flag=True, help="Serve only the work someone waits for at a screen, such as sealing.")
def command(data: Path, name: str | None, *, quick: bool) -> None:
    """Carry out the work that was asked for, until SIGTERM."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    with services(data, command="worker") as settings:
        connect_as(settings, Role.WORKER)
        open_doors(settings)
        load_jobs()
        lanes = (queue.QUICK,) if quick else (queue.QUICK, queue.SLOW)
        work_until_stopped(settings, lanes=lanes, sign_as=name or f"worker@{socket.gethostname()}:{os.getpid()}")


def work_until_stopped(settings: Settings, *, lanes: Sequence[str], sign_as: str) -> None:
    """Work until a signal asks for the end; a queue that is away is waited for."""
    started_at, pause_s = utc_now(), FIRST_PAUSE_S
    while True:
        try:
            worker = Worker(settings, lanes=lanes, sign_as=sign_as, started_at=started_at)
            worker.work(logging_level="WARNING")
            if worker.was_told_to_stop:
                sign_off(sign_as)
                return
            pause_s = FIRST_PAUSE_S
        except redis.RedisError as problem:
            log.warning("the queue does not answer (%s); trying again in %.1f s", type(problem).__name__, pause_s)
        time.sleep(pause_s)
        pause_s = min(pause_s * 2, LONGEST_PAUSE_S)

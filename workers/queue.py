"""The queue between dispatcher and workers: plain JSON, one function, nothing else is ever run."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

import redis
import rq
from rq.job import Job as QueueJob
from rq.serializers import JSONSerializer

from tipline.settings import SettingMissing, Settings
from tipline.work.service import Queued
from tipline.work.tables import QUICK_JOBS, Job

# One queue a lane: a worker empties the quick one before it looks into the other.
QUICK: Final = "tipline-quick"
SLOW: Final = "tipline"
LANES: Final = {QUICK: QUICK_JOBS, SLOW: frozenset(Job) - QUICK_JOBS}
FUNCTION: Final = "workers.run.perform"
# Only a backstop: the row's lease is the truth, and workers/lease.py ends a job that runs too long before this does.
TIMEOUT_S: Final = 35 * 60
KEEP_FAILED_S: Final = 3600
ANSWER_WITHIN_S: Final = 10.0


class Refused(Exception):
    """The queue held something that the dispatcher never puts there; it was not run."""


class RowCall(QueueJob):
    """A job of the queue that can be nothing but a call of `perform` with the id of a row."""

    @property
    def func(self) -> Any:
        """Return `perform`.

        Raises:
            Refused: the queue names another function, or an instance.
        """
        if self.func_name != FUNCTION or self.instance is not None or self.kwargs:
            raise Refused(str(self.func_name)[:80])
        return super().func

    @property
    def success_callback(self) -> None:
        """Return None: the dispatcher sets no callback, so one found in the queue is not run."""

    @property
    def failure_callback(self) -> None:
        """Return None, as above."""

    @property
    def stopped_callback(self) -> None:
        """Return None, as above."""

    def send_webhooks(self, *_args: Any, **_kwargs: Any) -> None:
        """Send nothing: a worker calls no address that stands in the queue."""


def connect(settings: Settings) -> redis.Redis:
    """Return a client of the queue's server; opens no connection yet.

    Raises:
        SettingMissing: this process was not given the queue's address.
    """
    if settings.redis_url is None:
        raise SettingMissing("TIPLINE_REDIS_URL", "must be set for workers and the dispatcher")
    return redis.Redis.from_url(
        settings.redis_url, socket_timeout=ANSWER_WITHIN_S, socket_connect_timeout=ANSWER_WITHIN_S
    )


def open_lane(name: str, connection: redis.Redis) -> rq.Queue:
    """Return the queue of one lane: `QUICK` or `SLOW`."""
    return rq.Queue(name, connection=connection, serializer=JSONSerializer, job_class=RowCall)


def put(queue: rq.Queue, piece: Queued) -> None:
    """Put a piece of work into the queue; twice does no harm, the row admits one."""
    queue.enqueue_call(
        FUNCTION,
        args=(str(piece.work_id),),
        timeout=TIMEOUT_S,
        result_ttl=0,
        failure_ttl=KEEP_FAILED_S,
        job_id=name_of(piece.work_id, piece.attempts),
    )


def name_of(work_id: UUID, attempts: int) -> str:
    """Return the name of the queue's job for one try."""
    return f"work-{work_id}-{attempts}"


def work_of(name: str) -> UUID:
    """Return the row that a queue job's name stands for; the inverse of `name_of`."""
    return UUID(name.removeprefix("work-").rpartition("-")[0])

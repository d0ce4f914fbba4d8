"""Keeps the lease on a running piece of work, from a thread of its own: a job that computes cannot starve it."""

from __future__ import annotations

import asyncio
import logging
import os
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from types import TracebackType
from typing import Final, Self

import asyncpg

from tipline.clock import Clock
from tipline.work.service import LEASE, Claim, fail, renew

log = logging.getLogger(__name__)

RENEW_EVERY_S: Final = LEASE.total_seconds() / 5
LONGEST_JOB: Final = timedelta(minutes=30)
# A job that was told to stop and does not is ended with its process; the row's lease frees the work.
LETS_GO_WITHIN_S: Final = 10.0
UNSTOPPABLE: Final = 75
PASSING: Final = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError)


class Lease:
    """A context in which the lease is renewed every few seconds; `lost` is called when it cannot be kept."""

    def __init__(self, claim: Claim, *, now: Clock, lost: Callable[[], None], longest: timedelta = LONGEST_JOB) -> None:
        self._claim, self._now, self._lost, self._longest = claim, now, lost, longest
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="lease", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    def _keep(self) -> None:
        begun = renewed = time.monotonic()
        while not self._over.wait(RENEW_EVERY_S):
            if time.monotonic() - begun > self._longest.total_seconds():
                self._give_up()
                break
            try:
                if not asyncio.run(renew(self._claim, now=self._now())):
                    log.warning("work %s was taken back; this try stops", self._claim.work_id)
                    break
                renewed = time.monotonic()
            except PASSING as problem:
                log.warning(
                    "the lease of work %s could not be renewed: %s", self._claim.work_id, type(problem).__name__
                )
                if time.monotonic() - renewed > LEASE.total_seconds():
                    break
        else:
            return
        self._lost()
        if not self._over.wait(LETS_GO_WITHIN_S):
            os._exit(UNSTOPPABLE)

    def _give_up(self) -> None:
        minutes = int(self._longest.total_seconds() // 60)
        try:
            asyncio.run(fail(self._claim, f"took longer than {minutes} minutes", now=self._now(), is_final=False))
        except PASSING as problem:
            log.warning("work %s ran too long; not recorded: %s", self._claim.work_id, type(problem).__name__)

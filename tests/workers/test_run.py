"""What the worker records about a job that ends well, badly, or not at all."""

from __future__ import annotations

import asyncio
import threading
from datetime import timedelta
from uuid import UUID

import pytest

from evidence.errors import ItemBroken, StorageDown
from tests.make import NOON
from tests.platform import Platform
from tipline.clock import utc_now
from tipline.work import service
from tipline.work.service import Claim
from tipline.work.tables import Job, Work, WorkState
from workers import lease, run
from workers.doors import Permanent, open_doors

SUBJECT = UUID(int=11)


async def queued() -> UUID:
    await service.ask(Job.SEAL_ITEM, SUBJECT, now=NOON)
    [piece] = await service.carry_due(list(Job), now=NOON, limit=1)
    return piece.work_id


async def after(problem: Exception | None, platform: Platform, patch: pytest.MonkeyPatch) -> Work:
    """Carry out a job that ends so, and return its row."""

    async def job(subject: str) -> None:
        assert subject == str(SUBJECT)
        if problem is not None:
            raise problem

    patch.setattr("workers.sealing.seal_item", job)
    open_doors(platform.settings)
    await run.carry_out(await queued())
    row = await Work.objects().first()
    assert row is not None
    return row


async def test_a_job_that_ends_well_is_done(database: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    row = await after(None, database, monkeypatch)

    assert (row.state, row.attempts, row.problem) == (WorkState.DONE, 1, "")
    assert row.lease_until is None


@pytest.mark.parametrize("problem", [ItemBroken(SUBJECT), Permanent("not a picture")])
async def test_what_cannot_succeed_is_failed_at_once(
    database: Platform, monkeypatch: pytest.MonkeyPatch, problem: Exception
) -> None:
    row = await after(problem, database, monkeypatch)

    assert row.state == WorkState.FAILED
    assert row.problem == f"{type(problem).__name__}: {problem}"


async def test_a_neighbour_that_is_down_is_waited_for(database: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    row = await after(StorageDown("store", "does not answer", "start it"), database, monkeypatch)

    assert row.state == WorkState.WAITING
    assert row.due_at > utc_now()


async def test_words_of_people_in_a_strange_error_do_not_reach_the_row(
    database: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = await after(ValueError("王小明 13800000000"), database, monkeypatch)

    assert row.problem == "ValueError"


async def test_work_that_is_not_queued_is_left_alone(database: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    await after(None, database, monkeypatch)
    row = await Work.objects().first()
    assert row is not None

    await run.carry_out(row.id)
    await run.carry_out(UUID(int=404))

    assert await Work.count() == 1
    assert await Work.exists().where(Work.attempts == 1)


async def test_a_try_whose_row_was_taken_back_is_stopped(database: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lease, "RENEW_EVERY_S", 0.05)
    begun, stopped = asyncio.Event(), asyncio.Event()

    async def job(_subject: str) -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            stopped.set()

    monkeypatch.setattr("workers.sealing.seal_item", job)
    open_doors(database.settings)
    work_id = await queued()
    trying = asyncio.create_task(run.carry_out(work_id))
    await begun.wait()

    await service.recover_lost(now=utc_now() + service.LEASE * 2)
    await asyncio.wait_for(trying, timeout=10)

    row = await Work.objects().get(Work.id == work_id)
    assert stopped.is_set()
    assert row is not None
    assert row.state == WorkState.WAITING


async def test_a_job_that_runs_too_long_is_stopped_and_recorded(
    database: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease, "RENEW_EVERY_S", 0.05)
    claim = await service.claim(await queued(), now=utc_now())
    assert isinstance(claim, Claim)
    told_to_stop = threading.Event()

    with lease.Lease(claim, now=utc_now, lost=told_to_stop.set, longest=timedelta(seconds=0.1)):
        assert await asyncio.to_thread(told_to_stop.wait, 10)

    row = await Work.objects().first()
    assert row is not None
    assert row.problem.startswith("took longer than")

"""Asked-for work ends done, once in effect, whatever is killed or emptied on the way. Real processes, real services."""

from __future__ import annotations

import signal
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import psutil
import pytest
import redis
import rq
from rq.serializers import JSONSerializer

from evidence.custody import Custody
from evidence.streams import once
from evidence.tables import CustodyEntry, EvidenceItem, ItemState
from tests import make
from tests.platform import Platform
from tests.programs import kill_tree, running, wait_until
from tests.workers.conftest import PLATE
from tipline.clock import utc_now
from tipline.doors import open_custody
from tipline.intake.tables import ExaminationState, Hint, HintKind
from tipline.supervisor.programs import environment_of
from tipline.work.presence import present
from tipline.work.service import ask
from tipline.work.tables import Job, Part, Work, WorkState
from workers import queue

SLOW_BYTES = 96 * 1024**2  # takes the better part of a second to check, so that a kill can hit its middle


@pytest.fixture
async def hand_over(database: Platform) -> Platform:
    """An empty database and an empty queue."""
    redis.Redis.from_url(str(database.settings.redis_url)).flushall()
    return database


def env(platform: Platform) -> dict[str, str]:
    return environment_of(platform.settings, with_queue=True)


async def received_item(platform: Platform, data: bytes = b"some bytes", *, deposit: UUID | None = None) -> UUID:
    """Receive bytes and ask for their sealing, as the intake does."""
    custody: Custody = open_custody(platform.settings)
    received = await custody.receive(once(data), limit_bytes=len(data))
    deposit = deposit or (await make.tip()).id
    item = await custody.register(received, deposit=deposit, media_type="application/octet-stream", now=utc_now())
    await ask(Job.SEAL_ITEM, item, now=utc_now())
    return item


async def sealing_of(item: UUID) -> Work:
    row = await Work.objects().where((Work.subject == item) & (Work.job == Job.SEAL_ITEM)).first()
    assert row is not None
    return row


async def state_is(item: UUID, state: WorkState) -> bool:
    return bool((await sealing_of(item)).state == state)


async def assert_sealed_once(item: UUID) -> None:
    row = await EvidenceItem.objects().get(EvidenceItem.id == item)
    assert row is not None
    assert row.state == ItemState.SEALED
    assert await CustodyEntry.count().where(CustodyEntry.item == item) == 1
    assert await Work.count().where((Work.subject == item) & (Work.job == Job.EXAMINE_ITEM)) == 1


def horse_of(worker: int) -> psutil.Process | None:
    children = psutil.Process(worker).children()
    return children[0] if children else None


async def test_asked_for_work_is_done_and_asks_for_the_next(hand_over: Platform) -> None:
    with running("dispatch", env=env(hand_over)), running("worker", env=env(hand_over)):
        item = await received_item(hand_over)

        await wait_until(lambda: state_is(item, WorkState.DONE), "the sealing")

    await assert_sealed_once(item)
    assert (await sealing_of(item)).attempts == 1


async def test_a_worker_killed_in_mid_job_does_the_work_once_in_effect(hand_over: Platform) -> None:
    with running("dispatch", env=env(hand_over)):
        with running("worker", env=env(hand_over)) as worker:
            item = await received_item(hand_over, b"v" * SLOW_BYTES)
            await wait_until(lambda: state_is(item, WorkState.RUNNING), "the job's beginning")
            kill_tree(worker)
        assert await state_is(item, WorkState.RUNNING)  # nobody could say that it was killed
        # Its lease passes; twenty seconds are not waited for.
        await Work.update({Work.lease_until: utc_now() - timedelta(seconds=1)}).where(Work.subject == item)

        with running("worker", env=env(hand_over)):
            await wait_until(lambda: state_is(item, WorkState.DONE), "the second try")

    await assert_sealed_once(item)
    assert (await sealing_of(item)).attempts == 2


async def test_a_job_whose_own_process_is_killed_is_tried_again_at_once(hand_over: Platform) -> None:
    with running("dispatch", env=env(hand_over)), running("worker", env=env(hand_over)) as worker:
        item = await received_item(hand_over, b"v" * SLOW_BYTES)
        await wait_until(lambda: state_is(item, WorkState.RUNNING), "the job's beginning")
        horse = horse_of(worker.pid)
        assert horse is not None

        horse.send_signal(signal.SIGKILL)

        await wait_until(lambda: state_is(item, WorkState.DONE), "the second try", within_s=18)  # before a lease passes
    await assert_sealed_once(item)
    assert (await sealing_of(item)).attempts == 2


async def test_work_asked_for_while_the_dispatcher_is_dead_is_carried_by_the_next(hand_over: Platform) -> None:
    with running("worker", env=env(hand_over)):
        with running("dispatch", env=env(hand_over)) as dispatcher:

            async def signed() -> Any:
                return await present(Part.DISPATCHER, now=utc_now())

            await wait_until(signed, "the dispatcher")
            dispatcher.kill()
            dispatcher.wait()
        item = await received_item(hand_over)

        with running("dispatch", env=env(hand_over)):
            await wait_until(lambda: state_is(item, WorkState.DONE), "the sealing")

    await assert_sealed_once(item)


async def test_an_emptied_queue_loses_nothing(hand_over: Platform) -> None:
    with running("dispatch", env=env(hand_over)):
        items = [await received_item(hand_over, bytes([number])) for number in range(5)]
        for item in items:
            await wait_until(partial(state_is, item, WorkState.QUEUED), "the queueing")

        redis.Redis.from_url(str(hand_over.settings.redis_url)).flushall()

        with running("worker", env=env(hand_over)):
            for item in items:
                await wait_until(partial(state_is, item, WorkState.DONE), "the sealing")
    for item in items:
        await assert_sealed_once(item)


async def test_a_tip_ends_examined_once_whatever_is_killed_and_emptied(
    hand_over: Platform, rendered_photo: bytes
) -> None:
    tip = await make.tip()
    item = await received_item(hand_over, rendered_photo, deposit=tip.id)
    file = await make.tip_file(tip, await open_custody(hand_over.settings).item(item))

    async def state_of(job: Job) -> str:
        row = await Work.objects().where((Work.subject.is_in([item, tip.id])) & (Work.job == job)).first()
        return row.state if row else ""

    async def is_examining() -> bool:
        return await state_of(Job.EXAMINE_ITEM) == WorkState.RUNNING

    async def is_linked() -> bool:
        return await state_of(Job.SUGGEST_CASES) == WorkState.DONE

    with running("dispatch", env=env(hand_over)) as dispatcher, running("worker", env=env(hand_over)) as worker:
        await wait_until(is_examining, "the examination's beginning")
        kill_tree(worker)
        kill_tree(dispatcher)
    redis.Redis.from_url(str(hand_over.settings.redis_url)).flushall()
    # Its lease passes; twenty seconds are not waited for.
    await Work.update({Work.lease_until: utc_now() - timedelta(seconds=1)}).where(Work.state == WorkState.RUNNING)

    with running("dispatch", env=env(hand_over)), running("worker", env=env(hand_over)):
        await wait_until(is_linked, "the suggestions", within_s=60)

    await file.refresh()
    assert file.examination == ExaminationState.EXAMINED
    assert await EvidenceItem.count().where(EvidenceItem.parent == item) == 1
    assert [hint.value for hint in await Hint.objects().where(Hint.kind == HintKind.PLATE)] == [PLATE]
    await assert_sealed_once(item)


async def test_a_worker_runs_nothing_but_rows_of_work(hand_over: Platform, tmp_path: Path) -> None:
    connection = redis.Redis.from_url(str(hand_over.settings.redis_url))
    planted = rq.Queue(queue.SLOW, connection=connection, serializer=JSONSerializer)
    folders = [tmp_path / name for name in ("function", "callback")]
    planted.enqueue_call("os.mkdir", args=(str(folders[0]),), result_ttl=60)
    planted.enqueue_call(
        queue.FUNCTION,
        args=("not-an-id",),
        on_failure=rq.Callback("tests.workers.test_hand_over.make_folder"),
        meta={"folder": str(folders[1])},
    )

    with running("worker", env=env(hand_over)), running("dispatch", env=env(hand_over)):
        item = await received_item(hand_over)
        await wait_until(lambda: state_is(item, WorkState.DONE), "the sealing, queued behind the planted jobs")

    assert [folder.exists() for folder in folders] == [False, False]


def make_folder(job: Any, *_: Any) -> None:
    """A callback that a worker must not run."""
    Path(job.meta["folder"]).mkdir()

"""The row's way from waiting to done or failed, and who may move it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import asyncpg
import pytest

from tests.make import NOON
from tests.platform import Platform, as_role
from tipline.database import engine
from tipline.settings import Role
from tipline.work import presence, service
from tipline.work.service import ATTEMPTS_A_ROUND, LEASE, Claim, WorkNotFailed, WorkUnknown, delay_after
from tipline.work.tables import QUICK_JOBS, Job, Part, Presence, Work, WorkState

SUBJECT = UUID(int=7)
SECOND = timedelta(seconds=1)


async def asked(subject: UUID = SUBJECT, job: Job = Job.SEAL_ITEM) -> UUID:
    await service.ask(job, subject, now=NOON)
    row = await Work.objects().where((Work.subject == subject) & (Work.state == WorkState.WAITING)).first()
    assert row is not None
    return UUID(str(row.id))


async def claimed(subject: UUID = SUBJECT) -> Claim:
    work_id = await asked(subject)
    await service.carry_due(list(Job), now=NOON, limit=10)
    claim = await service.claim(work_id, now=NOON)
    assert claim is not None
    return claim


async def row(work_id: UUID) -> Work:
    found = await Work.objects().get(Work.id == work_id)
    assert found is not None
    return found


async def test_what_is_already_waiting_is_not_asked_for_twice(database: Platform) -> None:
    await asked()
    await asked()
    await asked(job=Job.EXAMINE_ITEM)

    assert await Work.count() == 2


async def test_an_ask_that_is_rolled_back_leaves_nothing(database: Platform) -> None:
    transaction = engine().transaction()
    await transaction.__aenter__()
    await service.ask(Job.SEAL_ITEM, SUBJECT, now=NOON)
    await transaction.__aexit__(RuntimeError, RuntimeError(), None)

    assert await Work.count() == 0


async def test_a_second_ask_during_the_run_waits_for_its_end(database: Platform) -> None:
    claim = await claimed()
    again = await asked()

    assert await service.carry_due(list(Job), now=NOON, limit=10) == []
    await service.finish(claim, now=NOON)
    assert [piece.work_id for piece in await service.carry_due(list(Job), now=NOON, limit=10)] == [again]


async def test_a_row_is_claimed_by_one_only(database: Platform) -> None:
    claim = await claimed()

    assert claim.attempt == 1
    assert await service.claim(claim.work_id, now=NOON) is None
    assert (await row(claim.work_id)).lease_until == NOON + LEASE


async def test_the_answer_of_an_earlier_holder_changes_nothing(database: Platform) -> None:
    first = await claimed()
    late = NOON + LEASE + SECOND
    assert await service.recover_lost(now=late) == [first.work_id]
    await service.carry_due(list(Job), now=late + delay_after(1), limit=10)
    second = await service.claim(first.work_id, now=late)
    assert second is not None

    told = [
        await service.finish(first, now=late),
        await service.fail(first, "too late", now=late, is_final=True),
        await service.renew(first, now=late),
    ]

    assert told == [False, False, False]
    assert (await row(first.work_id)).state == WorkState.RUNNING
    assert await service.finish(second, now=late)


async def test_a_renewed_lease_is_not_taken_back(database: Platform) -> None:
    claim = await claimed()

    assert await service.renew(claim, now=NOON + LEASE - SECOND)

    assert await service.recover_lost(now=NOON + LEASE + SECOND) == []


async def test_failed_tries_wait_longer_and_longer_and_end(database: Platform) -> None:
    claim: Claim | None = await claimed()
    moment, waits = NOON, []
    for _ in range(ATTEMPTS_A_ROUND):
        assert claim is not None
        await service.fail(claim, "StorageDown: no answer", now=moment, is_final=False)
        found = await row(claim.work_id)
        waits.append(found.due_at - moment)
        moment = found.due_at
        await service.carry_due(list(Job), now=moment, limit=10)
        claim = await service.claim(found.id, now=moment)

    assert claim is None
    assert waits == [*sorted(waits[:-1]), timedelta(0)]
    assert found.state == WorkState.FAILED
    assert found.problem == "StorageDown: no answer"


async def test_a_permanent_failure_is_not_tried_again_until_asked(database: Platform) -> None:
    claim = await claimed()
    await service.fail(claim, "ItemBroken", now=NOON, is_final=True)
    assert await service.carry_due(list(Job), now=NOON + timedelta(days=1), limit=10) == []

    await service.ask_again(claim.work_id, now=NOON)

    assert [piece.work_id for piece in await service.carry_due(list(Job), now=NOON, limit=10)] == [claim.work_id]


async def test_only_failed_work_can_be_asked_for_again(database: Platform) -> None:
    work_id = await asked()

    with pytest.raises(WorkNotFailed):
        await service.ask_again(work_id, now=NOON)
    with pytest.raises(WorkUnknown):
        await service.ask_again(uuid4(), now=NOON)


async def test_the_longest_waiting_is_carried_first_and_no_more_than_asked(database: Platform) -> None:
    for number in range(5):
        await service.ask(Job.SEAL_ITEM, UUID(int=number), now=NOON + number * SECOND)

    carried = await service.carry_due(list(Job), now=NOON + timedelta(hours=1), limit=2)

    subjects = {(await row(piece.work_id)).subject for piece in carried}
    assert subjects == {UUID(int=0), UUID(int=1)}


async def test_the_summary_counts_every_job_and_state(database: Platform) -> None:
    running = await claimed(UUID(int=1))
    await asked(UUID(int=2))

    summary = await service.summary()

    assert summary.counts[Job.SEAL_ITEM][WorkState.RUNNING] == 1
    assert summary.counts[Job.SEAL_ITEM][WorkState.WAITING] == 1
    assert summary.counts[Job.SUGGEST_CASES][WorkState.DONE] == 0
    assert [one.id for one in summary.running] == [running.work_id]
    assert [one.subject for one in summary.waiting] == [UUID(int=2)]
    assert summary.failed == []


async def test_the_public_face_may_ask_and_see_nothing(database: Platform) -> None:
    as_role(database, Role.PUBLIC)

    await service.ask(Job.SEAL_ITEM, SUBJECT, now=NOON)

    for statement in (
        "SELECT job FROM work",
        "UPDATE work SET state = 'done'",
        "DELETE FROM work",
        "SELECT * FROM presence",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await Work.raw(statement)


async def test_the_staff_face_may_look_and_ask_again_but_not_do(database: Platform) -> None:
    claim = await claimed()
    await service.fail(claim, "ItemBroken", now=NOON, is_final=True)
    as_role(database, Role.STAFF)

    await service.ask_again(claim.work_id, now=NOON)
    await service.summary()

    for statement in ("UPDATE work SET attempts = 0", "DELETE FROM work", "DELETE FROM presence"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await Work.raw(statement)


async def test_a_worker_may_not_remove_work(database: Platform) -> None:
    as_role(database, Role.WORKER)

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await Work.raw("DELETE FROM work")


async def test_presence_is_seen_while_it_is_signed(database: Platform) -> None:
    await presence.sign("worker-1", Part.WORKER, started_at=NOON, now=NOON)

    assert [one.name for one in await presence.present(Part.WORKER, now=NOON + 10 * SECOND)] == ["worker-1"]
    assert await presence.present(Part.DISPATCHER, now=NOON) == []
    assert await presence.present(Part.WORKER, now=NOON + presence.GONE_AFTER + SECOND) == []
    await presence.sign("worker-2", Part.WORKER, started_at=NOON, now=NOON + timedelta(days=2))
    assert [one.name for one in await Presence.objects()] == ["worker-2"]


async def test_a_long_line_of_examinations_does_not_hold_up_a_seal(database: Platform) -> None:
    for _ in range(5):
        await service.ask(Job.EXAMINE_ITEM, uuid4(), now=NOON)
    late = uuid4()
    await service.ask(Job.SEAL_ITEM, late, now=NOON + SECOND)

    carried = await service.carry_due(QUICK_JOBS, now=NOON + 2 * SECOND, limit=1)

    assert [piece.job for piece in carried] == [Job.SEAL_ITEM]

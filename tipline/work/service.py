"""Asking for work, and carrying it out once in effect: the row is the truth, the queue's job only a hint.

A piece of work goes waiting -> queued -> running -> done. Whoever runs it holds a lease and the row's `attempts` as
a fencing token: an answer that comes with an older token changes nothing.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from tipline.database import engine
from tipline.errors import NotFound, Overtaken
from tipline.work.tables import Job, Work, WorkState

CHANNEL: Final = "tipline_work"
LEASE: Final = timedelta(seconds=20)
# One round of tries; a failed piece that is asked for again gets another round.
ATTEMPTS_A_ROUND: Final = 5
DELAYS: Final = tuple(timedelta(seconds=seconds) for seconds in (2, 10, 60, 300))
# Dispatchers take turns: any fixed number serves.
DISPATCH_LOCK: Final = 7_220_451_319
PROBLEM_CHARACTERS: Final = 200
LISTED_ROWS: Final = 100


class WorkUnknown(NotFound):
    """No piece of work has this id."""


class WorkNotFailed(Overtaken):
    """The piece of work is not failed (any more): there is nothing to ask for again."""


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to run one piece of work; `attempt` fences it against later holders."""

    work_id: UUID
    job: Job
    subject: UUID
    attempt: int


@dataclass(frozen=True, slots=True)
class Queued:
    """A piece of work that belongs into the queue; `attempts` so far make its queue job's name unique."""

    work_id: UUID
    job: Job
    attempts: int


@dataclass(frozen=True, slots=True)
class Summary:
    """What the console shows: how many of each job in each state, and the pieces that are not done (oldest first)."""

    counts: dict[Job, dict[WorkState, int]]
    waiting: list[Work]
    running: list[Work]
    failed: list[Work]


async def ask(job: Job, subject: UUID, *, now: datetime, due_at: datetime | None = None) -> None:
    """Ask for `job` on `subject`, now or not before `due_at`; what is already waiting is not asked for twice.

    Joins the caller's transaction: no commit, no work. The notification reaches the dispatcher at commit.
    """
    await Work.raw(
        "INSERT INTO work (id, job, subject, state, attempts, asked_at, due_at, problem)"
        " VALUES ({}, {}, {}, 'waiting', 0, {}, {}, '') ON CONFLICT DO NOTHING",
        uuid4(),
        job.value,
        subject,
        now,
        due_at or now,
    )
    await Work.raw(f"NOTIFY {CHANNEL}")


async def ask_again(work_id: UUID, *, now: datetime) -> None:
    """Give a failed piece of work another round of tries, beginning now.

    Raises:
        WorkUnknown: no such row.
        WorkNotFailed: it is waiting, running or done.
    """
    async with engine().transaction():
        changed = await Work.raw(
            "UPDATE work SET state = 'waiting', due_at = {}, problem = '' WHERE id = {} AND state = 'failed'"
            " RETURNING id",
            now,
            work_id,
        )
        if not changed:
            if await Work.exists().where(Work.id == work_id):
                raise WorkNotFailed
            raise WorkUnknown
        await Work.raw(f"NOTIFY {CHANNEL}")


async def carry_due(jobs: Collection[Job], *, now: datetime, limit: int) -> list[Queued]:
    """Mark up to `limit` due pieces of `jobs` as queued, the longest waiting first, and return them for the queue.

    Of two asks for the same job and subject the second waits until the first is done.
    """
    async with engine().transaction():
        await Work.raw(f"SELECT pg_advisory_xact_lock({DISPATCH_LOCK})")
        rows = await Work.raw(
            "UPDATE work SET state = 'queued', queued_at = {} FROM ("
            "  SELECT id FROM ("
            "    SELECT DISTINCT ON (job, subject) id, due_at FROM work asked WHERE state = 'waiting' AND due_at <= {}"
            "    AND job = ANY({})"
            "    AND NOT EXISTS (SELECT 1 FROM work other WHERE other.job = asked.job"
            "      AND other.subject = asked.subject AND other.state IN ('queued', 'running'))"
            "    ORDER BY job, subject, asked_at"
            "  ) one ORDER BY due_at LIMIT {}"
            ") due WHERE work.id = due.id AND work.state = 'waiting' RETURNING work.id, work.job, work.attempts",
            now,
            now,
            [job.value for job in jobs],
            limit,
        )
    return _queued(rows)


async def queued_before(moment: datetime) -> list[Queued]:
    """Return the pieces that were given to the queue before `moment` and have not begun since."""
    return _queued(
        await Work.raw("SELECT id, job, attempts FROM work WHERE state = 'queued' AND queued_at < {}", moment)
    )


async def note_requeued(pieces: list[Queued], *, now: datetime) -> None:
    """Note that stranded pieces were given to the queue once more."""
    await Work.raw(
        "UPDATE work SET queued_at = {} WHERE state = 'queued' AND id = ANY({})",
        now,
        [piece.work_id for piece in pieces],
    )


async def recover_lost(*, now: datetime) -> list[UUID]:
    """Take back the pieces whose worker was lost (the lease has passed); return their ids.

    They wait for their next try, or are failed when the round of tries is used up.
    """
    rows = await Work.raw(
        "SELECT id, job, subject, attempts FROM work WHERE state = 'running' AND lease_until < {}", now
    )
    claims = [Claim(row["id"], Job(row["job"]), row["subject"], row["attempts"]) for row in rows]
    return [
        claim.work_id
        for claim in claims
        if await _give_back(claim, "the worker was lost", now=now, lost_before=now, is_final=False)
    ]


async def claim(work_id: UUID, *, now: datetime) -> Claim | None:
    """Begin a queued piece of work; None when another holds it, it is done, or it was taken back."""
    rows = await Work.raw(
        "UPDATE work SET state = 'running', attempts = attempts + 1, started_at = {}, lease_until = {}, problem = ''"
        " WHERE id = {} AND state = 'queued' RETURNING job, subject, attempts",
        now,
        now + LEASE,
        work_id,
    )
    if not rows:
        return None
    return Claim(work_id, Job(rows[0]["job"]), rows[0]["subject"], rows[0]["attempts"])


async def renew(claim: Claim, *, now: datetime) -> bool:
    """Keep the lease for another while; False when the claim is lost, and the work must stop."""
    rows = await Work.raw(
        "UPDATE work SET lease_until = {} WHERE id = {} AND attempts = {} AND state = 'running' RETURNING id",
        now + LEASE,
        claim.work_id,
        claim.attempt,
    )
    return bool(rows)


async def finish(claim: Claim, *, now: datetime) -> bool:
    """Record that the work is done; False when the claim was lost before."""
    async with engine().transaction():
        rows = await Work.raw(
            "UPDATE work SET state = 'done', finished_at = {}, lease_until = NULL"
            " WHERE id = {} AND attempts = {} AND state = 'running' RETURNING id",
            now,
            claim.work_id,
            claim.attempt,
        )
        await Work.raw(f"NOTIFY {CHANNEL}")  # a later ask for the same may have waited for this one
    return bool(rows)


async def fail(claim: Claim, problem: str, *, now: datetime, is_final: bool) -> bool:
    """Record that a try failed: it waits for the next one, or is failed for good (`is_final`, or the round is over).

    Returns:
        False when the claim was lost before: nothing is recorded.
    """
    return await _give_back(claim, problem, now=now, lost_before=None, is_final=is_final)


async def current_claim(work_id: UUID) -> Claim | None:
    """Return the claim under which the piece runs now; None when it does not run."""
    rows = await Work.raw("SELECT job, subject, attempts FROM work WHERE id = {} AND state = 'running'", work_id)
    if not rows:
        return None
    return Claim(work_id, Job(rows[0]["job"]), rows[0]["subject"], rows[0]["attempts"])


async def summary() -> Summary:
    """Return what is waiting (queued pieces too), running and failed, at most 100 of each."""
    counts: dict[Job, dict[WorkState, int]] = {job: dict.fromkeys(WorkState, 0) for job in Job}
    for row in await Work.raw("SELECT job, state, count(*) AS pieces FROM work GROUP BY job, state"):
        counts[Job(row["job"])][WorkState(row["state"])] = row["pieces"]
    in_line = [WorkState.WAITING, WorkState.QUEUED]
    return Summary(
        counts=counts,
        waiting=await Work.objects().where(Work.state.is_in(in_line)).order_by(Work.asked_at).limit(LISTED_ROWS),
        running=await _in_state(WorkState.RUNNING),
        failed=await _in_state(WorkState.FAILED),
    )


def delay_after(attempt: int) -> timedelta:
    """Return how long to wait after the given try (1, 2 ...) before the next one; grows within a round."""
    return DELAYS[min((attempt - 1) % ATTEMPTS_A_ROUND, len(DELAYS) - 1)]


async def _give_back(
    claim: Claim, problem: str, *, now: datetime, lost_before: datetime | None, is_final: bool
) -> bool:
    is_over = is_final or claim.attempt % ATTEMPTS_A_ROUND == 0
    async with engine().transaction():
        rows = await Work.raw(
            "UPDATE work SET state = {}, due_at = {}, finished_at = {}, lease_until = NULL, problem = {}"
            " WHERE id = {} AND attempts = {} AND state = 'running' AND lease_until < {} RETURNING id",
            (WorkState.FAILED if is_over else WorkState.WAITING).value,
            now if is_over else now + delay_after(claim.attempt),
            now if is_over else None,
            problem[:PROBLEM_CHARACTERS],
            claim.work_id,
            claim.attempt,
            lost_before or now + LEASE * 2,  # the holder itself gives back before its lease ends
        )
        await Work.raw(f"NOTIFY {CHANNEL}")
    return bool(rows)


async def _in_state(state: WorkState) -> list[Work]:
    return await Work.objects().where(Work.state == state).order_by(Work.asked_at).limit(LISTED_ROWS)


def _queued(rows: list[dict[str, Any]]) -> list[Queued]:
    return [Queued(row["id"], Job(row["job"]), row["attempts"]) for row in rows]

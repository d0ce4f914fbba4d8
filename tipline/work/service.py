"""Asking for work: one row in the caller's own transaction, and a nudge to the dispatcher."""

from datetime import datetime
from uuid import UUID, uuid4

from tipline.work.tables import Job, Work

CHANNEL = "tipline_work"


async def ask(job: Job, subject: UUID, *, now: datetime) -> None:
    """Ask for `job` on `subject`; what is already waiting is not asked for twice.

    Joins the caller's transaction: no commit, no work. The notification reaches the dispatcher at commit.
    """
    await Work.raw(
        "INSERT INTO work (id, job, subject, state, attempts, asked_at, due_at, problem)"
        " VALUES ({}, {}, {}, 'waiting', 0, {}, {}, '') ON CONFLICT DO NOTHING",
        uuid4(),
        job.value,
        subject,
        now,
        now,
    )
    await Work.raw(f"NOTIFY {CHANNEL}")

"""办案时限: the job that keeps clocks and tasks where the facts of the cases and the law put them."""

from __future__ import annotations

from uuid import UUID

from tipline.cases.tasks.keeping import keep, keep_all
from tipline.work.subjects import EVERY_CASE
from workers.doors import doors


async def keep_clocks(subject: str) -> None:
    """Keep the clocks and tasks of the case `subject`, or of every live case when it is `EVERY_CASE`.

    Safe to repeat: what stands right is left alone.
    """
    case_id, now = UUID(subject), doors().now()
    if case_id == EVERY_CASE:
        await keep_all(now=now)
    else:
        await keep(case_id, now=now)

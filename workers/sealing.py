"""封存: the job that vouches for an item's bytes."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from tipline.work.service import ask
from tipline.work.tables import Job
from workers.doors import doors

ACTOR: Final = "worker:seal_item"


async def seal_item(subject: str) -> None:
    """Check and seal the evidence item `subject`, then ask for its examination.

    Safe to repeat: a sealed item is left as it is and its examination asked for again, which is safe to repeat too.

    Raises:
        CustodyBroken: the stored bytes are not those received; recorded in the ledger, never tried again.
        StorageDown: tried again later.
    """
    item_id, at = UUID(subject), doors()
    await at.custody.seal(item_id, actor=ACTOR, now=at.now())
    await ask(Job.EXAMINE_ITEM, item_id, now=at.now())

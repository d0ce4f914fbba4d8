"""Looking at sealed media: whoever looks at an original or a piece of it is entered, once an hour at most."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from evidence.custody import Custody
from evidence.tables import CustodyAct, CustodyEntry, EvidenceItem
from tipline.database import engine

ENTERED_AT_MOST_EVERY: Final = timedelta(hours=1)
FRAME: Final = "frame:"
PURPOSE: Final = "assessment in the console"


async def note_view(
    item: EvidenceItem, *, badge_number: str, custody: Custody, now: datetime, purpose: str = PURPOSE
) -> None:
    """Enter into the ledger that an officer looks at `item`, before the first byte is given out.

    Key frames are not entered: the looks at their tips are. What officers had made of an original is. Within the hour
    after an entry the same officer's looks at the same item add nothing, so that a player's many ranges are one view.
    """
    if item.label.startswith(FRAME):
        return
    async with engine().transaction():
        # Ranges of one player come together: they queue here, and all but the first find its entry.
        await CustodyEntry.raw(
            "SELECT pg_advisory_xact_lock(hashtextextended({}, 0))", f"view {item.id} {badge_number}"
        )
        is_entered = await CustodyEntry.exists().where(
            (CustodyEntry.item == item.id)
            & (CustodyEntry.act == CustodyAct.VIEWED)
            & (CustodyEntry.actor == badge_number)
            & (CustodyEntry.happened_at > now - ENTERED_AT_MOST_EVERY)
        )
        if not is_entered:
            await custody.viewed(item.id, actor=badge_number, purpose=purpose, now=now)

"""A new tip brings back those like it that were put off or declined: nobody has to remember them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from tipline.database import engine
from tipline.intake.tables import Tip
from tipline.intake.triage.history import change, held_tip
from tipline.intake.triage.likeness import Likeness
from tipline.intake.triage.similar import likenesses_of
from tipline.intake.triage.tables import TipDeed

# Put off or set aside before the new tip came, and not brought back by it yet.
_ASLEEP: Final = """
SELECT t.id FROM tip t, tip new WHERE new.id = {} AND new.state = 'received' AND t.id = {}
AND ((t.state = 'received' AND t.surfaced_at > {}) OR (t.state = 'declined' AND t.surfaced_at IS NULL))
AND new.received_at > (SELECT max(e.happened_at) FROM tip_event e
                       WHERE e.tip = t.id AND e.deed IN ('snoozed', 'declined'))
AND NOT EXISTS (SELECT 1 FROM tip_event e WHERE e.tip = t.id AND e.deed = 'resurfaced'
                AND e.changed_to ->> 'because' = {})"""


async def resurface_like(tip_id: UUID, *, now: datetime) -> list[UUID]:
    """Bring back to the queue what is like the new tip and was put off or declined before it came.

    A declined tip stays declined and is shown in the queue again; an officer decides anew. Safe to repeat: one tip
    brings another back once.

    Returns:
        The tips brought back.
    """
    brought = []
    for other, alike in (await likenesses_of(tip_id)).items():
        if await _resurface(other, because=tip_id, alike=alike, now=now):
            brought.append(other)
    return brought


async def _resurface(tip_id: UUID, *, because: UUID, alike: list[Likeness], now: datetime) -> bool:
    asked = (because, tip_id, now, str(because))
    if not await Tip.raw(_ASLEEP, *asked):
        return False
    async with engine().transaction():
        held = await held_tip(tip_id)
        rows: list[dict[str, Any]] = await Tip.raw(_ASLEEP, *asked)  # again, now that nobody can change it
        if rows:
            about = {"because": because, "alike": [one.value for one in alike]}
            await change(held, TipDeed.RESURFACED, {"surfaced_at": now}, by=None, now=now, about=about)
    return bool(rows)

"""An officer's decision on a tip: taken into work, or not. Two officers may look at one tip; the first decides."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from tipline.database import engine
from tipline.errors import NotFound, Overtaken
from tipline.intake.tables import DeclineReason, Tip, TipState

LOCKED: Final = """
SELECT t.state, t.decided_at, o.full_name, o.badge_number FROM tip t LEFT JOIN officer o ON o.id = t.decided_by
WHERE t.id = {} FOR UPDATE OF t"""


class TipNotFound(NotFound):
    """There is no such tip."""

    def __init__(self, tip_id: UUID) -> None:
        super().__init__(f"no tip {tip_id}")
        self.tip_id = tip_id


class TipDecided(Overtaken):
    """The tip no longer stands as the officer saw it: another decided it; the facts say who, when and what."""

    def __init__(self, tip_id: UUID, *, state: TipState, by_name: str, by_badge: str, at: datetime | None) -> None:
        super().__init__(f"tip {tip_id} is {state}, decided by {by_badge or 'nobody'} at {at}")
        self.tip_id, self.state = tip_id, state
        self.by_name, self.by_badge, self.at = by_name, by_badge, at


async def accept_tip(tip_id: UUID, *, officer: UUID, now: datetime, seen: TipState = TipState.RECEIVED) -> None:
    """Take a tip into work. `seen` is the state the officer decided on; a declined tip may be taken up after all.

    Raises:
        TipNotFound: there is none.
        TipDecided: it stands otherwise by now, or is accepted already.
    """
    async with engine().transaction():
        await _refuse_stale(tip_id, seen, open_to={TipState.RECEIVED, TipState.DECLINED})
        await _decide(tip_id, TipState.ACCEPTED, None, officer=officer, now=now)


async def decline_tip(
    tip_id: UUID, reason: DeclineReason, *, officer: UUID, now: datetime, seen: TipState = TipState.RECEIVED
) -> None:
    """Leave a new tip aside, with a reason. It stays kept and may be taken up later.

    Raises:
        TipNotFound: there is none.
        TipDecided: it is decided by now.
    """
    async with engine().transaction():
        await _refuse_stale(tip_id, seen, open_to={TipState.RECEIVED})
        await _decide(tip_id, TipState.DECLINED, reason, officer=officer, now=now)


async def _refuse_stale(tip_id: UUID, seen: TipState, *, open_to: set[TipState]) -> None:
    rows: list[dict[str, Any]] = await Tip.raw(LOCKED, tip_id)
    if not rows:
        raise TipNotFound(tip_id)
    row = rows[0]
    state = TipState(row["state"])
    if state != seen or state not in open_to:
        raise TipDecided(
            tip_id,
            state=state,
            by_name=row["full_name"] or "",
            by_badge=row["badge_number"] or "",
            at=row["decided_at"],
        )


async def _decide(tip_id: UUID, state: TipState, reason: DeclineReason | None, *, officer: UUID, now: datetime) -> None:
    await Tip.update(
        {Tip.state: state, Tip.decided_by: officer, Tip.decided_at: now, Tip.decline_reason: reason}
    ).where(Tip.id == tip_id)

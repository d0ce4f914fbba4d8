"""An officer's decision on a tip: taken into work, left aside, or a duplicate. Of two officers the first decides."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from tipline.database import engine
from tipline.intake.tables import DeclineReason, Tip, TipState
from tipline.intake.triage.errors import DuplicateOfItself, TipDecided, TipNotFound
from tipline.intake.triage.history import change, held_tip
from tipline.intake.triage.tables import TipDeed
from tipline.work.service import ask
from tipline.work.tables import Job

__all__ = ["TipDecided", "TipNotFound", "accept_tip", "decline_tip", "mark_duplicate", "take_into_work"]

_LAST_DECIDED: Final = """
SELECT e.happened_at, o.full_name, o.badge_number FROM tip_event e JOIN officer o ON o.id = e.officer
WHERE e.tip = {} AND e.changed_to -> 'state' IS NOT NULL ORDER BY e.number DESC LIMIT 1"""
_DECIDED_BY: Final = "SELECT full_name, badge_number FROM officer WHERE id = {}"
_ROOT: Final = """
WITH RECURSIVE up AS (
  SELECT id, duplicate_of FROM tip WHERE id = {}
  UNION SELECT t.id, t.duplicate_of FROM tip t JOIN up ON t.id = up.duplicate_of
) SELECT id FROM up WHERE duplicate_of IS NULL"""
# Marking duplicates is rare and touches several tips: one at a time, so that no circle closes and nobody waits in one.
_ONE_AT_A_TIME: Final = "SELECT pg_advisory_xact_lock(hashtextextended('duplicates of tips', 0))"


async def accept_tip(tip_id: UUID, *, officer: UUID, now: datetime, seen: TipState = TipState.RECEIVED) -> UUID:
    """Take a tip into work and return the deed. `seen` is the state decided on; any other state may be taken up.

    Raises:
        TipNotFound: there is none.
        TipDecided: it stands otherwise by now, or is accepted already.
    """
    async with engine().transaction():
        held = await held_tip(tip_id)
        await _refuse_stale(held, seen, open_to={TipState.RECEIVED, TipState.DECLINED, TipState.DUPLICATE})
        event = await change(held, TipDeed.ACCEPTED, _decided(TipState.ACCEPTED, officer, now), by=officer, now=now)
    return event.id


async def decline_tip(
    tip_id: UUID, reason: DeclineReason, *, officer: UUID, now: datetime, seen: TipState = TipState.RECEIVED
) -> UUID:
    """Leave a new tip aside, with a reason, and return the deed. It stays kept and may be taken up later.

    A declined tip that came up again may be declined again.

    Raises:
        TipNotFound: there is none.
        TipDecided: it is decided by now.
    """
    async with engine().transaction():
        held = await held_tip(tip_id)
        again = {TipState.DECLINED} if held["surfaced_at"] is not None else set()
        await _refuse_stale(held, seen, open_to={TipState.RECEIVED, *again})
        to = {**_decided(TipState.DECLINED, officer, now), "decline_reason": reason.value}
        event = await change(held, TipDeed.DECLINED, to, by=officer, now=now)
    return event.id


async def mark_duplicate(
    tip_id: UUID, of: UUID, *, officer: UUID, now: datetime, seen: TipState = TipState.RECEIVED
) -> UUID:
    """Say that a tip tells what another told, and return the deed.

    Both stay kept; the files and links of the duplicate count with the other one, and cases are looked for anew with
    them. If the other one is itself a duplicate, the tip that speaks for it speaks for this one too.

    Raises:
        TipNotFound: one of the two does not exist.
        TipDecided: the tip is decided by now.
        DuplicateOfItself: the other one is this tip, or a duplicate of it.
    """
    async with engine().transaction():
        await Tip.raw(_ONE_AT_A_TIME)
        held = await held_tip(tip_id)
        await _refuse_stale(held, seen, open_to={TipState.RECEIVED, TipState.DECLINED})
        roots: list[dict[str, Any]] = await Tip.raw(_ROOT, of)
        if not roots:
            raise TipNotFound(of)
        root: UUID = roots[0]["id"]
        if root == tip_id:
            raise DuplicateOfItself
        to = {**_decided(TipState.DUPLICATE, officer, now), "duplicate_of": root}
        event = await change(held, TipDeed.MARKED_DUPLICATE, to, by=officer, now=now)
        await ask(Job.SUGGEST_CASES, root, now=now)
    return event.id


async def take_into_work(held: dict[str, Any], *, officer: UUID, now: datetime) -> dict[str, Any]:
    """Return what the link of a tip to a case changes on the tip that the caller holds; the caller writes the deed.

    Raises:
        TipDecided: it was declined, or is a duplicate: it would have to be taken up first.
    """
    if held["state"] == TipState.ACCEPTED:
        return {"state": held["state"]}
    await _refuse_stale(held, TipState.RECEIVED, open_to={TipState.RECEIVED})
    return _decided(TipState.ACCEPTED, officer, now)


async def _refuse_stale(held: dict[str, Any], seen: TipState, *, open_to: AbstractSet[TipState]) -> None:
    state = TipState(held["state"])
    if state == seen and state in open_to:
        return
    rows: list[dict[str, Any]] = await Tip.raw(_LAST_DECIDED, held["id"])
    if not rows and held["decided_by"] is not None:
        rows = [one | {"happened_at": held["decided_at"]} for one in await Tip.raw(_DECIDED_BY, held["decided_by"])]
    last: dict[str, Any] = rows[0] if rows else {"full_name": "", "badge_number": "", "happened_at": None}
    raise TipDecided(
        held["id"], state=state, by_name=last["full_name"], by_badge=last["badge_number"], at=last["happened_at"]
    )


def _decided(state: TipState, officer: UUID, now: datetime) -> dict[str, Any]:
    return {
        "state": state.value,
        "decided_by": officer,
        "decided_at": now,
        "decline_reason": None,
        "duplicate_of": None,
        "surfaced_at": None,
    }

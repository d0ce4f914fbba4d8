"""Putting a tip off, assigning it, and taking one's own deed back."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from tipline.accounts.rules import Right, roles_with
from tipline.accounts.tables import Officer
from tipline.database import engine
from tipline.intake.tables import Tip, TipState
from tipline.intake.triage.errors import (
    AssigneeUnknown,
    DeedNotFound,
    DeedOfAnother,
    DeedOvertaken,
    DeedStays,
    SnoozeEnded,
    TipDecided,
)
from tipline.intake.triage.history import change, held_tip, read_back
from tipline.intake.triage.rules import SIMPLE_TO_UNDO
from tipline.intake.triage.tables import TipDeed, TipEvent

_EVENT: Final = "SELECT id, tip, number, deed, officer, changed_from, changed_to FROM tip_event WHERE id = {}"
# Deeds after this one that still hold and changed some of the same columns, and whoever took it back already.
_LATER: Final = """
SELECT e.deed, e.happened_at, coalesce(o.full_name, '') AS full_name, coalesce(o.badge_number, '') AS badge_number
FROM tip_event e LEFT JOIN officer o ON o.id = e.officer
WHERE e.tip = {} AND (e.undoes = {} OR (
  e.number > {} AND e.deed NOT IN ('undone', 'resurfaced')
  AND e.changed_to ?| {}::text[] AND NOT EXISTS (SELECT 1 FROM tip_event u WHERE u.undoes = e.id)))
ORDER BY e.number DESC LIMIT 1"""
_DECIDER: Final = """
SELECT coalesce(o.full_name, '') AS full_name, coalesce(o.badge_number, '') AS badge_number, t.decided_at
FROM tip t LEFT JOIN officer o ON o.id = t.decided_by WHERE t.id = {}"""


async def snooze_tip(tip_id: UUID, until: datetime, *, officer: UUID, now: datetime) -> UUID:
    """Put an undecided tip off until a moment, and return the deed; a new tip like it brings it back before.

    Raises:
        TipNotFound: there is none.
        TipDecided: a colleague decided it.
        SnoozeEnded: the moment is past.
    """
    if until <= now:
        raise SnoozeEnded
    async with engine().transaction():
        held = await held_tip(tip_id)
        if held["state"] != TipState.RECEIVED:
            decider = (await Tip.raw(_DECIDER, tip_id))[0]
            raise TipDecided(
                tip_id,
                state=TipState(held["state"]),
                by_name=decider["full_name"],
                by_badge=decider["badge_number"],
                at=decider["decided_at"],
            )
        event = await change(held, TipDeed.SNOOZED, {"surfaced_at": until}, by=officer, now=now)
    return event.id


async def assign_tip(tip_id: UUID, to: UUID | None, *, officer: UUID, now: datetime) -> UUID:
    """Put a tip into an officer's hands, or into nobody's, and return the deed.

    Raises:
        TipNotFound: there is none.
        AssigneeUnknown: no officer in office who decides on tips.
    """
    async with engine().transaction():
        if to is not None and not await Officer.exists().where(
            (Officer.id == to) & (Officer.is_active == True) & Officer.role.is_in(list(roles_with(Right.DECIDE_TIPS)))
        ):
            raise AssigneeUnknown
        event = await change(await held_tip(tip_id), TipDeed.ASSIGNED, {"assigned_to": to}, by=officer, now=now)
    return event.id


async def undo(deed_id: UUID, *, officer: UUID, now: datetime) -> UUID:
    """Take one's own deed back and return the deed that did so: the tip stands as before it.

    Raises:
        DeedNotFound, DeedStays, DeedOfAnother, DeedOvertaken: as `held_for_undo` says.
    """
    async with engine().transaction():
        event, held = await held_for_undo(deed_id, officer=officer, kinds=SIMPLE_TO_UNDO)
        undone = await change(
            held, TipDeed.UNDONE, read_back(event["changed_from"]), by=officer, now=now, undoes=event["id"]
        )
    return undone.id


async def held_for_undo(
    deed_id: UUID, *, officer: UUID, kinds: frozenset[TipDeed]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Hold the tip of a deed that is to be taken back; return the deed and the tip. Joins the caller's transaction.

    Raises:
        DeedNotFound: there is none.
        DeedStays: it is none of `kinds`.
        DeedOfAnother: a colleague did it.
        DeedOvertaken: it was taken back already, or a later deed rests on it.
    """
    rows: list[dict[str, Any]] = await TipEvent.raw(_EVENT, deed_id)
    if not rows:
        raise DeedNotFound(deed_id)
    event = rows[0] | {name: json.loads(rows[0][name]) for name in ("changed_from", "changed_to")}
    if TipDeed(event["deed"]) not in kinds:
        raise DeedStays
    if event["officer"] != officer:
        raise DeedOfAnother
    held = await held_tip(event["tip"])
    changed = list(event["changed_from"])
    later: list[dict[str, Any]] = await TipEvent.raw(_LATER, event["tip"], deed_id, event["number"], changed)
    if later:
        raise DeedOvertaken(
            deed_id,
            state=TipDeed(later[0]["deed"]),
            by_name=later[0]["full_name"],
            by_badge=later[0]["badge_number"],
            at=later[0]["happened_at"],
        )
    return event, held

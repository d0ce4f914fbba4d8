"""Every deed on a tip is one row that stays: who, when, what, from what to what."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid4

from piccolo.columns import Column

from tipline.intake.tables import Tip
from tipline.intake.triage.errors import TipNotFound
from tipline.intake.triage.tables import TipDeed, TipEvent

# What deeds change on a tip itself, and how each value is read back from the row of a deed.
COLUMNS: Final[dict[str, type]] = {
    "state": str,
    "decided_by": UUID,
    "decided_at": datetime,
    "decline_reason": str,
    "duplicate_of": UUID,
    "assigned_to": UUID,
    "surfaced_at": datetime,
}
_LOCKED: Final = f"SELECT id, received_at, {', '.join(COLUMNS)} FROM tip WHERE id = {{}} FOR UPDATE"  # noqa: S608  ours
_NUMBER: Final = "SELECT coalesce(max(number), 0) + 1 AS number FROM tip_event WHERE tip = {}"


async def held_tip(tip_id: UUID) -> dict[str, Any]:
    """Hold a tip until the transaction ends, and return what deeds change on it.

    Raises:
        TipNotFound: there is none.
    """
    rows: list[dict[str, Any]] = await Tip.raw(_LOCKED, tip_id)
    if not rows:
        raise TipNotFound(tip_id)
    return rows[0]


async def change(
    held: Mapping[str, Any],
    deed: TipDeed,
    to: Mapping[str, Any],
    *,
    by: UUID | None,
    now: datetime,
    about: Mapping[str, object] | None = None,
    undoes: UUID | None = None,
) -> TipEvent:
    """Change a tip that the caller holds, write the deed down, and return it.

    Args:
        held: the tip as `held_tip` gave it.
        deed: what is done.
        to: columns of the tip and their new values.
        by: the officer; None for the platform itself.
        now: when.
        about: what else the deed is about (a case, a tag, a tip), kept beside the new values.
        undoes: the deed that this one takes back.
    """
    if to:
        await Tip.update(dict[Column | str, Any](to.items())).where(Tip.id == held["id"])
    number = (await TipEvent.raw(_NUMBER, held["id"]))[0]["number"]
    event = TipEvent(
        id=uuid4(),
        tip=held["id"],
        number=number,
        deed=deed,
        officer=by,
        happened_at=now,
        changed_from=_as_json({name: held[name] for name in to}),
        changed_to=_as_json({**to, **(about or {})}),
        undoes=undoes,
    )
    await event.save()
    return event


def read_back(kept: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns of a tip out of what a deed kept of them, as values again."""
    return {name: _value(COLUMNS[name], kept[name]) for name in COLUMNS if name in kept}


def _value(kind: type, text: str | None) -> str | UUID | datetime | None:
    if text is None:
        return None
    return datetime.fromisoformat(text) if kind is datetime else UUID(text) if kind is UUID else text


def _as_json(values: Mapping[str, object]) -> str:
    return json.dumps(
        {name: one.isoformat() if isinstance(one, datetime) else one for name, one in values.items()},
        ensure_ascii=False,
        default=str,
    )

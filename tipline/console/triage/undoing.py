"""Taking a deed back, whichever room it belongs to."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from tipline.cases.unlinking.service import undo_link
from tipline.intake.triage.errors import DeedNotFound
from tipline.intake.triage.handling import undo
from tipline.intake.triage.tables import TipDeed, TipEvent

_DEED: Final = "SELECT tip, deed FROM tip_event WHERE id = {}"


async def tip_of_deed(deed_id: UUID) -> UUID:
    """Return the tip that a deed was done on.

    Raises:
        DeedNotFound: there is no such deed.
    """
    return UUID(str((await _deed(deed_id))["tip"]))


async def undo_deed(deed_id: UUID, *, officer: UUID, now: datetime) -> UUID:
    """Take one's own deed back and return the deed that did so.

    Raises:
        DeedNotFound, DeedStays, DeedOfAnother, DeedOvertaken: as `undo` says.
        CaseAlreadyCleared: a link to a case that is closed by now stays.
    """
    if (await _deed(deed_id))["deed"] == TipDeed.LINKED:
        return await undo_link(deed_id, officer=officer, now=now)
    return await undo(deed_id, officer=officer, now=now)


async def _deed(deed_id: UUID) -> dict[str, Any]:
    rows: list[dict[str, Any]] = await TipEvent.raw(_DEED, deed_id)
    if not rows:
        raise DeedNotFound(deed_id)
    return rows[0]

"""Taking a link of one's own back, while nothing rests on it."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from tipline.cases.errors import LinkNotFound
from tipline.cases.locks import open_case_locked
from tipline.cases.tables import Link, LinkSuggestion, SuggestionState
from tipline.database import engine
from tipline.intake.triage.errors import DeedNotFound, DeedStays
from tipline.intake.triage.handling import held_for_undo
from tipline.intake.triage.history import change, read_back
from tipline.intake.triage.tables import TipDeed, TipEvent

_LINKING: Final = "SELECT deed, changed_to FROM tip_event WHERE id = {}"


async def undo_link(deed_id: UUID, *, officer: UUID, now: datetime) -> UUID:
    """Take one's own link back and return the deed that did so: tip and suggestion stand as before it.

    Raises:
        DeedNotFound: there is no such deed.
        DeedStays: the deed is no linking.
        CaseNotFound, CaseAlreadyCleared: the case is closed, so that its links stay.
        DeedOfAnother, DeedOvertaken: as `held_for_undo` says.
        LinkNotFound: the link is not there any more.
    """
    async with engine().transaction():
        rows: list[dict[str, Any]] = await TipEvent.raw(_LINKING, deed_id)
        if not rows:
            raise DeedNotFound(deed_id)
        if rows[0]["deed"] != TipDeed.LINKED:
            raise DeedStays
        about = json.loads(rows[0]["changed_to"])
        await open_case_locked(UUID(about["case"]))
        event, held = await held_for_undo(deed_id, officer=officer, kinds=frozenset({TipDeed.LINKED}))
        moved = await Link.raw(
            "SELECT withdraw_link({}, {}, {}, {}) AS is_moved", UUID(about["link"]), deed_id, officer, now
        )
        if not moved[0]["is_moved"]:
            raise LinkNotFound(UUID(about["link"]))
        if about["suggestion"]:
            await LinkSuggestion.update(
                {
                    LinkSuggestion.state: SuggestionState.PROPOSED,
                    LinkSuggestion.decided_by: None,
                    LinkSuggestion.decided_at: None,
                }
            ).where(LinkSuggestion.id == UUID(about["suggestion"]))
        undone = await change(
            held,
            TipDeed.UNDONE,
            read_back(event["changed_from"]),
            by=officer,
            now=now,
            about={"case": about["case"]},
            undoes=deed_id,
        )
    return undone.id

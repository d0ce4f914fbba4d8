"""What each officer keeps for himself at the inbox: what he has seen, his saved searches, his keys."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid4

from tipline.database import engine
from tipline.intake.response.reads import note_first_look
from tipline.intake.triage.errors import SearchUnfit
from tipline.intake.triage.rules import SEARCH_NAME_MAXIMUM, SEARCHES_MAXIMUM
from tipline.intake.triage.tables import SavedSearch, TipSeen, TriagePreference
from tipline.texts import clean

_SEEN: Final = """
INSERT INTO tip_seen (id, tip, officer, seen_at) SELECT {}, id, {}, {} FROM tip WHERE id = {}
ON CONFLICT (tip, officer) DO UPDATE SET seen_at = EXCLUDED.seen_at"""
_KEYS: Final = """
INSERT INTO triage_preference (id, officer, has_single_keys) VALUES ({}, {}, {})
ON CONFLICT (officer) DO UPDATE SET has_single_keys = EXCLUDED.has_single_keys"""
_HELD_SEARCHES: Final = "SELECT pg_advisory_xact_lock(hashtextextended({}, 0))"
_KEEP_SEARCH: Final = """
INSERT INTO saved_search (id, officer, name, query, created_at) VALUES ({}, {}, {}, {}, {})
ON CONFLICT (officer, name) DO NOTHING RETURNING id"""


async def mark_seen(tip_id: UUID, *, officer: UUID, now: datetime) -> None:
    """Note that an officer has looked at a tip; for colleagues it stays unread. The first look of all is kept."""
    await TipSeen.raw(_SEEN, uuid4(), officer, now, tip_id)
    await note_first_look(tip_id, officer=officer, now=now)


async def set_single_keys(*, officer: UUID, are_on: bool) -> None:
    """Switch an officer's single-key shortcuts on or off."""
    await TriagePreference.raw(_KEYS, uuid4(), officer, are_on)


async def has_single_keys(officer: UUID) -> bool:
    """Return whether single keys do something for an officer: yes, until switched off."""
    row = await TriagePreference.select(TriagePreference.has_single_keys).where(TriagePreference.officer == officer)
    return bool(row[0]["has_single_keys"]) if row else True


async def save_search(name: str, query: str, *, officer: UUID, now: datetime) -> None:
    """Keep a search under a name of the officer's own.

    Raises:
        SearchUnfit: no name, a long one, one that is taken, or more than a dozen searches.
    """
    words = clean(name)
    if not 1 <= len(words) <= SEARCH_NAME_MAXIMUM:
        raise SearchUnfit
    async with engine().transaction():
        await SavedSearch.raw(_HELD_SEARCHES, f"searches of {officer}")
        if await SavedSearch.count().where(SavedSearch.officer == officer) >= SEARCHES_MAXIMUM:
            raise SearchUnfit
        rows: list[dict[str, Any]] = await SavedSearch.raw(_KEEP_SEARCH, uuid4(), officer, words, query, now)
        if not rows:
            raise SearchUnfit


async def forget_search(search_id: UUID, *, officer: UUID) -> None:
    """Remove one of the officer's own searches; another's stays."""
    await SavedSearch.delete().where((SavedSearch.id == search_id) & (SavedSearch.officer == officer))

"""Tags and internal notes of a tip: officers' words to each other, never shown to its sender."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid4

from tipline.database import engine
from tipline.intake.triage.errors import NoteUnfit, TagUnfit
from tipline.intake.triage.history import change, held_tip
from tipline.intake.triage.rules import NOTE_MAXIMUM, TAG_MAXIMUM, tag_name
from tipline.intake.triage.tables import Tag, TipDeed, TipNote, TipTag
from tipline.texts import clean

_KNOWN_TAG: Final = "INSERT INTO tag (id, name) VALUES ({}, {}) ON CONFLICT (name) DO NOTHING"
_BEAR: Final = """
INSERT INTO tip_tag (id, tip, tag) SELECT {}, {}, id FROM tag WHERE name = {} ON CONFLICT (tip, tag) DO NOTHING
RETURNING id"""
_TAKE_OFF: Final = "DELETE FROM tip_tag WHERE tip = {} AND tag = (SELECT id FROM tag WHERE name = {}) RETURNING id"


async def add_tag(tip_id: UUID, text: str, *, officer: UUID, now: datetime) -> None:
    """Give a tip a tag; one that it bears already changes nothing.

    Raises:
        TipNotFound: there is no such tip.
        TagUnfit: no word, or a long one.
    """
    name = tag_name(text)
    if not 1 <= len(name) <= TAG_MAXIMUM:
        raise TagUnfit
    async with engine().transaction():
        held = await held_tip(tip_id)
        await Tag.raw(_KNOWN_TAG, uuid4(), name)
        rows: list[dict[str, Any]] = await TipTag.raw(_BEAR, uuid4(), tip_id, name)
        if rows:
            await change(held, TipDeed.TAGGED, {}, by=officer, now=now, about={"tag": name})


async def remove_tag(tip_id: UUID, text: str, *, officer: UUID, now: datetime) -> None:
    """Take a tag off a tip; one that it does not bear changes nothing.

    Raises:
        TipNotFound: there is no such tip.
    """
    async with engine().transaction():
        held = await held_tip(tip_id)
        rows: list[dict[str, Any]] = await TipTag.raw(_TAKE_OFF, tip_id, tag_name(text))
        if rows:
            await change(held, TipDeed.UNTAGGED, {}, by=officer, now=now, about={"tag": tag_name(text)})


async def add_note(tip_id: UUID, text: str, *, officer: UUID, now: datetime) -> None:
    """Write an internal note on a tip; a note is never changed, another one follows it.

    Raises:
        TipNotFound: there is no such tip.
        NoteUnfit: no words, or more than 4,000 characters.
    """
    words = clean(text)
    if not 1 <= len(words) <= NOTE_MAXIMUM:
        raise NoteUnfit
    async with engine().transaction():
        held = await held_tip(tip_id)
        note = TipNote(id=uuid4(), tip=tip_id, text=words, author=officer, written_at=now)
        await note.save()
        await change(held, TipDeed.NOTED, {}, by=officer, now=now, about={"note": note.id})

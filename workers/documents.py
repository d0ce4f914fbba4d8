"""文书: the job that draws a paper of a case from its kept words, and seals it."""

from __future__ import annotations

import asyncio
from typing import Final
from uuid import UUID

from tipline.cases.documents.service import order_of, record_kept, record_refused
from tipline.papers.glyphs import FontMissing, NotDrawable
from tipline.papers.sheet import draw
from workers.doors import doors

ACTOR: Final = "worker:make_document"
NOT_DRAWABLE: Final = "not_drawable"


async def make_document(subject: str) -> None:
    """Draw the paper `subject` as PDF/A and seal it as an item of the case.

    Safe to repeat, wherever it was broken off: the item bears the paper's own id, so there is one, and the same words
    give the same bytes. What cannot be drawn is recorded as such and the job is done.

    Raises:
        DocumentNotFound: nobody asked for it; never tried again.
        FontMissing, StorageDown: tried again later.
    """
    at, order = doors(), await order_of(UUID(subject))
    if order.is_kept:
        return
    try:
        pdf = await asyncio.to_thread(draw, order.sheet, made_at=order.made_at)
    except FontMissing:
        raise  # no paper can be drawn on this machine: not the paper's fault
    except NotDrawable:
        await record_refused(order.id, problem=NOT_DRAWABLE, now=at.now())
        return
    item = await at.custody.keep_made(
        order.id,
        pdf,
        deposit=order.case,
        media_type="application/pdf",
        actor=ACTOR,
        facts=order.facts,
        now=at.now(),
    )
    await record_kept(order.id, item, now=at.now())

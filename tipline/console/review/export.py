"""Giving out an original or a piece of it as a file: entered into the ledger each time, before the first byte goes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from evidence.custody import Custody
from tipline.intake.review.asking import ReviewedFile
from tipline.intake.review.errors import NotOfThisFile

PURPOSE: Final = "export"
ENDINGS: Final = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "image/heic": "heic",
    "video/mp4": "mp4",
    "video/quicktime": "mov",
    "video/webm": "webm",
    "video/x-matroska": "mkv",
    "video/x-msvideo": "avi",
    "video/mp2t": "ts",
}


@dataclass(frozen=True, slots=True)
class Export:
    """A file on its way out; `name` is made of what it is and the beginning of its digest."""

    name: str
    size_bytes: int
    sha256: str
    blocks: AsyncIterator[bytes]


async def export_of(file: ReviewedFile, item_id: UUID, *, badge_number: str, custody: Custody, now: datetime) -> Export:
    """Enter that an officer takes out an item of a file, and return it.

    Raises:
        NotOfThisFile: it is neither the file's original nor made from it.
        NotSealed: it is not sealed.
        ObjectMissing: the store has lost it; nothing is entered.
    """
    item = await custody.sealed_item(item_id)
    if file.item not in (item.id, item.parent):
        raise NotOfThisFile(item_id)
    blocks = custody.open(item_id)
    first = await anext(blocks, b"")  # a missing object answers as the alarm it is, and is no export
    await custody.viewed(item_id, actor=badge_number, purpose=PURPOSE, now=now)
    what = item.label.replace(":", "-").replace(",", "-") or "original"
    ending = ENDINGS.get(item.media_type, "bin")
    return Export(f"{what}-{str(item.sha256)[:12]}.{ending}", item.size_bytes, str(item.sha256), _all(first, blocks))


async def _all(first: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for block in rest:
        yield block

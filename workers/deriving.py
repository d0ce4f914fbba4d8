"""派生: the job that cuts a still, crop, clip or preview out of a sealed original. The cutting happens in the box."""

from __future__ import annotations

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from uuid import UUID

from evidence.canonical import Json
from tipline.intake.review.asking import order_of, record_kept, record_refused
from workers.doors import doors
from workers.media import look_in_a_box

ACTOR: Final = "worker:derive_item"
# What the box may hand out; a name of its own making is not opened.
MEDIA_TYPES: Final = {"piece.png": "image/png", "piece.mp4": "video/mp4", "piece.mkv": "video/x-matroska"}


async def derive_item(subject: str) -> None:
    """Make the derived item that the derivation `subject` asks for, and seal it under its original.

    Safe to repeat, wherever it was broken off: for one original and label the first item kept stands, and a later try
    finds it. What cannot be made is recorded as such and the job is done. The original is only read.

    Raises:
        DerivationNotFound: nobody asked for it; never tried again.
        CustodyBroken: the original is gone or was changed; never tried again.
        StorageDown, workers.media.BoxStopped: tried again later.
    """
    at, order = doors(), await order_of(UUID(subject))
    if order.is_kept:
        return
    with TemporaryDirectory(prefix="tipline-box-") as name:
        folder = Path(name)
        async with at.custody.local_path(order.original) as path:
            wish = {"kind": order.piece.kind.value, "parameters": dict(order.piece.parameters)}
            report = await look_in_a_box(path, order.role, folder, order=wish)
        if "file" not in report:
            await record_refused(order.id, problem=report["problem"], now=at.now())
            return
        facts: dict[str, Json] = {
            "asked_by": order.asked_by,
            "made": report["facts"],
            "parameters": dict(order.piece.parameters),
        }
        item = await at.custody.keep_derived(
            order.original,
            order.label,
            await asyncio.to_thread((folder / report["file"]).read_bytes),
            media_type=MEDIA_TYPES[report["file"]],
            actor=ACTOR,
            facts=facts,
            now=at.now(),
        )
    await record_kept(order.id, item, facts=report["facts"], now=at.now())

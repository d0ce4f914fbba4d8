"""Photos and videos of the present's tips: they go through custody, sealing and examination like anyone's."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

from evidence.custody import Custody, ReceivedBytes
from evidence.streams import once
from tipline.demo.clip import render_clip, render_photo
from tipline.demo.drawing import County, WithMedia
from tipline.intake.tables import ExaminationState, FileDecision, FileRole, TipFile
from tipline.work.service import ask
from tipline.work.tables import Job

MEDIA_TYPES: Final = {FileRole.PHOTO: "image/jpeg", FileRole.VIDEO: "video/mp4"}
FILE_NAMES: Final = {FileRole.PHOTO: "demo-photo.jpg", FileRole.VIDEO: "demo-clip.mp4"}


@dataclass(frozen=True, slots=True)
class KeptMedium:
    """A file whose bytes are in the store already; no row names it yet."""

    tip: UUID
    received_at: datetime
    role: FileRole
    position: int
    received: ReceivedBytes


async def keep_media(county: County, custody: Custody) -> list[KeptMedium]:
    """Render the files of the county's tips, store them and return them for `register_media`; touches no row.

    Raises:
        FontMissing: setup was not run.
        StorageDown: the store does not answer.
    """
    kept = []
    for seed, brings in enumerate(county.media, start=1):
        for position, role in enumerate(brings.roles, start=1):
            data = await asyncio.to_thread(_render, brings, role, seed)
            received = await custody.receive(once(data), limit_bytes=len(data))
            kept.append(KeptMedium(brings.tip, brings.received_at, role, position, received))
    return kept


async def register_media(kept: list[KeptMedium], custody: Custody, *, now: datetime) -> None:
    """Write the rows of kept files and ask for their sealing, from which all else follows. Joins the transaction."""
    for medium in kept:
        item = await custody.register(
            medium.received, deposit=medium.tip, media_type=MEDIA_TYPES[medium.role], now=medium.received_at
        )
        await TipFile.insert(
            TipFile(
                id=uuid4(),
                tip=medium.tip,
                item=item,
                role=medium.role,
                position=medium.position,
                file_name=FILE_NAMES[medium.role],
                examination=ExaminationState.WAITING,
                problem="",
                facts={},
                decision=FileDecision.UNDECIDED,
                decline_reason=None,
                decided_by=None,
                decided_at=None,
            )
        )
        await ask(Job.SEAL_ITEM, item, now=now)


def _render(brings: WithMedia, role: FileRole, seed: int) -> bytes:
    render = render_photo if role == FileRole.PHOTO else render_clip
    return render(brings.plate, captured_at=brings.captured_at, seed=seed, colour=brings.colour, place=brings.place)

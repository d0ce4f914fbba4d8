"""Photos and videos of the present's tips: they go through custody, sealing and examination like anyone's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

from evidence.custody import Custody, ReceivedBytes
from evidence.streams import once
from tipline.demo.drawing import County
from tipline.intake.tables import ExaminationState, FileRole, TipFile
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


async def keep_media(county: County, rendered: Mapping[FileRole, bytes], custody: Custody) -> list[KeptMedium]:
    """Put the files of the county's tips into the store and return them for `register_media`; touches no row."""
    return [
        KeptMedium(
            tip=brings.tip,
            received_at=brings.received_at,
            role=role,
            position=position,
            received=await custody.receive(once(rendered[role]), limit_bytes=len(rendered[role])),
        )
        for brings in county.media
        for position, role in enumerate(brings.roles, start=1)
    ]


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
            )
        )
        await ask(Job.SEAL_ITEM, item, now=now)

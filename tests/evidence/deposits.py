"""Deposits for the evidence tests: items made the way the platform makes them, and a hand that tampers with them."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

from evidence.custody import Custody
from evidence.storage import FileStorage
from evidence.streams import MEBIBYTE, PART_BYTES
from evidence.tables import EvidenceItem

RECEIVED = datetime(2021, 3, 1, 0, 30, tzinfo=UTC)
SEALED = datetime(2021, 3, 1, 0, 31, 12, 345678, tzinfo=UTC)
THREE_PARTS = os.urandom(2 * PART_BYTES + 12_345)
WORKER = "worker:seal_item"


async def in_chunks(data: bytes, size: int = 65_536) -> AsyncIterator[bytes]:
    for start in range(0, len(data), size):
        yield data[start : start + size]


async def registered(custody: Custody, data: bytes = b"a photo", *, deposit: UUID | None = None) -> UUID:
    """An item as the public face leaves it: stored, `checking`."""
    received = await custody.receive(in_chunks(data), limit_bytes=100 * MEBIBYTE)
    return await custody.register(received, deposit=deposit or uuid4(), media_type="image/jpeg", now=RECEIVED)


async def sealed(custody: Custody, data: bytes = b"a photo") -> EvidenceItem:
    """An item as the worker leaves it."""
    return await custody.seal(await registered(custody, data), actor=WORKER, now=SEALED)


async def file_of(storage: FileStorage, item: EvidenceItem) -> Path:
    async with storage.local_path(item.object_key) as path:
        return path


def overwrite(path: Path, data: bytes, *, offset: int = 0) -> None:
    """Tamper with stored bytes as someone with the disk in hand would."""
    path.chmod(0o600)
    with path.open("r+b") as file:
        file.seek(offset)
        file.write(data)

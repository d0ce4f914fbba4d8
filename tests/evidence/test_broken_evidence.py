"""Whatever happens to stored bytes or their parts between receipt and seal, or after, is found and recorded."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from evidence.custody import Custody
from evidence.errors import DigestMismatch, ItemBroken, NotSealed, ObjectMissing
from evidence.storage import FileStorage
from evidence.streams import PART_BYTES
from evidence.tables import CustodyAct, CustodyEntry, ItemState
from tests.evidence.deposits import SEALED, THREE_PARTS, WORKER, file_of, overwrite, registered, sealed
from tests.platform import Platform


def flip(path: Path, offset: int) -> None:
    overwrite(path, bytes([THREE_PARTS[offset] ^ 1]), offset=offset)


def append(path: Path, data: bytes) -> None:
    path.chmod(0o600)
    with path.open("ab") as file:
        file.write(data)


def swap_parts(path: Path) -> None:
    overwrite(path, THREE_PARTS[PART_BYTES : 2 * PART_BYTES] + THREE_PARTS[:PART_BYTES])


TAMPERING: list[tuple[str, Callable[[Path], None], str]] = [
    ("first byte", lambda path: flip(path, 0), "sha256 of part 1"),
    ("middle byte", lambda path: flip(path, PART_BYTES), "sha256 of part 2"),
    ("last byte", lambda path: flip(path, len(THREE_PARTS) - 1), "sha256 of part 3"),
    ("cut by one byte", lambda path: os.truncate(path, len(THREE_PARTS) - 1), "size"),
    ("cut at a part", lambda path: os.truncate(path, PART_BYTES), "size"),
    ("emptied", lambda path: os.truncate(path, 0), "size"),
    ("one byte more", lambda path: append(path, b"x"), "size"),
    ("parts swapped", swap_parts, "sha256 of part 1"),
]


@pytest.mark.parametrize(("change", "what"), [(one[1], one[2]) for one in TAMPERING], ids=[one[0] for one in TAMPERING])
async def test_bytes_that_changed_before_the_seal_break_the_item(
    database: Platform, custody: Custody, storage: FileStorage, change: Callable[[Path], None], what: str
) -> None:
    item_id = await registered(custody, THREE_PARTS)
    change(await file_of(storage, await custody.item(item_id)))

    with pytest.raises(DigestMismatch) as found:
        await custody.seal(item_id, actor=WORKER, now=SEALED)

    assert found.value.what == what
    assert (await custody.item(item_id)).state == ItemState.BROKEN
    (entry,) = await CustodyEntry.objects()
    assert (entry.act, entry.actor, entry.happened_at) == (CustodyAct.FOUND_BROKEN, WORKER, SEALED)
    assert json.loads(entry.record)["detail"] == {
        "expected": found.value.expected,
        "found": found.value.found,
        "what": what,
    }


@pytest.mark.parametrize(("change", "what"), [(one[1], one[2]) for one in TAMPERING], ids=[one[0] for one in TAMPERING])
async def test_bytes_that_changed_after_the_seal_are_found_by_verifying(
    database: Platform, custody: Custody, storage: FileStorage, change: Callable[[Path], None], what: str
) -> None:
    item = await sealed(custody, THREE_PARTS)
    assert (await custody.verify(item.id, actor="worker:fixity", now=SEALED)).sha256 == item.sha256
    change(await file_of(storage, item))

    with pytest.raises(DigestMismatch) as found:
        await custody.verify(item.id, actor="worker:fixity", now=SEALED)

    assert found.value.what == what
    broken = await custody.item(item.id)
    assert (broken.state, broken.sha256) == (ItemState.BROKEN, item.sha256)
    with pytest.raises(NotSealed):
        await custody.sealed_item(item.id)
    acts = await CustodyEntry.select(CustodyEntry.act).order_by(CustodyEntry.position).output(as_list=True)
    assert acts == [CustodyAct.RECEIVED, CustodyAct.FOUND_BROKEN]


async def test_a_broken_item_is_recorded_once_and_never_sealed(
    database: Platform, custody: Custody, storage: FileStorage
) -> None:
    item_id = await registered(custody, THREE_PARTS)
    path = await file_of(storage, await custody.item(item_id))
    flip(path, 9)
    with pytest.raises(DigestMismatch):
        await custody.seal(item_id, actor=WORKER, now=SEALED)
    overwrite(path, THREE_PARTS)

    with pytest.raises(ItemBroken):
        await custody.seal(item_id, actor=WORKER, now=SEALED)

    assert (await custody.item(item_id)).state == ItemState.BROKEN
    assert await CustodyEntry.count() == 1


async def test_an_object_that_is_gone_breaks_the_item(
    database: Platform, custody: Custody, storage: FileStorage
) -> None:
    item_id = await registered(custody)
    await storage.remove((await custody.item(item_id)).object_key)

    with pytest.raises(ObjectMissing):
        await custody.seal(item_id, actor=WORKER, now=SEALED)
    with pytest.raises(ItemBroken):
        await custody.seal(item_id, actor=WORKER, now=SEALED)

    (entry,) = await CustodyEntry.objects()
    assert entry.act == CustodyAct.FOUND_BROKEN


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM evidence_part WHERE number = 1",
        "DELETE FROM evidence_part WHERE number = 2",
        "DELETE FROM evidence_part WHERE number = 3",
        "DELETE FROM evidence_part",
        "UPDATE evidence_part SET offset_bytes = offset_bytes + 1 WHERE number = 2",
        "UPDATE evidence_part SET size_bytes = size_bytes - 1 WHERE number = 3",
    ],
)
async def test_an_item_whose_parts_were_tampered_with_is_not_sealed(
    database: Platform, custody: Custody, statement: str
) -> None:
    item_id = await registered(custody, THREE_PARTS)
    admin = await database.admin()
    await admin.execute("SET session_replication_role = replica")
    await admin.execute(statement)
    await admin.close()

    with pytest.raises(DigestMismatch) as found:
        await custody.seal(item_id, actor=WORKER, now=SEALED)

    assert found.value.what == "parts"
    assert (await custody.item(item_id)).state == ItemState.BROKEN

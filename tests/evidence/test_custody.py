"""Receiving, sealing, deriving and handing out evidence, on a real database and real files."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator, Awaitable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.hashes import SM3, Hash

from evidence.custody import Custody
from evidence.errors import EmptyFile, ItemNotFound, NotSealed, StorageDown, TooLarge
from evidence.storage import FileStorage
from evidence.streams import PART_BYTES
from evidence.tables import CustodyAct, CustodyEntry, EvidenceItem, EvidencePart, ItemState
from evidence.transactions import transaction
from tests.evidence.deposits import RECEIVED, SEALED, THREE_PARTS, WORKER, in_chunks, registered, sealed
from tests.evidence.s3_server import S3Server
from tests.platform import Platform

pytestmark = pytest.mark.usefixtures("database")


def files_under(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


async def entries() -> list[CustodyEntry]:
    return await CustodyEntry.objects().order_by(CustodyEntry.position)


async def roll_back_after(deed: Awaitable[object]) -> None:
    """Do the deed in a transaction that then fails."""
    async with transaction():
        await deed
        raise LookupError


def record_of(entry: CustodyEntry) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(entry.record)
    return found


async def test_received_bytes_are_stored_with_the_digest_of_each_part(custody: Custody, tmp_path: Path) -> None:
    received = await custody.receive(in_chunks(THREE_PARTS), limit_bytes=len(THREE_PARTS))

    assert received.size_bytes == len(THREE_PARTS)
    assert received.head == THREE_PARTS[:4096]
    assert [(part.number, part.offset_bytes, part.size_bytes) for part in received.parts] == [
        (1, 0, PART_BYTES),
        (2, PART_BYTES, PART_BYTES),
        (3, 2 * PART_BYTES, 12_345),
    ]
    assert [part.sha256 for part in received.parts] == [
        hashlib.sha256(THREE_PARTS[start : start + PART_BYTES]).hexdigest()
        for start in range(0, len(THREE_PARTS), PART_BYTES)
    ]
    assert [path.name for path in files_under(tmp_path)] == [received.object_key]
    assert not await EvidenceItem.exists()


@pytest.mark.parametrize("limit", [0, 6, PART_BYTES])
async def test_one_byte_past_the_limit_is_refused_and_nothing_kept(
    custody: Custody, tmp_path: Path, limit: int
) -> None:
    with pytest.raises(TooLarge) as refused:
        await custody.receive(in_chunks(bytes(limit + 1)), limit_bytes=limit)

    assert refused.value.limit_bytes == limit
    assert files_under(tmp_path) == []


async def test_a_stream_is_cut_off_at_the_limit_and_not_read_to_its_end(custody: Custody) -> None:
    asked = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal asked
        while True:
            asked += 1
            yield bytes(1000)

    with pytest.raises(TooLarge):
        await custody.receive(endless(), limit_bytes=10_000)

    assert asked == 11


async def test_a_file_of_no_bytes_is_refused_and_nothing_kept(custody: Custody, tmp_path: Path) -> None:
    with pytest.raises(EmptyFile):
        await custody.receive(in_chunks(b""), limit_bytes=10)

    assert files_under(tmp_path) == []


async def test_unwelcome_bytes_can_be_discarded(custody: Custody, tmp_path: Path) -> None:
    received = await custody.receive(in_chunks(b"MZ not a photo"), limit_bytes=100)

    await custody.discard(received)

    assert files_under(tmp_path) == []


async def test_a_registered_item_is_not_yet_received(custody: Custody) -> None:
    deposit = uuid4()

    item_id = await registered(custody, THREE_PARTS, deposit=deposit)

    item = await custody.item(item_id)
    assert (item.state, item.deposit, item.size_bytes) == (ItemState.CHECKING, deposit, len(THREE_PARTS))
    assert [item.sha256, item.sm3, item.sealed_at, item.parent] == [None] * 4
    assert item.label == ""
    assert item.received_at == RECEIVED
    assert await EvidencePart.count().where(EvidencePart.item == item_id) == 3
    assert await entries() == []


async def test_a_registration_joins_the_transaction_it_is_called_in(custody: Custody) -> None:
    received = await custody.receive(in_chunks(b"a photo"), limit_bytes=100)

    with pytest.raises(LookupError):
        await roll_back_after(custody.register(received, deposit=uuid4(), media_type="image/jpeg", now=RECEIVED))

    assert not await EvidenceItem.exists()
    assert not await EvidencePart.exists()


async def test_sealing_digests_the_bytes_and_enters_the_item_once(custody: Custody) -> None:
    item_id = await registered(custody, THREE_PARTS)
    sm3 = Hash(SM3())
    sm3.update(THREE_PARTS)

    item = await custody.seal(item_id, actor=WORKER, now=SEALED)
    again = await custody.seal(item_id, actor="worker:another", now=SEALED)

    assert (item.state, item.sealed_at) == (ItemState.SEALED, SEALED)
    assert item.sha256 == hashlib.sha256(THREE_PARTS).hexdigest()
    assert item.sm3 == sm3.finalize().hex()
    assert (again.sha256, again.sealed_at) == (item.sha256, SEALED)
    (entry,) = await entries()
    assert (entry.position, entry.item, entry.act, entry.actor) == (0, item_id, CustodyAct.RECEIVED, WORKER)
    assert entry.happened_at == RECEIVED
    assert record_of(entry) == {
        "act": "received",
        "actor": WORKER,
        "deposit": str(item.deposit),
        "detail": {"received_at": "2021-03-01T00:30:00.000000+00:00", "sealed_at": "2021-03-01T00:31:12.345678+00:00"},
        "happened_at": "2021-03-01T00:30:00.000000+00:00",
        "item": str(item_id),
        "media_type": "image/jpeg",
        "position": 0,
        "sha256": item.sha256,
        "size_bytes": len(THREE_PARTS),
        "sm3": item.sm3,
        "version": 1,
    }


async def test_workers_that_seal_the_same_item_at_once_enter_it_once(custody: Custody, database: Platform) -> None:
    """All four have read the bytes and stand in line before the first may enter its act."""
    item_id = await registered(custody)
    admin = await database.admin()
    async with admin.transaction():
        await admin.execute("SELECT 1 FROM ledger_head FOR UPDATE")
        sealing = [asyncio.create_task(custody.seal(item_id, actor=WORKER, now=SEALED)) for _ in range(4)]
        waiting = "SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted"
        while await admin.fetchval(waiting) < len(sealing):  # noqa: ASYNC110  PostgreSQL sends no event for it
            await asyncio.sleep(0.01)

    items = await asyncio.gather(*sealing)

    await admin.close()
    assert {item.state for item in items} == {ItemState.SEALED}
    assert {item.sha256 for item in items} == {hashlib.sha256(b"a photo").hexdigest()}
    assert len(await entries()) == 1


async def test_sealing_inside_a_transaction_is_a_mistake_of_the_caller(custody: Custody) -> None:
    item_id = await registered(custody)

    with pytest.raises(RuntimeError, match="outside a transaction"):
        async with transaction():
            await custody.seal(item_id, actor=WORKER, now=SEALED)


async def test_an_act_without_a_name_is_refused(custody: Custody) -> None:
    item_id = await registered(custody)

    with pytest.raises(ValueError, match="without a name"):
        await custody.seal(item_id, actor=" ", now=SEALED)

    assert (await custody.item(item_id)).state == ItemState.CHECKING
    assert await entries() == []


async def test_a_store_that_is_down_changes_nothing(s3_server: S3Server) -> None:
    item_id = await registered(Custody(s3_server.storage()))
    shut_out = Custody(s3_server.storage(secret_key="another-secret-key"))

    with pytest.raises(StorageDown):
        await shut_out.seal(item_id, actor=WORKER, now=SEALED)

    assert (await shut_out.item(item_id)).state == ItemState.CHECKING
    assert await entries() == []


async def test_evidence_in_an_s3_store_is_sealed_as_well(s3_server: S3Server) -> None:
    custody = Custody(s3_server.storage())

    item = await sealed(custody, THREE_PARTS)

    assert item.sha256 == hashlib.sha256(THREE_PARTS).hexdigest()
    assert b"".join([block async for block in custody.open(item.id)]) == THREE_PARTS


async def test_only_sealed_bytes_are_handed_out(custody: Custody) -> None:
    item_id = await registered(custody)

    with pytest.raises(NotSealed):
        [block async for block in custody.open(item_id)]
    with pytest.raises(NotSealed):
        async with custody.local_path(item_id):
            pass
    with pytest.raises(NotSealed):
        await custody.viewed(item_id, actor="110021", purpose="研判", now=SEALED)
    with pytest.raises(NotSealed):
        await custody.verify(item_id, actor=WORKER, now=SEALED)


async def test_sealed_bytes_are_handed_out_whole_in_part_and_as_a_file(custody: Custody) -> None:
    item = await sealed(custody, THREE_PARTS)

    served = b"".join([block async for block in custody.open(item.id)])
    ranged = b"".join([block async for block in custody.open(item.id, start=5, end=5 + PART_BYTES)])
    async with custody.local_path(item.id) as path:
        decoded = path.read_bytes()

    assert served == THREE_PARTS
    assert ranged == THREE_PARTS[5 : 5 + PART_BYTES]
    assert decoded == THREE_PARTS


async def test_what_is_not_there_is_not_found(custody: Custody) -> None:
    nowhere = uuid4()

    with pytest.raises(ItemNotFound):
        await custody.item(nowhere)
    with pytest.raises(ItemNotFound):
        await custody.seal(nowhere, actor=WORKER, now=SEALED)
    with pytest.raises(ItemNotFound):
        [block async for block in custody.open(nowhere)]


async def test_a_view_is_entered_with_its_purpose_and_the_digests_of_that_moment(custody: Custody) -> None:
    item = await sealed(custody)

    await custody.viewed(item.id, actor="110021", purpose="研判 2021-03-01", now=SEALED)

    _, view = await entries()
    assert (view.act, view.actor, view.happened_at) == (CustodyAct.VIEWED, "110021", SEALED)
    assert record_of(view)["detail"] == {"purpose": "研判 2021-03-01"}
    assert record_of(view)["sha256"] == item.sha256


async def test_a_view_that_is_rolled_back_leaves_no_gap(custody: Custody) -> None:
    item = await sealed(custody)

    with pytest.raises(LookupError):
        await roll_back_after(custody.viewed(item.id, actor="110021", purpose="first", now=SEALED))
    await custody.viewed(item.id, actor="110021", purpose="second", now=SEALED)

    assert [entry.position for entry in await entries()] == [0, 1]
    assert record_of((await entries())[1])["detail"] == {"purpose": "second"}


async def test_a_derived_item_is_sealed_at_once_and_names_its_parent(custody: Custody, database: Platform) -> None:
    parent = await sealed(custody)

    frame_id = await custody.keep_derived(
        parent.id,
        "frame-000004200",
        b"a frame",
        media_type="image/jpeg",
        actor="worker:examine_item",
        facts={"at_ms": 4200, "tool": "av 18.1.0"},
        now=SEALED,
    )

    frame = await custody.sealed_item(frame_id)
    assert (frame.parent, frame.deposit, frame.label) == (parent.id, parent.deposit, "frame-000004200")
    assert frame.sha256 == hashlib.sha256(b"a frame").hexdigest()
    assert b"".join([block async for block in custody.open(frame_id)]) == b"a frame"
    _, entry = await entries()
    assert (entry.act, entry.item) == (CustodyAct.DERIVED, frame_id)
    assert record_of(entry)["detail"] == {
        "facts": {"at_ms": 4200, "tool": "av 18.1.0"},
        "label": "frame-000004200",
        "parent": str(parent.id),
        "parent_sha256": parent.sha256,
    }


async def keep_frame(custody: Custody, parent: EvidenceItem, data: bytes = b"a frame") -> Any:
    return await custody.keep_derived(
        parent.id, "frame-1", data, media_type="image/jpeg", actor="worker:examine_item", facts={}, now=SEALED
    )


async def test_a_job_that_runs_twice_keeps_one_derived_item(custody: Custody, tmp_path: Path) -> None:
    parent = await sealed(custody)

    first = await keep_frame(custody, parent)
    second = await keep_frame(custody, parent, b"another encoding of the frame")

    assert first == second
    assert len(await entries()) == 2
    assert len(files_under(tmp_path)) == 2


async def test_jobs_that_run_at_once_keep_one_derived_item_and_no_orphan(custody: Custody, tmp_path: Path) -> None:
    parent = await sealed(custody)

    ids = await asyncio.gather(*(keep_frame(custody, parent, f"frame {number}".encode()) for number in range(6)))

    assert len(set(ids)) == 1
    assert len(await entries()) == 2
    assert len(files_under(tmp_path)) == 2


async def test_nothing_is_derived_from_bytes_that_are_not_sealed(custody: Custody) -> None:
    item_id = await registered(custody)

    with pytest.raises(NotSealed):
        await keep_frame(custody, await custody.item(item_id))


async def test_a_derivation_that_is_rolled_back_can_be_done_again(custody: Custody, storage: FileStorage) -> None:
    parent = await sealed(custody)

    with pytest.raises(LookupError):
        await roll_back_after(keep_frame(custody, parent))
    frame_id = await keep_frame(custody, parent)

    assert (await custody.sealed_item(frame_id)).parent == parent.id
    assert [entry.position for entry in await entries()] == [0, 1]

"""Custody: the only way bytes of evidence come in and go out.

Object first, row second, ledger last: whatever breaks off in between leaves an object no row names or an item still
`checking`, never a row that points at nothing or an entry about bytes we do not have.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final
from uuid import UUID, uuid4

from evidence import rows
from evidence.arrivals import ArrivalStore
from evidence.canonical import Json
from evidence.digests import Checking, Difference, PartDigest, Receiving, WholeDigest
from evidence.entries import append
from evidence.errors import (
    DigestMismatch,
    EmptyFile,
    ItemBroken,
    ItemNotFound,
    NotSealed,
    ObjectMissing,
    TooLarge,
)
from evidence.ledger import moment
from evidence.storage import Storage, new_key
from evidence.streams import BLOCK_BYTES, in_blocks, once, read_through
from evidence.tables import CustodyAct, EvidenceItem, ItemState
from evidence.threads import in_thread
from evidence.transactions import is_in_transaction, transaction

HEAD_BYTES: Final = 4096


@dataclass(frozen=True, slots=True)
class ReceivedBytes:
    """A stream that is durably stored and that no row names yet. `head` is its first 4 KiB at most."""

    object_key: str
    size_bytes: int
    parts: tuple[PartDigest, ...]
    head: bytes


class Custody:
    """Keeps evidence in a store and its story in the database of this process's engine."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    @property
    def arrivals(self) -> ArrivalStore:
        """The way in for objects that come in pieces; `part_digests` of the pieces makes them `ReceivedBytes`."""
        return self._storage.arrivals

    async def receive(self, chunks: AsyncIterator[bytes], *, limit_bytes: int) -> ReceivedBytes:
        """Store a stream and take the digests of its parts; on return the bytes are durable. Touches no row.

        Follow with `register`, or with `discard` when the content is not welcome. Whatever `chunks` raises passes
        through and nothing is kept.

        Raises:
            TooLarge: the stream went past `limit_bytes`; nothing is kept.
            EmptyFile: it held no byte.
            StorageDown: the store does not answer, or has no room (`StorageFull`).
        """
        receiving = Receiving()
        head = bytearray()

        async def watched() -> AsyncIterator[bytes]:
            # Raised inside the stream, a refusal makes the store drop what it has.
            async for block in in_blocks(_limited(chunks, limit_bytes), BLOCK_BYTES):
                head.extend(block[: HEAD_BYTES - len(head)])
                await in_thread(receiving.update, block)
                yield block
            if not receiving.size_bytes:
                raise EmptyFile

        stored = await self._storage.write(new_key(), watched())
        return ReceivedBytes(
            object_key=stored.key, size_bytes=stored.size_bytes, parts=receiving.parts(), head=bytes(head)
        )

    async def discard(self, received: ReceivedBytes) -> None:
        """Remove received bytes that will not be registered."""
        await self._storage.remove(received.object_key)

    async def register(self, received: ReceivedBytes, *, deposit: UUID, media_type: str, now: datetime) -> UUID:
        """Give received bytes their row and return the item's id; the item is `checking` until a worker seals it.

        Joins the caller's transaction.

        Args:
            received: from `receive`.
            deposit: whose bundle it belongs to.
            media_type: as judged from the content, not as claimed.
            now: moment of receipt, timezone-aware.
        """
        item = EvidenceItem(
            id=uuid4(),
            deposit=deposit,
            parent=None,
            label="",
            object_key=received.object_key,
            media_type=media_type,
            size_bytes=received.size_bytes,
            state=ItemState.CHECKING,
            received_at=now,
        )
        async with transaction():
            await rows.insert_item(item)
            await rows.insert_parts(item.id, received.parts)
        return item.id

    async def item(self, item_id: UUID) -> EvidenceItem:
        """Return the item's row.

        Raises:
            ItemNotFound: there is none.
        """
        found = await EvidenceItem.objects().where(EvidenceItem.id == item_id).first()
        if found is None:
            raise ItemNotFound(item_id)
        return found

    async def sealed_item(self, item_id: UUID) -> EvidenceItem:
        """Return the row of an item whose bytes are vouched for.

        Raises:
            ItemNotFound: there is none.
            NotSealed: it is still being checked, or was found broken.
        """
        found = await self.item(item_id)
        if found.state != ItemState.SEALED:
            raise NotSealed(item_id, found.state)
        return found

    async def seal(self, item_id: UUID, *, actor: str, now: datetime) -> EvidenceItem:
        """Read the stored bytes once, hold them against their parts, and enter the item into the ledger.

        Safe to repeat and to run twice at once: an item is entered once. Opens its own transactions, so that a broken
        item is recorded although an error is raised.

        Raises:
            ItemNotFound: there is no such item.
            DigestMismatch: the bytes are not those received; the item is now `broken` and the ledger says so.
            ObjectMissing: the store has no such object; likewise.
            ItemBroken: it was found broken before.
            StorageDown: try again later; nothing changed.
        """
        _refuse_transaction()
        item = await self.item(item_id)
        if item.state == ItemState.SEALED:
            return item
        if item.state == ItemState.BROKEN:
            raise ItemBroken(item_id)
        whole = await self._checked(item, actor=actor, now=now)
        async with transaction():
            item = await rows.locked(item_id)
            if item.state == ItemState.BROKEN:
                raise ItemBroken(item_id)
            if item.state == ItemState.CHECKING:
                await rows.seal_row(item, whole, now=now)
                detail: dict[str, Json] = {"received_at": moment(item.received_at), "sealed_at": moment(now)}
                await append(item, CustodyAct.RECEIVED, actor=actor, happened_at=item.received_at, detail=detail)
        return item

    async def verify(self, item_id: UUID, *, actor: str, now: datetime) -> EvidenceItem:
        """Read a sealed item's stored bytes again and hold them against its parts and digests.

        Opens its own transactions, as `seal` does.

        Raises:
            ItemNotFound: there is no such item.
            NotSealed: it is not sealed.
            DigestMismatch: the bytes changed; the item is now `broken` and the ledger says so.
            ObjectMissing: the store has lost the object; likewise.
            StorageDown: try again later; nothing changed.
        """
        _refuse_transaction()
        item = await self.sealed_item(item_id)
        whole = await self._checked(item, actor=actor, now=now)
        for what, expected, found in (("sha256", item.sha256, whole.sha256), ("sm3", item.sm3, whole.sm3)):
            if expected != found:
                await self._refuse_broken(item, Difference(what, str(expected), found), actor=actor, now=now)
        return item

    async def keep_derived(
        self,
        parent_id: UUID,
        label: str,
        data: bytes,
        *,
        media_type: str,
        actor: str,
        facts: Mapping[str, Json],
        now: datetime,
    ) -> UUID:
        """Keep bytes made from a sealed item and return the id of the new, sealed item.

        Safe to repeat: for one parent and label the first call keeps its bytes, later ones return its id. Joins the
        caller's transaction; it holds the ledger's lock from here on.

        Args:
            parent_id: the item it was made from.
            label: the derived item's name under its parent, such as `frame-000004200`; never empty.
            data: the whole content, small enough for memory.
            media_type: of the content.
            actor: who made it, such as `worker:examine_item`.
            facts: how it was made, for the ledger; no floats.
            now: timezone-aware.

        Raises:
            ItemNotFound: there is no such parent.
            NotSealed: the parent is not sealed.
            EmptyFile: `data` is empty.
            DigestMismatch: the store did not keep what it was given; no row was written.
            StorageDown: try again later.
        """
        if not label:
            raise ValueError("a derived item needs a label")
        parent = await self.sealed_item(parent_id)
        known = await rows.derived_id(parent_id, label)
        if known is not None:
            return known
        item = _made_now(uuid4(), data, parent.deposit, label, media_type, now, parent=parent_id)
        detail: dict[str, Json] = {
            "facts": facts,
            "label": label,
            "parent": str(parent_id),
            "parent_sha256": parent.sha256,
        }
        if await self._keep(item, data, CustodyAct.DERIVED, actor=actor, detail=detail, now=now):
            return item.id
        known = await rows.derived_id(parent_id, label)
        if known is None:
            raise ItemNotFound(parent_id)
        return known

    async def keep_made(
        self,
        item_id: UUID,
        data: bytes,
        *,
        deposit: UUID,
        media_type: str,
        actor: str,
        facts: Mapping[str, Json],
        now: datetime,
    ) -> UUID:
        """Keep bytes that were made here, from no other item, and return the id of the new, sealed item: `item_id`.

        Safe to repeat: for one id, which the caller chooses, the first call keeps its bytes, later ones change nothing.
        Joins the caller's transaction and raises as `keep_derived` does. It belongs to the bundle of `deposit`.
        """
        if await EvidenceItem.exists().where(EvidenceItem.id == item_id):
            return item_id
        item = _made_now(item_id, data, deposit, "", media_type, now, parent=None)
        detail: dict[str, Json] = {"facts": facts}
        await self._keep(item, data, CustodyAct.MADE, actor=actor, detail=detail, now=now)
        return item_id

    async def viewed(self, item_id: UUID, *, actor: str, purpose: str, now: datetime) -> None:
        """Enter into the ledger that someone looked at a sealed item, and what for. Joins the caller's transaction.

        Raises:
            ItemNotFound: there is no such item.
            NotSealed: it is not sealed.
        """
        item = await self.sealed_item(item_id)
        await append(item, CustodyAct.VIEWED, actor=actor, happened_at=now, detail={"purpose": purpose})

    async def open(self, item_id: UUID, *, start: int = 0, end: int | None = None) -> AsyncGenerator[bytes, None]:
        """Yield a sealed item's bytes from `start` up to, not including, `end`, for serving.

        Ask `sealed_item` for size and media type first: errors come at the first step of the iteration.

        Raises:
            ItemNotFound: there is no such item.
            NotSealed: it is not sealed.
            ObjectMissing: the store has lost the object.
            StorageDown: try again later.
        """
        item = await self.sealed_item(item_id)
        async with aclosing(self._storage.read(item.object_key, start=start, end=end)) as blocks:
            async for block in blocks:
                yield block

    @asynccontextmanager
    async def local_path(self, item_id: UUID) -> AsyncIterator[Path]:
        """Give a sealed item as a file, for decoders; read it, never write to it.

        Raises:
            ItemNotFound: there is no such item.
            NotSealed: it is not sealed.
            ObjectMissing: the store has lost the object.
            StorageDown: try again later.
        """
        item = await self.sealed_item(item_id)
        async with self._storage.local_path(item.object_key) as path:
            yield path

    async def _keep(
        self, item: EvidenceItem, data: bytes, act: CustodyAct, *, actor: str, detail: Mapping[str, Json], now: datetime
    ) -> bool:
        """Store, check, seal and enter an item made here; False, keeping nothing, when someone was faster."""
        received = await self.receive(once(data), limit_bytes=len(data))
        item.object_key = received.object_key
        whole, difference = await self._inspect(item, received.parts)
        if difference is not None:
            await self.discard(received)
            raise DigestMismatch(item.id, what=difference.what, expected=difference.expected, found=difference.found)
        async with transaction():
            is_first = await (rows.insert_made(item) if item.parent is None else rows.insert_item(item))
            if is_first:
                await rows.insert_parts(item.id, received.parts)
                await rows.seal_row(item, whole, now=now)
                await append(item, act, actor=actor, happened_at=now, detail=detail)
        if not is_first:
            await self.discard(received)
        return is_first

    async def _inspect(
        self, item: EvidenceItem, parts: tuple[PartDigest, ...]
    ) -> tuple[WholeDigest, Difference | None]:
        """Read the stored bytes once."""
        checking = Checking(parts, size_bytes=item.size_bytes)
        await read_through(self._storage.read(item.object_key), checking.update)
        whole = checking.finish()
        return whole, checking.difference

    async def _checked(self, item: EvidenceItem, *, actor: str, now: datetime) -> WholeDigest:
        """Return the digests of stored bytes that are those received; record and raise when they are not."""
        try:
            whole, difference = await self._inspect(item, await rows.parts_of(item.id))
        except ObjectMissing:
            await rows.record_broken(item.id, Difference("object", item.object_key, "missing"), actor=actor, now=now)
            raise
        if difference is not None:
            await self._refuse_broken(item, difference, actor=actor, now=now)
        return whole

    async def _refuse_broken(self, item: EvidenceItem, difference: Difference, *, actor: str, now: datetime) -> None:
        await rows.record_broken(item.id, difference, actor=actor, now=now)
        raise DigestMismatch(item.id, what=difference.what, expected=difference.expected, found=difference.found)


def _made_now(
    item_id: UUID, data: bytes, deposit: UUID, label: str, media_type: str, now: datetime, *, parent: UUID | None
) -> EvidenceItem:
    """Return the row of an item that is made here; its object is stored afterwards."""
    return EvidenceItem(
        id=item_id,
        deposit=deposit,
        parent=parent,
        label=label,
        object_key="",
        media_type=media_type,
        size_bytes=len(data),
        state=ItemState.CHECKING,
        received_at=now,
    )


async def _limited(chunks: AsyncIterator[bytes], limit_bytes: int) -> AsyncIterator[bytes]:
    """Yield the same chunks.

    Raises:
        TooLarge: at the first byte past the limit.
    """
    size = 0
    async for chunk in chunks:
        size += len(chunk)
        if size > limit_bytes:
            raise TooLarge(limit_bytes)
        yield chunk


def _refuse_transaction() -> None:
    if is_in_transaction():
        raise RuntimeError("reads gigabytes and records what it finds: call it outside a transaction")

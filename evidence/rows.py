"""Rows of items and parts, as custody writes and reads them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from evidence.canonical import Json
from evidence.digests import Difference, PartDigest, WholeDigest
from evidence.entries import append
from evidence.errors import ItemNotFound
from evidence.tables import CustodyAct, EvidenceItem, EvidencePart, ItemState
from evidence.transactions import transaction


async def locked(item_id: UUID) -> EvidenceItem:
    """Return the item's row, locked until the transaction ends.

    Raises:
        ItemNotFound: there is none.
    """
    # NO KEY: entries of other acts, which refer to this item, need not wait (and cannot deadlock with the head's lock).
    item = await EvidenceItem.objects().where(EvidenceItem.id == item_id).lock_rows("NO KEY UPDATE").first()
    if item is None:
        raise ItemNotFound(item_id)
    return item


async def insert_item(item: EvidenceItem) -> bool:
    """Insert an unsealed item; return False, changing nothing, when its parent has one of that label.

    Names only the columns a depositor may set, leaves the state to its default (`checking`), and asks nothing back: the
    public face may not read what it deposits.
    """
    columns = "id, deposit, label, object_key, media_type, size_bytes, received_at"
    values = [
        item.id,
        item.deposit,
        item.label,
        item.object_key,
        item.media_type,
        item.size_bytes,
        item.received_at,
    ]
    if item.parent is None:
        places = ", ".join(["{}"] * len(values))
        await EvidenceItem.raw(f"INSERT INTO evidence_item ({columns}) VALUES ({places})", *values)  # noqa: S608  names are ours, values are bound
        return True
    places = ", ".join(["{}"] * (len(values) + 1))
    inserted = await EvidenceItem.raw(
        f"INSERT INTO evidence_item ({columns}, parent) VALUES ({places})"  # noqa: S608  constant names
        " ON CONFLICT (parent, label) DO NOTHING RETURNING id",
        *values,
        item.parent,
    )
    return bool(inserted)


async def insert_made(item: EvidenceItem) -> bool:
    """Insert an unsealed item that was made here, not received; return False when one of that id is kept already."""
    inserted = await EvidenceItem.raw(
        "INSERT INTO evidence_item (id, deposit, object_key, media_type, size_bytes, received_at)"
        " VALUES ({}, {}, {}, {}, {}, {}) ON CONFLICT (id) DO NOTHING RETURNING id",
        item.id,
        item.deposit,
        item.object_key,
        item.media_type,
        item.size_bytes,
        item.received_at,
    )
    return bool(inserted)


async def insert_parts(item_id: UUID, parts: tuple[PartDigest, ...]) -> None:
    """Insert the part digests of an item in one statement."""
    await EvidencePart.raw(
        "INSERT INTO evidence_part (id, item, number, offset_bytes, size_bytes, sha256)"
        " SELECT * FROM unnest({}::uuid[], {}::uuid[], {}::int[], {}::bigint[], {}::bigint[], {}::text[])",
        [uuid4() for _ in parts],
        [item_id for _ in parts],
        [part.number for part in parts],
        [part.offset_bytes for part in parts],
        [part.size_bytes for part in parts],
        [part.sha256 for part in parts],
    )


async def parts_of(item_id: UUID) -> tuple[PartDigest, ...]:
    """Return the part digests of an item, first part first."""
    rows = await EvidencePart.objects().where(EvidencePart.item == item_id).order_by(EvidencePart.number)
    return tuple(PartDigest(row.number, row.offset_bytes, row.size_bytes, row.sha256) for row in rows)


async def derived_id(parent_id: UUID, label: str) -> UUID | None:
    """Return the id of the item derived from `parent_id` under `label`."""
    found = await EvidenceItem.objects().where(EvidenceItem.parent == parent_id, EvidenceItem.label == label).first()
    return None if found is None else found.id


async def seal_row(item: EvidenceItem, whole: WholeDigest, *, now: datetime) -> None:
    """Set the digests on the row and on `item`."""
    await EvidenceItem.update(
        {
            EvidenceItem.state: ItemState.SEALED,
            EvidenceItem.sha256: whole.sha256,
            EvidenceItem.sm3: whole.sm3,
            EvidenceItem.sealed_at: now,
        }
    ).where(EvidenceItem.id == item.id)
    item.state, item.sha256, item.sm3, item.sealed_at = ItemState.SEALED, whole.sha256, whole.sm3, now


async def record_broken(item_id: UUID, difference: Difference, *, actor: str, now: datetime) -> None:
    """Mark the item broken and enter it into the ledger, once."""
    async with transaction():
        item = await locked(item_id)
        if item.state == ItemState.BROKEN:
            return
        await EvidenceItem.update({EvidenceItem.state: ItemState.BROKEN}).where(EvidenceItem.id == item_id)
        detail: dict[str, Json] = {
            "expected": difference.expected,
            "found": difference.found,
            "what": difference.what,
        }
        await append(item, CustodyAct.FOUND_BROKEN, actor=actor, happened_at=now, detail=detail)

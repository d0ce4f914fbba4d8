"""Replays the custody ledger: does every entry, the head, every item and, if asked, every stored byte still fit?

What it cannot see alone is a ledger rewritten as a whole, head included, by someone who owns the database. Against
that, hand it heads kept elsewhere (`known`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from evidence.canonical import Json, canonical_json
from evidence.digests import Checking
from evidence.entries import HEAD_ID
from evidence.errors import ObjectMissing
from evidence.ledger import Frontier, entry_hash, moment
from evidence.rows import parts_of
from evidence.storage import Storage
from evidence.streams import read_through
from evidence.tables import CustodyAct, CustodyEntry, EvidenceItem, ItemState, LedgerHead
from evidence.transactions import transaction

BATCH: Final = 1000
MOST_FAULTS: Final = 1000
SEALING_ACTS: Final = (CustodyAct.RECEIVED, CustodyAct.DERIVED, CustodyAct.MADE)


class FaultKind(StrEnum):
    """What does not fit."""

    POSITION_MISSING = "position_missing"
    LEAF_DIFFERS = "leaf_differs"
    RECORD_DIFFERS = "record_differs"
    HEAD_DIFFERS = "head_differs"
    HISTORY_DIFFERS = "history_differs"
    ITEM_DIFFERS = "item_differs"
    ITEM_WITHOUT_ENTRY = "item_without_entry"
    BYTES_DIFFER = "bytes_differ"
    BYTES_MISSING = "bytes_missing"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that does not fit: at which entry, about which item, and how."""

    kind: FaultKind
    position: int | None
    item: UUID | None
    what: str


@dataclass(frozen=True, slots=True)
class TreeHead:
    """A ledger's size and root, kept outside the database at some time."""

    size: int
    root_sha256: str


@dataclass(slots=True)
class AuditReport:
    """What a replay found. `root_sha256` is recomputed from the entries; `faults` stops at 1,000, `fault_count` not."""

    size: int = 0
    root_sha256: str = ""
    items_checked: int = 0
    bytes_read: int = 0
    fault_count: int = 0
    faults: list[Fault] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        """True when everything fits."""
        return self.fault_count == 0

    @property
    def first_bad_position(self) -> int | None:
        """The lowest ledger position with a fault; None when no fault lies at a position."""
        return min((fault.position for fault in self.faults if fault.position is not None), default=None)

    def add(self, kind: FaultKind, what: str, *, position: int | None = None, item: UUID | None = None) -> None:
        """Count one more fault and keep it while there is room."""
        self.fault_count += 1
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(Fault(kind=kind, position=position, item=item, what=what))

    def as_json(self) -> dict[str, Any]:
        """Return the report as plain values for `json.dumps`."""
        return {
            "is_whole": self.is_whole,
            "size": self.size,
            "root_sha256": self.root_sha256,
            "items_checked": self.items_checked,
            "bytes_read": self.bytes_read,
            "first_bad_position": self.first_bad_position,
            "fault_count": self.fault_count,
            "faults": [
                {
                    "kind": fault.kind.value,
                    "position": fault.position,
                    "item": None if fault.item is None else str(fault.item),
                    "what": fault.what,
                }
                for fault in self.faults
            ],
        }


async def replay(
    storage: Storage | None = None, *, reads_bytes: bool = False, known: Sequence[TreeHead] = ()
) -> AuditReport:
    """Walk the whole ledger in order and return what does not fit. Changes nothing.

    The rows are read in one snapshot, so entries appended meanwhile do not disturb it. Memory stays bounded.

    Args:
        storage: needed to read bytes.
        reads_bytes: also read every sealed item's object again; takes as long as the store holds bytes.
        known: heads kept elsewhere; the ledger must pass through each of them.

    Raises:
        StorageDown: bytes were to be read and the store does not answer.
        ValueError: bytes were to be read and there is no storage.
    """
    report = AuditReport()
    async with transaction():
        await LedgerHead.raw("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        await _replay_entries(report, known)
        await _find_items_without_entry(report)
    if reads_bytes:
        if storage is None:
            raise ValueError("reading bytes needs the storage")
        await _reread(report, storage)
    return report


async def _replay_entries(report: AuditReport, known: Sequence[TreeHead]) -> None:
    frontier = Frontier()
    roots_at: dict[int, str] = {0: frontier.root().hex()}
    wanted = {head.size for head in known}
    expected = 0
    while batch := await _entries_from(expected):
        items = await _items_of(batch)
        for entry in batch:
            if entry.position != expected:
                gap = f"entries {expected} to {entry.position - 1} are missing"
                report.add(FaultKind.POSITION_MISSING, gap, position=expected)
            leaf = _check_entry(report, entry)
            _check_item(report, entry, items.get(entry.item))
            frontier = frontier.append(leaf)
            if frontier.size in wanted:
                roots_at[frontier.size] = frontier.root().hex()
            expected = entry.position + 1
    report.size, report.root_sha256 = frontier.size, frontier.root().hex()
    await _check_head(report, frontier)
    for head in known:
        if roots_at.get(head.size) != head.root_sha256:
            found = roots_at.get(head.size, "no such size")
            what = f"at size {head.size}: expected root {head.root_sha256}, found {found}"
            report.add(FaultKind.HISTORY_DIFFERS, what)


async def _entries_from(position: int) -> list[CustodyEntry]:
    return (
        await CustodyEntry.objects()
        .where(CustodyEntry.position >= position)
        .order_by(CustodyEntry.position)
        .limit(BATCH)
    )


async def _items_of(entries: Iterable[CustodyEntry]) -> dict[UUID, EvidenceItem]:
    ids = list({entry.item for entry in entries})
    return {item.id: item for item in await EvidenceItem.objects().where(EvidenceItem.id.is_in(ids))}


def _check_entry(report: AuditReport, entry: CustodyEntry) -> bytes:
    """Compare an entry with its own leaf and columns; return the leaf its record makes."""
    try:
        leaf = entry_hash(bytes(entry.salt), entry.record.encode())
    except ValueError as problem:
        report.add(FaultKind.LEAF_DIFFERS, str(problem), position=entry.position, item=entry.item)
        return bytes.fromhex(entry.leaf_sha256)
    if leaf.hex() != entry.leaf_sha256:
        what = f"expected leaf {entry.leaf_sha256}, found {leaf.hex()}"
        report.add(FaultKind.LEAF_DIFFERS, what, position=entry.position, item=entry.item)
    told = {
        "act": str(entry.act),
        "actor": entry.actor,
        "happened_at": moment(entry.happened_at),
        "item": str(entry.item),
        "position": entry.position,
    }
    record = _parsed(entry.record)
    wrong = sorted(name for name, value in told.items() if record.get(name) != value)
    if wrong or entry.record.encode() != _respelled(record):
        what = f"columns that differ from the record: {', '.join(wrong) or 'its spelling'}"
        report.add(FaultKind.RECORD_DIFFERS, what, position=entry.position, item=entry.item)
    return leaf


def _check_item(report: AuditReport, entry: CustodyEntry, item: EvidenceItem | None) -> None:
    """Compare the entry that sealed an item with the item's row."""
    if entry.act not in SEALING_ACTS:
        return
    report.items_checked += 1
    record = _parsed(entry.record)
    if item is None:
        report.add(FaultKind.ITEM_DIFFERS, "the item's row is missing", position=entry.position, item=entry.item)
        return
    told: dict[str, Json] = {
        "deposit": str(item.deposit),
        "media_type": item.media_type,
        "sha256": item.sha256,
        "size_bytes": item.size_bytes,
        "sm3": item.sm3,
    }
    wrong = sorted(name for name, value in told.items() if record.get(name) != value)
    if wrong:
        what = f"columns of the item that differ from its entry: {', '.join(wrong)}"
        report.add(FaultKind.ITEM_DIFFERS, what, position=entry.position, item=entry.item)


async def _check_head(report: AuditReport, frontier: Frontier) -> None:
    head = await LedgerHead.objects().where(LedgerHead.id == HEAD_ID).first()
    if head is None:
        report.add(FaultKind.HEAD_DIFFERS, "the ledger has no head")
        return
    found = (frontier.size, frontier.root().hex(), json.dumps([one.hex() for one in frontier.hashes]))
    for name, expected, computed in zip(
        ("size", "root", "frontier"), (head.size, head.root_sha256, head.frontier), found, strict=True
    ):
        if expected != computed:
            report.add(FaultKind.HEAD_DIFFERS, f"{name}: the head says {expected}, the entries make {computed}")


async def _find_items_without_entry(report: AuditReport) -> None:
    rows = await EvidenceItem.raw(
        "SELECT i.id, i.state FROM evidence_item i WHERE"
        " (i.sealed_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM custody_entry e"
        " WHERE e.item = i.id AND e.act IN ('received', 'derived')))"
        " OR (i.state = 'broken' AND NOT EXISTS (SELECT 1 FROM custody_entry e"
        " WHERE e.item = i.id AND e.act = 'found_broken'))"
        " ORDER BY i.received_at, i.id LIMIT {}",
        MOST_FAULTS,
    )
    for row in rows:
        what = f"the item is {row['state']} and the ledger does not say so"
        report.add(FaultKind.ITEM_WITHOUT_ENTRY, what, item=row["id"])


async def _reread(report: AuditReport, storage: Storage) -> None:
    """Read the bytes of every sealed item again, in the order of the ledger."""
    expected = 0
    while batch := await _entries_from(expected):
        items = await _items_of(batch)
        for entry in batch:
            expected = entry.position + 1
            item = items.get(entry.item)
            if entry.act in SEALING_ACTS and item is not None and item.state == ItemState.SEALED:
                await _reread_one(report, storage, entry, item)


async def _reread_one(report: AuditReport, storage: Storage, entry: CustodyEntry, item: EvidenceItem) -> None:
    checking = Checking(await parts_of(item.id), size_bytes=item.size_bytes)
    try:
        report.bytes_read += await read_through(storage.read(item.object_key), checking.update)
    except ObjectMissing:
        report.add(FaultKind.BYTES_MISSING, f"object {item.object_key}", position=entry.position, item=item.id)
        return
    whole = checking.finish()
    record = _parsed(entry.record)
    wrong = [
        f"{name}: expected {record.get(name)}, found {found}"
        for name, found in (("sha256", whole.sha256), ("sm3", whole.sm3), ("size_bytes", whole.size_bytes))
        if record.get(name) != found
    ]
    if checking.difference is not None:
        first = checking.difference
        wrong.insert(0, f"{first.what}: expected {first.expected}, found {first.found}")
    if wrong:
        report.add(FaultKind.BYTES_DIFFER, "; ".join(wrong), position=entry.position, item=item.id)


def _parsed(record: str) -> dict[str, Any]:
    try:
        found = json.loads(record)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _respelled(record: dict[str, Any]) -> bytes:
    try:
        return canonical_json(record)
    except (ValueError, TypeError):
        return b""

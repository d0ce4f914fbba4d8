"""Rows of the evidence store: items, their parts as received, and the custody ledger."""

from enum import StrEnum

from piccolo.columns import (
    UUID,
    BigInt,
    Bytea,
    ForeignKey,
    Integer,
    OnDelete,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.columns.defaults.uuid import UUID4
from piccolo.constraints import Unique
from piccolo.table import Table


class ItemState(StrEnum):
    """How far an item's bytes can be trusted."""

    CHECKING = "checking"
    SEALED = "sealed"
    BROKEN = "broken"


class CustodyAct(StrEnum):
    """What was done to an item; the ledger holds one entry for each."""

    RECEIVED = "received"
    DERIVED = "derived"
    MADE = "made"
    VIEWED = "viewed"
    FOUND_BROKEN = "found_broken"


class EvidenceItem(Table, tablename="evidence_item"):
    """证据: bytes that are kept unchanged. A derived item names its parent."""

    id = UUID(primary_key=True, default=UUID4())
    deposit = UUID(null=False, index=True, help_text="Opaque: whose bundle of items this belongs to (a tip's id).")
    parent: ForeignKey["EvidenceItem"] = ForeignKey("self", on_delete=OnDelete.restrict, null=True, default=None)
    label = Varchar(
        length=80, default="", help_text="Empty for an original; else the derived item's name under its parent."
    )
    object_key = Varchar(length=120, unique=True)
    media_type = Varchar(length=80)
    size_bytes = BigInt()
    sha256 = Varchar(length=64, null=True, default=None, help_text="Hex; null until sealed.")
    sm3 = Varchar(length=64, null=True, default=None, help_text="Hex (GB/T 32905-2016); null until sealed.")
    state = Varchar(length=16, choices=ItemState, default=ItemState.CHECKING)
    received_at = Timestamptz()
    sealed_at = Timestamptz(null=True, default=None)

    one_label_per_parent = Unique([parent, label])


class EvidencePart(Table, tablename="evidence_part"):
    """A stretch of an item as it came over the wire, with its digest at that moment."""

    id = UUID(primary_key=True, default=UUID4())
    item = ForeignKey(EvidenceItem, on_delete=OnDelete.restrict, null=False)
    number = Integer(help_text="1, 2, 3 ... within one item.")
    offset_bytes = BigInt()
    size_bytes = BigInt()
    sha256 = Varchar(length=64)

    one_part_per_number = Unique([item, number])


class CustodyEntry(Table, tablename="custody_entry"):
    """保管链: one leaf of the custody ledger. Append-only: PostgreSQL refuses to change or remove it."""

    position = BigInt(primary_key=True, default=None, help_text="Leaf index in the Merkle log: 0, 1, 2 ...")
    item = ForeignKey(EvidenceItem, on_delete=OnDelete.restrict, null=False, index=True)
    act = Varchar(length=16, choices=CustodyAct)
    actor = Varchar(length=64, help_text="Officer's badge number, 'tipster', or 'worker:<job>'.")
    happened_at = Timestamptz()
    record = Text(help_text="Canonical JSON (RFC 8785) of the whole event, digests and titles as they were then.")
    salt = Bytea(help_text="16 random bytes; the leaf is H(0x00 || salt || record).")
    leaf_sha256 = Varchar(length=64)


class LedgerHead(Table, tablename="ledger_head"):
    """The ledger's size and Merkle root: one row, locked while an entry is appended."""

    id = Integer(primary_key=True, default=1)
    size = BigInt(default=0)
    root_sha256 = Varchar(length=64)
    frontier = Text(help_text="JSON list of the hex hashes of the perfect subtrees, largest first.")

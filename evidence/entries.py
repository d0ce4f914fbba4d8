"""Writing the ledger: one entry at a time, under the lock of its head."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from evidence.canonical import Json, canonical_json
from evidence.errors import LedgerDamaged
from evidence.ledger import SALT_BYTES, Frontier, entry_hash, moment
from evidence.tables import CustodyAct, CustodyEntry, EvidenceItem, LedgerHead
from evidence.transactions import transaction

HEAD_ID: Final = 1
RECORD_VERSION: Final = 1


async def append(
    item: EvidenceItem, act: CustodyAct, *, actor: str, happened_at: datetime, detail: Mapping[str, Json]
) -> int:
    """Enter one act into the ledger and return its position.

    Joins the caller's transaction. From here to its end nobody else can append, so call it last.

    Args:
        item: as it is after the act; its digests, size and media type are copied into the record.
        act: what was done.
        actor: who did it; never empty.
        happened_at: timezone-aware.
        detail: facts of this kind of act; no floats.

    Raises:
        ValueError: no actor, or a naive time.
        LedgerDamaged: the head does not fit itself.
    """
    if not actor.strip():
        raise ValueError("an act without a name does not enter the ledger")
    async with transaction():
        head = await LedgerHead.objects().where(LedgerHead.id == HEAD_ID).lock_rows("UPDATE").first()
        if head is None:
            raise LedgerDamaged("the ledger has no head")
        frontier = frontier_of(head)
        record = canonical_json(
            {
                "act": act.value,
                "actor": actor,
                "deposit": str(item.deposit),
                "detail": detail,
                "happened_at": moment(happened_at),
                "item": str(item.id),
                "media_type": item.media_type,
                "position": frontier.size,
                "sha256": item.sha256,
                "size_bytes": item.size_bytes,
                "sm3": item.sm3,
                "version": RECORD_VERSION,
            }
        )
        salt = secrets.token_bytes(SALT_BYTES)
        leaf = entry_hash(salt, record)
        grown = frontier.append(leaf)
        await CustodyEntry.insert(
            CustodyEntry(
                position=frontier.size,
                item=item.id,
                act=act,
                actor=actor,
                happened_at=happened_at,
                record=record.decode(),
                salt=salt,
                leaf_sha256=leaf.hex(),
            )
        )
        await LedgerHead.update(
            {
                LedgerHead.size: grown.size,
                LedgerHead.root_sha256: grown.root().hex(),
                LedgerHead.frontier: json.dumps([one.hex() for one in grown.hashes]),
            }
        ).where(LedgerHead.id == HEAD_ID)
    return frontier.size


def frontier_of(head: LedgerHead) -> Frontier:
    """Return the frontier that the head row tells.

    Raises:
        LedgerDamaged: its hashes, its size and its root do not belong together.
    """
    try:
        frontier = Frontier(size=head.size, hashes=tuple(bytes.fromhex(one) for one in json.loads(head.frontier)))
    except (ValueError, TypeError) as problem:
        raise LedgerDamaged(f"the ledger's head cannot be read: {problem}") from problem
    if frontier.root().hex() != head.root_sha256:
        raise LedgerDamaged(f"the ledger's head of size {head.size} has another root than its frontier")
    return frontier

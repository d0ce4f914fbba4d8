"""What can go wrong with kept bytes. Each error names a fact and carries it; none speaks to people or of HTTP.

`StorageDown` passes by itself and may be tried again. Everything under `CustodyBroken` never does: it is recorded in
the ledger, told to the custody officer and not retried. The rest is the caller's to put right.
"""

from __future__ import annotations

from uuid import UUID


class EvidenceError(Exception):
    """Something the evidence store foresaw."""


class TooLarge(EvidenceError):
    """A stream went past the limit; nothing of it was kept."""

    def __init__(self, limit_bytes: int) -> None:
        super().__init__(f"more than {limit_bytes} bytes")
        self.limit_bytes = limit_bytes


class EmptyFile(EvidenceError):
    """A stream held no byte at all; nothing was kept."""

    def __init__(self) -> None:
        super().__init__("0 bytes")


class ItemNotFound(EvidenceError):
    """No item of this id, or not one the asking database role may see."""

    def __init__(self, item_id: UUID) -> None:
        super().__init__(f"item {item_id} is not known")
        self.item_id = item_id


class NotSealed(EvidenceError):
    """The item's bytes are not (or no longer) vouched for, so they are neither served nor decoded."""

    def __init__(self, item_id: UUID, state: str) -> None:
        super().__init__(f"item {item_id} is {state}")
        self.item_id, self.state = item_id, state


class StorageError(EvidenceError):
    """The storage door refused or failed."""


class KeyRefused(StorageError):
    """A key that is not a random id of this store: keys never come from a file's name."""

    def __init__(self, key: str) -> None:
        super().__init__(f"not a storage key: {key!a}")
        self.key = key


class ObjectExists(StorageError):
    """The key is taken; stored bytes are never overwritten."""

    def __init__(self, key: str) -> None:
        super().__init__(f"object {key} exists")
        self.key = key


class StorageDown(StorageError):
    """The store does not answer or does not let us in; passes by itself or by `remedy`, so it may be tried again."""

    def __init__(self, where: str, what: str, remedy: str) -> None:
        super().__init__(f"{where}: {what}; {remedy}")
        self.where, self.what, self.remedy = where, what, remedy


class StorageFull(StorageDown):
    """The store has no room left; nothing of the refused stream was kept."""

    def __init__(self, where: str) -> None:
        super().__init__(where, "no space left", "free or add space")


class CustodyBroken(EvidenceError):
    """Stored evidence or its ledger is not what it was. Never retried, never hidden."""


class ObjectMissing(CustodyBroken, StorageError):
    """The store answers and has no such object."""

    def __init__(self, key: str) -> None:
        super().__init__(f"object {key} is missing")
        self.key = key


class DigestMismatch(CustodyBroken):
    """The stored bytes are not the bytes we received; `what` names the part, digest or size that differs."""

    def __init__(self, item_id: UUID, *, what: str, expected: str, found: str) -> None:
        super().__init__(f"item {item_id}: {what}: expected {expected}, found {found}")
        self.item_id, self.what, self.expected, self.found = item_id, what, expected, found


class ItemBroken(CustodyBroken):
    """The item was found broken earlier; the ledger entry of that moment tells how."""

    def __init__(self, item_id: UUID) -> None:
        super().__init__(f"item {item_id} was found broken")
        self.item_id = item_id


class LedgerDamaged(CustodyBroken):
    """The ledger's head does not fit itself; nothing is appended until `audit` has been read."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what

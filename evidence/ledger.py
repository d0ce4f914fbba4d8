"""The custody ledger as a Merkle log: who holds (size, root) can be shown that nothing before it ever changed.

Pure. Hashes are 32 raw bytes. A log grows through its `Frontier`, which needs no leaf again; proofs are made from the
leaf hashes and checked without them (docs/decisions/0002-custody-ledger-is-a-merkle-log.md).

Source: RFC 6962 section 2.1; RFC 9162 sections 2.1.3.2 and 2.1.4.2 for the checking of proofs.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

EMPTY_ROOT: Final = hashlib.sha256(b"").digest()
SALT_BYTES: Final = 16


def leaf_hash(data: bytes) -> bytes:
    """Return the hash of one leaf: SHA-256(0x00 || data)."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node: SHA-256(0x01 || left || right)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def entry_hash(salt: bytes, record: bytes) -> bytes:
    """Return the leaf hash of a custody entry.

    The salt keeps a leaf from giving away a record that could be guessed: salt and record may one day be erased, the
    leaf stays and every other proof with it.

    Raises:
        ValueError: the salt has not 16 bytes.
    """
    if len(salt) != SALT_BYTES:
        raise ValueError(f"a salt has {SALT_BYTES} bytes, not {len(salt)}")
    return leaf_hash(salt + record)


def moment(at: datetime) -> str:
    """Return a time as records spell it: UTC, ISO 8601, microseconds.

    Raises:
        ValueError: `at` is naive.
    """
    if at.tzinfo is None:
        raise ValueError("a custody time must be timezone-aware")
    return at.astimezone(UTC).isoformat(timespec="microseconds")


@dataclass(frozen=True, slots=True)
class Frontier:
    """A log of `size` leaves, by the roots of its perfect subtrees, largest first: all that growing needs."""

    size: int = 0
    hashes: tuple[bytes, ...] = field(default=())

    def __post_init__(self) -> None:
        """Refuse a frontier that no log of this size can have.

        Raises:
            ValueError: the size is negative, or the hashes are not one for each binary digit 1 of the size.
        """
        if self.size < 0 or len(self.hashes) != self.size.bit_count():
            raise ValueError(f"{len(self.hashes)} subtrees cannot make a log of {self.size} leaves")

    def append(self, leaf: bytes) -> Frontier:
        """Return the frontier with one more leaf hash at the end."""
        hashes = [*self.hashes, leaf]
        # Every subtree as large as the new one joins it, as a carry runs through a sum.
        for _ in range((self.size ^ (self.size + 1)).bit_count() - 1):
            right = hashes.pop()
            hashes[-1] = node_hash(hashes[-1], right)
        return Frontier(size=self.size + 1, hashes=tuple(hashes))

    def root(self) -> bytes:
        """Return the log's root hash; SHA-256 of nothing for the empty log."""
        if not self.hashes:
            return EMPTY_ROOT
        root = self.hashes[-1]
        for left in reversed(self.hashes[:-1]):
            root = node_hash(left, root)
        return root


def root_of(leaves: Sequence[bytes]) -> bytes:
    """Return the root hash over leaf hashes, straight from the definition (MTH of RFC 6962, 2.1)."""
    if not leaves:
        return EMPTY_ROOT
    if len(leaves) == 1:
        return leaves[0]
    split = _split(len(leaves))
    return node_hash(root_of(leaves[:split]), root_of(leaves[split:]))


def inclusion_proof(index: int, leaves: Sequence[bytes]) -> list[bytes]:
    """Return the hashes that lead from leaf `index` to the root over `leaves`, lowest first.

    Raises:
        IndexError: there is no such leaf.
    """
    if not 0 <= index < len(leaves):
        raise IndexError(f"leaf {index} of {len(leaves)}")
    if len(leaves) == 1:
        return []
    split = _split(len(leaves))
    if index < split:
        return [*inclusion_proof(index, leaves[:split]), root_of(leaves[split:])]
    return [*inclusion_proof(index - split, leaves[split:]), root_of(leaves[:split])]


def is_included(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Tell whether `proof` shows that leaf hash `leaf` stands at `index` in the log of `size` leaves with `root`."""
    if not 0 <= index < size:
        return False
    place, last, found = index, size - 1, leaf
    for step in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            found = node_hash(step, found)
            while not place & 1 and place:
                place >>= 1
                last >>= 1
        else:
            found = node_hash(found, step)
        place >>= 1
        last >>= 1
    return last == 0 and found == root


def consistency_proof(old_size: int, leaves: Sequence[bytes]) -> list[bytes]:
    """Return the hashes that show the log over the first `old_size` leaves to be the beginning of the log over all.

    Raises:
        ValueError: `old_size` is not between 1 and the number of leaves.
    """
    if not 0 < old_size <= len(leaves):
        raise ValueError(f"no log of {old_size} leaves begins one of {len(leaves)}")
    return _subproof(old_size, leaves, is_whole=True)


def is_consistent(old_size: int, old_root: bytes, new_size: int, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Tell whether `proof` shows that the old log (at least one leaf) is the beginning of the new one."""
    if not 0 < old_size <= new_size:
        return False
    if old_size == new_size:
        return not proof and old_root == new_root
    steps = list(proof)
    if old_size & (old_size - 1) == 0:
        steps.insert(0, old_root)  # a perfect tree is its own first step
    if not steps:
        return False
    place, last = old_size - 1, new_size - 1
    while place & 1:
        place >>= 1
        last >>= 1
    old_found = new_found = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            old_found, new_found = node_hash(step, old_found), node_hash(step, new_found)
            while not place & 1 and place:
                place >>= 1
                last >>= 1
        else:
            new_found = node_hash(new_found, step)
        place >>= 1
        last >>= 1
    return last == 0 and old_found == old_root and new_found == new_root


def _split(size: int) -> int:
    """Return the largest power of two below `size` (2 or more)."""
    return 1 << ((size - 1).bit_length() - 1)


def _subproof(old_size: int, leaves: Sequence[bytes], *, is_whole: bool) -> list[bytes]:
    if old_size == len(leaves):
        return [] if is_whole else [root_of(leaves)]
    split = _split(len(leaves))
    if old_size <= split:
        return [*_subproof(old_size, leaves[:split], is_whole=is_whole), root_of(leaves[split:])]
    return [*_subproof(old_size - split, leaves[split:], is_whole=False), root_of(leaves[:split])]

"""Objects that arrive in pieces, over days and through dropped connections: what both stores promise of them.

The caller keeps the rows: which pieces count, under which numbers, and who may write. The store keeps bytes and is
never asked what it holds. A piece that no row counts is dropped by the next writer, by `complete` or by `abort`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Final, Protocol, runtime_checkable

from evidence.digests import PartDigest
from evidence.errors import StorageError
from evidence.streams import MEBIBYTE

# What a crash can cost; also the least that an S3 store takes as a part that is not the last.
PIECE_BYTES: Final = 5 * MEBIBYTE
# S3 counts parts to here. Every piece takes a number, those that were broken off too.
MOST_PIECES: Final = 10_000


class WriterFenced(StorageError):
    """A newer writer has taken the object over: nothing of this one's is kept any more."""

    def __init__(self, key: str) -> None:
        super().__init__(f"object {key} is written by a newer writer")
        self.key = key


class PiecesReplaced(StorageError):
    """The store does not join the pieces that count: it lost or replaced one. The object must be sent anew."""

    def __init__(self, key: str) -> None:
        super().__init__(f"object {key} cannot be joined")
        self.key = key


@dataclass(frozen=True, slots=True)
class Arrival:
    """An object on its way in: its key to be, and the store's own handle on it, empty until `begin`."""

    key: str
    handle: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A durable stretch of an arrival. `part` and `tag` say where the store has it; 0 and empty while it lies apart."""

    number: int
    offset_bytes: int
    size_bytes: int
    sha256: str
    part: int = 0
    tag: str = ""

    @property
    def end_bytes(self) -> int:
        """Where the next piece begins."""
        return self.offset_bytes + self.size_bytes


class PieceWriter(Protocol):
    """Takes one piece, block by block; it counts for nothing before `keep`."""

    async def write(self, block: bytes) -> None:
        """Take the next bytes."""
        ...

    async def keep(self) -> tuple[Piece, ...]:
        """Make the piece durable where every process finds it, and return the pieces whose rows change.

        The last one is the new piece. Pieces that lay apart stand before it where the store has joined them with
        it: same stretch, number and digest, new part and tag.
        """
        ...


@runtime_checkable
class ArrivalStore(Protocol):
    """A store that takes objects in pieces. Every method may raise `StorageDown`."""

    async def begin(self, key: str) -> str:
        """Open an arrival and return its handle; nothing is visible under `key` before `complete`."""
        ...

    async def take_over(self, arrival: Arrival, *, epoch: int, offset_bytes: int) -> None:
        """Shut out writers of earlier epochs and drop what lies past `offset_bytes`, where the store can tell.

        Raises:
            WriterFenced: a later epoch was here.
        """
        ...

    def piece(
        self,
        arrival: Arrival,
        *,
        epoch: int,
        number: int,
        part: int,
        offset_bytes: int,
        tail: Sequence[Piece],
        is_last: Callable[[int], bool],
    ) -> AbstractAsyncContextManager[PieceWriter]:
        """Begin a piece; leaving the context drops what was not kept.

        Args:
            arrival: the object.
            epoch: of the writer, as told to `take_over`.
            number: fresh for each try and growing, at most 10,000.
            part: from `next_part`.
            offset_bytes: where the piece begins.
            tail: the counted pieces directly before it that still lie apart.
            is_last: tells of a piece's size whether it ends the object.

        Raises:
            WriterFenced: by the writer, when a later epoch took over.
        """
        ...

    async def complete(self, arrival: Arrival, pieces: Sequence[Piece], *, last_number: int) -> int:
        """Make the object visible as a whole, drop everything else of the arrival, and return its size. Safe to repeat.

        Args:
            arrival: the object.
            pieces: all that count, in order, without a gap.
            last_number: the highest number any piece was given.

        Raises:
            ObjectMissing: neither the arrival nor the object is there any more.
            PiecesReplaced: what is stored is not what counts.
        """
        ...

    async def abort(self, arrival: Arrival, *, last_number: int) -> None:
        """Drop the arrival and everything of it; safe to repeat. Touches nothing that others began."""
        ...


class Digesting:
    """SHA-256 and length of a piece while it comes in."""

    def __init__(self) -> None:
        self.size_bytes = 0
        self._sha256 = hashlib.sha256()

    def update(self, block: bytes) -> None:
        """Take the next bytes."""
        self.size_bytes += len(block)
        self._sha256.update(block)

    def piece(self, number: int, offset_bytes: int) -> Piece:
        """Return what was taken as a piece."""
        return Piece(number, offset_bytes, self.size_bytes, self._sha256.hexdigest())


def next_part(number: int, *, pieces: int, parts: int) -> int:
    """Return the part number for a try, which no other try ever had.

    There is no gap while every try counts, because not every store allows one; a try that did not count leaves one, so
    that its late bytes can replace nothing.

    Args:
        number: of the try: 1, 2, 3 ...
        pieces: how many tries before it count.
        parts: in how many parts those lie.
    """
    uncounted = number - 1 - pieces
    return parts + uncounted + 1


def part_digests(pieces: Sequence[Piece]) -> tuple[PartDigest, ...]:
    """Return the digests of an object's pieces as sealing checks them: numbered 1, 2, 3 in the order of their bytes."""
    return tuple(
        PartDigest(number, piece.offset_bytes, piece.size_bytes, piece.sha256)
        for number, piece in enumerate(pieces, start=1)
    )

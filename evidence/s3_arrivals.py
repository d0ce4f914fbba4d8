"""Arrivals in an S3 store: parts of a multipart upload, and small objects for a tail that is no part yet.

A part needs 5 MiB unless it is the last. A shorter piece lies apart as an object of its own, where any process finds
it, until what follows makes the two together long enough. A part number is never used twice, so a late writer
replaces no part that counts; S3 allows the gaps this leaves (what a stricter store then refuses is told as
`PiecesReplaced`). What counts is told by the caller's rows, never by the store's lists.
"""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractContextManager, asynccontextmanager
from dataclasses import replace
from typing import IO, Final

from minio import Minio

from evidence import s3_multipart
from evidence.arrivals import PIECE_BYTES, Arrival, Digesting, Piece, PieceWriter
from evidence.errors import ObjectMissing, StorageDown, StorageFull
from evidence.s3_multipart import UploadedPart
from evidence.threads import in_thread

Translated = Callable[[str | None], AbstractContextManager[None]]
# Parts are signed in memory: pieces of many senders wait on disk, and so many at once go out.
PARTS_AT_ONCE: Final = 4


class S3Arrivals:
    """The arrivals of an `S3Storage`."""

    def __init__(self, client: Minio, bucket: str, *, size_of: Callable[[str], int], translated: Translated) -> None:
        self._client, self._bucket = client, bucket
        self._size_of, self._translated = size_of, translated
        self._turns = asyncio.Semaphore(PARTS_AT_ONCE)

    async def begin(self, key: str) -> str:
        """See `ArrivalStore.begin`."""
        return await in_thread(self._begin, key)

    async def take_over(self, arrival: Arrival, *, epoch: int, offset_bytes: int) -> None:
        """See `ArrivalStore.take_over`: numbers that are never used twice make it needless here."""

    @asynccontextmanager
    async def piece(
        self,
        arrival: Arrival,
        *,
        epoch: int,
        number: int,
        part: int,
        offset_bytes: int,
        tail: Sequence[Piece],
        is_last: Callable[[int], bool],
    ) -> AsyncIterator[PieceWriter]:
        """See `ArrivalStore.piece`. The piece waits in a temporary file until it is kept."""
        del epoch
        spool = await in_thread(_spool)
        try:
            yield _S3Piece(self, arrival, spool, (number, part, offset_bytes), tail, is_last)
        finally:
            await in_thread(spool.close)

    async def complete(self, arrival: Arrival, pieces: Sequence[Piece], *, last_number: int) -> int:
        """See `ArrivalStore.complete`."""
        return await in_thread(self._complete, arrival, pieces, last_number)

    async def abort(self, arrival: Arrival, *, last_number: int) -> None:
        """See `ArrivalStore.abort`."""
        await in_thread(self._abort, arrival, last_number)

    async def keep(
        self, arrival: Arrival, spool: IO[bytes], piece: Piece, part: int, tail: Sequence[Piece], *, is_last: bool
    ) -> tuple[Piece, ...]:
        """Send a finished piece: as a part together with the tail, or apart while both are too short for one."""
        is_apart = piece.size_bytes + sum(one.size_bytes for one in tail) < PIECE_BYTES and not is_last
        async with self._turns:
            if is_apart:
                await in_thread(self._put_apart, arrival, spool, piece.number)
                return (piece,)
            sent = await in_thread(self._put_part, arrival, spool, part, tail)
        return tuple(replace(one, part=sent.number, tag=sent.etag) for one in (*tail, piece))

    def _begin(self, key: str) -> str:
        with self._translated(None):
            return s3_multipart.begin(self._client, self._bucket, key)

    def _put_apart(self, arrival: Arrival, spool: IO[bytes], number: int) -> None:
        spool.seek(0)
        with self._translated(arrival.key):
            s3_multipart.put_whole(self._client, self._bucket, _apart(arrival, number), spool.read())

    def _put_part(self, arrival: Arrival, spool: IO[bytes], number: int, tail: Sequence[Piece]) -> UploadedPart:
        spool.seek(0)
        with self._translated(arrival.key):
            data = b"".join([*(self._get(_apart(arrival, one.number)) for one in tail), spool.read()])
            return s3_multipart.put_part(self._client, self._bucket, arrival.key, arrival.handle, number, data)

    def _get(self, key: str) -> bytes:
        answer = self._client.get_object(self._bucket, key)
        try:
            return answer.read()
        finally:
            answer.close()
            answer.release_conn()

    def _complete(self, arrival: Arrival, pieces: Sequence[Piece], last_number: int) -> int:
        size = sum(piece.size_bytes for piece in pieces)
        parts = {piece.part: piece.tag for piece in pieces}
        listed = [UploadedPart(number, tag) for number, tag in sorted(parts.items())]
        # Published before, and then broken off: then there is no such upload any more, and the size below tells.
        with contextlib.suppress(ObjectMissing), self._translated(arrival.key):
            s3_multipart.complete(self._client, self._bucket, arrival.key, arrival.handle, listed)
        # Complete may answer 200 and carry an error: believe the object, not the answer.
        kept = self._size_of(arrival.key)
        if kept != size:
            raise StorageDown(self._bucket, f"kept {kept} of {size} bytes", "look at the store's log")
        self._remove_apart(arrival, last_number)
        return size

    def _abort(self, arrival: Arrival, last_number: int) -> None:
        begun: list[str] = []
        with contextlib.suppress(ObjectMissing), self._translated(arrival.key):  # some call an empty list a 404
            begun = s3_multipart.unfinished(self._client, self._bucket, arrival.key)
        # One that was begun by a process which died before it could note the handle is found by the key, which is ours.
        for handle in {arrival.handle, *begun} - {""}:
            with contextlib.suppress(ObjectMissing), self._translated(arrival.key):
                s3_multipart.abort(self._client, self._bucket, arrival.key, handle)
        self._remove_apart(arrival, last_number)

    def _remove_apart(self, arrival: Arrival, last_number: int) -> None:
        """Remove the small objects, those too that were sent by a writer who then died."""
        if not self._has_apart(arrival):
            return
        for number in range(1, last_number + 1):
            with contextlib.suppress(ObjectMissing), self._translated(arrival.key):
                self._client.remove_object(self._bucket, _apart(arrival, number))

    def _has_apart(self, arrival: Arrival) -> bool:
        """Spare hundreds of requests for an object none of whose pieces ever lay apart."""
        with self._translated(None):
            return any(True for _ in self._client.list_objects(self._bucket, prefix=f"{arrival.key}-"))


def _spool() -> IO[bytes]:
    return tempfile.TemporaryFile(prefix="arriving-")


def _apart(arrival: Arrival, number: int) -> str:
    return f"{arrival.key}-{number}"


class _S3Piece:
    """A piece on its way, on this machine's disk until it is kept."""

    def __init__(
        self,
        store: S3Arrivals,
        arrival: Arrival,
        spool: IO[bytes],
        place: tuple[int, int, int],
        tail: Sequence[Piece],
        is_last: Callable[[int], bool],
    ) -> None:
        self._store, self._arrival, self._spool = store, arrival, spool
        self._number, self._part, self._offset = place
        self._tail, self._is_last = tail, is_last
        self._digest = Digesting()

    async def write(self, block: bytes) -> None:
        await in_thread(self._put, block)

    async def keep(self) -> tuple[Piece, ...]:
        piece = self._digest.piece(self._number, self._offset)
        is_last = self._is_last(piece.size_bytes)
        return await self._store.keep(self._arrival, self._spool, piece, self._part, self._tail, is_last=is_last)

    def _put(self, block: bytes) -> None:
        try:
            self._spool.write(block)
        except OSError as problem:
            raise StorageFull(tempfile.gettempdir()) from problem
        self._digest.update(block)

"""Taking the bytes of one request into an upload: piece by piece, each durable and counted before the next."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from typing import Final

from evidence.arrivals import PIECE_BYTES, ArrivalStore, Piece, PieceWriter, next_part
from tipline.clock import Clock
from tipline.intake.media import HEAD_BYTES
from tipline.intake.service import admit
from tipline.intake.uploads.errors import ChecksumWrong, LengthExceeded, SenderGone, SenderSilent, UploadTaken
from tipline.intake.uploads.lease import Lease
from tipline.intake.uploads.rules import Checksum
from tipline.settings import Limits

BLOCK_BYTES: Final = 512 * 1024
WATCH_EVERY_S: Final = 0.5
SILENT_AFTER_S: Final = 30.0


class Arriving:
    """One request's bytes on their way into an upload."""

    def __init__(
        self,
        lease: Lease,
        store: ArrivalStore,
        chunks: AsyncIterator[bytes],
        checksum: Checksum | None,
        *,
        limits: Limits,
        clock: Clock,
        silent_after_s: float = SILENT_AFTER_S,
    ) -> None:
        self._lease, self._store, self._limits, self._clock = lease, store, limits, clock
        self._feed = _Feed(lease, chunks, silent_after_s)
        self._checksum = checksum
        self._running = checksum.begin() if checksum else None
        self._head = bytearray(lease.row["head"])
        self._media_type: str = lease.row["media_type"]
        self._offset: int = lease.row["offset_bytes"]
        self._length: int = lease.row["length_bytes"]
        self._uncounted: list[Piece] = []

    async def take(self) -> None:
        """Take all bytes; those that are kept count when this returns or raises.

        With a checksum all of them count, or none.

        Raises:
            ChecksumWrong: the bytes are others than the sender says; none was kept.
            FileRefused: by its beginning the file is not one that is taken.
            LengthExceeded: there are more than announced.
            SenderSilent, SenderGone, UploadTaken: they stopped coming, or another request goes on.
            StorageDown: the store does not answer.
        """
        tail = [piece for piece in await self._lease.pieces() if not piece.part]
        try:
            while not self._feed.is_over:
                tail = await self._piece(tail)
        finally:
            await self._feed.close()
        if self._running is not None and self._checksum is not None:
            if self._feed.problem is None and self._running.digest() != self._checksum.digest:
                raise ChecksumWrong
            if self._feed.problem is None:
                await self._count(self._uncounted)
        if self._feed.problem is not None:
            raise self._feed.problem

    async def _piece(self, tail: list[Piece]) -> list[Piece]:
        """Take one piece and return what still lies apart after it."""
        first = await self._feed.block()
        if not first:
            return tail
        number = await self._lease.reserve()
        row, start = self._lease.row, self._offset
        new = [piece for piece in self._uncounted if piece.offset_bytes >= row["offset_bytes"]]
        parts = {piece.part for piece in self._uncounted if piece.part}
        async with self._store.piece(
            self._lease.arrival,
            epoch=self._lease.epoch,
            number=number,
            part=next_part(number, pieces=row["pieces"] + len(new), parts=row["parts"] + len(parts)),
            offset_bytes=start,
            tail=tail,
            is_last=lambda taken: start + taken == self._length,
        ) as writer:
            await self._fill(writer, first)
            kept = await writer.keep()
        if self._running is None:
            await self._count(kept)
        else:
            self._uncounted = [piece for piece in self._uncounted if piece.number not in {one.number for one in kept}]
            self._uncounted += kept
        return [] if kept[-1].part else [*tail, kept[-1]]

    async def _fill(self, writer: PieceWriter, block: bytes) -> None:
        """Write up to one piece. While a block is being written the next one comes in."""
        left = PIECE_BYTES
        while block:
            if self._offset + len(block) > self._length:
                raise LengthExceeded
            self._judge(block)
            if self._running is not None:
                self._running.update(block)
            self._offset += len(block)
            left -= len(block)
            writing = asyncio.ensure_future(writer.write(block))
            try:
                block = await self._feed.block(left) if left else b""
            finally:
                await writing

    def _judge(self, block: bytes) -> None:
        if self._media_type:
            return
        self._head += block[: HEAD_BYTES - len(self._head)]
        if len(self._head) == min(HEAD_BYTES, self._length):
            self._media_type = admit(bytes(self._head), limits=self._limits).media_type

    async def _count(self, kept: list[Piece] | tuple[Piece, ...]) -> None:
        if kept:
            head = b"" if self._media_type else bytes(self._head)
            await self._lease.count(kept, head=head, media_type=self._media_type, now=self._clock())


class _Feed:
    """The chunks as blocks, and an eye on who else wants the upload while they come."""

    def __init__(self, lease: Lease, chunks: AsyncIterator[bytes], silent_after_s: float) -> None:
        self.problem: Exception | None = None
        self._lease, self._chunks, self._silent_after_s = lease, chunks, silent_after_s
        self._held = bytearray()
        self._coming: asyncio.Future[bytes | None] | None = None
        self._has_ended = False
        self._looked = self._heard = time.monotonic()

    @property
    def is_over(self) -> bool:
        """True when no byte will come any more: all came, or `problem` says why not."""
        return self._has_ended and not self._held

    async def block(self, most: int = BLOCK_BYTES) -> bytes:
        """Return the next bytes, at most a block of them; empty when it is over."""
        most = min(most, BLOCK_BYTES)
        while len(self._held) < most and not self._has_ended:
            try:
                chunk = await self._next()
                self._has_ended = chunk is None
                self._held += chunk or b""
            except (SenderGone, SenderSilent, UploadTaken) as problem:
                self._has_ended, self.problem = True, problem
        taken = bytes(self._held[:most])
        del self._held[:most]
        return taken

    async def close(self) -> None:
        """Stop waiting for a chunk."""
        if self._coming is not None:
            self._coming.cancel()
            with contextlib.suppress(asyncio.CancelledError, SenderGone):
                await self._coming

    async def _next(self) -> bytes | None:
        if self._coming is None:
            self._coming = asyncio.ensure_future(self._chunk())
        while True:
            done, _ = await asyncio.wait({self._coming}, timeout=WATCH_EVERY_S)
            now = time.monotonic()
            if now - self._looked >= WATCH_EVERY_S:
                self._looked = now
                if await self._lease.is_wanted():
                    raise UploadTaken
            if done:
                coming, self._coming, self._heard = self._coming, None, now
                return coming.result()
            if now - self._heard >= self._silent_after_s:
                raise SenderSilent

    async def _chunk(self) -> bytes | None:
        return await anext(self._chunks, None)

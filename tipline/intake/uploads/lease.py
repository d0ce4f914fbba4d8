"""Who writes an upload: one request at a time, the newest wins, and an older one's bytes are never counted after that.

A request that finds another one at work asks it to stop (`is_wanted`). One that lives sees it within half a second,
keeps what it has and lets go; one that died does not, and after two seconds the upload is taken from it. Every holder
has an `epoch` of its own, and each change of the row names it.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from evidence.arrivals import MOST_PIECES, Arrival, Piece
from tipline.intake.uploads.errors import TooManyPieces, UploadGone, UploadTaken
from tipline.intake.uploads.tables import Upload, UploadPiece, UploadState

# Together with the half second in which a living holder looks, well below the three that a person may have to wait.
TAKE_OVER_AFTER_S: Final = 2.0
LOOK_EVERY_S: Final = 0.1
EXPIRES_AFTER: Final = timedelta(hours=48)

# Opens the upload's row for one transaction and gives its id: by its address, or as a worker.
Opener = Callable[[], AbstractAsyncContextManager[UUID]]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an upload has come."""

    offset_bytes: int
    length_bytes: int
    expires_at: datetime
    state: UploadState

    @property
    def is_whole(self) -> bool:
        """True when no byte is missing."""
        return self.offset_bytes == self.length_bytes


@dataclass(slots=True)
class Lease:
    """The right to write one upload, and its row as this holder left it."""

    opener: Opener
    row: dict[str, Any]

    @property
    def id(self) -> UUID:
        """The upload's id."""
        found: UUID = self.row["id"]
        return found

    @property
    def epoch(self) -> int:
        """Fencing token of this holder."""
        return int(self.row["epoch"])

    @property
    def arrival(self) -> Arrival:
        """The object on its way in."""
        return Arrival(self.row["object_key"], self.row["handle"])

    @property
    def progress(self) -> Progress:
        """How far the upload has come."""
        return progress(self.row)

    async def note_handle(self, handle: str) -> None:
        """Note the store's name for the unfinished object."""
        await self._set({"handle": handle})

    async def reserve(self) -> int:
        """Return a number for the next piece.

        Raises:
            UploadTaken: another holder has the upload.
            TooManyPieces: it has had as many as a store can take.
        """
        if self.row["last_number"] >= MOST_PIECES:
            raise TooManyPieces
        await self._set({"last_number": self.row["last_number"] + 1})
        return int(self.row["last_number"])

    async def pieces(self) -> list[Piece]:
        """Return the pieces that count, in the order of their bytes."""
        async with self.opener():
            rows = await UploadPiece.raw(
                "SELECT number, offset_bytes, size_bytes, sha256, part, tag FROM upload_piece WHERE upload = {}"
                " ORDER BY offset_bytes",
                self.id,
            )
        return [Piece(**row) for row in rows]

    async def count(self, kept: Sequence[Piece], *, head: bytes, media_type: str, now: datetime) -> None:
        """Let pieces that are durable count, all or none: from now on the offset says so.

        Args:
            kept: new ones, and older ones whose place in the store changed.
            head: beginning of the file while it is too short to judge.
            media_type: as judged; empty before.
            now: the upload is given up 48 h after this.

        Raises:
            UploadTaken: another holder has the upload; nothing counts.
        """
        fresh = [piece for piece in kept if piece.offset_bytes >= self.row["offset_bytes"]]
        moved = [piece for piece in kept if piece.offset_bytes < self.row["offset_bytes"]]
        values = {
            "offset_bytes": self.row["offset_bytes"] + sum(piece.size_bytes for piece in fresh),
            "pieces": self.row["pieces"] + len(fresh),
            "parts": self.row["parts"] + len({piece.part for piece in kept if piece.part}),
            "head": head,
            "media_type": media_type,
            "expires_at": now + EXPIRES_AFTER,
        }
        async with self.opener():
            await self._set(values, is_open=True)
            for piece in fresh:
                await UploadPiece.raw(
                    "INSERT INTO upload_piece (id, upload, number, offset_bytes, size_bytes, sha256, part, tag)"
                    " VALUES ({}, {}, {}, {}, {}, {}, {}, {})",
                    uuid4(),
                    self.id,
                    piece.number,
                    piece.offset_bytes,
                    piece.size_bytes,
                    piece.sha256,
                    piece.part,
                    piece.tag,
                )
            for piece in moved:
                await UploadPiece.raw(
                    "UPDATE upload_piece SET part = {}, tag = {} WHERE upload = {} AND number = {}",
                    piece.part,
                    piece.tag,
                    self.id,
                    piece.number,
                )

    async def is_wanted(self) -> bool:
        """Tell whether this holder has to stop: someone waits, or has taken the upload already."""
        async with self.opener():
            rows = await Upload.raw("SELECT epoch, is_wanted FROM upload WHERE id = {}", self.id)
        return not rows or rows[0]["epoch"] != self.epoch or rows[0]["is_wanted"]

    async def release(self) -> None:
        """Let go; when the upload was taken over already, nothing happens."""
        async with self.opener():
            await Upload.raw(
                "UPDATE upload SET is_held = false WHERE id = {} AND epoch = {} AND is_held", self.id, self.epoch
            )

    async def finish(self, item: UUID) -> None:
        """Note that the file belongs to the tip. Joins the caller's transaction, which the upload's opener began."""
        await self._update({"state": UploadState.FINISHED.value, "item": item, "is_held": False}, is_open=True)
        await UploadPiece.raw("DELETE FROM upload_piece WHERE upload = {}", self.id)

    async def give_up(self, state: UploadState, *, now: datetime) -> None:
        """Note that the upload ends without a file; `ended` says that nothing of it is stored any more."""
        await self._set({"state": state.value, "expires_at": now, "is_held": False})
        if state == UploadState.ENDED:
            async with self.opener():
                await UploadPiece.raw("DELETE FROM upload_piece WHERE upload = {}", self.id)

    async def _set(self, values: dict[str, Any], *, is_open: bool = False) -> None:
        async with self.opener():
            await self._update(values, is_open=is_open)

    async def _update(self, values: dict[str, Any], *, is_open: bool) -> None:
        """Change the row of this holder's epoch, and our copy of it."""
        sets = ", ".join(f"{name} = {{}}" for name in values)
        rows = await Upload.raw(
            f"UPDATE upload SET {sets} WHERE id = {{}} AND epoch = {{}}"  # noqa: S608  names written in this file
            f"{' AND state = ' + chr(39) + 'open' + chr(39) if is_open else ''} RETURNING id",
            *values.values(),
            self.id,
            self.epoch,
        )
        if not rows:
            raise UploadTaken
        self.row.update(values)


def progress(row: dict[str, Any]) -> Progress:
    """Return how far the upload of this row has come."""
    return Progress(row["offset_bytes"], row["length_bytes"], row["expires_at"], UploadState(row["state"]))


async def look(opener: Opener, *, now: datetime) -> dict[str, Any]:
    """Return the row of an upload that goes on or is finished.

    Raises:
        UploadUnknown: there is none (any more).
        UploadGone: it was given up, or too long left alone.
    """
    async with opener() as upload:
        return await _row(upload, now)


async def take(opener: Opener, *, now: datetime, is_expired_too: bool = False) -> Lease | Progress:
    """Become the one who writes the upload; a finished one is only told.

    Takes a moment when another request is at work, and two seconds when that one died.

    Args:
        opener: opens the row.
        now: the present.
        is_expired_too: for whoever clears away what was left alone.

    Raises:
        UploadUnknown, UploadGone: see `look`.
    """
    waited_from = time.monotonic()
    while True:
        async with opener() as upload:
            row = await _row(upload, None if is_expired_too else now)
            if row["state"] == UploadState.FINISHED:
                return progress(row)
            if not row["is_held"] or time.monotonic() - waited_from >= TAKE_OVER_AFTER_S:
                await Upload.raw(
                    "UPDATE upload SET epoch = epoch + 1, is_held = true, is_wanted = false WHERE id = {}", upload
                )
                return Lease(opener, {**row, "epoch": row["epoch"] + 1})
            if not row["is_wanted"]:
                await Upload.raw("UPDATE upload SET is_wanted = true WHERE id = {}", upload)
        await asyncio.sleep(LOOK_EVERY_S)


async def _row(upload: UUID, now: datetime | None) -> dict[str, Any]:
    rows: list[dict[str, Any]] = await Upload.raw("SELECT * FROM upload WHERE id = {} FOR UPDATE", upload)
    if not rows:
        raise UploadGone
    row = rows[0]
    if now is not None and row["state"] != UploadState.FINISHED:
        is_whole = row["offset_bytes"] == row["length_bytes"]
        if row["state"] != UploadState.OPEN or (row["expires_at"] <= now and not is_whole):
            raise UploadGone
    return row

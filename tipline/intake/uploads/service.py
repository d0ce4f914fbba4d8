"""One function for each deed on a resumable upload: begin, see how far, take bytes, give up, and clear away."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from evidence.arrivals import PiecesReplaced, part_digests
from evidence.custody import Custody, ReceivedBytes
from evidence.errors import EmptyFile, ObjectMissing, StorageDown, TooLarge
from evidence.storage import new_key
from tipline.clock import Clock
from tipline.database import engine
from tipline.intake.access import Access
from tipline.intake.errors import FileRefused
from tipline.intake.filing import file, one_after_the_other, refuse_surplus
from tipline.intake.media import Medium
from tipline.intake.rules import clean_file_name
from tipline.intake.tables import FileRole
from tipline.intake.uploads import lease
from tipline.intake.uploads.access import ByPass, Secret, opened_for_upload, opened_upload
from tipline.intake.uploads.arriving import Arriving
from tipline.intake.uploads.errors import LengthExceeded, OffsetWrong, TooManyPieces, UploadGone, UploadWhole
from tipline.intake.uploads.lease import EXPIRES_AFTER, Lease, Opener, Progress
from tipline.intake.uploads.rules import Checksum
from tipline.intake.uploads.tables import Upload, UploadState
from tipline.settings import Limits

# A whole file whose last step broke off is finished by a worker after this; its sender may do it sooner.
UNFINISHED_AFTER: Final = timedelta(minutes=2)
FORGOTTEN_AFTER: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Doors:
    """What taking bytes needs."""

    custody: Custody
    limits: Limits
    clock: Clock


@dataclass(frozen=True, slots=True)
class Bytes:
    """What one request brings: from where on, the bytes, and what they hash to if the sender says so."""

    offset_bytes: int
    chunks: AsyncIterator[bytes]
    checksum: Checksum | None
    announced_bytes: int | None


async def begin(
    access: Access | ByPass, *, length_bytes: int, file_name: str, limits: Limits, now: datetime
) -> tuple[Secret, Progress]:
    """Make room in the own tip for one file and return the secret of its address, which is shown only here.

    Raises:
        ReceiptUnknown, SessionOver: the access opens no tip.
        EmptyFile: announced with 0 bytes.
        TooLarge, TooManyFiles, TipFull: more than may be sent; not a byte was.
    """
    if length_bytes == 0:
        raise EmptyFile
    if length_bytes > limits.file_bytes:
        raise TooLarge(limits.file_bytes)
    secret = Secret.fresh()
    async with opened_for_upload(access, now=now) as tip:
        await one_after_the_other(tip)
        await refuse_surplus(tip, limits, now=now, more_bytes=length_bytes)
        row = Upload(
            id=uuid4(),
            secret_sha256=secret.sha256,
            tip=tip,
            file_name=clean_file_name(file_name),
            length_bytes=length_bytes,
            offset_bytes=0,
            head=b"",
            media_type="",
            object_key=new_key(),
            handle="",
            state=UploadState.OPEN,
            epoch=0,
            is_held=False,
            is_wanted=False,
            last_number=0,
            pieces=0,
            parts=0,
            item=None,
            created_at=now,
            expires_at=now + EXPIRES_AFTER,
        )
        await row.save()
    return secret, Progress(0, length_bytes, now + EXPIRES_AFTER, UploadState.OPEN)


async def look(secret: Secret, doors: Doors) -> Progress:
    """Return how far the upload has come, and stop whoever still writes it: the answer stays true.

    A file that is whole, but whose last step broke off, is made part of the tip now.

    Raises:
        UploadUnknown, UploadGone: it is not there, or was given up.
    """
    opener = _opener(secret)
    row = await lease.look(opener, now=doors.clock())
    if not row["is_held"] and not lease.progress(row).is_whole:
        return lease.progress(row)
    async with _held(opener, doors) as taken:
        if isinstance(taken, Lease):
            if taken.progress.is_whole:
                await _finish(taken, doors)
            return taken.progress
        return taken


async def receive(secret: Secret, brought: Bytes, doors: Doors) -> Progress:
    """Take a request's bytes and return how far the upload has come; with the last byte the file belongs to the tip.

    Raises:
        UploadUnknown, UploadGone: the upload is not there, or was given up.
        OffsetWrong: the bytes begin elsewhere than those that are kept end; none was read.
        LengthExceeded: more than announced; where the request says so beforehand, none was read.
        ChecksumWrong: the bytes changed on the way; none was kept.
        FileRefused: no photo or video; the upload is given up.
        UploadTaken, SenderGone, SenderSilent: it was broken off; what had come is kept, unless it has a checksum.
        StorageDown: the store does not answer; send again later.
    """
    async with _held(_opener(secret), doors) as taken:
        known = taken.progress if isinstance(taken, Lease) else taken
        if brought.offset_bytes != known.offset_bytes:
            raise OffsetWrong(known.offset_bytes)
        if known.offset_bytes + (brought.announced_bytes or 0) > known.length_bytes:
            raise LengthExceeded
        if not isinstance(taken, Lease):
            return taken
        if not known.is_whole:
            await _take(taken, brought, doors)
        if taken.progress.is_whole:
            await _finish(taken, doors)
        return taken.progress


async def give_up(secret: Secret, doors: Doors) -> None:
    """End an upload that is not finished and remove what had come.

    Raises:
        UploadUnknown, UploadGone: it is not there, or was given up.
        UploadWhole: the file belongs to the tip already.
    """
    async with _held(_opener(secret), doors) as taken:
        if not isinstance(taken, Lease):
            raise UploadWhole
        await _end(taken, doors)


async def unsettled(*, now: datetime) -> list[UUID]:
    """Return the uploads that a worker has to see to: left alone for 48 h, given up, or whole and not finished."""
    rows = await Upload.raw(
        "SELECT id FROM upload WHERE (state IN ('open', 'ending') AND expires_at <= {})"
        " OR (state = 'open' AND offset_bytes = length_bytes AND expires_at <= {})",
        now,
        now + EXPIRES_AFTER - UNFINISHED_AFTER,
    )
    return [row["id"] for row in rows]


async def settle(upload: UUID, doors: Doors) -> None:
    """Finish a whole upload, or remove what is stored of one that was left alone; safe to repeat. For workers.

    Rows of uploads that ended a week ago are cleared away.

    Raises:
        StorageDown: try again later.
    """
    now = doors.clock()

    @asynccontextmanager
    async def opener() -> AsyncIterator[UUID]:
        async with engine().transaction():
            yield upload

    if upload in await unsettled(now=now):
        async with _held(opener, doors, is_expired_too=True) as taken:
            if isinstance(taken, Lease) and taken.progress.is_whole and taken.progress.state == UploadState.OPEN:
                await _finish(taken, doors)
            elif isinstance(taken, Lease):
                await _end(taken, doors)
    await Upload.raw(
        "DELETE FROM upload WHERE state IN ('finished', 'ended') AND expires_at < {}"
        " AND NOT EXISTS (SELECT 1 FROM upload_piece WHERE upload = upload.id)",
        now - FORGOTTEN_AFTER,
    )


def _opener(secret: Secret) -> Opener:
    return lambda: opened_upload(secret)


@asynccontextmanager
async def _held(opener: Opener, doors: Doors, *, is_expired_too: bool = False) -> AsyncIterator[Lease | Progress]:
    """Hold the upload for one deed; a finished one is only told."""
    taken = await lease.take(opener, now=doors.clock(), is_expired_too=is_expired_too)
    try:
        yield taken
    finally:
        if isinstance(taken, Lease):
            await taken.release()


async def _take(taken: Lease, brought: Bytes, doors: Doors) -> None:
    store = doors.custody.arrivals
    try:
        if not taken.arrival.handle:
            await taken.note_handle(await store.begin(taken.arrival.key))
        await store.take_over(taken.arrival, epoch=taken.epoch, offset_bytes=taken.progress.offset_bytes)
        arriving = Arriving(taken, store, brought.chunks, brought.checksum, limits=doors.limits, clock=doors.clock)
        await arriving.take()
    except (FileRefused, TooManyPieces):
        await _end(taken, doors)
        raise
    except ObjectMissing as problem:
        # The store has lost what it had taken; nothing of it was sealed, so it can be sent anew.
        await _end(taken, doors)
        raise UploadGone from problem


async def _finish(taken: Lease, doors: Doors) -> None:
    """Make the object whole, then the file part of the tip, then ask for its sealing."""
    pieces = await taken.pieces()
    try:
        size = await doors.custody.arrivals.complete(taken.arrival, pieces, last_number=taken.row["last_number"])
    except (ObjectMissing, PiecesReplaced) as problem:
        await _end(taken, doors)
        raise UploadGone from problem
    received = ReceivedBytes(taken.arrival.key, size, part_digests(pieces), b"")
    media_type: str = taken.row["media_type"]
    async with taken.opener():
        tip: UUID = taken.row["tip"]
        await one_after_the_other(tip)
        _, item = await file(
            received,
            tip=tip,
            medium=Medium(FileRole.PHOTO if media_type.startswith("image/") else FileRole.VIDEO, media_type),
            file_name=taken.row["file_name"],
            request_sha256=None,
            custody=doors.custody,
            now=doors.clock(),
        )
        await taken.finish(item)


async def _end(taken: Lease, doors: Doors) -> None:
    """Give the upload up; when the store does not answer now, a worker removes the bytes later."""
    await taken.give_up(UploadState.ENDING, now=doors.clock())
    with contextlib.suppress(StorageDown):
        await doors.custody.arrivals.abort(taken.arrival, last_number=taken.row["last_number"])
        await taken.give_up(UploadState.ENDED, now=doors.clock())

"""Taking in a tip and its files, and telling its sender how it stands."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid4

from evidence.custody import Custody
from evidence.errors import EmptyFile, StorageDown, TooLarge
from evidence.tables import ItemState
from tipline.clock import Clock
from tipline.database import engine
from tipline.intake.access import Access, ByCode, opened, show_receipt
from tipline.intake.alarms.service import raise_alarm
from tipline.intake.aliases import new_alias
from tipline.intake.errors import FileRefused, ReceiptUnknown, RequestKeyReused, TipFull, TooManyFiles, TooManyPixels
from tipline.intake.filing import file, one_after_the_other, refuse_surplus
from tipline.intake.media import HEAD_BYTES, Medium, declared_pixels, judge
from tipline.intake.receipts import SALT_BYTES, ReceiptCode, Receipts
from tipline.intake.rules import PublicStatus, TipDraft, checked, public_status
from tipline.intake.tables import ExaminationState, FileRole, Receipt, Tip, TipChannel, TipFile, TipState
from tipline.settings import Limits
from tipline.work.service import ask
from tipline.work.tables import Job

# What makes one file stay out while the tip and its other files are kept.
FILE_REFUSALS: Final = (FileRefused, EmptyFile, TooLarge, TooManyFiles, TipFull, StorageDown)
PIXELS_IN_A_MEGAPIXEL: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Submitted:
    """A tip that is safely kept. `code` is shown once and stored nowhere."""

    code: ReceiptCode
    access: ByCode
    tip: UUID
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Upload:
    """A file on its way in whose beginning was looked at; `chunks` holds all of it, the beginning too."""

    chunks: AsyncIterator[bytes]
    head: bytes
    medium: Medium
    file_name: str
    request_key: str | None


@dataclass(frozen=True, slots=True)
class OwnFile:
    """How one file of the own tip stands. `sha256` is known once it is sealed; before that it is not yet received."""

    id: UUID
    position: int
    role: FileRole
    state: ItemState
    size_bytes: int
    sha256: str | None
    is_unreadable: bool


@dataclass(frozen=True, slots=True)
class OwnTip:
    """How the own tip stands, as its sender is told."""

    status: PublicStatus
    received_at: datetime
    files: tuple[OwnFile, ...]

    @property
    def is_checking(self) -> bool:
        """True while a file is not yet sealed."""
        return any(file.state == ItemState.CHECKING for file in self.files)


async def submit_tip(
    draft: TipDraft,
    *,
    request_key: UUID,
    channel: TipChannel,
    language: str,
    receipts: Receipts,
    limits: Limits,
    now: datetime,
    has_files: bool = False,
) -> Submitted:
    """Take in what someone told us; on return it is committed and cases are being looked for.

    A vehicle that is here now raises an alarm at the desk in the same transaction.

    The very same request (double submit, lost answer) returns the same tip and the same code.

    Args:
        draft: what was told.
        request_key: made by the sender for this one tip.
        channel: how it came.
        language: zh-CN or en.
        receipts: makes the code.
        limits: how long a story may be.
        now: moment of receipt.
        has_files: true when a photo or video follows at once, so that no words are needed.

    Raises:
        EmptyTip: nothing was told and no file follows.
        Invalid: fields that do not hold.
        RequestKeyReused: the key belongs to a tip with other content.
        SlowDown: too many codes are being made at this moment.
    """
    draft = checked(draft, limits=limits, now=now, has_files=has_files)
    code = receipts.code_for(str(request_key), draft.as_bytes())
    request_sha256 = receipts.request_digest("tip", str(request_key))
    known = await _receipt_of(request_sha256)
    if known is None:
        salt = secrets.token_bytes(SALT_BYTES)
        access = ByCode(uuid4(), await receipts.verifier(code, salt))
        async with engine().transaction():
            if await _file_receipt(access, code, salt, request_sha256, now):
                tip = _new_tip(draft, access.receipt, channel, language, now)
                await show_receipt(access)  # before the row: row security lets only the own tip be written
                await tip.save()
                if draft.is_here_now:
                    await raise_alarm(tip.id, now=now)
                await ask(Job.SUGGEST_CASES, tip.id, now=now)
                return Submitted(code, access, tip.id, now)
        known = await _receipt_of(request_sha256)  # the same request was faster
    if known is None:
        raise ReceiptUnknown
    access = ByCode(known["id"], await receipts.verifier(code, known["salt"]))
    try:
        async with opened(access, now=now) as tip_id:
            received_at = (await Tip.select(Tip.received_at).where(Tip.id == tip_id))[0]["received_at"]
    except ReceiptUnknown as problem:
        raise RequestKeyReused from problem
    return Submitted(code, access, tip_id, received_at)


async def look_at(
    chunks: AsyncIterator[bytes],
    *,
    file_name: str,
    limits: Limits,
    announced_bytes: int | None = None,
    request_key: str | None = None,
) -> Upload:
    """Read the beginning of a file and judge it, before anything is kept.

    Args:
        chunks: the file as it comes.
        file_name: as the sender's device named it.
        limits: what is too much.
        announced_bytes: its length where the sender told it beforehand.
        request_key: the sender's own key for this file; the same key and beginning are not kept twice.

    Raises:
        TooLarge: the announced length is over the limit; no byte was read.
        EmptyFile: 0 bytes.
        NotAMedium: no photo or video that we know.
        TooManyPixels: a picture that declares too many.
    """
    if announced_bytes is not None and announced_bytes > limits.file_bytes:
        raise TooLarge(limits.file_bytes)
    held = bytearray()
    async for chunk in chunks:
        held += chunk
        if len(held) >= HEAD_BYTES:
            break
    if not held:
        raise EmptyFile
    head = bytes(held[:HEAD_BYTES])
    medium = admit(head, limits=limits)

    async def whole() -> AsyncIterator[bytes]:
        yield bytes(held)
        held.clear()
        async for chunk in chunks:
            yield chunk

    return Upload(whole(), head, medium, file_name, request_key)


def admit(head: bytes, *, limits: Limits) -> Medium:
    """Return what a file that begins with `head` is.

    Raises:
        NotAMedium: no photo or video that we know.
        TooManyPixels: a picture that declares too many.
    """
    medium = judge(head)
    if (declared_pixels(head) or 0) > limits.picture_pixels:
        raise TooManyPixels(limit_megapixels=limits.picture_pixels // PIXELS_IN_A_MEGAPIXEL)
    return medium


async def add_file(
    access: Access, upload: Upload, *, custody: Custody, receipts: Receipts, limits: Limits, clock: Clock
) -> UUID:
    """Keep one more file of the own tip and return its id; on return its bytes are durable and sealing is asked for.

    Raises:
        ReceiptUnknown, SessionOver: the access opens no tip.
        TooManyFiles, TipFull: the tip has as much as it may have.
        TooLarge: the file went past the limit; nothing of it was kept.
        StorageDown: try again later.
    """
    began = clock()
    async with opened(access, now=began) as tip:
        digest = _digest_of(upload, tip, receipts)
        known = await _file_of_request(digest)
        if known is not None:
            return known
        await refuse_surplus(tip, limits, now=began)
    received = await custody.receive(upload.chunks, limit_bytes=limits.file_bytes)
    try:
        async with opened(access, now=began) as tip:
            # Two files of one tip may end at the same moment: their positions and the limits need one after the other.
            await one_after_the_other(tip)
            known = await _file_of_request(digest)
            if known is None:
                await refuse_surplus(tip, limits, now=began, more_bytes=received.size_bytes)
                kept, _ = await file(
                    received,
                    tip=tip,
                    medium=upload.medium,
                    file_name=upload.file_name,
                    request_sha256=digest,
                    custody=custody,
                    now=clock(),
                )
                return kept
    except (TooManyFiles, TipFull):
        await custody.discard(received)
        raise
    await custody.discard(received)  # the same file, sent twice at once
    return known


async def own_tip(access: Access, *, now: datetime) -> OwnTip:
    """Return how the own tip and its files stand.

    Raises:
        ReceiptUnknown, SessionOver: the access opens no tip.
    """
    async with opened(access, now=now) as tip_id:
        tip = (await Tip.raw("SELECT own_tip_state() AS state, received_at FROM tip WHERE id = {}", tip_id))[0]
        rows: list[dict[str, Any]] = await TipFile.raw(
            "SELECT f.id, f.position, f.role, f.examination, i.state, i.size_bytes, i.sha256"
            " FROM tip_file f JOIN evidence_item i ON i.id = f.item WHERE f.tip = {} ORDER BY f.position",
            tip_id,
        )
    files = tuple(
        OwnFile(
            id=row["id"],
            position=row["position"],
            role=FileRole(row["role"]),
            state=ItemState(row["state"]),
            size_bytes=row["size_bytes"],
            sha256=row["sha256"],
            is_unreadable=row["examination"] == ExaminationState.UNREADABLE,
        )
        for row in rows
    )
    return OwnTip(public_status(TipState(tip["state"])), tip["received_at"], files)


async def _receipt_of(request_sha256: str) -> dict[str, Any] | None:
    rows: list[dict[str, Any]] = await Receipt.raw("SELECT id, salt FROM receipt_of_request({})", request_sha256)
    return rows[0] if rows else None


async def _file_receipt(access: ByCode, code: ReceiptCode, salt: bytes, request_sha256: str, now: datetime) -> bool:
    """Store the receipt; False when the same request has one already."""
    rows = await Receipt.raw(
        "SELECT file_receipt({}, {}, {}, {}, {}, {}) AS is_new",
        access.receipt,
        code.locator,
        salt,
        access.verifier,
        request_sha256,
        now,
    )
    return bool(rows[0]["is_new"])


def _new_tip(draft: TipDraft, receipt: UUID, channel: TipChannel, language: str, now: datetime) -> Tip:
    return Tip(
        id=uuid4(),
        receipt=receipt,
        alias=new_alias(),
        channel=channel,
        language=language,
        story=draft.story,
        happened_from=draft.happened_from,
        happened_to=draft.happened_to,
        place_text=draft.place_text,
        latitude=draft.latitude,
        longitude=draft.longitude,
        datum=draft.datum,
        plate_text=draft.plate_text,
        vehicle_type=draft.vehicle_type,
        vehicle_colour=draft.vehicle_colour,
        damage=draft.damage,
        direction=draft.direction,
        is_here_now=draft.is_here_now,
        received_at=now,
        first_seen_at=None,
        state=TipState.RECEIVED,
        decided_by=None,
        decided_at=None,
        decline_reason=None,
        duplicate_of=None,
        assigned_to=None,
        surfaced_at=None,
        is_demo=False,
    )


def _digest_of(upload: Upload, tip: UUID, receipts: Receipts) -> str | None:
    if upload.request_key is None:
        return None
    return receipts.request_digest("file", str(tip), upload.request_key, upload.file_name, upload.head)


async def _file_of_request(digest: str | None) -> UUID | None:
    if digest is None:
        return None
    rows = await TipFile.select(TipFile.id).where(TipFile.request_sha256 == digest)
    known: UUID | None = rows[0]["id"] if rows else None
    return known

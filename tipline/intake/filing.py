"""Putting a received file into its tip: what a tip may hold, and the rows that make the file part of it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from evidence.custody import Custody, ReceivedBytes
from tipline.intake.errors import TipFull, TooManyFiles
from tipline.intake.media import Medium
from tipline.intake.rules import clean_file_name
from tipline.intake.tables import ExaminationState, FileDecision, Tip, TipFile
from tipline.settings import Limits
from tipline.work.service import ask
from tipline.work.tables import Job


async def one_after_the_other(tip: UUID) -> None:
    """Let files of one tip that end at the same moment be counted one after the other, until the transaction ends."""
    await Tip.raw("SELECT pg_advisory_xact_lock(hashtextextended({}, 0))", str(tip))


async def refuse_surplus(tip: UUID, limits: Limits, *, now: datetime, more_bytes: int = 0) -> None:
    """Pass a file of `more_bytes` that the tip still has room for; uploads under way have their room already.

    Raises:
        TooManyFiles: the tip has as many files as it may have.
        TipFull: its files would be larger together than they may be.
    """
    held = (
        await TipFile.raw(
            "SELECT count(*) AS files, coalesce(sum(size_bytes), 0)::bigint AS bytes FROM ("
            " SELECT i.size_bytes FROM tip_file f JOIN evidence_item i ON i.id = f.item WHERE f.tip = {}"
            " UNION ALL SELECT length_bytes FROM upload WHERE tip = {} AND state = 'open' AND expires_at > {}) one",
            tip,
            tip,
            now,
        )
    )[0]
    if held["files"] >= limits.files_per_tip:
        raise TooManyFiles(limit_files=limits.files_per_tip)
    if held["bytes"] + more_bytes > limits.tip_bytes:
        raise TipFull(limit_bytes=limits.tip_bytes)


async def file(
    received: ReceivedBytes,
    *,
    tip: UUID,
    medium: Medium,
    file_name: str,
    request_sha256: str | None,
    custody: Custody,
    now: datetime,
) -> tuple[UUID, UUID]:
    """Make received bytes a file of the tip, ask for its sealing, and return the ids of file and item.

    Joins the caller's transaction, in which `one_after_the_other` was called.
    """
    position = (await TipFile.raw("SELECT count(*) AS files FROM tip_file WHERE tip = {}", tip))[0]["files"] + 1
    item = await custody.register(received, deposit=tip, media_type=medium.media_type, now=now)
    row = TipFile(
        id=uuid4(),
        tip=tip,
        item=item,
        role=medium.role,
        position=position,
        request_sha256=request_sha256,
        file_name=clean_file_name(file_name),
        examination=ExaminationState.WAITING,
        problem="",
        facts="{}",
        decision=FileDecision.UNDECIDED,
        decline_reason=None,
        decided_by=None,
        decided_at=None,
    )
    await row.save()
    await ask(Job.SEAL_ITEM, item, now=now)
    return UUID(str(row.id)), item

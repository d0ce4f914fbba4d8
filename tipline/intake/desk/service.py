"""Entering a tip for the person who told it: the same pipeline and the same receipt as for everybody."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

from tipline.accounts.audit.service import enter
from tipline.accounts.audit.tables import AuditAct, AuditSubject
from tipline.database import engine
from tipline.errors import Invalid, Problem
from tipline.intake.desk.rules import Telling, telling_problems
from tipline.intake.desk.tables import TipEntry
from tipline.intake.receipts import Receipts
from tipline.intake.response.reads import note_first_look
from tipline.intake.rules import TipDraft
from tipline.intake.service import Submitted, submit_tip
from tipline.settings import Limits

PURPOSE: Final = "told to an officer"


async def enter_tip(
    draft: TipDraft,
    telling: Telling,
    *,
    request_key: UUID,
    officer: UUID,
    language: str,
    receipts: Receipts,
    limits: Limits,
    now: datetime,
    has_files: bool = False,
) -> Submitted:
    """Take in what someone told an officer; on return it is committed, with the entry of who wrote it down.

    The very same request returns the same tip and code, and adds no second entry.

    Args:
        draft: what was told of the accident.
        telling: how and when it was told.
        request_key: made by the officer's form for this one tip.
        officer: who writes it down.
        language: in which it was told: zh-CN or en.
        receipts: makes the code.
        limits: how long a story may be.
        now: moment of entering.
        has_files: true when a photo or video follows at once, so that no words are needed.

    Raises:
        EmptyTip: nothing was told and no file follows.
        Invalid: fields that do not hold.
        RequestKeyReused: the key belongs to a tip with other content.
        SlowDown: too many codes are being made at this moment.
    """
    problems = telling_problems(telling, now=now)
    if problems or telling.channel is None or telling.told_at is None:
        raise Invalid(*(problems or [Problem("channel", "required")]))
    async with engine().transaction():
        submitted = await submit_tip(
            draft,
            request_key=request_key,
            channel=telling.channel,
            language=language,
            receipts=receipts,
            limits=limits,
            now=now,
            has_files=has_files,
        )
        is_new = await TipEntry.raw(
            "INSERT INTO tip_entry (id, tip, entered_by, told_at, wants_secrecy, entered_at)"
            " VALUES ({}, {}, {}, {}, {}, {}) ON CONFLICT (tip) DO NOTHING RETURNING id",
            uuid4(),
            submitted.tip,
            officer,
            telling.told_at,
            telling.wants_secrecy,
            now,
        )
        if is_new:
            await note_first_look(submitted.tip, officer=officer, now=now)  # who wrote it down knows it
            await enter(
                AuditAct.CREATED,
                AuditSubject.TIP,
                submitted.tip,
                by=officer,
                purpose=PURPOSE,
                now=now,
                facts={"channel": telling.channel.value},
            )
    return submitted

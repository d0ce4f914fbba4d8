"""Entering what officers do, in the transaction of the deed itself: no entry, no deed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

from tipline.accounts.audit.tables import AuditAct, AuditEntry, AuditSubject

PURPOSE_MAXIMUM: Final = 120


async def enter(
    act: AuditAct,
    kind: AuditSubject,
    subject: UUID | None,
    *,
    by: UUID,
    purpose: str,
    now: datetime,
    request_id: str = "",
    facts: Mapping[str, object] | None = None,
) -> None:
    """Add one entry; joins the caller's transaction, so that a deed undone leaves none.

    Args:
        act: what was done.
        kind: what it was done to.
        subject: row id, None where it concerns many.
        by: the officer.
        purpose: what for, cut at 120 characters.
        now: when.
        request_id: of the answer, which the log line bears too.
        facts: what changed, as JSON values; never a password, secret or code.
    """
    await AuditEntry(
        id=uuid4(),
        happened_at=now,
        officer=by,
        act=act,
        subject_kind=kind,
        subject=subject,
        purpose=purpose[:PURPOSE_MAXIMUM],
        request_id=request_id,
        facts=json.dumps(dict(facts or {}), ensure_ascii=False, default=str),
    ).save()

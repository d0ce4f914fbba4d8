"""Sessions of officers: opened, listed in words a person recognises, ended one by one or all together."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from tipline.accounts.rules import FAILURE_WINDOW, SESSION_IDLES, SESSION_LASTS
from tipline.accounts.tables import Officer, SignInFailure, StaffSession
from tipline.accounts.tries import digest_of, remember_device
from tipline.database import engine
from tipline.errors import NotFound

# How long an ended session can still be asked about; then its row is cleared.
KEPT_AFTER_THE_END: Final = timedelta(days=30)
STANDING: Final = """
SELECT s.id, s.device_words, s.created_at, s.seen_at, s.expires_at FROM staff_session s
WHERE s.officer = {} AND s.revoked_at IS NULL AND s.expires_at > {} AND s.seen_at > {} ORDER BY s.seen_at DESC, s.id"""


class SessionNotFound(NotFound):
    """There is no such session of this officer, or it has ended."""


async def open_session(officer: UUID, *, device: str, words: str, now: datetime) -> str:
    """Open a session and return its token for the cookie; clears sessions and failures that are long over.

    Args:
        officer: whose.
        device: token of the browser's device cookie, known from now on; empty for a program.
        words: browser and system, for the list of sessions.
        now: when.
    """
    token = secrets.token_urlsafe(32)
    async with engine().transaction():
        await StaffSession.delete().where(StaffSession.expires_at < now - KEPT_AFTER_THE_END)
        await SignInFailure.delete().where(SignInFailure.failed_at < now - 2 * FAILURE_WINDOW)
        if device:
            await remember_device(device, officer, now)
        await Officer.update({Officer.last_sign_in_at: now}).where(Officer.id == officer)
        await StaffSession(
            id=uuid4(),
            token_sha256=digest_of(token),
            officer=officer,
            created_at=now,
            seen_at=now,
            expires_at=now + SESSION_LASTS,
            revoked_at=None,
            device_words=words,
        ).save()
    return token


async def standing_sessions(officer: UUID, *, now: datetime) -> list[dict[str, Any]]:
    """Return the sessions of `officer` that still stand, last seen first."""
    rows: list[dict[str, Any]] = await StaffSession.raw(STANDING, officer, now, now - SESSION_IDLES)
    return rows


async def end_session(session_id: UUID, *, of: UUID, now: datetime) -> None:
    """End one session of an officer.

    Raises:
        SessionNotFound: it is another officer's, has ended, or never was.
    """
    ended = await (
        StaffSession.update({StaffSession.revoked_at: now})
        .where((StaffSession.id == session_id) & (StaffSession.officer == of) & StaffSession.revoked_at.is_null())
        .returning(StaffSession.id)
    )
    if not ended:
        raise SessionNotFound


async def end_sessions(officer: UUID, *, but: UUID | None = None, now: datetime) -> int:
    """End every session of `officer`, except `but`; return how many. Joins the caller's transaction."""
    condition = (StaffSession.officer == officer) & StaffSession.revoked_at.is_null()
    if but is not None:
        condition &= StaffSession.id != but
    ended = await StaffSession.update({StaffSession.revoked_at: now}).where(condition).returning(StaffSession.id)
    return len(ended)

"""Ending tokens: with the account's sessions, by whoever ends those."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from tipline.accounts.tokens.tables import AccessToken


async def end_tokens(officer: UUID, *, now: datetime) -> int:
    """End every token of `officer`; return how many stood. Joins the caller's transaction."""
    ended = await (
        AccessToken.update({AccessToken.revoked_at: now})
        .where((AccessToken.officer == officer) & AccessToken.revoked_at.is_null() & (AccessToken.expires_at > now))
        .returning(AccessToken.id)
    )
    return len(ended)

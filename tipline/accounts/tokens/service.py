"""Deeds on access tokens: make one, end one, know the officer behind one."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from tipline.accounts.audit.service import enter
from tipline.accounts.audit.tables import AuditAct, AuditSubject
from tipline.accounts.rules import duty_of
from tipline.accounts.service import SEEN_AT_MOST_EVERY, SignedInOfficer, confirm_password
from tipline.accounts.tables import OfficerRole
from tipline.accounts.tokens.errors import TokenNotFound, TokenRefused
from tipline.accounts.tokens.rules import PREFIX, token_problems
from tipline.accounts.tokens.tables import AccessToken
from tipline.accounts.tries import count_try, digest_of
from tipline.database import engine

# One bucket for wrong tokens of everybody; a right one is never held up by it.
WRONG_TOKENS: Final = "#access_token"
BY_DIGEST: Final = """
SELECT a.id AS token_id, a.scopes, a.last_used_at, o.id, o.badge_number, o.full_name, o.role, o.unit,
       o.temporary_until,
       EXISTS (SELECT 1 FROM totp_secret t WHERE t.officer = o.id AND t.confirmed_at IS NOT NULL
               AND t.ended_at IS NULL)
       OR EXISTS (SELECT 1 FROM passkey p WHERE p.officer = o.id AND p.ended_at IS NULL) AS has_factor
FROM access_token a JOIN officer o ON o.id = a.officer
WHERE a.token_sha256 = {} AND a.revoked_at IS NULL AND a.expires_at > {} AND o.is_active"""
STANDING: Final = """
SELECT a.id, a.name, a.scopes, a.created_at, a.expires_at, a.last_used_at FROM access_token a
WHERE a.officer = {} AND a.revoked_at IS NULL AND a.expires_at > {} ORDER BY a.created_at DESC, a.id"""


@dataclass(frozen=True, slots=True)
class TokenOfficer(SignedInOfficer):
    """The officer behind a token: `session_id` is the token's row, `scopes` what the token may be used for."""

    scopes: frozenset[str] = frozenset()


async def make_token(
    officer: SignedInOfficer, *, name: str, scopes: Collection[str], days: int | None, password: str, now: datetime
) -> str:
    """Make a token for a program of `officer`'s and return it; it is shown once and stored nowhere.

    Args:
        officer: in whose name the program will act.
        name: what the officer will know it by.
        scopes: values of `TokenScope`.
        days: how long it lives.
        password: the officer's present one.
        now: when.

    Raises:
        TokenRefused: no name, no scope or one that the role does not hold, or more than 90 days.
        PasswordRefused: the password is not the officer's.
        SlowDown: it was wrong too often.
    """
    problems = token_problems(name=name, scopes=scopes, days=days, role=OfficerRole(officer.role))
    if problems or days is None:
        raise TokenRefused(*problems)
    await confirm_password(officer, password, field="password", now=now)
    token = PREFIX + secrets.token_urlsafe(32)
    row = AccessToken(
        id=uuid4(),
        officer=officer.id,
        name=name,
        token_sha256=digest_of(token),
        scopes=" ".join(sorted(scopes)),
        created_at=now,
        expires_at=now + timedelta(days=days),
        last_used_at=None,
        revoked_at=None,
    )
    async with engine().transaction():
        await row.save()
        await enter(
            AuditAct.CREATED,
            AuditSubject.OFFICER,
            officer.id,
            by=officer.id,
            purpose="access_token",
            facts={"token": str(row.id), "name": name, "scopes": row.scopes, "until": row.expires_at.isoformat()},
            now=now,
        )
    return token


async def end_token(token_id: UUID, *, of: SignedInOfficer, now: datetime) -> None:
    """End one token of an officer.

    Raises:
        TokenNotFound: it is another officer's, has ended, or never was.
    """
    async with engine().transaction():
        ended = await (
            AccessToken.update({AccessToken.revoked_at: now})
            .where((AccessToken.id == token_id) & (AccessToken.officer == of.id) & AccessToken.revoked_at.is_null())
            .returning(AccessToken.id)
        )
        if not ended:
            raise TokenNotFound
        facts = {"token": str(token_id)}
        await enter(
            AuditAct.REVOKED, AuditSubject.OFFICER, of.id, by=of.id, purpose="access_token", facts=facts, now=now
        )


async def standing_tokens(officer: UUID, *, now: datetime) -> list[dict[str, Any]]:
    """Return the tokens of `officer` that still stand, the newest first, without anything secret."""
    rows: list[dict[str, Any]] = await AccessToken.raw(STANDING, officer, now)
    return [row | {"scopes": row["scopes"].split()} for row in rows]


async def officer_of_token(token: str, *, now: datetime, factor_roles: Collection[str] = ()) -> TokenOfficer | None:
    """Return the officer behind a token; None when it is unknown, ended, expired, or the account is out of use.

    What the officer may do is read anew each time: a token never outlives a right.

    Raises:
        SlowDown: it is wrong, and so were too many before it; a right token is never held up.
    """
    rows: list[dict[str, Any]] = await AccessToken.raw(BY_DIGEST, digest_of(token), now)
    if not rows:
        await count_try(WRONG_TOKENS, "", now)
        return None
    row = rows[0]
    if row["last_used_at"] is None or now - row["last_used_at"] > SEEN_AT_MOST_EVERY:
        await AccessToken.update({AccessToken.last_used_at: now}).where(AccessToken.id == row["token_id"])
    return TokenOfficer(
        id=row["id"],
        badge_number=row["badge_number"],
        full_name=row["full_name"],
        role=row["role"],
        unit=row["unit"],
        session_id=row["token_id"],
        duty=duty_of(
            has_own_password=row["temporary_until"] is None,
            lacks_factor=row["role"] in factor_roles and not row["has_factor"],
        ),
        scopes=frozenset(row["scopes"].split()),
    )

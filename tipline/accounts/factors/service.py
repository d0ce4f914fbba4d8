"""An officer's own second factors: what stands, setting one up, taking it off, recovery codes."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid4

from asyncpg.exceptions import UniqueViolationError

from tipline.accounts.audit.service import enter
from tipline.accounts.audit.tables import AuditAct, AuditSubject
from tipline.accounts.factors.errors import FactorInvalid, TotpStands
from tipline.accounts.factors.keeping import FactorKey, fresh_codes
from tipline.accounts.factors.tables import Passkey, RecoveryCode, TotpSecret
from tipline.accounts.factors.totp import SECRET_BYTES, matching_step
from tipline.accounts.tries import SECOND_FACTOR, count_try, forget_tries
from tipline.database import engine
from tipline.errors import Problem

_PENDING: Final = """
SELECT t.id, t.sealed FROM totp_secret t
WHERE t.officer = {} AND t.confirmed_at IS NULL AND t.ended_at IS NULL FOR UPDATE"""
_STATE: Final = """
SELECT (SELECT t.confirmed_at FROM totp_secret t
        WHERE t.officer = {} AND t.confirmed_at IS NOT NULL AND t.ended_at IS NULL) AS totp_since,
       (SELECT count(*) FROM recovery_code c
        WHERE c.officer = {} AND c.used_at IS NULL AND c.ended_at IS NULL) AS codes_left"""
_PASSKEYS: Final = """
SELECT p.id, p.name, p.created_at, p.last_used_at FROM passkey p
WHERE p.officer = {} AND p.ended_at IS NULL ORDER BY p.created_at, p.id"""


@dataclass(frozen=True, slots=True)
class Factors:
    """What an officer has set up."""

    totp_since: datetime | None
    passkeys: list[dict[str, Any]]
    codes_left: int

    @property
    def has_any(self) -> bool:
        """True when a sign-in asks for a second factor."""
        return self.totp_since is not None or bool(self.passkeys)


async def factors_of(officer: UUID) -> Factors:
    """Return what `officer` has set up, without anything secret."""
    [row] = await TotpSecret.raw(_STATE, officer, officer)
    return Factors(row["totp_since"], await Passkey.raw(_PASSKEYS, officer), row["codes_left"])


async def begin_totp(officer: UUID, *, key: FactorKey, now: datetime) -> None:
    """Make a secret for an authenticator app; it counts once its first code was right. An unfinished one is replaced.

    Raises:
        TotpStands: one is set up already.
    """
    secret = secrets.token_bytes(SECRET_BYTES)
    async with engine().transaction():
        await TotpSecret.update({TotpSecret.ended_at: now}).where(
            (TotpSecret.officer == officer) & TotpSecret.confirmed_at.is_null() & TotpSecret.ended_at.is_null()
        )
        try:
            await TotpSecret(
                id=uuid4(),
                officer=officer,
                sealed=key.sealed(secret, officer),
                created_at=now,
                confirmed_at=None,
                last_step=0,
                ended_at=None,
            ).save()
        except UniqueViolationError as problem:
            raise TotpStands from problem


async def unfinished_totp(officer: UUID, *, key: FactorKey) -> bytes | None:
    """Return the secret that waits for its first code; None when none does."""
    rows: list[dict[str, Any]] = await TotpSecret.raw(_PENDING, officer)
    return key.opened(rows[0]["sealed"], officer) if rows else None


async def confirm_totp(officer: UUID, username: str, code: str, *, key: FactorKey, now: datetime) -> list[str]:
    """Let the authenticator app count, because its first code is right; return fresh recovery codes if none were left.

    Raises:
        FactorInvalid: the code is wrong, or no app waits to be set up.
        SlowDown: too many wrong ones.
    """
    await count_try(username, SECOND_FACTOR, now)
    codes: list[str] = []
    async with engine().transaction():
        rows: list[dict[str, Any]] = await TotpSecret.raw(_PENDING, officer)
        step = rows and matching_step(key.opened(rows[0]["sealed"], officer), code, now=now, last_step=0)
        if not step:
            raise FactorInvalid(Problem("code", "factor_code_wrong"))
        await TotpSecret.update({TotpSecret.confirmed_at: now, TotpSecret.last_step: step}).where(
            TotpSecret.id == rows[0]["id"]
        )
        facts = {"factor": "totp"}
        await enter(AuditAct.ENROLLED, AuditSubject.OFFICER, officer, by=officer, purpose="totp", now=now, facts=facts)
        await forget_tries(username, SECOND_FACTOR)
        codes += await first_codes(officer, key=key, now=now)
    return codes


async def end_totp(officer: UUID, *, now: datetime) -> None:
    """Let the authenticator app count no more; where there is none, nothing changes."""
    async with engine().transaction():
        ended = await (
            TotpSecret.update({TotpSecret.ended_at: now})
            .where((TotpSecret.officer == officer) & TotpSecret.ended_at.is_null())
            .returning(TotpSecret.id)
        )
        if ended:
            facts = {"factor": "totp"}
            await enter(
                AuditAct.REMOVED, AuditSubject.OFFICER, officer, by=officer, purpose="totp", now=now, facts=facts
            )


async def first_codes(officer: UUID, *, key: FactorKey, now: datetime) -> list[str]:
    """Return fresh recovery codes when none are left, else nothing; joins the caller's transaction."""
    [row] = await TotpSecret.raw(_STATE, officer, officer)
    return [] if row["codes_left"] else await renew_codes(officer, key=key, now=now)


async def renew_codes(officer: UUID, *, key: FactorKey, now: datetime) -> list[str]:
    """Return ten fresh recovery codes, to be shown once; those before count no more."""
    codes = fresh_codes()
    async with engine().transaction(allow_nested=True):
        await _end_codes(officer, now)
        await RecoveryCode.insert(
            *(
                RecoveryCode(
                    id=uuid4(),
                    officer=officer,
                    code_hmac=key.hashed(code, officer),
                    created_at=now,
                    used_at=None,
                    ended_at=None,
                )
                for code in codes
            )
        )
        facts = {"factor": "recovery_codes"}
        await enter(
            AuditAct.ENROLLED, AuditSubject.OFFICER, officer, by=officer, purpose="recovery", now=now, facts=facts
        )
    return codes


async def end_all_factors(officer: UUID, *, now: datetime) -> None:
    """Let no factor and no recovery code of `officer` count any more; joins the caller's transaction."""
    await TotpSecret.update({TotpSecret.ended_at: now}).where(
        (TotpSecret.officer == officer) & TotpSecret.ended_at.is_null()
    )
    await Passkey.update({Passkey.ended_at: now}).where((Passkey.officer == officer) & Passkey.ended_at.is_null())
    await _end_codes(officer, now)


async def _end_codes(officer: UUID, now: datetime) -> None:
    await RecoveryCode.update({RecoveryCode.ended_at: now}).where(
        (RecoveryCode.officer == officer) & RecoveryCode.ended_at.is_null()
    )

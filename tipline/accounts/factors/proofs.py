"""The second step of a sign-in: the password was right, now a code, a passkey or a recovery code is shown."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from tipline.accounts.factors.errors import FactorRefused, ProofExpired
from tipline.accounts.factors.keeping import FactorKey
from tipline.accounts.factors.tables import ChallengePurpose, FactorChallenge, RecoveryCode, TotpSecret
from tipline.accounts.factors.totp import matching_step
from tipline.accounts.tries import SECOND_FACTOR, count_try, digest_of, forget_tries
from tipline.database import engine

PROOF_LASTS: Final = timedelta(minutes=10)
_STANDING_FACTORS: Final = """
SELECT EXISTS (SELECT 1 FROM totp_secret t WHERE t.officer = o.id AND t.confirmed_at IS NOT NULL
               AND t.ended_at IS NULL) AS has_totp,
       EXISTS (SELECT 1 FROM passkey p WHERE p.officer = o.id AND p.ended_at IS NULL) AS has_passkey
FROM officer o WHERE o.id = {}"""
_WAITING: Final = """
SELECT w.id, w.officer, w.challenge, o.username FROM factor_challenge w JOIN officer o ON o.id = w.officer
WHERE w.token_sha256 = {} AND w.purpose = 'sign_in' AND w.used_at IS NULL AND w.expires_at > {} AND o.is_active"""
_TOTP: Final = """
SELECT t.id, t.sealed, t.last_step FROM totp_secret t
WHERE t.officer = {} AND t.confirmed_at IS NOT NULL AND t.ended_at IS NULL FOR UPDATE"""
_USE_CODE: Final = """
UPDATE recovery_code SET used_at = {} WHERE officer = {} AND code_hmac = {} AND used_at IS NULL AND ended_at IS NULL
RETURNING id"""
_USE: Final = "UPDATE factor_challenge SET used_at = {} WHERE id = {} AND used_at IS NULL RETURNING id"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A sign-in that waits for its second factor, and what the officer can show."""

    id: UUID
    officer: UUID
    username: str
    challenge: bytes
    has_totp: bool
    has_passkey: bool


async def has_factor(officer: UUID) -> bool:
    """Tell whether `officer` has a code or passkey that counts."""
    [row] = await TotpSecret.raw(_STANDING_FACTORS, officer)
    return bool(row["has_totp"] or row["has_passkey"])


async def begin_proof(officer: UUID, now: datetime) -> str:
    """Let a sign-in wait for its second factor; return the token of its cookie. Clears those that are over."""
    token = secrets.token_urlsafe(32)
    async with engine().transaction():
        await FactorChallenge.delete().where(FactorChallenge.expires_at < now)
        await FactorChallenge(
            id=uuid4(),
            officer=officer,
            purpose=ChallengePurpose.SIGN_IN,
            token_sha256=digest_of(token),
            challenge=b"",
            created_at=now,
            expires_at=now + PROOF_LASTS,
            used_at=None,
        ).save()
    return token


async def waiting(token: str, now: datetime) -> Waiting:
    """Return the sign-in that waits under `token`.

    Raises:
        ProofExpired: none does.
    """
    rows: list[dict[str, Any]] = await FactorChallenge.raw(_WAITING, digest_of(token), now)
    if not rows:
        raise ProofExpired
    row = rows[0]
    [factors] = await TotpSecret.raw(_STANDING_FACTORS, row["officer"])
    return Waiting(
        row["id"], row["officer"], row["username"], row["challenge"], factors["has_totp"], factors["has_passkey"]
    )


async def prove_by_code(token: str, code: str, *, key: FactorKey, now: datetime) -> UUID:
    """Take a code of the authenticator app, or a recovery code, once; return the officer who may come in.

    Raises:
        ProofExpired: no sign-in waits under `token`.
        SlowDown: too many wrong ones.
        FactorRefused: it is wrong, or was used before.
    """
    proof = await waiting(token, now)
    await count_try(proof.username, SECOND_FACTOR, now)
    async with engine().transaction():
        if not (
            await take_totp(proof.officer, code, key=key, now=now)
            or await RecoveryCode.raw(_USE_CODE, now, proof.officer, key.hashed(code, proof.officer))
        ):
            raise FactorRefused
        await use_proof(proof, now)
    return proof.officer


async def take_totp(officer: UUID, code: str, *, key: FactorKey, now: datetime) -> bool:
    """Tell whether `code` is right and fresh, and take its step, so that it is never right again."""
    rows: list[dict[str, Any]] = await TotpSecret.raw(_TOTP, officer)
    if not rows:
        return False
    step = matching_step(key.opened(rows[0]["sealed"], officer), code, now=now, last_step=rows[0]["last_step"])
    if step is None:
        return False
    await TotpSecret.update({TotpSecret.last_step: step}).where(TotpSecret.id == rows[0]["id"])
    return True


async def use_proof(proof: Waiting, now: datetime) -> None:
    """End a waiting sign-in that was proven; joins the caller's transaction.

    Raises:
        ProofExpired: another request used it in the same moment.
    """
    if not await FactorChallenge.raw(_USE, now, proof.id):
        raise ProofExpired
    await forget_tries(proof.username, SECOND_FACTOR)

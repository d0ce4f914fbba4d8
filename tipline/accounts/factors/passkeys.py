"""Passkeys: set up, and shown at sign-in (WebAuthn, by py_webauthn)."""

from __future__ import annotations

import json
import secrets
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from asyncpg.exceptions import UniqueViolationError
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from tipline.accounts.audit.service import enter
from tipline.accounts.audit.tables import AuditAct, AuditSubject
from tipline.accounts.factors.errors import FactorInvalid, FactorRefused, PasskeyNotFound
from tipline.accounts.factors.proofs import PROOF_LASTS, use_proof, waiting
from tipline.accounts.factors.site import SITE_NAME, PasskeySite
from tipline.accounts.factors.tables import ChallengePurpose, FactorChallenge, Passkey
from tipline.accounts.tries import SECOND_FACTOR, count_try, digest_of
from tipline.database import engine
from tipline.errors import Problem

CHALLENGE_BYTES: Final = 32
ENROL_WITHIN: Final = timedelta(minutes=5)
NAME_MAXIMUM: Final = 60
_KEYS: Final = "SELECT p.credential_id FROM passkey p WHERE p.officer = {} AND p.ended_at IS NULL ORDER BY p.created_at"
_KEY: Final = """
SELECT p.id, p.public_key, p.sign_count FROM passkey p
WHERE p.officer = {} AND p.credential_id = {} AND p.ended_at IS NULL FOR UPDATE"""
_ENROLMENT: Final = """
UPDATE factor_challenge SET used_at = {} WHERE officer = {} AND purpose = 'enrol' AND token_sha256 = {}
AND used_at IS NULL AND expires_at > {} RETURNING challenge"""


async def enrolment_options(officer: UUID, *, username: str, full_name: str, site: PasskeySite, now: datetime) -> str:
    """Return what the browser needs to make a key, as JSON; the answer must come within five minutes."""
    challenge = secrets.token_bytes(CHALLENGE_BYTES)
    await FactorChallenge(
        id=uuid4(),
        officer=officer,
        purpose=ChallengePurpose.ENROL,
        token_sha256=digest_of(challenge.hex()),
        challenge=challenge,
        created_at=now,
        expires_at=now + ENROL_WITHIN,
        used_at=None,
    ).save()
    options = generate_registration_options(
        rp_id=site.rp_id,
        rp_name=SITE_NAME,
        user_id=officer.bytes,
        user_name=username,
        user_display_name=full_name,
        challenge=challenge,
        exclude_credentials=await _keys_of(officer),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.DISCOURAGED, user_verification=UserVerificationRequirement.PREFERRED
        ),
    )
    return options_to_json(options)


async def add_passkey(officer: UUID, credential: str, name: str, *, site: PasskeySite, now: datetime) -> None:
    """Keep the key that the browser made; joins the caller's transaction.

    Raises:
        FactorInvalid: it has no name, or one that is too long.
        FactorRefused: the browser's answer does not hold, came too late, or the key is known already.
    """
    called = name.strip()
    if not called or len(called) > NAME_MAXIMUM:
        raise FactorInvalid(
            Problem("name", "too_long", {"limit": NAME_MAXIMUM}) if called else Problem("name", "required")
        )
    async with engine().transaction(allow_nested=True):
        rows: list[dict[str, Any]] = await FactorChallenge.raw(
            _ENROLMENT, now, officer, digest_of(_challenge_in(credential).hex()), now
        )
        if not rows:
            raise FactorRefused
        try:
            made = verify_registration_response(
                credential=credential,
                expected_challenge=rows[0]["challenge"],
                expected_rp_id=site.rp_id,
                expected_origin=site.origin,
            )
        except WebAuthnException as problem:
            raise FactorRefused from problem
        key = Passkey(
            id=uuid4(),
            officer=officer,
            credential_id=made.credential_id,
            public_key=made.credential_public_key,
            sign_count=made.sign_count,
            name=called,
            created_at=now,
            last_used_at=None,
            ended_at=None,
        )
        try:
            await key.save()
        except UniqueViolationError as problem:
            raise FactorRefused from problem
        facts = {"factor": "passkey", "name": called}
        await enter(
            AuditAct.ENROLLED, AuditSubject.OFFICER, officer, by=officer, purpose="passkey", now=now, facts=facts
        )


async def end_passkey(passkey_id: UUID, *, of: UUID, now: datetime) -> None:
    """Let a key count no more.

    Raises:
        PasskeyNotFound: it is another officer's, has ended, or never was.
    """
    async with engine().transaction():
        ended = await (
            Passkey.update({Passkey.ended_at: now})
            .where((Passkey.id == passkey_id) & (Passkey.officer == of) & Passkey.ended_at.is_null())
            .returning(Passkey.name)
        )
        if not ended:
            raise PasskeyNotFound
        facts = {"factor": "passkey", "name": ended[0]["name"]}
        await enter(AuditAct.REMOVED, AuditSubject.OFFICER, of, by=of, purpose="passkey", now=now, facts=facts)


async def sign_in_options(token: str, *, site: PasskeySite, now: datetime) -> str:
    """Return what the browser needs to ask for a key of the officer whose sign-in waits, as JSON.

    Raises:
        ProofExpired: no sign-in waits under `token`.
    """
    proof = await waiting(token, now)
    challenge = secrets.token_bytes(CHALLENGE_BYTES)
    await FactorChallenge.update({FactorChallenge.challenge: challenge}).where(FactorChallenge.id == proof.id)
    options = generate_authentication_options(
        rp_id=site.rp_id,
        challenge=challenge,
        timeout=int(PROOF_LASTS.total_seconds()) * 1000,
        allow_credentials=await _keys_of(proof.officer),
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    return options_to_json(options)


async def prove_by_passkey(token: str, credential: str, *, site: PasskeySite, now: datetime) -> UUID:
    """Check what the key signed; return the officer who may come in.

    Raises:
        ProofExpired: no sign-in waits under `token`.
        SlowDown: too many wrong ones.
        FactorRefused: it is no key of this officer, or signed something else.
    """
    proof = await waiting(token, now)
    await count_try(proof.username, SECOND_FACTOR, now)
    if not proof.challenge:
        raise FactorRefused
    async with engine().transaction():
        rows: list[dict[str, Any]] = await Passkey.raw(_KEY, proof.officer, _credential_id(credential))
        if not rows:
            raise FactorRefused
        try:
            shown = verify_authentication_response(
                credential=credential,
                expected_challenge=proof.challenge,
                expected_rp_id=site.rp_id,
                expected_origin=site.origin,
                credential_public_key=rows[0]["public_key"],
                credential_current_sign_count=rows[0]["sign_count"],
            )
        except WebAuthnException as problem:
            raise FactorRefused from problem
        await Passkey.update({Passkey.sign_count: shown.new_sign_count, Passkey.last_used_at: now}).where(
            Passkey.id == rows[0]["id"]
        )
        await use_proof(proof, now)
    return proof.officer


async def _keys_of(officer: UUID) -> list[PublicKeyCredentialDescriptor]:
    rows: list[dict[str, Any]] = await Passkey.raw(_KEYS, officer)
    return [PublicKeyCredentialDescriptor(id=row["credential_id"]) for row in rows]


def _challenge_in(credential: str) -> bytes:
    """Return the challenge that the browser's answer names; the library compares it again."""
    try:
        client = json.loads(base64url_to_bytes(json.loads(credential)["response"]["clientDataJSON"]))
        return base64url_to_bytes(client["challenge"])
    except (ValueError, KeyError, TypeError, AttributeError) as problem:
        raise FactorRefused from problem


def _credential_id(credential: str) -> bytes:
    try:
        return base64url_to_bytes(json.loads(credential)["rawId"])
    except (ValueError, KeyError, TypeError, AttributeError) as problem:
        raise FactorRefused from problem

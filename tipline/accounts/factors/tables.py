"""Rows of second factors. Secrets are sealed or hashed with a key that is not in the database."""

from enum import StrEnum

from piccolo.columns import UUID, BigInt, Bytea, ForeignKey, OnDelete, Timestamptz, Varchar
from piccolo.columns.defaults.uuid import UUID4
from piccolo.table import Table

from tipline.accounts.tables import Officer


class ChallengePurpose(StrEnum):
    """What a challenge was given out for."""

    SIGN_IN = "sign_in"
    ENROL = "enrol"


class TotpSecret(Table, tablename="totp_secret"):
    """动态验证码密钥: what an authenticator app shares with the platform (RFC 6238)."""

    id = UUID(primary_key=True, default=UUID4())
    officer = ForeignKey(Officer, on_delete=OnDelete.restrict, null=False)
    sealed = Bytea(help_text="AES-256-GCM: nonce, then ciphertext; the officer's id is bound in.")
    created_at = Timestamptz()
    confirmed_at = Timestamptz(null=True, default=None, help_text="Since when it counts: a first code was right.")
    last_step = BigInt(default=0, help_text="Time step of the last code taken; no code of it or before is taken again.")
    ended_at = Timestamptz(null=True, default=None)


class Passkey(Table, tablename="passkey"):
    """通行密钥: a key in an officer's device, used by touch, face or PIN (WebAuthn)."""

    id = UUID(primary_key=True, default=UUID4())
    officer = ForeignKey(Officer, on_delete=OnDelete.restrict, null=False)
    credential_id = Bytea(help_text="As the device names it.")
    public_key = Bytea(help_text="COSE.")
    sign_count = BigInt(default=0)
    name = Varchar(length=60)
    created_at = Timestamptz()
    last_used_at = Timestamptz(null=True, default=None)
    ended_at = Timestamptz(null=True, default=None)


class RecoveryCode(Table, tablename="recovery_code"):
    """恢复码: opens the account once when the device is lost."""

    id = UUID(primary_key=True, default=UUID4())
    officer = ForeignKey(Officer, on_delete=OnDelete.restrict, null=False)
    code_hmac = Varchar(length=64, help_text="HMAC-SHA-256 under a key outside the database; the code is shown once.")
    created_at = Timestamptz()
    used_at = Timestamptz(null=True, default=None)
    ended_at = Timestamptz(null=True, default=None)


class FactorChallenge(Table, tablename="factor_challenge"):
    """验证请求: a sign-in whose password was right, or a passkey about to be set up; short-lived and used once."""

    id = UUID(primary_key=True, default=UUID4())
    officer = ForeignKey(Officer, on_delete=OnDelete.restrict, null=False)
    purpose = Varchar(length=16, choices=ChallengePurpose)
    token_sha256 = Varchar(length=64, unique=True, help_text="Of the cookie, or of the challenge where there is none.")
    challenge = Bytea(default=b"", help_text="What a passkey signs; empty until one is asked for.")
    created_at = Timestamptz()
    expires_at = Timestamptz()
    used_at = Timestamptz(null=True, default=None)

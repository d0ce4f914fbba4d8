"""Codes of an authenticator app: six digits that change every thirty seconds (RFC 6238 over RFC 4226). Pure."""

from __future__ import annotations

import base64
import hashlib
import hmac
import struct
from datetime import datetime
from typing import Final
from urllib.parse import quote, urlencode

STEP_S: Final = 30
DIGITS: Final = 6
# One step before and after: clocks differ, and people type slowly (RFC 6238, 5.2).
DRIFT_STEPS: Final = 1
SECRET_BYTES: Final = 20


def step_of(moment: datetime) -> int:
    """Return the number of thirty-second steps since 1970."""
    return int(moment.timestamp()) // STEP_S


def code_at(secret: bytes, step: int, *, digits: int = DIGITS) -> str:
    """Return the code of a time step (HOTP by HMAC-SHA-1, RFC 4226, 5.3; what authenticator apps agree on)."""
    mac = hmac.new(secret, struct.pack(">Q", step), hashlib.sha1).digest()
    offset = mac[-1] & 0x0F
    number = int.from_bytes(mac[offset : offset + 4], "big") & 0x7FFF_FFFF
    return f"{number % 10**digits:0{digits}d}"


def matching_step(secret: bytes, code: str, *, now: datetime, last_step: int) -> int | None:
    """Return the step that `code` belongs to; None when it is wrong or was used.

    Args:
        secret: shared with the app.
        code: as typed; blanks inside are overlooked.
        now: the present moment.
        last_step: step of the last code that was taken; a code of that step or an earlier one is a replay.
    """
    typed = "".join(code.split())
    present = step_of(now)
    steps = range(present - DRIFT_STEPS, present + DRIFT_STEPS + 1)
    # Every step is compared, so that time tells nothing.
    found = [step for step in steps if hmac.compare_digest(code_at(secret, step).encode(), typed.encode())]
    return next((step for step in found if step > last_step), None)


def base32_of(secret: bytes) -> str:
    """Return the secret as people type it into an app, without padding."""
    return base64.b32encode(secret).decode().rstrip("=")


def app_address(secret: bytes, *, issuer: str, account: str) -> str:
    """Return the `otpauth:` address that an authenticator app reads from a QR code."""
    query = urlencode({"secret": base32_of(secret), "issuer": issuer, "digits": DIGITS, "period": STEP_S})
    return f"otpauth://totp/{quote(issuer)}:{quote(account)}?{query}"

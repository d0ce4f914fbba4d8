"""Counting failed tries, so that guessing slows down and nobody can shut a colleague out.

Tries are counted for an account and a source: each browser that has signed in to the account before is a source of its
own, all strangers together are another. A stranger's guesses delay strangers only. No address is kept.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from tipline.accounts.rules import FAILURE_WINDOW, delay_s
from tipline.accounts.tables import KnownDevice, Officer, SignInFailure
from tipline.database import engine
from tipline.errors import SlowDown

STRANGERS: Final = ""
# One bucket for what comes after the password, known browser or not: who stands there has the password.
SECOND_FACTOR: Final = "second_factor"
DEVICE_LASTS: Final = timedelta(days=180)
REMEMBER: Final = """
INSERT INTO known_device (id, officer, token_sha256, first_seen_at, last_seen_at, forgotten_at)
VALUES ({}, {}, {}, {}, {}, NULL)
ON CONFLICT (officer, token_sha256) DO UPDATE SET last_seen_at = EXCLUDED.last_seen_at, forgotten_at = NULL
RETURNING id"""


async def count_try(name: str, source: str, now: datetime) -> None:
    """Count one try of `source` on `name` before it is looked at, so that a hundred at once are a hundred.

    Raises:
        SlowDown: too many failures; nothing was counted and nothing must be checked.
    """
    async with engine().transaction():
        # Tries of one source queue here, so that parallel ones cannot all pass as the first.
        await SignInFailure.raw("SELECT pg_advisory_xact_lock(hashtextextended({}, 0))", f"{name} {source}")
        failures = await (
            SignInFailure.select(SignInFailure.failed_at)
            .where(
                (SignInFailure.username == name)
                & (SignInFailure.source == source)
                & (SignInFailure.failed_at > now - FAILURE_WINDOW)
            )
            .output(as_list=True)
        )
        wait_s = delay_s(failures, now)
        if wait_s:
            raise SlowDown(wait_s)
        await SignInFailure(id=uuid4(), username=name, source=source, failed_at=now).save()


async def forget_tries(name: str, source: str) -> None:
    """Let the tries of `source` on `name` count no more, because one of them was right."""
    await SignInFailure.delete().where((SignInFailure.username == name) & (SignInFailure.source == source))


def counted_name(name: str, officer: Officer | None) -> str:
    """Return the name under which tries count; one that nobody has may be a password, so only its digest is kept."""
    return str(officer.username) if officer else "#" + hashlib.sha256(name.encode()).hexdigest()[:39]


async def source_of(device: str, officer: Officer | None, now: datetime) -> str:
    """Return the source that a browser with this device cookie is for `officer`: its own, or that of all strangers."""
    if not device or officer is None:
        return STRANGERS
    known = await (
        KnownDevice.select(KnownDevice.id)
        .where(
            (KnownDevice.officer == officer.id)
            & (KnownDevice.token_sha256 == digest_of(device))
            & KnownDevice.forgotten_at.is_null()
            & (KnownDevice.last_seen_at > now - DEVICE_LASTS)
        )
        .first()
    )
    return str(known["id"]) if known else STRANGERS


async def remember_device(device: str, officer: UUID, now: datetime) -> None:
    """Know the browser with this device cookie from now on; joins the caller's transaction."""
    await KnownDevice.raw(REMEMBER, uuid4(), officer, digest_of(device), now, now)


async def forget_devices(officer: UUID, now: datetime) -> None:
    """Know no browser of `officer` any more; joins the caller's transaction."""
    await KnownDevice.update({KnownDevice.forgotten_at: now}).where(
        (KnownDevice.officer == officer) & KnownDevice.forgotten_at.is_null()
    )


def digest_of(token: str) -> str:
    """Return what is stored of a token that lives in a cookie."""
    return hashlib.sha256(token.encode()).hexdigest()

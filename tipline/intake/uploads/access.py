"""Opening a tip for an upload: by the secret in the upload's address, or by the pass of the tip's page."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from tipline.database import engine
from tipline.intake.access import Access, BySession, opened
from tipline.intake.errors import SessionOver
from tipline.intake.tables import Tip
from tipline.intake.uploads.errors import UploadUnknown
from tipline.intake.uploads.tables import Upload

PASS_LASTS: Final = timedelta(hours=12)
SECRET_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class Secret:
    """What stands in an upload's address, or in the page's pass. The database knows its digest only."""

    text: str = field(repr=False)

    @classmethod
    def fresh(cls) -> Secret:
        """Return one that nobody can guess."""
        return cls(secrets.token_urlsafe(SECRET_BYTES))

    @property
    def sha256(self) -> str:
        """What the database knows of it."""
        return hashlib.sha256(self.text.encode("utf-8", "replace")).hexdigest()


@dataclass(frozen=True, slots=True)
class ByPass:
    """The page's pass was shown in this request."""

    token: Secret


async def begin_pass(session: BySession, *, now: datetime) -> Secret:
    """Return a pass that lets the page of the open tip begin uploads into it for twelve hours.

    Raises:
        SessionOver: the session opens no tip.
    """
    token = Secret.fresh()
    async with opened(session, now=now):
        await _call("begin_upload_pass({}, {}, {})", token.sha256, now, now + PASS_LASTS)
    return token


@asynccontextmanager
async def opened_for_upload(access: Access | ByPass, *, now: datetime) -> AsyncIterator[UUID]:
    """Open the own tip for one transaction and give its id.

    Raises:
        ReceiptUnknown, SessionOver: the access opens nothing.
    """
    if not isinstance(access, ByPass):
        async with opened(access, now=now) as tip:
            yield tip
        return
    async with engine().transaction():
        if not await _call("use_upload_pass({}, {})", access.token.sha256, now):
            raise SessionOver
        yield (await Tip.raw("SELECT own_tip() AS id"))[0]["id"]


@asynccontextmanager
async def opened_upload(secret: Secret) -> AsyncIterator[UUID]:
    """Open the upload of this address, and its tip, for one transaction; give its id.

    Raises:
        UploadUnknown: there is none.
    """
    async with engine().transaction():
        upload = await _call("open_upload({})", secret.sha256)
        if upload is None:
            raise UploadUnknown
        yield upload


async def _call(function: str, *values: object) -> Any:
    return (await Upload.raw(f"SELECT {function} AS told", *values))[0]["told"]

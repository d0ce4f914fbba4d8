"""Opening one's own tip: with the receipt code, or with the browser session that the code began.

Each opening is one database transaction, because row-level security lets the tip be seen in that transaction only.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from tipline.database import engine
from tipline.errors import SlowDown
from tipline.intake.errors import ReceiptUnknown, SessionOver
from tipline.intake.receipts import ReceiptCode, Receipts
from tipline.intake.tables import Receipt, Tip

SESSION_LASTS: Final = timedelta(minutes=30)
# Failed tries an hour. Ten for one locator leave a guesser one chance in a billion an hour; the system's budget is far
# above what a county's mistyping needs: check digits catch nearly all of that before it counts (docs/decisions/0008).
TRIES_A_LOCATOR: Final = 10
TRIES_IN_ALL: Final = 1_000


@dataclass(frozen=True, slots=True)
class ByCode:
    """The receipt and what its code makes: proof that the code was shown in this request."""

    receipt: UUID
    verifier: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class BySession:
    """The token in the browser's cookie."""

    token: str = field(repr=False)

    @property
    def token_sha256(self) -> str:
        """What the database knows of the token."""
        return hashlib.sha256(self.token.encode()).hexdigest()


Access = ByCode | BySession


@asynccontextmanager
async def opened(access: Access, *, now: datetime) -> AsyncIterator[UUID]:
    """Open the own tip for one transaction and give its id.

    Raises:
        ReceiptUnknown: the verifier opens nothing.
        SessionOver: the session ended or never was.
    """
    async with engine().transaction():
        if isinstance(access, ByCode):
            await show_receipt(access)
        elif not access.token or not await _call(
            "resume_public_session({}, {}, {})", access.token_sha256, now, now + SESSION_LASTS
        ):
            raise SessionOver
        yield (await Tip.raw("SELECT own_tip() AS id"))[0]["id"]


async def show_receipt(access: ByCode) -> None:
    """Let the rest of the caller's transaction see what hangs on this receipt.

    Raises:
        ReceiptUnknown: the verifier opens nothing.
    """
    if not await _call("open_own_tip({}, {})", access.receipt, access.verifier):
        raise ReceiptUnknown


async def show_code(code: ReceiptCode, *, receipts: Receipts, now: datetime) -> ByCode:
    """Return the access that `code` gives. A try is counted before the slow check and given back when it was right.

    Raises:
        ReceiptUnknown: no tip has this code.
        SlowDown: too many wrong codes in the last hour, or too many being checked.
    """
    wait_s = await _call("take_try({}, {}, {}, {})", code.locator, now, TRIES_A_LOCATOR, TRIES_IN_ALL)
    if wait_s:
        raise SlowDown(retry_after_s=wait_s)
    for row in await Receipt.raw("SELECT id, salt FROM receipt_candidates({})", code.locator):
        access = ByCode(row["id"], await receipts.verifier(code, row["salt"]))
        if await _call("open_own_tip({}, {})", access.receipt, access.verifier):
            await _call("give_try_back({})", code.locator)
            return access
    raise ReceiptUnknown


async def begin_session(access: ByCode, *, now: datetime) -> BySession:
    """Begin a browser session on the tip and return its token, which is shown nowhere else.

    Raises:
        ReceiptUnknown: the access opens nothing.
    """
    session = BySession(secrets.token_urlsafe(32))
    async with opened(access, now=now):
        await _call("begin_public_session({}, {}, {})", session.token_sha256, now, now + SESSION_LASTS)
    return session


async def end_session(session: BySession) -> None:
    """End a browser session; one that is over already is no error."""
    await _call("end_public_session({})", session.token_sha256)


async def _call(function: str, *values: object) -> int | bool | None:
    rows = await Receipt.raw(f"SELECT {function} AS told", *values)
    told: int | bool | None = rows[0]["told"]
    return told

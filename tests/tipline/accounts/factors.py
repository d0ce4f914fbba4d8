"""Second factors as tests hold them: an app that knows its secret, and a key made of software."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from tests.platform import Platform
from tipline.accounts.factors.keeping import FactorKey
from tipline.accounts.factors.tables import TotpSecret
from tipline.accounts.factors.totp import code_at, step_of

SECRET = b"twenty bytes of tests"


def key_of(platform: Platform) -> FactorKey:
    return FactorKey(platform.settings.secret("factor_key"))


def shown_at(moment: datetime, *, steps: int = 0) -> str:
    """Return what the app shows at a moment, or some steps later."""
    return code_at(SECRET, step_of(moment) + steps)


async def with_app(platform: Platform, officer: UUID, *, since: datetime) -> None:
    """Set up an authenticator app for an officer."""
    await TotpSecret(
        id=uuid4(),
        officer=officer,
        sealed=key_of(platform).sealed(SECRET, officer),
        created_at=since,
        confirmed_at=since,
        last_step=0,
        ended_at=None,
    ).save()

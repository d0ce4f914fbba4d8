"""What the administrator's screens show: accounts, units as a tree, one account with what guards it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from tipline.accounts.administration.errors import AccountNotFound, UnitNotFound
from tipline.accounts.rules import SESSION_IDLES
from tipline.accounts.tables import Officer, Unit

_ACCOUNT: Final = """
SELECT o.id, o.username, o.badge_number, o.full_name, o.role, o.unit, o.is_active, o.is_demo, o.created_at,
       o.temporary_until, o.last_sign_in_at, u.name AS unit_name,
       EXISTS (SELECT 1 FROM totp_secret t
               WHERE t.officer = o.id AND t.confirmed_at IS NOT NULL AND t.ended_at IS NULL) AS has_totp,
       (SELECT count(*) FROM passkey p WHERE p.officer = o.id AND p.ended_at IS NULL) AS passkeys,
       (SELECT count(*) FROM staff_session s WHERE s.officer = o.id AND s.revoked_at IS NULL
        AND s.expires_at > {} AND s.seen_at > {}) AS sessions
FROM officer o JOIN unit u ON u.id = o.unit WHERE o.id = {}"""
_TREE: Final = """
WITH RECURSIVE tree AS (
  SELECT u.id, 0 AS depth, ARRAY[u.name]::text[] AS path FROM unit u WHERE u.parent IS NULL
  UNION ALL SELECT u.id, t.depth + 1, t.path || u.name::text FROM unit u JOIN tree t ON u.parent = t.id
)
SELECT u.id, u.name, u.kind, u.parent, u.closed_at, u.is_demo, t.depth,
       (SELECT count(*) FROM officer o WHERE o.unit = u.id AND o.is_active) AS officers
FROM tree t JOIN unit u ON u.id = t.id ORDER BY t.path"""


async def read_account(officer_id: UUID, *, now: datetime) -> dict[str, Any]:
    """Return one account without anything secret, with how many factors and sessions stand.

    Raises:
        AccountNotFound: there is none.
    """
    rows: list[dict[str, Any]] = await Officer.raw(_ACCOUNT, now, now - SESSION_IDLES, officer_id)
    if not rows:
        raise AccountNotFound
    return rows[0]


async def read_units() -> list[dict[str, Any]]:
    """Return the units, each below the one it belongs to, with `depth` and how many officers in use it has."""
    rows: list[dict[str, Any]] = await Unit.raw(_TREE)
    return rows


async def read_unit(unit_id: UUID) -> dict[str, Any]:
    """Return one unit as `read_units` does.

    Raises:
        UnitNotFound: there is none.
    """
    for row in await read_units():
        if row["id"] == unit_id:
            return row
    raise UnitNotFound

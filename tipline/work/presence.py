"""值守 Presence: workers and dispatchers sign that they are alive; doctor, console and `tipline up` read it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from tipline.work.tables import Part, Presence

SIGN_EVERY: Final = timedelta(seconds=5)
# A worker that signed this long ago is gone or stuck.
GONE_AFTER: Final = timedelta(seconds=45)
FORGOTTEN_AFTER: Final = timedelta(days=1)


async def sign(name: str, part: Part, *, started_at: datetime, now: datetime) -> None:
    """Sign that the process `name` is alive; rows of processes unseen for a day are cleared away."""
    await Presence.raw(
        "INSERT INTO presence (name, part, started_at, seen_at) VALUES ({}, {}, {}, {})"
        " ON CONFLICT (name) DO UPDATE SET part = excluded.part, started_at = excluded.started_at,"
        " seen_at = excluded.seen_at",
        name,
        part.value,
        started_at,
        now,
    )
    await Presence.raw("DELETE FROM presence WHERE seen_at < {}", now - FORGOTTEN_AFTER)


async def sign_off(name: str) -> None:
    """Clear the process's row: it ends in good order."""
    await Presence.raw("DELETE FROM presence WHERE name = {}", name)


async def present(part: Part, *, now: datetime) -> list[Presence]:
    """Return the processes of one part that signed lately."""
    return (
        await Presence.objects()
        .where((Presence.part == part) & (Presence.seen_at > now - GONE_AFTER))
        .order_by(Presence.name)
    )

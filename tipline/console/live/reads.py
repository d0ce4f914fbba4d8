"""What a page missed while its stream was away."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from tipline.console.live.rules import EVERYTHING, News
from tipline.console.live.tables import Change

# A change gets its number before it is seen: one of a slow transaction may come to light behind later numbers.
OVERLAP: Final = timedelta(seconds=60)
MOST: Final = 100
_SINCE: Final = """
SELECT kind, subject, max(number) AS number FROM change WHERE happened_at > {} GROUP BY kind, subject
ORDER BY max(number) LIMIT {}"""


async def missed_after(number: int) -> list[News]:
    """Return what changed after the change with this number, some of it twice over; everything, if that is unknown."""
    rows = await Change.select(Change.happened_at).where(Change.number == number)
    return await missed_since(rows[0]["happened_at"] - OVERLAP) if rows else [News(EVERYTHING)]


async def missed_since(moment: datetime) -> list[News]:
    """Return what changed since a moment, each tip and alarm once; everything, if that is a lot."""
    rows: list[dict[str, Any]] = await Change.raw(_SINCE, moment, MOST + 1)
    if len(rows) > MOST:
        return [News(EVERYTHING)]
    return [News(row["kind"], row["subject"], row["number"]) for row in rows]

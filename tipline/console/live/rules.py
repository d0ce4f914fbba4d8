"""What is told to whom, and how it is written on the wire (server-sent events). Pure."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from tipline.accounts.rules import Right

# Whoever is told of everything reads everything again: after a queue that ran over, or an absence too long to tell.
EVERYTHING: Final = "everything"
WORK: Final = "work"
SESSION: Final = "session"
# Which right each kind needs; that background work moves tells nothing of anybody.
NEEDS: Final[dict[str, Right | None]] = {"tip": Right.READ_TIPS, "alarm": Right.READ_TIPS, WORK: None}


@dataclass(frozen=True, slots=True)
class News:
    """That something changed: its kind and id, never its content. `number` orders what is kept for catching up."""

    kind: str
    subject: UUID | None = None
    number: int | None = None


def read_news(payload: str) -> News | None:
    """Return what a notification tells: `tip 17 <id>`, `work`, `session <id>`; None for what a newer trigger sends."""
    words = payload.split(" ")
    try:
        if words == [WORK]:
            return News(WORK)
        if words[0] == SESSION:
            return News(SESSION, UUID(words[1]))
        return News(words[0], UUID(words[2]), int(words[1])) if words[0] in NEEDS else None
    except (IndexError, ValueError):
        return None


def may_hear(news: News, may: AbstractSet[str]) -> bool:
    """Tell whether an officer with these rights is told."""
    return news.kind == EVERYTHING or (news.kind in NEEDS and NEEDS[news.kind] in {None, *may})


def frame(news: News) -> bytes:
    """Return the event as it goes over the wire; its data is `<kind> <id>` or the kind alone."""
    number = f"id: {news.number}\n" if news.number is not None else ""
    subject = f" {news.subject}" if news.subject is not None else ""
    return f"{number}event: change\ndata: {news.kind}{subject}\n\n".encode()

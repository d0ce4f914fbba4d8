"""What an officer wants to see in the inbox, as it stands in the address. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, urlencode

from tipline.intake.tables import TipState
from tipline.intake.triage.rules import TAG_MAXIMUM, tag_name
from tipline.web.numbers import page_from

WORDS_MAXIMUM: Final = 60
# Every state of a tip, those put off, and all of them.
SNOOZED: Final = "snoozed"
STATES: Final = (
    TipState.RECEIVED.value,
    SNOOZED,
    TipState.ACCEPTED.value,
    TipState.DECLINED.value,
    TipState.DUPLICATE.value,
    "",
)


@dataclass(frozen=True, slots=True)
class InboxWish:
    """Which tips an officer wants to see; an empty state means all; words are looked for in its texts.

    `received` is the queue: what waits for a decision, without what is put off, with what came up again.
    """

    state: str = TipState.RECEIVED.value
    has_suggestion: bool = False
    words: str = ""
    tag: str = ""
    is_mine: bool = False
    is_unread: bool = False
    page: int = 1

    @property
    def is_narrowed(self) -> bool:
        """True when more than the state is asked for."""
        return self.has_suggestion or bool(self.words or self.tag) or self.is_mine or self.is_unread

    @property
    def query(self) -> str:
        """The wish as an address tells it, without the page."""
        asked = {
            "state": self.state,
            "suggested": "1" if self.has_suggestion else "",
            "mine": "1" if self.is_mine else "",
            "unread": "1" if self.is_unread else "",
            "tag": self.tag,
            "q": self.words,
        }
        return urlencode({name: value for name, value in asked.items() if value or name == "state"})


def wish_from(asked: Mapping[str, str]) -> InboxWish:
    """Read a wish from an address; what cannot be understood falls back to the queue, page one."""
    state = asked.get("state", TipState.RECEIVED.value)
    return InboxWish(
        state=state if state in STATES else TipState.RECEIVED.value,
        has_suggestion=asked.get("suggested") == "1",
        words=asked.get("q", "").strip()[:WORDS_MAXIMUM],
        tag=tag_name(asked.get("tag", ""))[:TAG_MAXIMUM],
        is_mine=asked.get("mine") == "1",
        is_unread=asked.get("unread") == "1",
        page=page_from(asked.get("page", "1")),
    )


def wish_of_query(query: str) -> InboxWish:
    """Return the wish that a saved search keeps."""
    return wish_from(dict(parse_qsl(query, keep_blank_values=True)))

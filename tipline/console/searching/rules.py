"""Pure rules of search: words into patterns, and part of a plate into one that allows for places nobody saw."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from matching.plates import UNKNOWN, normalise

WORDS_MAXIMUM: Final = 60
MOST_WORDS: Final = 6
# Fewer known characters than this fit half the county.
FEWEST_KNOWN: Final = 2
_PLATE: Final = re.compile(r"[\u4e00-\u9fff]?[A-Z0-9?]{2,8}[\u4e00-\u9fff]?")


@dataclass(frozen=True, slots=True)
class SearchWish:
    """What an officer looks for; `likes` are patterns that must all fit, `plate` a regular expression or None."""

    words: str
    likes: tuple[str, ...]
    plate: str | None
    whole_plate: str

    @property
    def is_empty(self) -> bool:
        """True when nothing was asked."""
        return not self.likes


def wish_from(words: str) -> SearchWish:
    """Read a search: every word must be found, in any field; what can be part of a plate is looked for as one, too."""
    asked = words.strip()[:WORDS_MAXIMUM]
    likes = tuple(f"%{_escaped(word)}%" for word in asked.split()[:MOST_WORDS])
    compact = normalise(asked)
    return SearchWish(words=asked, likes=likes, plate=plate_pattern(asked), whole_plate=compact)


def plate_pattern(words: str) -> str | None:
    """Return the regular expression (POSIX, as PostgreSQL reads it) of part of a plate; None when it can be none.

    A place that was not seen, on either side, fits every character: `8?2` finds `鲁P?8?2K`.
    """
    compact = normalise(words)
    if not _PLATE.fullmatch(compact):
        return None
    known = [one for one in compact if one != UNKNOWN]
    if len(known) < FEWEST_KNOWN or not any(one.isdigit() or one in "ABCDEFGHJKLMNPQRSTUVWXYZ" for one in known):
        return None
    return "".join("." if one == UNKNOWN else f"[{one}{UNKNOWN}]" for one in compact)


def _escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")

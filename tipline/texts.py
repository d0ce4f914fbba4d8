"""Texts that people send, as they can be stored and shown."""

from __future__ import annotations

import unicodedata
from typing import Final

# Would let text show in another order than it is stored, to officers and in print.
REORDERING: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f")


def clean(text: str) -> str:
    """Return `text` as it can be stored and shown: one kind of line break, no control or reordering characters."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace").decode("utf-8")
    kept = (
        one
        for one in lines
        if one in "\n\t" or (unicodedata.category(one) not in {"Cc", "Cs"} and one not in REORDERING)
    )
    return "".join(kept).strip()

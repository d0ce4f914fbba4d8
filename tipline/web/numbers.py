"""Numbers in addresses: what somebody typed into one is never an error, only another page."""

from __future__ import annotations

from typing import Final

MOST_DIGITS: Final = 9
LAST_PAGE: Final = 100_000


def number_from(text: str, *, least: int, most: int, otherwise: int) -> int:
    """Return the whole number in `text`; `otherwise` when it is none, or outside `least` to `most`."""
    if not text.isdecimal() or len(text) > MOST_DIGITS:
        return otherwise
    number = int(text)
    return number if least <= number <= most else otherwise


def page_from(text: str, *, last: int = LAST_PAGE) -> int:
    """Return the page number in `text`: the first one when it is none, the last one when it lies behind."""
    return min(number_from(text, least=1, most=10**MOST_DIGITS, otherwise=1), last)

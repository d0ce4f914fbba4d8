"""One human being by an identity number that is stored nowhere: a keyed digest, and a mask for the eye.

The key is a secret file outside the database, so a copy of the database alone tells nobody's number, although all
numbers could be tried (docs/decisions/0035).
"""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date
from typing import Final

_NUMBER: Final = re.compile(r"\d{17}[\dX]")
_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS: Final = "10X98765432"
_SHOWN_FIRST: Final = 6
_SHOWN_LAST: Final = 2


@dataclass(frozen=True, slots=True)
class IdentityNumber:
    """A well-formed number of an identity card. Neither `repr` nor an exception shows it."""

    digits: str = field(repr=False)
    born_on: date

    @property
    def masked(self) -> str:
        """Return the number with all but the place and the last two characters hidden."""
        hidden = "*" * (len(self.digits) - _SHOWN_FIRST - _SHOWN_LAST)
        return f"{self.digits[:_SHOWN_FIRST]}{hidden}{self.digits[-_SHOWN_LAST:]}"


def read_identity_number(typed: str) -> IdentityNumber | None:
    """Return the number someone typed, in full or half width, or None when it is none.

    Source: GB 11643: 17 digits, of which the 7th to 14th are the day of birth, and a check character (ISO 7064).
    """
    text = unicodedata.normalize("NFKC", typed[:40]).replace(" ", "").upper()
    if not _NUMBER.fullmatch(text) or not text.isascii():
        return None
    total = sum(int(digit) * weight for digit, weight in zip(text, _WEIGHTS, strict=False))
    if _CHECKS[total % len(_CHECKS)] != text[-1]:
        return None
    try:
        born_on = date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        return None
    return IdentityNumber(text, born_on)


class Identities:
    """Makes digests of identity numbers with a key that stands outside the database."""

    def __init__(self, key: str) -> None:
        self._key = key.encode()

    def digest(self, number: IdentityNumber) -> str:
        """Return the digest under which a human being is known: HMAC-SHA-256, 64 hex digits."""
        return hmac.new(self._key, number.digits.encode("ascii"), hashlib.sha256).hexdigest()

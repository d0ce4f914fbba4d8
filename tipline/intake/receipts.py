"""Receipt codes: made from the request, checked slowly, stored nowhere.

`1234-5678-9012-3456`: the first group is a public locator, ten digits are secret, the last two are check digits. The
code is derived from the sender's own key and the content, so that the very same request is answered with the same
code although nobody keeps it.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import re
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Final

from argon2.low_level import Type, hash_secret_raw

from tipline.errors import SlowDown
from tipline.intake.errors import ReceiptMistyped

DIGITS: Final = 16
LOCATOR_DIGITS: Final = 4
# Normalising takes the square of the length of a run of combining marks.
LONGEST_TYPED: Final = 100
CHECKED_BY: Final = 97
SALT_BYTES: Final = 16
VERIFIER_BYTES: Final = 32
# About 50 ms on one core of a small server and 32 MiB while it lasts (RFC 9106): a thief of the database without the
# pepper gains nothing, one with it needs 16 years of one core for each tip (docs/decisions/0008).
TIME_COST: Final = 2
MEMORY_COST_KIB: Final = 32 * 1024
THREADS: Final = 2
LONGEST_QUEUE: Final = 32
SEPARATORS: Final = re.compile(r"[\s\-\u2010-\u2015\u2212_.,·]+")


@dataclass(frozen=True, slots=True)
class ReceiptCode:
    """A well-formed code. Neither `repr` nor an exception ever shows its digits."""

    digits: str = field(repr=False)

    @property
    def locator(self) -> str:
        """The first group: public, and no key to anything."""
        return self.digits[:LOCATOR_DIGITS]

    @property
    def shown(self) -> str:
        """The code as it is written down: four groups of four."""
        return "-".join(self.digits[start : start + 4] for start in range(0, DIGITS, 4))


def read_code(typed: str) -> ReceiptCode:
    """Return the code someone typed, with or without blanks and hyphens, in full or half width.

    Raises:
        ReceiptMistyped: not 16 digits, or the check digits do not hold (every wrong digit and every swap of two
            neighbours is found).
    """
    if len(typed) > LONGEST_TYPED:
        raise ReceiptMistyped
    digits = SEPARATORS.sub("", unicodedata.normalize("NFKC", typed))
    if not re.fullmatch(r"[0-9]{16}", digits) or int(digits) % CHECKED_BY != 1:
        raise ReceiptMistyped
    return ReceiptCode(digits)


def with_check_digits(number: int) -> ReceiptCode:
    """Return the code whose first fourteen digits are `number` (ISO 7064, MOD 97-10)."""
    check = CHECKED_BY + 1 - number * 100 % CHECKED_BY
    return ReceiptCode(f"{number:014d}{check:02d}")


class Receipts:
    """Makes codes and their verifiers; holds the pepper. One for each process."""

    def __init__(self, pepper: str) -> None:
        self._pepper = pepper.encode()
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="receipt")
        self._waiting = 0

    def code_for(self, request_key: str, content: bytes) -> ReceiptCode:
        """Return the code of the tip that `request_key` and `content` make: always the same one for the same two."""
        told = b"code\0" + request_key.encode() + b"\0" + hashlib.sha256(content).digest()
        digest = hmac.digest(self._pepper, told, "sha256")
        return with_check_digits(int.from_bytes(digest, "big") % 10**14)

    def request_digest(self, *parts: str | bytes) -> str:
        """Return the hex digest under which a request is known again; without the pepper it tells nothing."""
        told = b"request\0" + b"\0".join(part.encode() if isinstance(part, str) else part for part in parts)
        return hmac.digest(self._pepper, told, "sha256").hex()

    async def verifier(self, code: ReceiptCode, salt: bytes) -> bytes:
        """Return what only the code can make (Argon2id, 32 bytes); takes about 50 ms in a thread of its own.

        Raises:
            SlowDown: too many are waiting already.
        """
        if self._waiting >= LONGEST_QUEUE:
            raise SlowDown(retry_after_s=5)
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, self._slowly, code, salt)
        finally:
            self._waiting -= 1

    def _slowly(self, code: ReceiptCode, salt: bytes) -> bytes:
        return hash_secret_raw(
            secret=self._pepper + code.digits.encode(),
            salt=salt,
            time_cost=TIME_COST,
            memory_cost=MEMORY_COST_KIB,
            parallelism=1,
            hash_len=VERIFIER_BYTES,
            type=Type.ID,
        )

    def close(self) -> None:
        """Let the threads go."""
        self._threads.shutdown(wait=False, cancel_futures=True)

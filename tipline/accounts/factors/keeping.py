"""Keeps second factors unreadable in the database: sealed where they are needed again, hashed where they are not."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tipline.errors import NeighbourDown

NONCE_BYTES: Final = 12
# No letter or digit that is taken for another: 31 signs, so ten of them are 49 bits.
ALPHABET: Final = "abcdefghjkmnpqrstuvwxyz23456789"
CODE_SIGNS: Final = 10
CODES: Final = 10


class FactorKeyWrong(NeighbourDown):
    """A sealed secret does not open: the secret `factor_key` is not the one it was sealed with."""

    def __init__(self) -> None:
        super().__init__("the secret factor_key")


@dataclass(frozen=True, slots=True)
class FactorKey:
    """The key outside the database; `text` is the secret `factor_key`."""

    text: str = field(repr=False)

    def sealed(self, secret: bytes, officer: UUID) -> bytes:
        """Return `secret` sealed for one officer: nonce, then ciphertext (AES-256-GCM)."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + AESGCM(self._of("totp")).encrypt(nonce, secret, officer.bytes)

    def opened(self, sealed: bytes, officer: UUID) -> bytes:
        """Return the secret again.

        Raises:
            FactorKeyWrong: it was sealed with another key or for another officer.
        """
        try:
            return AESGCM(self._of("totp")).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], officer.bytes)
        except InvalidTag as problem:
            raise FactorKeyWrong from problem

    def hashed(self, code: str, officer: UUID) -> str:
        """Return what is stored of a recovery code; blanks, dashes and capitals do not count."""
        plain = "".join(sign for sign in code.casefold() if sign in ALPHABET)
        return hmac.new(self._of("recovery"), officer.bytes + plain.encode(), hashlib.sha256).hexdigest()

    def _of(self, use: str) -> bytes:
        # One secret file, one key a use.
        return hmac.new(self.text.encode(), use.encode(), hashlib.sha256).digest()


def fresh_codes() -> list[str]:
    """Return ten recovery codes (`abcde-fghjk`), drawn at random."""
    half = CODE_SIGNS // 2
    drawn = ["".join(secrets.choice(ALPHABET) for _ in range(CODE_SIGNS)) for _ in range(CODES)]
    return [f"{code[:half]}-{code[half:]}" for code in drawn]

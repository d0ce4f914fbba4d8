"""The headers of tus 1.0.0, read strictly. Pure.

Source: https://tus.io/protocols/resumable-upload (the core, creation, creation-with-upload, expiration, checksum and
termination).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import unicodedata
from dataclasses import dataclass
from typing import Final, Protocol

from tipline.intake.uploads.errors import HeaderMalformed, VersionUnsupported, WrongBodyType

VERSION: Final = "1.0.0"
EXTENSIONS: Final = "creation,creation-with-upload,expiration,checksum,termination"
ALGORITHMS: Final = {"sha1": 20, "sha256": 32}
BODY_TYPE: Final = "application/offset+octet-stream"
WHOLE_NUMBER: Final = re.compile(r"(?:0|[1-9][0-9]{0,17})", re.ASCII)
KEY: Final = re.compile(r"[!-+\--~]{1,64}", re.ASCII)  # printable, neither blank nor comma
LONGEST_METADATA: Final = 4096
MOST_METADATA: Final = 16


class Running(Protocol):
    """A digest under way, as hashlib makes it."""

    def update(self, data: bytes, /) -> None:
        """Take the next bytes."""

    def digest(self) -> bytes:
        """Return the digest of what was taken."""


@dataclass(frozen=True, slots=True)
class Checksum:
    """What the sender says its bytes hash to."""

    algorithm: str
    digest: bytes

    def begin(self) -> Running:
        """Return a digest to hold the bytes against."""
        # sha1 is what older clients send; it guards against accidents of the way, sealing has its own SHA-256.
        return hashlib.new(self.algorithm, usedforsecurity=False)


def check_version(value: str | None) -> None:
    """Pass a request of this version of the protocol.

    Raises:
        VersionUnsupported: it names another one, or none.
    """
    if value != VERSION:
        raise VersionUnsupported


def check_body_type(value: str | None) -> None:
    """Pass a body that is declared as bytes for an offset.

    Raises:
        WrongBodyType: it is declared as something else.
    """
    if (value or "").partition(";")[0].strip().lower() != BODY_TYPE:
        raise WrongBodyType


def whole_number(header: str, value: str | None) -> int:
    """Return a header's number of bytes.

    Raises:
        HeaderMalformed: it is missing or no plain decimal number below 10^18.
    """
    if value is None or not WHOLE_NUMBER.fullmatch(value):
        raise HeaderMalformed(header)
    return int(value)


def metadata(value: str | None) -> dict[str, str]:
    """Return what `Upload-Metadata` tells; a key may stand without a value.

    Raises:
        HeaderMalformed: longer than 4 KiB, more than 16 keys, a key twice, a value that is not base64 of UTF-8, or one
            with control characters, which could pose as another header.
    """
    found: dict[str, str] = {}
    if value is None or not value.strip():
        return found
    pairs = value.split(",")
    if len(value) > LONGEST_METADATA or len(pairs) > MOST_METADATA:
        raise HeaderMalformed("Upload-Metadata")
    for pair in pairs:
        key, _, coded = pair.strip(" ").partition(" ")
        if not KEY.fullmatch(key) or key in found:
            raise HeaderMalformed("Upload-Metadata")
        found[key] = _text(coded.strip(" "))
    return found


def checksum(value: str | None) -> Checksum | None:
    """Return what `Upload-Checksum` tells; None when the sender gives none.

    Raises:
        HeaderMalformed: an algorithm that `Tus-Checksum-Algorithm` does not name, or no digest of its length.
    """
    if value is None:
        return None
    algorithm, _, coded = value.partition(" ")
    digest = _bytes("Upload-Checksum", coded)
    if ALGORITHMS.get(algorithm) != len(digest):
        raise HeaderMalformed("Upload-Checksum")
    return Checksum(algorithm, digest)


def _text(coded: str) -> str:
    try:
        text = _bytes("Upload-Metadata", coded).decode("utf-8")
    except UnicodeDecodeError as problem:
        raise HeaderMalformed("Upload-Metadata") from problem
    if any(unicodedata.category(one) in {"Cc", "Cs"} for one in text):
        raise HeaderMalformed("Upload-Metadata")
    return text


def _bytes(header: str, coded: str) -> bytes:
    try:
        return base64.b64decode(coded.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError) as problem:
        raise HeaderMalformed(header) from problem

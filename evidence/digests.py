"""What a stream of bytes hashes to, part by part as it comes in and as a whole when it is sealed. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.hazmat.primitives.hashes import SM3, Hash

from evidence.streams import PART_BYTES


@dataclass(frozen=True, slots=True)
class PartDigest:
    """One stretch of a stream: `number` from 1, SHA-256 in hex."""

    number: int
    offset_bytes: int
    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class WholeDigest:
    """A stream as a whole: SHA-256 and SM3 (GB/T 32905-2016), both in hex."""

    size_bytes: int
    sha256: str
    sm3: str


@dataclass(frozen=True, slots=True)
class Difference:
    """Where stored bytes first differ from what was received."""

    what: str
    expected: str
    found: str


class Receiving:
    """Digests of a stream's parts of 8 MiB, taken while it comes in."""

    def __init__(self) -> None:
        self.size_bytes = 0
        self._parts: list[PartDigest] = []
        self._part_start = 0
        self._part = hashlib.sha256()

    def update(self, block: bytes) -> None:
        """Take the next bytes."""
        rest = memoryview(block)
        while rest:
            taken = rest[: self._part_start + PART_BYTES - self.size_bytes]
            self._part.update(taken)
            self.size_bytes += len(taken)
            rest = rest[len(taken) :]
            if self.size_bytes - self._part_start == PART_BYTES:
                self._close_part()

    def parts(self) -> tuple[PartDigest, ...]:
        """Return the digests of all parts; the stream is over."""
        if self.size_bytes > self._part_start:
            self._close_part()
        return tuple(self._parts)

    def _close_part(self) -> None:
        self._parts.append(
            PartDigest(
                number=len(self._parts) + 1,
                offset_bytes=self._part_start,
                size_bytes=self.size_bytes - self._part_start,
                sha256=self._part.hexdigest(),
            )
        )
        self._part_start, self._part = self.size_bytes, hashlib.sha256()


class Checking:
    """One pass over stored bytes: holds each part against its digest and computes the digests of the whole.

    Parts may have any sizes, as a resumable upload leaves them. `difference` is set at the first thing that is wrong;
    the pass may stop there.
    """

    def __init__(self, parts: Sequence[PartDigest], *, size_bytes: int) -> None:
        self.difference: Difference | None = None
        self._parts = parts
        self._expected_size = size_bytes
        self._index = 0
        self._part_size = 0
        self._size = 0
        self._part = hashlib.sha256()
        self._sha256 = hashlib.sha256()
        self._sm3 = Hash(SM3())
        self._check_gapless()

    def update(self, block: bytes) -> None:
        """Take the next bytes."""
        self._sha256.update(block)
        self._sm3.update(block)
        self._size += len(block)
        rest = memoryview(block)
        while rest and self.difference is None:
            if self._index == len(self._parts):
                self._differ("size", str(self._expected_size), f"{self._size} or more")
                return
            part = self._parts[self._index]
            taken = rest[: part.size_bytes - self._part_size]
            self._part.update(taken)
            self._part_size += len(taken)
            rest = rest[len(taken) :]
            if self._part_size == part.size_bytes:
                self._close_part(part)

    def finish(self) -> WholeDigest:
        """Return the digests of everything taken; `difference` is final now."""
        if self._size != self._expected_size:
            self._differ("size", str(self._expected_size), str(self._size))
        return WholeDigest(size_bytes=self._size, sha256=self._sha256.hexdigest(), sm3=self._sm3.finalize().hex())

    def _close_part(self, part: PartDigest) -> None:
        found = self._part.hexdigest()
        if found != part.sha256:
            self._differ(f"sha256 of part {part.number}", part.sha256, found)
        self._index, self._part_size, self._part = self._index + 1, 0, hashlib.sha256()

    def _check_gapless(self) -> None:
        offset = 0
        for number, part in enumerate(self._parts, start=1):
            if (part.number, part.offset_bytes) != (number, offset) or part.size_bytes <= 0:
                self._differ(
                    "parts", f"part {number} from byte {offset}", f"part {part.number} from byte {part.offset_bytes}"
                )
                return
            offset += part.size_bytes
        if offset != self._expected_size:
            self._differ("parts", f"{self._expected_size} bytes", f"{offset} bytes in {len(self._parts)} parts")

    def _differ(self, what: str, expected: str, found: str) -> None:
        if self.difference is None:
            self.difference = Difference(what=what, expected=expected, found=found)

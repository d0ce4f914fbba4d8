"""Streams of bytes cut to the sizes that stores and digests like."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Final

MEBIBYTE: Final = 1024**2
# One step to a disk or a digest: large enough that handing it to a thread costs nothing.
BLOCK_BYTES: Final = MEBIBYTE
# One part: what an S3 store takes at a time (it asks for 5 MiB or more), and what one part digest covers.
PART_BYTES: Final = 8 * MEBIBYTE


async def in_blocks(chunks: AsyncIterator[bytes], block_bytes: int) -> AsyncIterator[bytes]:
    """Yield the same bytes in blocks of exactly `block_bytes`, the last one shorter; empty chunks vanish.

    Never holds more than one block and one chunk.
    """
    held = bytearray()
    async for chunk in chunks:
        rest = memoryview(chunk)
        while rest:
            taken = rest[: block_bytes - len(held)]
            held += taken
            rest = rest[len(taken) :]
            if len(held) == block_bytes:
                yield bytes(held)
                held.clear()
    if held:
        yield bytes(held)


async def once(data: bytes) -> AsyncIterator[bytes]:
    """Yield `data` as a stream of one chunk."""
    yield data

"""Streams of bytes cut to the sizes that stores and digests like."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing
from typing import Final

from evidence.threads import in_thread

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


async def read_through(blocks: AsyncGenerator[bytes, None], take: Callable[[bytes], None]) -> int:
    """Hand every block to `take`, in a thread, and return how many bytes there were."""
    size = 0
    async with aclosing(blocks):
        async for block in blocks:
            await in_thread(take, block)
            size += len(block)
    return size

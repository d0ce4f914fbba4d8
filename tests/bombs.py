"""Pictures of few bytes that unfold to far more pixels than anyone should decode."""

from __future__ import annotations

import struct
import zlib


def png_bomb(width: int = 10_000, height: int = 6_000) -> bytes:
    """Return a whole PNG of one colour; by default 60 megapixels in under 200 KB."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    packer = zlib.compressobj(9)
    rows = b"".join(packer.compress(bytes(width * 3 + 1)) for _ in range(height)) + packer.flush()
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", rows) + chunk(b"IEND", b"")

"""What the shipped font can show. A character it lacks is named by its code point: nothing of a name vanishes silently.

An archive PDF may not hold a character without a glyph (ISO 19005-2, 6.2.11.8), so the typesetter would refuse it.
"""

from __future__ import annotations

import re
import struct
import unicodedata
from functools import cache
from pathlib import Path
from typing import Final

FONT: Final = Path(__file__).parents[1] / "web" / "static" / "vendor" / "fonts" / "NotoSansSC-Regular.ttf"
FAMILY: Final = "Noto Sans SC"
# A stretch without a place to break runs out of the page; SHA-256 and SM3 (64 characters) fit a line.
LONGEST_WORD: Final = 72
BREAK: Final = "\u200b"
_LONG: Final = re.compile(rf"\S{{{LONGEST_WORD}}}")
_SEGMENTS, _GROUPS = 4, 12


class NotDrawable(ValueError):
    """The typesetter refused the data of a paper."""


class FontMissing(NotDrawable):
    """The shipped font is not there: the front end's files were not set up. Any paper fails, not this one."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"no font at {path.name}: run `make setup`")
        self.path = path


def showable(text: str) -> str:
    """Return `text` with every character that the font lacks written as 〔U+hex〕, and places to break long words.

    Raises:
        FontMissing: the font is not there.
    """
    known = characters(FONT)
    shown = "".join(_shown(one, known) for one in text.replace("\r\n", "\n").replace("\r", "\n"))
    return _LONG.sub(lambda found: found[0] + BREAK, shown)


def _shown(one: str, known: frozenset[int]) -> str:
    if one in "\n\t " or ord(one) in known:
        return one
    if unicodedata.category(one) in {"Cc", "Cf", "Cs", "Mn", "Me"}:
        return ""  # shows nothing by itself: a variation selector, a joiner, a stacked accent
    return f"〔U+{ord(one):04X}〕"


@cache
def characters(font: Path) -> frozenset[int]:
    """Return the code points that a TrueType font maps to a glyph (OpenType `cmap`, formats 4 and 12).

    Raises:
        FontMissing: there is no such file.
    """
    if not font.exists():
        raise FontMissing(font)
    data = font.read_bytes()
    at = _table(data, b"cmap")
    found: set[int] = set()
    for number in range(struct.unpack_from(">H", data, at + 2)[0]):
        offset = at + struct.unpack_from(">HHI", data, at + 4 + number * 8)[2]
        kind = struct.unpack_from(">H", data, offset)[0]
        if kind == _SEGMENTS:
            found |= _segments(data, offset)
        elif kind == _GROUPS:
            found |= _groups(data, offset)
    return frozenset(found)


def _table(data: bytes, name: bytes) -> int:
    for number in range(struct.unpack_from(">H", data, 4)[0]):
        tag, _, offset, _ = struct.unpack_from(">4sIII", data, 12 + number * 16)
        if tag == name:
            return int(offset)
    raise ValueError(f"the font has no table {name!r}")


def _segments(data: bytes, at: int) -> set[int]:
    doubled = struct.unpack_from(">H", data, at + 6)[0]
    count = doubled // 2
    ends = struct.unpack_from(f">{count}H", data, at + 14)
    starts = struct.unpack_from(f">{count}H", data, at + 16 + doubled)
    deltas = struct.unpack_from(f">{count}H", data, at + 16 + doubled * 2)
    ranges_at = at + 16 + doubled * 3
    ranges = struct.unpack_from(f">{count}H", data, ranges_at)
    found = set()
    for number, (start, end) in enumerate(zip(starts, ends, strict=True)):
        for code in range(start, min(end, 0xFFFE) + 1):
            glyph = code
            if ranges[number]:
                place = ranges_at + number * 2 + ranges[number] + (code - start) * 2
                glyph = struct.unpack_from(">H", data, place)[0]
            if glyph and (glyph + deltas[number]) & 0xFFFF:
                found.add(code)
    return found


def _groups(data: bytes, at: int) -> set[int]:
    found: set[int] = set()
    for number in range(struct.unpack_from(">I", data, at + 12)[0]):
        first, last, glyph = struct.unpack_from(">III", data, at + 16 + number * 12)
        found |= set(range(first + (0 if glyph else 1), last + 1))
    return found

"""A sheet: what an official paper says, block by block, as values that can be kept as JSON and drawn the same again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final, TypeAlias

from tipline.papers.typesetting import typeset

TEMPLATE: Final = "sheet.typ"


@dataclass(frozen=True, slots=True)
class Facts:
    """Named values, one a line."""

    heading: str
    rows: tuple[tuple[str, str], ...]
    kind: str = "facts"


@dataclass(frozen=True, slots=True)
class Words:
    """A text in paragraphs."""

    heading: str
    text: str
    kind: str = "words"


@dataclass(frozen=True, slots=True)
class Grid:
    """A table; `widths` are shares of the line, one for each column. `empty` stands where there is no row."""

    heading: str
    columns: tuple[str, ...]
    widths: tuple[int, ...]
    rows: tuple[tuple[str, ...], ...]
    empty: str
    kind: str = "grid"


@dataclass(frozen=True, slots=True)
class Code:
    """A key to read out and type, large."""

    heading: str
    text: str
    kind: str = "code"


Block: TypeAlias = Facts | Words | Grid | Code


@dataclass(frozen=True, kw_only=True, slots=True)
class Sheet:
    """One paper, whole.

    Attributes:
        title: what kind of paper it is.
        issuer: the unit in whose name it stands.
        lines: what stands under the title: the official number, the case, the version.
        blocks: the content, in order.
        closing: sentences at the end: what this paper is and is not.
        signatures: who signs, a line for each.
        mark: the watermark across every page.
        foot: what stands at the foot of every page, before the page's number.
    """

    title: str
    issuer: str
    lines: tuple[str, ...]
    blocks: tuple[Block, ...]
    closing: tuple[str, ...]
    signatures: tuple[str, ...]
    mark: str
    foot: str

    def as_data(self) -> dict[str, Any]:
        """Return the sheet as JSON values."""
        return asdict(self)


def draw(sheet: Mapping[str, Any], *, made_at: datetime) -> bytes:
    """Return the PDF/A-2u of a sheet's `as_data()`; the same sheet and moment give the same bytes.

    Takes about a tenth of a second, more for long tables, and holds its thread meanwhile.

    Raises:
        NotDrawable: the sheet cannot be set.
        FontMissing: the front end's files were not set up.
    """
    return typeset(TEMPLATE, sheet, made_at=made_at)

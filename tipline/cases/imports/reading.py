"""Reads a file of cases, CSV or XLSX, into rows of text; bounded in rows, columns and bytes before it is opened."""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import islice
from typing import Final

from openpyxl import load_workbook

from tipline.cases.imports.columns import COLUMNS, NEEDED
from tipline.cases.imports.errors import SheetTooLarge, SheetUnreadable

MOST_ROWS: Final = 1_000
MOST_COLUMNS: Final = 60
MOST_BYTES: Final = 2 * 1024**2
MOST_UNPACKED_BYTES: Final = 40 * 1024**2
ZIP_START: Final = b"PK\x03\x04"
# A spreadsheet keeps 15 digits of a number; a longer case number written as one has lost its end.
MOST_DIGITS: Final = 15
# What zipfile, the XML reader and openpyxl raise for a workbook that is none, is locked or is damaged.
DAMAGED: Final = (
    zipfile.BadZipFile,
    zlib.error,
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
)

Row = tuple[int, dict[str, str]]


def read_rows(content: bytes) -> list[Row]:
    """Return the rows below the headings, each with its number in the file and its cells by column name.

    Raises:
        SheetUnreadable: neither CSV in UTF-8 nor XLSX, or the first row lacks a needed column.
        SheetTooLarge: more than 1,000 rows, 2 MiB, or 40 MiB unpacked.
    """
    if len(content) > MOST_BYTES:
        raise SheetTooLarge(rows=MOST_ROWS)
    lines = _of_workbook(content) if content.startswith(ZIP_START) else _of_text(content)
    headings = [name.strip().lower() for name in next(lines, [])]
    if set(NEEDED) - set(headings):
        raise SheetUnreadable
    rows = []
    for number, cells in enumerate(lines, start=2):
        row = {name: cell for name, cell in zip(headings, cells, strict=False) if name in COLUMNS}
        if any(cell.strip() for cell in row.values()):
            rows.append((number, row))
        if len(rows) > MOST_ROWS:
            raise SheetTooLarge(rows=MOST_ROWS)
    return rows


def _of_text(content: bytes) -> Iterator[list[str]]:
    try:
        text = content.decode("utf-8-sig")
        read = [line[:MOST_COLUMNS] for line in islice(csv.reader(io.StringIO(text), strict=True), MOST_ROWS + 2)]
    except (UnicodeDecodeError, csv.Error) as problem:
        raise SheetUnreadable from problem
    return iter([[_plain(cell) for cell in line] for line in read])


def _of_workbook(content: bytes) -> Iterator[list[str]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(one.file_size for one in packed.infolist()) > MOST_UNPACKED_BYTES:
                raise SheetTooLarge(rows=MOST_ROWS)
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        try:
            found = book.worksheets[0].iter_rows(max_row=MOST_ROWS + 2, max_col=MOST_COLUMNS, values_only=True)
            return iter([_texts(line) for line in found])
        finally:
            book.close()
    except DAMAGED as problem:
        raise SheetUnreadable from problem


def _texts(line: Iterable[object]) -> list[str]:
    return [_plain(_text(cell)) for cell in line]


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.isoformat(timespec="seconds")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        whole = int(cell)
        if len(str(abs(whole))) > MOST_DIGITS:
            return f"{float(cell):e}"
        return str(whole) if whole == cell else str(cell)
    return str(cell)


def _plain(text: str) -> str:
    """Return a cell without the mark that our own exports put before what looks like a formula."""
    return text[1:] if text[:1] == "'" and text[1:2] in {"=", "+", "-", "@"} else text

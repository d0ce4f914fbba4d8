"""Lists for spreadsheets: UTF-8 with its byte order mark, and no cell that a spreadsheet takes for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Final

import xlsxwriter
from litestar import Response

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BYTE_ORDER_MARK: Final = "\ufeff"
# What spreadsheets take for the beginning of a formula (OWASP, CSV injection).
FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")


def as_cell(value: object) -> str:
    """Return `value` as text that no spreadsheet takes for a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def csv_bytes(headings: Iterable[str], rows: Iterable[Iterable[object]]) -> bytes:
    """Return a list as CSV (RFC 4180)."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(headings)
    for row in rows:
        writer.writerow([as_cell(value) for value in row])
    return (BYTE_ORDER_MARK + written.getvalue()).encode()


def csv_answer(name: str, headings: Sequence[str], rows: Iterable[Iterable[object]]) -> Response[bytes]:
    """Return the answer that saves a list as `name`.csv; `name` is of ASCII letters, digits and dashes."""
    return Response(
        csv_bytes(headings, rows),
        media_type="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )


def xlsx_bytes(headings: Iterable[str], rows: Iterable[Iterable[object]]) -> bytes:
    """Return a list as a workbook of one sheet; every cell is text, so that none is a formula and no number is cut."""
    written = io.BytesIO()
    with xlsxwriter.Workbook(written, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate((headings, *rows)):
            for column, value in enumerate(row):
                sheet.write_string(at, column, "" if value is None else str(value))
        sheet.freeze_panes(1, 0)
    return written.getvalue()


def xlsx_answer(name: str, headings: Sequence[str], rows: Iterable[Iterable[object]]) -> Response[bytes]:
    """Return the answer that saves a list as `name`.xlsx; `name` is of ASCII letters, digits and dashes."""
    return Response(
        xlsx_bytes(headings, rows),
        media_type=XLSX,
        headers={"Content-Disposition": f'attachment; filename="{name}.xlsx"'},
    )

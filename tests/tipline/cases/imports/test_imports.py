from __future__ import annotations

import csv
import io
import re
from typing import Any

import pytest
import xlsxwriter
from openpyxl import load_workbook

from tests import make
from tests.platform import Platform
from tests.tipline.staff import Desk, desk_of
from tipline.accounts.audit.tables import AuditEntry
from tipline.cases.imports.columns import COLUMNS
from tipline.cases.imports.errors import SheetTooLarge, SheetUnreadable
from tipline.cases.imports.reading import MOST_BYTES, MOST_ROWS, read_rows
from tipline.cases.tables import Case, Severity
from tipline.web.sheets import csv_bytes, xlsx_bytes

HEADINGS = ["number", "severity", "happened_from", "place_text", "summary"]
GOOD = ["3715262021000901", "minor_injury", "2021-06-01T10:00", "人和路口", ""]


async def sent(desk: Desk, address: str, **parts: Any) -> Any:
    """Send a multipart form with the token of the browser's own page."""
    shown = await desk.get("/cases/import")
    found = re.search(r'name="csrf-token" content="([0-9a-f]+)"', shown.text)
    assert found
    return await desk.client.post(address, files=parts, headers={"X-CSRF-Token": found[1]})


def carried(page: str) -> dict[str, tuple[None, str]]:
    """Return what the form of the preview carries on."""
    rows = re.search(r'<textarea name="rows" hidden>\n(.*?)</textarea>', page, re.DOTALL)
    numbers = re.search(r'<textarea name="numbers" hidden>\n(.*?)</textarea>', page, re.DOTALL)
    assert rows
    assert numbers
    return {"rows": (None, rows[1]), "numbers": (None, numbers[1])}


def test_csv_and_xlsx_are_read_alike_and_long_numbers_are_not_guessed() -> None:
    written = io.BytesIO()
    with xlsxwriter.Workbook(written) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADINGS)
        sheet.write_row(1, 0, [3715262021000901, *GOOD[1:]])

    rows = [read_rows(one) for one in (csv_bytes(HEADINGS, [GOOD]), xlsx_bytes(HEADINGS, [GOOD]))]
    [(_, cut)] = read_rows(written.getvalue())

    assert rows[0] == rows[1] == [(2, dict(zip(HEADINGS, GOOD, strict=True)))]
    assert cut["number"] == "3.715262e+15"


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"\xff\xfe\x00n", SheetUnreadable),
        (b"PK\x03\x04 no workbook", SheetUnreadable),
        (b"", SheetUnreadable),
        (b"number,severity\r\n1,fatal\r\n", SheetUnreadable),
        (b"x" * (MOST_BYTES + 1), SheetTooLarge),
        (csv_bytes(HEADINGS, [GOOD] * (MOST_ROWS + 1)), SheetTooLarge),
    ],
)
def test_what_is_no_list_of_cases_is_refused(content: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        read_rows(content)


def test_no_cell_of_a_workbook_is_a_formula() -> None:
    book = load_workbook(io.BytesIO(xlsx_bytes(["a"], [["=1+1"], ["https://example.org"]])))

    cells = [cell.data_type for row in book.worksheets[0].iter_rows() for cell in row]

    assert cells == ["s", "s", "s"]
    assert b"_rels/sheet1" not in xlsx_bytes(["a"], [["https://example.org"]])


async def test_new_numbers_are_recorded_after_a_look_and_standing_ones_are_never_changed(database: Platform) -> None:
    officer = await make.officer()
    standing = await make.case(lead=officer)
    await Case.update({Case.severity: Severity.FATAL}).where(Case.id == standing.id)
    rows = [
        GOOD,
        [standing.number, "property", "2021-06-01T10:00", "别处", ""],
        GOOD,
        ["3715262021000902", "grave", "2021-06-01T10:00", "人和路口", ""],
    ]
    content = xlsx_bytes(HEADINGS, rows)

    async with desk_of(database, officer) as desk:
        preview = await sent(desk, "/cases/import", file=("cases.xlsx", content))
        nothing_yet = await desk.get("/cases?state=all&q=3715262021000901")
        form = carried(preview.text)
        report = await sent(desk, "/cases/import/report", **form)
        done = await sent(desk, "/cases/import/commit", **form)

    assert preview.status_code == 200
    assert '<td class="num">4</td>' in preview.text
    assert "/cases/import/commit" in preview.text
    assert 'class="row-link"' not in nothing_yet.text
    assert done.status_code == 200
    told = list(csv.reader(io.StringIO(report.content.decode("utf-8-sig"))))
    assert [(row[0], row[2]) for row in told[1:]] == [
        ("3", "severity"),
        ("3", "happened_from"),
        ("3", "place_text"),
        ("4", "number"),
        ("5", "severity"),
    ]
    cases = {row["number"]: row for row in await Case.select()}
    assert set(cases) == {standing.number, GOOD[0]}
    assert cases[standing.number]["severity"] == Severity.FATAL
    assert cases[GOOD[0]]["lead_officer"] == officer.id


async def test_what_is_exported_can_be_imported_and_is_here_already(database: Platform) -> None:
    officer = await make.officer()
    case = await make.case(lead=officer)

    async with desk_of(database, officer) as desk:
        table = await desk.get("/cases/export/csv?state=open")
        book = await desk.get("/cases/export/xlsx")
        other = await desk.get("/cases/export/pdf")
        preview = await sent(desk, "/cases/import", file=("cases.xlsx", book.content))

    assert table.status_code == 200
    read = list(csv.DictReader(io.StringIO(table.content.decode("utf-8-sig"))))
    assert [row["number"] for row in read] == [case.number]
    assert set(COLUMNS) < set(read[0])
    assert other.status_code == 404
    assert "/cases/import/commit" not in preview.text
    assert "/cases/import/report" not in preview.text
    exports = await AuditEntry.select(AuditEntry.act).where(AuditEntry.act == "exported").output(as_list=True)
    assert exports == ["exported", "exported"]

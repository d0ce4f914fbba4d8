"""Lists of cases in and out: CSV and XLSX of what the list shows, and an import that is looked at first."""

from __future__ import annotations

from typing import Any, Final

from litestar import Request, Response, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Template

from tipline.accounts.pages import signed_in
from tipline.accounts.rules import Right, roles_with
from tipline.cases.imports.columns import COLUMNS, NEEDED, ONLY_OUT, as_row
from tipline.cases.imports.reading import MOST_BYTES, MOST_ROWS, Row, read_rows
from tipline.cases.imports.service import Plan, export_cases, import_cases, plan_import
from tipline.cases.tables import CaseState
from tipline.clock import Clock
from tipline.errors import NotFound, Refused
from tipline.web.errors import status_of
from tipline.web.guards import serves
from tipline.web.locale import gettext
from tipline.web.page import page
from tipline.web.sheets import csv_answer, csv_bytes, xlsx_answer
from tipline.web.wording import problem_sentence, sentence

READERS: Final = serves(*roles_with(Right.READ_CASES))
WRITERS: Final = serves(*roles_with(Right.WRITE_CASES))
WORDS_MAXIMUM: Final = 60
# The rows come back in the form of the preview, and a form's text is longer than the file.
LONGEST_BODY_BYTES: Final = 3 * MOST_BYTES


@get("/cases/export/{kind:str}", opt=READERS, include_in_schema=False)
async def export(
    request: Request[Any, Any, Any], kind: FromPath[str], clock: NamedDependency[Clock]
) -> Response[bytes]:
    """Save the cases that the list shows as CSV or XLSX; the export is entered in the audit."""
    asked = request.query_params
    state = asked.get("state", "")
    return await list_answer(
        kind,
        state=CaseState(state) if state in set(CaseState) else None,
        words=asked.get("q", "")[:WORDS_MAXIMUM],
        request=request,
        clock=clock,
    )


async def list_answer(
    kind: str, *, state: CaseState | None, words: str, request: Request[Any, Any, Any], clock: Clock
) -> Response[bytes]:
    """Return the list as the kind of file asked for.

    Raises:
        NotFound: it is neither csv nor xlsx.
    """
    if kind not in {"csv", "xlsx"}:
        raise NotFound
    rows = await export_cases(of=signed_in(request), state=state, words=words, now=clock())
    save = csv_answer if kind == "csv" else xlsx_answer
    return save("cases", [*COLUMNS, *ONLY_OUT], [as_row(row) for row in rows])


@get("/cases/import", opt=WRITERS, include_in_schema=False)
async def import_form(request: Request[Any, Any, Any]) -> Template:
    """Ask for a file of cases, and tell its columns."""
    return _page(request)


@post("/cases/import", opt=WRITERS, include_in_schema=False, request_max_body_size=LONGEST_BODY_BYTES)
async def preview(request: Request[Any, Any, Any], clock: NamedDependency[Clock]) -> Template:
    """Show what the file would do; nothing is written yet."""
    form = await request.form()
    sent = form.get("file")
    content = await sent.read() if isinstance(sent, UploadFile) else b""
    try:
        rows = read_rows(content)
        plan = await plan_import(rows, of=signed_in(request), now=clock())
    except Refused as refusal:
        return _page(request, told=sentence(refusal), status=status_of(refusal))
    return _page(request, plan=plan, kept=_kept(rows))


@post("/cases/import/commit", opt=WRITERS, include_in_schema=False, request_max_body_size=LONGEST_BODY_BYTES)
async def commit(request: Request[Any, Any, Any], clock: NamedDependency[Clock]) -> Template:
    """Record the new cases of the file that was looked at."""
    rows = await _rows_of_form(request)
    plan = await import_cases(rows, of=signed_in(request), now=clock())
    return _page(request, plan=plan, kept=_kept(rows), is_done=True)


@post("/cases/import/report", opt=WRITERS, include_in_schema=False, request_max_body_size=LONGEST_BODY_BYTES)
async def report(request: Request[Any, Any, Any], clock: NamedDependency[Clock]) -> Response[bytes]:
    """Save the refused rows with row, column and reason, in the reader's language."""
    plan = await plan_import(await _rows_of_form(request), of=signed_in(request), now=clock())
    headings = [gettext("Row"), gettext("Case number"), gettext("Column"), gettext("Reason")]
    return csv_answer(
        "refused-rows",
        headings,
        [(one.row, one.number, one.problem.field, problem_sentence(one.problem)) for one in plan.refused],
    )


async def _rows_of_form(request: Request[Any, Any, Any]) -> list[Row]:
    form = await request.form()
    rows = read_rows(str(form.get("rows", "")).encode())
    numbers = [int(word) for word in str(form.get("numbers", "")).split() if word.isdecimal()]
    return [(at, cells) for at, (_, cells) in zip(numbers, rows, strict=False)]


def _kept(rows: list[Row]) -> dict[str, str]:
    """Return the rows as the form of the preview carries them on, with their numbers in the file."""
    table = csv_bytes(COLUMNS, [[cells.get(name, "") for name in COLUMNS] for _, cells in rows])
    return {"rows": table.decode("utf-8-sig"), "numbers": " ".join(str(at) for at, _ in rows)}


def _page(
    request: Request[Any, Any, Any],
    *,
    plan: Plan | None = None,
    kept: dict[str, str] | None = None,
    told: str = "",
    status: int = 200,
    is_done: bool = False,
) -> Template:
    return page(
        request,
        "imports/import.html",
        status=status,
        plan=plan,
        kept=kept or {},
        told=told,
        is_done=is_done,
        columns=COLUMNS,
        needed=NEEDED,
        most_rows=MOST_ROWS,
    )


HANDLERS: Final = [export, import_form, preview, commit, report]

"""The auditor's search and export. The export itself is entered."""

from __future__ import annotations

import json
from typing import Any, Final

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.response import Template

from tipline.accounts.audit.service import enter
from tipline.accounts.audit.tables import AuditAct, AuditSubject
from tipline.accounts.pages import signed_in
from tipline.accounts.rules import Right, roles_with
from tipline.clock import SHANGHAI, Clock
from tipline.console.auditing.reads import export_audit, search_audit
from tipline.console.auditing.wish import AuditWish, wish_from
from tipline.web.guards import serves
from tipline.web.labels import label
from tipline.web.locale import gettext, lazy
from tipline.web.numbers import page_from
from tipline.web.page import page
from tipline.web.sheets import csv_answer

AUDITORS: Final = serves(*roles_with(Right.READ_AUDIT))
COLUMNS: Final = {
    "happened_at": lazy("Time"),
    "badge_number": lazy("Badge number"),
    "full_name": lazy("Name"),
    "act": lazy("Deed"),
    "subject_kind": lazy("Subject of the deed"),
    "subject_name": lazy("Name of the subject"),
    "subject": lazy("Row id"),
    "purpose": lazy("Purpose"),
    "request_id": lazy("Request id"),
    "facts": lazy("Particulars"),
}


@get("/audit", opt=AUDITORS, include_in_schema=False)
async def audit(request: Request[Any, Any, Any], clock: NamedDependency[Clock]) -> Template:
    """Search by officer, subject, kind, deed and time; the last thirty days unless told otherwise."""
    wish = wish_from(request.query_params, now=clock())
    number = page_from(request.query_params.get("page", "1"))
    return page(
        request,
        "auditing/search.html",
        wish=wish,
        found=await search_audit(wish, page=number),
        kinds=list(AuditSubject),
        acts=list(AuditAct),
    )


@get("/audit/csv", opt=AUDITORS, include_in_schema=False)
async def audit_csv(request: Request[Any, Any, Any], clock: NamedDependency[Clock]) -> Response[bytes]:
    """Give what was found as a table for spreadsheets."""
    wish, rows = await _exported(request, clock, "csv")
    return csv_answer(
        f"audit-{wish.first_day}-{wish.last_day}",
        [gettext(heading) for heading in COLUMNS.values()],
        ([_cell(name, row[name]) for name in COLUMNS] for row in rows),
    )


@get("/audit/json", opt=AUDITORS, include_in_schema=False)
async def audit_json(request: Request[Any, Any, Any], clock: NamedDependency[Clock]) -> Response[bytes]:
    """Give what was found as JSON: what was looked for, and the entries with stored values and times in UTC."""
    wish, rows = await _exported(request, clock, "json")
    entries = [{name: row[name] for name in COLUMNS} for row in rows]
    return Response(
        json.dumps({"wish": wish.facts, "entries": entries}, ensure_ascii=False, default=_plain).encode(),
        media_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="audit-{wish.first_day}-{wish.last_day}.json"'},
    )


async def _exported(request: Request[Any, Any, Any], clock: Clock, form: str) -> tuple[AuditWish, list[dict[str, Any]]]:
    wish = wish_from(request.query_params, now=clock())
    rows = await export_audit(wish)
    await enter(
        AuditAct.EXPORTED,
        AuditSubject.AUDIT,
        None,
        by=signed_in(request).id,
        purpose=form,
        request_id=str(request.scope["state"].get("request_id", "")),
        facts={**wish.facts, "entries": len(rows)},
        now=clock(),
    )
    return wish, rows


def _cell(name: str, value: Any) -> object:
    if name == "happened_at":
        return value.astimezone(SHANGHAI).isoformat(timespec="seconds")
    if name == "facts":
        return json.dumps(value, ensure_ascii=False) if value else ""
    kinds = {"act": "AuditAct", "subject_kind": "AuditSubject"}
    return label(kinds[name], value) if name in kinds else value


def _plain(value: object) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


HANDLERS: Final = [audit, audit_csv, audit_json]

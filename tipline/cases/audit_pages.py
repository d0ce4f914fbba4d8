"""The tab of a case that says who looked at it."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from litestar import Request, get
from litestar.params import FromPath
from litestar.response import Template

from tipline.accounts.rules import Right, roles_with
from tipline.cases.audit_reads import ROWS_A_PAGE, audit_of_case
from tipline.cases.tabs import tab_page
from tipline.web.guards import serves
from tipline.web.numbers import page_from


@get("/cases/{case_id:uuid}/audit", opt=serves(*roles_with(Right.READ_CASE_AUDIT)), include_in_schema=False)
async def audit(request: Request[Any, Any, Any], case_id: FromPath[UUID]) -> Template:
    """Show who looked at the case, its tips, media and persons, newest first."""
    number = page_from(request.query_params.get("page", "1"))
    rows = await audit_of_case(case_id, page=number)
    total = rows[0]["total"] if rows else 0
    return await tab_page(
        request,
        case_id,
        "audit",
        "cases/audit.html",
        entries=rows,
        total=total,
        page_number=number,
        page_count=max(1, -(-total // ROWS_A_PAGE)),
    )


HANDLERS: Final = [audit]

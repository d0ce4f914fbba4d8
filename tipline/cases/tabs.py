"""The tabs of a case file: which there are, who sees them, and how a room answers with one of its own.

A room adds a tab by one line in `TABS`, a page at `/cases/{case_id}/<name>` that answers with `tab_page`, and a
template that extends `cases/file.html` and fills its block `tab`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from litestar import Request
from litestar.response import Template

from tipline.accounts.pages import signed_in
from tipline.accounts.rules import Right
from tipline.cases.file_reads import head_of
from tipline.web.locale import lazy as _
from tipline.web.page import page


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab: its name is the end of its address, empty for the overview; shown to officers who hold `right`."""

    name: str
    title: str
    right: Right = Right.READ_CASES


TABS: Final = (
    Tab("", _("Overview")),
    Tab("tips", _("Tips")),
    Tab("evidence", _("Evidence")),
    Tab("vehicles", _("Vehicles")),
    Tab("persons", _("Persons")),
    Tab("screening", _("Screening")),
    Tab("timeline", _("Timeline")),
    Tab("tasks", _("Tasks and time limits")),
    Tab("measures", _("Measures")),
    Tab("documents", _("Papers")),
    Tab("determinations", _("Determinations")),
    Tab("assignments", _("Officers on the case")),
    Tab("audit", _("Audit"), Right.READ_CASE_AUDIT),
)


def address_of(case_id: UUID, name: str = "") -> str:
    """Return the address of a tab of a case."""
    return f"/cases/{case_id}/{name}" if name else f"/cases/{case_id}"


async def tab_page(
    request: Request[Any, Any, Any],
    case_id: UUID,
    name: str,
    template: str,
    *,
    status: int = 200,
    **context: Any,
) -> Template:
    """Answer with the tab called `name`: the head of the case as `case`, the tabs this officer sees, and `context`.

    Raises:
        CaseNotFound: there is no such case.
    """
    may = signed_in(request).may
    return page(
        request,
        template,
        status=status,
        case=await head_of(case_id),
        tab=next(tab for tab in TABS if tab.name == name),
        tabs=[tab for tab in TABS if tab.right in may],
        **context,
    )

"""Lists by program: the cases that the officer may read, as a file."""

from __future__ import annotations

from typing import Any, Final

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from tipline.accounts.rules import Right, roles_with
from tipline.accounts.tokens.tables import TokenScope
from tipline.cases.imports.pages import list_answer
from tipline.clock import Clock
from tipline.console.api.answers import READING, problems
from tipline.console.api.cases import State, Words
from tipline.web.guards import serves_programs

EXPORTERS: Final = serves_programs(TokenScope.EXPORT, *roles_with(Right.READ_CASES))


@get(
    "/exports/cases/{kind:str}",
    tags=["cases"],
    opt=EXPORTERS,
    summary="Save the list of cases (csv or xlsx)",
    responses=problems(READING),
)
async def export_cases(
    request: Request[Any, Any, Any],
    kind: FromPath[str],
    clock: NamedDependency[Clock],
    standing: State = None,
    words: Words = "",
) -> Response[bytes]:
    """Give the list as a file; the export is entered in the audit."""
    return await list_answer(kind, state=standing, words=words, request=request, clock=clock)


HANDLERS: Final = [export_cases]

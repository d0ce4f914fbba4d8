"""The page of one case, composed of several rooms: the file, its tips with their media, cameras near the place."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from litestar import Request, get
from litestar.params import FromPath
from litestar.response import Template

from tipline.accounts.rules import Right, roles_with
from tipline.cases.reads import case_file
from tipline.console.cases import cameras_near, media_of_tips
from tipline.console.reasons import shown
from tipline.web.guards import serves
from tipline.web.page import page


@get("/cases/{case_id:uuid}", opt=serves(*roles_with(Right.READ_CASES)), include_in_schema=False)
async def case(request: Request[Any, Any, Any], case_id: FromPath[UUID]) -> Template:
    """Show a case with everything that belongs to it."""
    file = await case_file(case_id)
    return page(
        request,
        "console/case.html",
        file=file,
        media=await media_of_tips([link["tip"] for link in file.links]),
        cameras=await cameras_near(file.case),
        suggestions=[row | {"shown": shown(row["reasons"]), "number": row["alias"]} for row in file.suggestions],
    )


HANDLERS: Final = [case]

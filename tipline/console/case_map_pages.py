"""The page with the map of a case; without scripts, or without tiles, the list beside it says the same."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from litestar import Request, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Template

from tipline.accounts.rules import Right, roles_with
from tipline.cases.file_reads import head_of
from tipline.cases.tabs import tab_page
from tipline.console.case_map import map_points, tips_with_places
from tipline.console.cases import cameras_near
from tipline.intake.tables import Datum
from tipline.settings import Settings
from tipline.web.guards import serves
from tipline.web.headers import policy_with_pictures_of


@get("/cases/{case_id:uuid}/map", opt=serves(*roles_with(Right.READ_CASES)), include_in_schema=False)
async def case_map(
    request: Request[Any, Any, Any], case_id: FromPath[UUID], settings: NamedDependency[Settings]
) -> Template:
    """Show place, tips and cameras of a case on a map, over tiles where the office has set some."""
    case = await head_of(case_id)
    tiles = settings.map_tiles
    cameras = [one.camera for one in await cameras_near(case)]
    points = map_points(
        case, await tips_with_places(case_id), cameras, datum=Datum(tiles.datum) if tiles else Datum.WGS84
    )
    answer = await tab_page(request, case_id, "", "console/case_map.html", points=points, tiles=tiles)
    if tiles:
        answer.headers["Content-Security-Policy"] = policy_with_pictures_of(tiles.origin)
    return answer


HANDLERS: Final = [case_map]

"""Serves sealed photos, videos and frames to officers, in stretches where a player asks for them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, Final
from uuid import UUID

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Stream

from evidence.custody import Custody
from evidence.errors import ItemNotFound
from tipline.accounts.pages import signed_in
from tipline.accounts.rules import Right, roles_with
from tipline.cases.documents.reads import is_document
from tipline.clock import Clock
from tipline.console.media import note_view
from tipline.console.rules import RangeNotSatisfiable, stretch_of
from tipline.web.guards import serves

PARTIAL: Final = 206
NOT_SATISFIABLE: Final = 416
# Shown in place as what they are; anything else is offered as plain bytes, so that nothing sent in can run here.
SHOWN: Final = ("image/", "video/", "audio/")
NEVER_SHOWN: Final = frozenset({"image/svg+xml"})


@get("/media/{item_id:uuid}", opt=serves(*roles_with(Right.READ_TIPS, Right.READ_CASES)), include_in_schema=False)
async def media(
    request: Request[Any, Any, Any],
    item_id: FromPath[UUID],
    custody: NamedDependency[Custody],
    clock: NamedDependency[Clock],
) -> Response[Any] | Stream:
    """Give out a sealed item, whole or the stretch asked for."""
    item = await custody.sealed_item(item_id)
    if await is_document(item_id):  # given out on its case's own pages, to those who may read the case
        raise ItemNotFound(item_id)
    is_shown = item.media_type.startswith(SHOWN) and item.media_type not in NEVER_SHOWN
    headers = {
        "Accept-Ranges": "bytes",
        "Content-Disposition": "inline" if is_shown else "attachment",
        "Content-Security-Policy": "default-src 'none'; img-src 'self'; media-src 'self'; sandbox",
        "ETag": f'"{item.sha256}"',
    }
    asked = request.headers.get("range", "")
    if request.headers.get("if-range", headers["ETag"]) != headers["ETag"]:
        asked = ""
    try:
        stretch = stretch_of(asked, item.size_bytes)
    except RangeNotSatisfiable:
        headers["Content-Range"] = f"bytes */{item.size_bytes}"
        return Response(b"", status_code=NOT_SATISFIABLE, headers=headers, media_type="application/octet-stream")
    blocks = custody.open(item_id, start=stretch.start, end=stretch.end)
    first = await anext(blocks, b"")  # a missing object answers as the alarm it is, not as a broken-off file
    await note_view(item, badge_number=signed_in(request).badge_number, custody=custody, now=clock())
    headers["Content-Length"] = str(stretch.end - stretch.start)
    if not stretch.is_whole:
        headers["Content-Range"] = f"bytes {stretch.start}-{stretch.end - 1}/{item.size_bytes}"
    return Stream(
        _all_of(first, blocks),
        status_code=200 if stretch.is_whole else PARTIAL,
        media_type=item.media_type if is_shown else "application/octet-stream",
        headers=headers,
    )


async def _all_of(first: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for block in rest:
        yield block


HANDLERS: Final = [media]

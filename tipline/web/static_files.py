"""Serves our own scripts, styles and fonts, and nothing outside the static folder."""

from __future__ import annotations

import mimetypes
from pathlib import Path
from typing import Final

from litestar import get
from litestar.params import FromPath
from litestar.response import File

from tipline.errors import NotFound
from tipline.web.guards import open_to_all
from tipline.web.page import STATIC

ONE_YEAR: Final = "public, max-age=31536000, immutable"


@get("/static/{path:path}", opt=open_to_all(), include_in_schema=False, sync_to_thread=False)
def static_file(path: FromPath[Path]) -> File:
    """Return a static file.

    Raises:
        NotFound: there is no such file inside the static folder.
    """
    try:
        wanted = (STATIC / str(path).lstrip("/")).resolve()
        is_ours = wanted.is_relative_to(STATIC.resolve()) and wanted.is_file()
    except (ValueError, OSError) as problem:  # a NUL, or a name longer than any file's
        raise NotFound from problem
    if not is_ours:
        raise NotFound
    media_type = mimetypes.guess_type(wanted.name)[0] or "application/octet-stream"
    return File(wanted, content_disposition_type="inline", media_type=media_type, headers={"Cache-Control": ONE_YEAR})

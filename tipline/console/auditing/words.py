"""The auditor's search: what its errors are called (tipline/web/words_of_rooms.py gathers them)."""

from __future__ import annotations

from typing import Final

from tipline.web.locale import lazy as _

SENTENCES: Final[dict[str, str]] = {
    "ExportTooLarge": _("One export holds at most {limit} entries. Choose a shorter time."),
}

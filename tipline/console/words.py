"""The console: what its values are called (tipline/web/words_of_rooms.py gathers them)."""

from __future__ import annotations

from typing import Final

from tipline.web.locale import lazy as _

LABELS: Final[dict[str, dict[str, str]]] = {
    "ChangeKind": {"tip": _("Tip"), "alarm": _("The vehicle is there now")},
    "FileStatus": {
        "waiting": _("Waiting"),
        "running": _("Being examined"),
        "failed": _("Failed"),
        "unreadable": _("Cannot be read"),
        "examined": _("Examined"),
        "damaged": _("Damaged in store"),
    },
}

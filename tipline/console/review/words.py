"""The review page: what its values are called (tipline/web/words_of_rooms.py gathers them)."""

from __future__ import annotations

from typing import Final

from tipline.web.locale import lazy as _

LABELS: Final[dict[str, dict[str, str]]] = {
    "PieceStatus": {
        "waiting": _("Waiting"),
        "running": _("Being made"),
        "failed": _("Failed"),
        "refused": _("Cannot be made"),
        "kept": _("Kept"),
    },
}

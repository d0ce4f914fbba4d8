"""Response clocks: what their terms are called (tipline/web/words_of_rooms.py gathers them)."""

from __future__ import annotations

from typing import Final

from tipline.web.locale import lazy as _

LABELS: Final[dict[str, dict[str, str]]] = {
    "ResponseTerm": {"tip_first_look": _("First look"), "tip_answer": _("Answer")},
}

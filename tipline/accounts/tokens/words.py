"""Access tokens: what values, errors and form problems are called (tipline/web/words_of_rooms.py gathers them)."""

from __future__ import annotations

from typing import Final

from tipline.web.locale import lazy as _

LABELS: Final[dict[str, dict[str, str]]] = {
    "TokenScope": {
        "tips:read": _("Read tips"),
        "tips:decide": _("Decide tips"),
        "cases:read": _("Read cases"),
        "cases:write": _("Record and change cases"),
        "measures:write": _("Measures: propose, review, enter decisions"),
        "clearance:write": _("Clear cases"),
        "export": _("Export lists"),
    },
}

SENTENCES: Final[dict[str, str]] = {
    "TokenNotFound": _("There is no such token, or it has ended."),
    "ScopeMissing": _("The token was not made for this: it lacks the scope {scope}."),
}

PROBLEMS: Final[dict[str, str]] = {
    "token_lasts_too_long": _("A token lasts 1 to {most} days."),
}

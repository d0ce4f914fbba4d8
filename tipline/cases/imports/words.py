"""Lists of cases: what errors, columns and problems are called (tipline/web/words_of_rooms.py gathers them)."""

from __future__ import annotations

from typing import Final

from tipline.web.locale import lazy as _

SENTENCES: Final[dict[str, str]] = {
    "SheetUnreadable": _(
        "This file cannot be read. It must be XLSX, or CSV in UTF-8, and its first row must name the columns."
    ),
    "SheetTooLarge": _("This file is too large: at most {rows} cases at once."),
}

PROBLEMS: Final[dict[str, str]] = {
    "twice_in_file": _("This number stands in the file twice; only the first row counts."),
    "differs_from_the_case_here": _("The case is here already and says otherwise; it was left as it is."),
}

"""Joining: what its values and form problems are called (tipline/web/words_of_rooms.py gathers them)."""

from __future__ import annotations

from typing import Final

from tipline.web.locale import lazy as _

LABELS: Final[dict[str, dict[str, str]]] = {
    "JoiningKind": {"merged": _("Merging"), "split": _("Splitting")},
}

PROBLEMS: Final[dict[str, str]] = {
    "case_into_itself": _("A case cannot be merged into itself."),
    "no_such_number": _("No case that you may read bears this number."),
    "nothing_chosen": _("Choose at least one tip, vehicle or person that goes along."),
    "named_in_papers": _("A measure or a clearance of this case names one of those chosen, so it stays here."),
}

"""Administration: what its errors and form problems are called (tipline/web/words_of_rooms.py gathers them)."""

from __future__ import annotations

from typing import Final

from tipline.web.locale import lazy as _

SENTENCES: Final[dict[str, str]] = {
    "AccountNotFound": _("There is no such account."),
    "UnitNotFound": _("There is no such unit."),
    "LastAdministrator": _("This is the last administrator in use. Make another one first."),
    "UnitInUse": _("Officers in use or open units still belong to this unit. Move them first."),
}

PROBLEMS: Final[dict[str, str]] = {
    "unit_below_itself": _("A unit cannot stand below itself."),
}

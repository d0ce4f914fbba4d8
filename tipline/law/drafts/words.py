"""New versions of rules: what their errors and problems are called (tipline/web/words_of_rooms.py gathers them)."""

from __future__ import annotations

from typing import Final

from tipline.web.locale import lazy as _

SENTENCES: Final[dict[str, str]] = {
    "DraftNotFound": _("There is no such new version."),
    "DraftDecided": _("{by_name} ({by_badge}) was faster and decided on this version at {at}."),
    "OwnDraft": _("Whoever entered a version does not put it in force; another officer must."),
}

PROBLEMS: Final[dict[str, str]] = {
    "version_not_later": _("A new version begins after the one that stands ({earliest})."),
    "number_as_before": _("Give a number where the version that stands has one, and none where it has none."),
    "least_above_most": _("The least is above the most."),
}

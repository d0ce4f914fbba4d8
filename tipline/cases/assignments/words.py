"""Assignments: what their errors are called (tipline/web/words_of_rooms.py gathers them)."""

from __future__ import annotations

from typing import Final

from tipline.web.locale import lazy as _

SENTENCES: Final[dict[str, str]] = {
    "NotTheLead": _("Only the lead of the case, or a commander, decides who works on it."),
    "AlreadyAssigned": _("This officer is on the case already."),
    "AssignmentNotFound": _("There is no such assignment, or it has ended."),
}

"""Tasks: what their values and errors are called (tipline/web/words_of_rooms.py gathers them)."""

from __future__ import annotations

from typing import Final

from tipline.web.locale import lazy as _

LABELS: Final[dict[str, dict[str, str]]] = {
    "TaskState": {"open": _("To do"), "done": _("Task done"), "not_applicable": _("Not applicable")},
    "DueScope": {"mine": _("My own"), "unit": _("My unit"), "all": _("All I may read")},
    "TaskAct": {
        "made": _("Task set"),
        "assigned": _("Assigned"),
        "done": _("Task done"),
        "not_applicable": _("Not applicable"),
        "reopened": _("Task taken up again"),
    },
}

SENTENCES: Final[dict[str, str]] = {
    "TaskNotFound": _("There is no such task in this case."),
    "TaskMovedOn": _("A colleague was faster: this task stands otherwise by now."),
}

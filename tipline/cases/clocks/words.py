"""Clocks: what their values, errors and problems are called (tipline/web/words_of_rooms.py gathers them)."""

from __future__ import annotations

from typing import Final

from tipline.web.locale import lazy as _

LABELS: Final[dict[str, dict[str, str]]] = {
    "ClockState": {
        "running": _("Running"),
        "paused": _("Stands still"),
        "done": _("Fulfilled"),
        "superseded": _("Superseded by another clock"),
        "withdrawn": _("Its fact was withdrawn"),
    },
    "Urgency": {
        "overdue": _("Overdue"),
        "today": _("Due today"),
        "week": _("In the next seven days"),
        "later": _("Later"),
    },
    "StepAct": {"pause": _("Pause"), "resume": _("Resume"), "extend": _("Extend")},
    "StepState": {"waiting": _("Waiting for a decision"), "approved": _("Approved"), "refused": _("Not approved")},
    "ClockAct": {
        "started": _("Started"),
        "recounted": _("Counted anew"),
        "paused": _("Paused"),
        "resumed": _("Resumed"),
        "fulfilled": _("Fulfilled"),
        "superseded": _("Superseded by another clock"),
        "withdrawn": _("Its fact was withdrawn"),
        "reopened": _("Runs again"),
    },
}

SENTENCES: Final[dict[str, str]] = {
    "ClockNotFound": _("There is no such time limit in this case."),
    "FactNotFound": _("There is no such step of procedure in this case."),
    "ClockStepNotFound": _("There is no such request."),
    "ClockMovedOn": _("This time limit stands otherwise by now; look at it again."),
    "ClockStepWaiting": _("Another request on this time limit waits for a decision."),
    "ClockStepDecided": _("{by_name} ({by_badge}) was faster and decided on this request at {at}."),
    "FactWithdrawn": _("This was taken back already, at {at}."),
    "OwnRequest": _("Whoever asks for it does not decide on it; another officer must."),
}

PROBLEMS: Final[dict[str, str]] = {
    "rule_not_in_force": _("{article} was not in force on that day (it applies from {valid_from} on)."),
    "days_not_allowed": _("The law allows {minimum} to {maximum} days here, not {days}."),
    "days_as_the_rule_says": _("Give the days where the decision names them, and none where the law sets the length."),
    "no_such_ground": _("The law names no such ground for this time limit."),
    "custody_never_pauses": _("A time limit of custody never stands still."),
}

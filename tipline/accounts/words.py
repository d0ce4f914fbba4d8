"""Accounts: what its values, errors and form problems are called (tipline/web/words_of_rooms.py gathers them)."""

from __future__ import annotations

from typing import Final

from tipline.web.locale import lazy as _

LABELS: Final[dict[str, dict[str, str]]] = {
    "OfficerRole": {
        "intake_officer": _("Intake officer"),
        "investigator": _("Investigator"),
        "legal_reviewer": _("Legal reviewer"),
        "commander": _("Commander"),
        "auditor": _("Auditor"),
        "administrator": _("Administrator"),
    },
    "UnitKind": {
        "brigade": _("Brigade"),
        "accident_section": _("Accident section"),
        "squadron": _("Squadron"),
        "command_centre": _("Command centre"),
    },
}

SENTENCES: Final[dict[str, str]] = {
    "SignInRefused": _("User name and password do not belong together, or the account is not in use."),
    "NotSettled": _("There is something you must do first: look at {address}."),
    "SessionNotFound": _("There is no such session, or it has ended."),
}

PROBLEMS: Final[dict[str, str]] = {
    "password_too_short": _("At least {minimum} characters."),
    "password_too_easy": _("This password is too easy to guess, or it contains your own name."),
    "password_not_new": _("This is the old password."),
    "password_wrong": _("This is not your present password."),
    "passwords_differ": _("The two new passwords differ."),
    "not_a_username": _(
        "2 to 40 small letters, digits, dots, dashes or underscores, beginning with a letter or digit."
    ),
    "not_a_badge_number": _("At most 20 letters, digits or dashes."),
    "taken": _("This is taken already."),
}

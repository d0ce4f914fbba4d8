"""The sentence of every error and form problem, for people. Keys are class names and problem codes.

`{...}` is filled from the error's attributes or the problem's facts.
"""

from __future__ import annotations

from typing import Final

from tipline.errors import Problem
from tipline.web.locale import gettext
from tipline.web.locale import lazy as _

SENTENCES: Final[dict[str, str]] = {
    # the roots
    "TiplineError": _("The platform could not do this."),
    "Refused": _("What was sent does not hold. Please check it and send it again."),
    "Invalid": _("Some answers need another look."),
    "TooMuch": _("That is more than this service can take."),
    "NotFound": _("This page does not exist, or it is not yours to see."),
    "NotSignedIn": _("Please sign in."),
    "NotAllowed": _("Your role does not include this. Ask your administrator if you need it."),
    "Overtaken": _("Someone else was faster. Look at the present state and decide again."),
    "SlowDown": _("Too many tries. Please wait {retry_after_s} seconds and try again."),
    "NeighbourDown": _(
        "A part of the service does not answer at the moment. Nothing was lost; please try again shortly."
    ),
    # web
    "ForgedRequest": _(
        "This page was open too long or came from elsewhere. Go back, reload the page and send it again."
    ),
    "BrokenForm": _("The form arrived incomplete. Please send it again."),
}

PROBLEMS: Final[dict[str, str]] = {
    "required": _("Please fill this in."),
    "too_long": _("At most {limit} characters."),
    "not_a_choice": _("Please choose one of the options."),
    "not_a_time": _("Please enter a valid date and time."),
    "in_the_future": _("This time lies in the future."),
}


def sentence(error: BaseException) -> str:
    """Return the sentence for `error` in the language of the request: its own, or that of its nearest ancestor."""
    for kind in type(error).__mro__:
        if kind.__name__ in SENTENCES:
            facts = {key: value for key, value in vars(error).items() if not key.startswith("_")}
            return gettext(SENTENCES[kind.__name__]).format(**facts)
    return gettext(SENTENCES["TiplineError"])


def problem_sentence(problem: Problem) -> str:
    """Return the sentence for one problem of a form."""
    return gettext(PROBLEMS[problem.code]).format(**problem.facts)

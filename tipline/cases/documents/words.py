"""Papers of a case: what their values, errors and form problems are called (tipline/web/words_of_rooms.py)."""

from __future__ import annotations

from typing import Final

from tipline.web.locale import lazy as _

LABELS: Final[dict[str, dict[str, str]]] = {
    "DocumentKind": {
        "assistance_request": _("Request for assistance"),
        "assistance_withdrawal": _("Withdrawal of the request for assistance"),
        "evidence_list": _("List of evidence"),
        "case_report": _("Case report"),
        "rights_notice": _("Record of rights told"),
    },
    "DocumentState": {
        "asked": _("Paper being made"),
        "kept": _("Made and sealed"),
        "refused": _("Could not be made"),
    },
}

SENTENCES: Final[dict[str, str]] = {
    "DocumentNotFound": _("There is no such paper in this case."),
    "DocumentNotReady": _("This document is still being made; look again in a moment."),
    "DocumentNotFailed": _("This document waits or is made; there is nothing to ask for again."),
}

PROBLEMS: Final[dict[str, str]] = {
    "request_needs_open_case": _("Assistance is asked for on an open case only."),
    "nothing_to_withdraw": _("No request for assistance was made on this case, so there is none to withdraw."),
    "number_or_none": _("Enter the number, or say that the official system has issued none yet."),
    "number_and_none": _("There is a number, and it is said that there is none. Keep one of the two."),
    "number_is_known": _("The official system has issued a number, {number}: the paper carries it."),
}

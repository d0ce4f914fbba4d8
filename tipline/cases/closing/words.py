"""Closing: what its values, errors and form problems are called (tipline/web/words_of_rooms.py gathers them)."""

from __future__ import annotations

from typing import Final

from tipline.web.locale import lazy as _

LABELS: Final[dict[str, dict[str, str]]] = {
    "ExceptionalGround": {
        "driver_died": _("The driver has died"),
        "prosecution_declined": _("The procuratorate has declined to prosecute"),
        "held_elsewhere": _("The driver is held by another jurisdiction"),
    },
}

SENTENCES: Final[dict[str, str]] = {
    "EvidenceNotOfCase": _("An item named as proof is no sealed item of a tip linked to this case."),
    "CaseNotCleared": _("{by_name} ({by_badge}) was faster: the case has been open again since {at}."),
    "CaseNotCleared.never_cleared": _("The case is open; there is nothing to reopen."),
}

PROBLEMS: Final[dict[str, str]] = {
    "driver_is_in_hand": _("The driver is in hand, so nothing keeps the case from an ordinary clearance ({article})."),
    "test_not_answered": _("This test is not answered; all four are needed ({article})."),
    "vehicle_is_seized": _("The vehicle is seized, so nothing has to stand in for it ({article})."),
    "stand_in_without_evidence": _("Name at least one sealed item that proves it ({article})."),
    "severity_unchanged": _("This is the severity that stands."),
    "before_the_last_change": _("This must come after the record and the last change of severity ({earliest})."),
}

"""Law: what its values and errors are called (tipline/web/words_of_rooms.py gathers them)."""

from __future__ import annotations

from typing import Final

from tipline.web.locale import lazy as _

LABELS: Final[dict[str, dict[str, str]]] = {
    "RuleKind": {
        "measure_basis": _("Basis of a measure"),
        "measure_limit": _("Limit of a measure"),
        "measure_document": _("Document of a measure"),
        "measure_authority": _("Who decides a measure"),
        "detention_ground": _("Ground of detention"),
        "clearance_condition": _("Condition of a clearance"),
        "statutory_clock": _("Statutory time limit"),
    },
    "ClockUnit": {
        "working_day": _("working day"),
        "calendar_day": _("calendar day"),
        "hour": _("hour"),
        "month": _("month"),
    },
    "DayKind": {"holiday": _("Day off"), "workday": _("Worked in exchange")},
}

SENTENCES: Final[dict[str, str]] = {
    "RuleUnknown": _("No legal rule of this name is recorded."),
    "RuleNotInForce": _("{article} was not in force on that day (it applies from {valid_from} on)."),
    "HolidaysUnknown": _("The holidays of {year} are not in the table yet; the time limit cannot be counted."),
    "DaysOutOfBounds": _("The law allows {minimum} to {maximum} days here, not {days}."),
}

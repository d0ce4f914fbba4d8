"""Alarms: what their values, errors and form problems are called (tipline/web/words_of_rooms.py gathers them)."""

from __future__ import annotations

from typing import Final

from tipline.web.locale import lazy as _

LABELS: Final[dict[str, dict[str, str]]] = {
    "CallKind": {
        "duty_officer": _("Officer on duty"),
        "command_centre": _("Command centre"),
        "everyone": _("Everybody"),
    },
}

SENTENCES: Final[dict[str, str]] = {
    "AlarmUnknown": _("There is no such alarm."),
    "AlarmAcknowledged": _("{by_name} ({by_badge}) was faster and answered this alarm at {at}."),
    "TurnUnknown": _("There is no such turn of duty, or it was cancelled before."),
}

PROBLEMS: Final[dict[str, str]] = {
    "turn_is_over": _("This turn would be over already."),
    "turn_too_long": _("A turn lasts at most {days} days."),
    "not_a_duty_place": _("A number from 1 to {last}: 1 is called first."),
    "not_a_patience": _("Between {shortest} and {longest} seconds."),
}

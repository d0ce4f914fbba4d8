"""The stored reasons of a suggestion in words: what the tip says, what the case says, and what that is worth."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from tipline.web.labels import label
from tipline.web.locale import gettext, ngettext
from tipline.web.times import when

VALUES: Final = {"colour": "VehicleColour", "vehicle_type": "VehicleType"}
WORDED: Final = frozenset({*VALUES, "space_time"})
KILOMETRE_M: Final = 1000
HOUR_MIN: Final = 60
DAY_MIN: Final = 24 * HOUR_MIN


@dataclass(frozen=True, slots=True)
class ShownReason:
    """One row of the table of reasons, all but `bits` in the language of the request."""

    name: str
    field: str
    level: str
    tip: str
    case: str
    is_worded: bool  # tip and case are wording of ours, not what people wrote
    more: str
    shared: str
    bits: float


def shown(reasons: list[dict[str, Any]]) -> list[ShownReason]:
    """Return the rows of the table in the stored order."""
    return [
        ShownReason(
            name=reason["field"],
            field=label("Field", reason["field"]),
            level=label("Level", reason["level"]),
            tip=_value(reason["field"], reason["tip"]),
            case=_value(reason["field"], reason["case"]),
            is_worded=reason["field"] in WORDED,
            more=_more(reason["facts"]),
            shared="、".join(reason["facts"].get("shared", ())),
            bits=reason["bits"],
        )
        for reason in reasons
    ]


def _value(field: str, text: str) -> str:
    if field in VALUES:
        return " / ".join(_one_value(VALUES[field], word) for word in text.split())
    if field == "space_time" and text:
        return " – ".join(when(datetime.fromisoformat(moment)) for moment in text.split("/"))
    return text


def _one_value(enum_name: str, word: str) -> str:
    if word.startswith("!"):
        return gettext("not %s") % label(enum_name, word[1:])
    return label(enum_name, word)


def _more(facts: dict[str, Any]) -> str:
    parts = []
    if facts.get("excluded"):
        parts.append(gettext("excluded: %s") % "、".join(facts["excluded"]))
    if "open_cases" in facts:
        number = int(facts["open_cases"])
        parts.append(ngettext("%d open case", "%d open cases", number) % number)
    if "minutes" in facts:
        parts.append(_apart(int(facts["minutes"])))
    if "distance_m" in facts:
        metres = int(facts["distance_m"])
        far = f"{metres / KILOMETRE_M:.1f} km" if metres >= KILOMETRE_M else f"{metres} m"
        parts.append(gettext("%s apart") % far)
    return " · ".join(parts)


def _apart(minutes: int) -> str:
    size = abs(minutes)
    if size < HOUR_MIN:
        amount = gettext("%d min") % size
    elif size < DAY_MIN:
        amount = gettext("%.1f h") % (size / HOUR_MIN)
    else:
        amount = gettext("%.1f d") % (size / DAY_MIN)
    return (gettext("%s later") if minutes >= 0 else gettext("%s earlier")) % amount

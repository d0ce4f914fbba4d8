"""What figures and the columns of their lists are called."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from tipline.cases.tables import OutcomeKind, Severity
from tipline.clock import SHANGHAI
from tipline.web.labels import label
from tipline.web.locale import gettext
from tipline.web.locale import lazy as _

TITLES: Final = {
    "cleared": _("Hit-and-runs cleared in the year"),
    "recorded": _("Hit-and-runs recorded in the year"),
    "recorded_cleared": _("Recorded in the year and cleared by now"),
    "cleared_by_tip": _("Cleared in the year with the help of a tip"),
    OutcomeKind.CRIMINAL_DETENTION: _("Persons criminally detained in the year"),
    OutcomeKind.ADMINISTRATIVE_DETENTION: _("Persons administratively detained in the year"),
}
CASE_COLUMNS: Final = (
    ("number", _("Case number")),
    ("severity", _("Severity")),
    ("happened_from", _("Time of the accident")),
    ("place_text", _("Place")),
    ("recorded_at", _("Recorded at")),
    ("cleared_at", _("Cleared at")),
    ("unit_name", _("Unit")),
    ("is_demo", _("Demo")),
)
PERSON_COLUMNS: Final = (
    ("full_name", _("Person")),
    ("number", _("Case number")),
    ("severity", _("Severity")),
    ("documents", _("Documents")),
    ("executed_at", _("First executed at")),
    ("is_demo", _("Demo")),
)


def figure_title(name: str) -> str:
    """Return what a figure is called; one of a single severity says which."""
    for severity in Severity:
        base = name.removesuffix(f"_{severity.value}")
        if base != name:
            return f"{gettext(TITLES[base])} · {label('Severity', severity)}"
    return gettext(TITLES[name])


def cell(name: str, value: object) -> str:
    """Return a value as it stands in a table for spreadsheets; times in Asia/Shanghai."""
    if isinstance(value, datetime):
        return value.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, bool):
        return gettext("Demo") if value else ""
    if name == "severity":
        return label("Severity", str(value))
    return "" if value is None else str(value)

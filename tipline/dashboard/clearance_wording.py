"""What the clearance metrics, their definitions and the columns of their lists are called."""

from __future__ import annotations

from typing import Final

from tipline.dashboard.flow import INFLOWS, OPEN_END, OPEN_START, OUTFLOWS
from tipline.dashboard.histories import CLOSINGS, EventType, History
from tipline.web.labels import label
from tipline.web.locale import gettext
from tipline.web.locale import lazy as _

METRIC_TITLES: Final = {
    "M1": _("Cleared in the period, of the cases recorded in it"),
    "M2": _("Cleared in the period, to the cases recorded in it"),
    "M3": _("Backlog cleared"),
    "M4": _("Cleared within a time, by cohort"),
    "M7": _("Share of exceptional clearances"),
    "M11": _("Open cases: what came and what went"),
}
DEFINITIONS: Final = {
    "M1": _(
        "Of the cases recorded here in the period, those that were cleared in it. Late cases had little time: "
        "the rate of a recent period still grows."
    ),
    "M2": _(
        "Cases cleared in the period, whenever recorded, divided by the cases recorded in it. It may exceed 100 "
        "percent when old cases are cleared, so read it beside the backlog; it is no share of one group, "
        "hence no interval."
    ),
    "M3": _("Of the cases open when the period began, those cleared in it; cases transferred in are included."),
    "M4": _(
        "For the cases recorded here in the period: the estimated share cleared within each time after the record "
        "(Kaplan–Meier). Cases transferred out or exceptionally cleared are followed until then, open cases until the "
        "moment of knowledge. — means that no case has been followed so long."
    ),
    "M7": _(
        "Of all clearances of the period that stand, those without the driver brought in (death of the driver and the "
        "like). They never count as cleared in the other rates."
    ),
    "M11": _(
        "Counts what happened, reopened or not: open at the start, plus what came in, less what went out, is open at "
        "the end."
    ),
}
FLOW_TITLES: Final = {
    OPEN_START: _("Open when the period began"),
    "recorded": _("Recorded"),
    "transferred_in": _("Transferred in"),
    "reopened": _("Reopened"),
    "cleared": _("Cleared"),
    "exceptional": _("Exceptionally cleared"),
    "unfounded": _("Unfounded"),
    "transferred_out": _("Transferred out"),
    OPEN_END: _("Open when the period ended"),
}
FLOW_SIGNS: Final = {OPEN_START: "", **dict.fromkeys(INFLOWS, "+"), **dict.fromkeys(OUTFLOWS, "−"), OPEN_END: "="}
HORIZON_TITLES: Final = {
    "24h": _("24 hours"),
    "72h": _("72 hours"),
    "7d": _("7 days"),
    "30d": _("30 days"),
    "90d": _("90 days"),
    "365d": _("365 days"),
}
PARTS: Final = {
    "M1-k": _("Recorded and cleared in the period"),
    "M1-n": _("Recorded in the period"),
    "M2-k": _("Cleared in the period, whenever recorded"),
    "M2-n": _("Recorded in the period"),
    "M3-k": _("Backlog cleared in the period"),
    "M3-n": _("Backlog when the period began"),
    "M4-n": _("Recorded in the period and followed"),
    "M7-k": _("Exceptionally cleared in the period"),
    "M7-n": _("All clearances of the period"),
    "faults": _("Cases whose records contradict each other"),
}
EVENTS: Final = {
    EventType.RECORDED: _("Recorded"),
    EventType.TRANSFERRED_IN: _("Transferred in"),
    EventType.REOPENED: _("Reopened"),
    EventType.CLEARED: _("Cleared"),
    EventType.CLEARED_EXCEPTIONALLY: _("Exceptionally cleared"),
    EventType.UNFOUNDED: _("Unfounded"),
    EventType.TRANSFERRED_OUT: _("Transferred out"),
    EventType.RECLASSIFIED: _("Reclassified"),
    EventType.VEHICLE_IDENTIFIED: _("Vehicle identified"),
    EventType.VEHICLE_SEIZED: _("Vehicle seized"),
    EventType.DRIVER_IDENTIFIED: _("Driver identified"),
    EventType.DRIVER_IN_HAND: _("Driver in hand"),
}
LIST_COLUMNS: Final = (
    ("number", _("Case number")),
    ("severity", _("Severity")),
    ("happened_from", _("Time of the accident")),
    ("place_text", _("Place")),
    ("entered_at", _("Came in at")),
    ("counted", _("Counted as")),
    ("counted_at", _("Counted at")),
    ("stands", _("Stands as")),
    ("stands_at", _("Since")),
    ("unit_name", _("Unit")),
    ("is_demo", _("Demo")),
)


def list_title(figure: str) -> str:
    """Return what the list of a number is called."""
    if figure in PARTS:
        return gettext(PARTS[figure])
    metric, _dash, part = figure.partition("-")
    if metric == "M4":
        return gettext("Cleared within %(time)s of the record") % {"time": gettext(HORIZON_TITLES[part])}
    return gettext(FLOW_TITLES[part])


def event_title(event: EventType) -> str:
    """Return what an event of a case is called."""
    return gettext(EVENTS[event])


def standing_title(history: History) -> str:
    """Return what stands of a case: how it was closed, or that it is open."""
    last = history.last.type
    return event_title(last) if last in CLOSINGS else label("CaseState", "open")

"""The clearance metrics counted a second time: slow, literal, and sharing nothing with what it checks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

SEVERITIES = ["fatal", "serious_injury", "minor_injury", "property"]
HOURS = {"24h": 24, "72h": 72, "7d": 7 * 24, "30d": 30 * 24, "90d": 90 * 24, "365d": 365 * 24}
FLOWS = {
    "recorded": "recorded",
    "transferred_in": "transferred_in",
    "reopened": "reopened",
    "cleared": "cleared",
    "exceptional": "cleared_exceptionally",
    "unfounded": "unfounded",
    "transferred_out": "transferred_out",
}
NEEDS_AN_OPEN_CASE = ["cleared", "cleared_exceptionally", "unfounded", "transferred_out"]
OF_THE_CASE = ["recorded", "transferred_in", "reopened", "reclassified", *NEEDS_AN_OPEN_CASE]
Row = dict[str, Any]
Case = list[Row]


class Impossible(Exception):
    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


def oracle(rows: list[Row], as_of: datetime, first: date, last: date) -> dict[str, Any]:
    """Count everything; rows are the lines of the file with times as datetimes."""
    cases = cases_known(rows, as_of)
    check(cases)
    told = count(cases, as_of, first, last)
    told["by_severity"] = {}
    for severity in SEVERITIES:
        of_it = [case for case in cases if case[-1]["severity"] == severity]
        told["by_severity"][severity] = count(of_it, as_of, first, last)
    return told


def cases_known(rows: list[Row], as_of: datetime) -> list[Case]:
    numbered = [{**row, "line": at} for at, row in enumerate(rows, start=1)]
    known = [row for row in numbered if row["known_at"] <= as_of]
    names = sorted({row["case"] for row in known})
    return [
        sorted((row for row in known if row["case"] == name), key=lambda row: (row["happened_at"], row["line"]))
        for name in names
    ]


def check(cases: list[Case]) -> None:
    wrong = []
    for case in cases:
        faults = [row["line"] for at, row in enumerate(case) if not may_follow(case[:at], row["type"])]
        if not faults and standing(case) == "nowhere":
            faults = [case[0]["line"]]
        wrong += faults[:1]
    if wrong:
        raise Impossible(min(wrong))


def may_follow(before: Case, kind: str) -> bool:
    where = standing(before)
    if kind in ("recorded", "transferred_in"):
        return where == "nowhere"
    if kind in NEEDS_AN_OPEN_CASE:
        return where == "open"
    if kind == "reopened":
        return where in ("cleared", "cleared_exceptionally")
    return kind != "reclassified" or where != "nowhere"


def standing(before: Case) -> str:
    where = "nowhere"
    for row in before:
        if row["type"] in ("recorded", "transferred_in", "reopened"):
            where = "open"
        if row["type"] in NEEDS_AN_OPEN_CASE:
            where = row["type"]
    return where


def day_of(moment: datetime) -> date:
    return moment.astimezone(ZoneInfo("Asia/Shanghai")).date()


def count(cases: list[Case], as_of: datetime, first: date, last: date) -> dict[str, Any]:
    def in_period(row: Row | None) -> bool:
        return row is not None and first <= day_of(row["happened_at"]) <= last

    def began(case: Case) -> Row:
        return next(row for row in case if row["type"] in ("recorded", "transferred_in"))

    def stands(case: Case, *kinds: str) -> Row | None:
        """The clearance that stands: the last one of the case, unless something undid it."""
        if standing(case) not in kinds:
            return None
        return [row for row in case if row["type"] in kinds][-1]

    def left(case: Case) -> bool:
        return any(row["type"] in ("unfounded", "transferred_out") for row in case)

    def open_at_the_start_of(case: Case, day: date) -> bool:
        return standing([row for row in case if day_of(row["happened_at"]) < day]) == "open"

    def number(test: Callable[[Case], bool]) -> int:
        return len([case for case in cases if test(case)])

    def is_recorded_here(case: Case) -> bool:
        return began(case)["type"] == "recorded" and not left(case)

    def in_backlog(case: Case) -> bool:
        return not left(case) and open_at_the_start_of(case, first)

    recorded = number(lambda case: is_recorded_here(case) and in_period(began(case)))
    return {
        "M1": {
            "k": number(
                lambda case: is_recorded_here(case) and in_period(began(case)) and in_period(stands(case, "cleared"))
            ),
            "n": recorded,
        },
        "M2": {
            "k": number(lambda case: is_recorded_here(case) and in_period(stands(case, "cleared"))),
            "n": recorded,
        },
        "M3": {
            "k": number(lambda case: in_backlog(case) and in_period(stands(case, "cleared"))),
            "n": number(in_backlog),
        },
        "M4": kaplan_meier(
            [case for case in cases if began(case)["type"] == "recorded" and in_period(began(case))], as_of
        ),
        "M7": {
            "k": number(lambda case: in_period(stands(case, "cleared_exceptionally"))),
            "n": number(lambda case: in_period(stands(case, "cleared", "cleared_exceptionally"))),
        },
        "M11": {
            "open_start": number(lambda case: open_at_the_start_of(case, first)),
            **{
                name: len([row for case in cases for row in case if row["type"] == kind and in_period(row)])
                for name, kind in FLOWS.items()
            },
            "open_end": number(lambda case: open_at_the_start_of(case, last + timedelta(days=1))),
        },
    }


def kaplan_meier(cases: list[Case], as_of: datetime) -> dict[str, float | None]:
    cleared_after: list[timedelta] = []
    lost_after: list[timedelta] = []
    for case in cases:
        [entry] = [row for row in case if row["type"] == "recorded"]
        where = standing(case)
        if where == "unfounded":
            continue
        end = as_of if where == "open" else [row for row in case if row["type"] == where][-1]["happened_at"]
        (cleared_after if where == "cleared" else lost_after).append(end - entry["happened_at"])
    everyone = cleared_after + lost_after
    told: dict[str, float | None] = {}
    for name, hours in HOURS.items():
        horizon = timedelta(hours=hours)
        told[name] = None
        if everyone and horizon <= max(everyone):
            still_open = Fraction(1)
            for moment in sorted({after for after in cleared_after if after <= horizon}):
                watched = len([after for after in everyone if after >= moment])
                still_open *= 1 - Fraction(cleared_after.count(moment), watched)
            told[name] = float(1 - still_open)
    return told

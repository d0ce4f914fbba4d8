"""Small histories whose figures anyone can count on the fingers, at every edge that counting goes wrong on."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from tipline.clock import SHANGHAI
from tipline.dashboard.histories import HistoryRefused, Period, read_events
from tipline.dashboard.metrics import document

YEAR_2021 = (date(2021, 1, 1), date(2021, 12, 31))
YEAR_2022 = (date(2022, 1, 1), date(2022, 12, 31))
LATE = datetime(2023, 6, 1, tzinfo=SHANGHAI)
NOTHING_KNOWN = dict.fromkeys(("24h", "72h", "7d", "30d", "90d", "365d"))


def at(text: str) -> datetime:
    """`2021-12-31 23:50` in Asia/Shanghai."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def told(case: str, *events: str, severity: str = "property") -> list[dict[str, str]]:
    """Lines of a case: `2021-05-01 08:00 recorded`, with ` known 2022-01-03 09:00` where it was entered later."""
    lines = []
    for event in events:
        happened, _, known = event.partition(" known ")
        day, hour, kind, *of_severity = happened.split()
        moment = at(f"{day} {hour}")
        lines.append(
            {
                "case": case,
                "type": kind,
                "severity": of_severity[0] if of_severity else severity,
                "happened_at": moment.isoformat(),
                "known_at": (at(known) if known else moment).isoformat(),
            }
        )
    return lines


def metrics(
    lines: Sequence[dict[str, str]],
    period: tuple[date, date] = YEAR_2021,
    *,
    as_of: datetime = LATE,
    by_severity: bool = False,
) -> dict[str, Any]:
    events = list(read_events(json.dumps(line).encode() for line in lines))
    return document(events, Period.of_days(*period), as_of=as_of, by_severity=by_severity)


def share(counted: dict[str, Any], name: str) -> tuple[int, int]:
    return counted[name]["k"], counted[name]["n"]


def test_a_case_of_new_years_eve_cleared_on_the_second_belongs_to_both_years_once() -> None:
    lines = told("eve", "2021-12-31 23:50 recorded", "2022-01-02 10:20 cleared")

    old, new = metrics(lines, YEAR_2021), metrics(lines, YEAR_2022)

    assert (share(old, "M1"), share(old, "M2"), share(old, "M3")) == ((0, 1), (0, 1), (0, 0))
    assert (share(new, "M1"), share(new, "M2"), share(new, "M3")) == ((0, 0), (1, 0), (1, 1))
    assert (old["M11"]["recorded"], old["M11"]["open_end"], new["M11"]["open_start"]) == (1, 1, 1)
    assert (new["M11"]["cleared"], new["M11"]["open_end"]) == (1, 0)
    # 34.5 hours: not within a day, within three; nobody was followed for a week.
    assert old["M4"] == {**NOTHING_KNOWN, "24h": 0.0}
    assert new["M4"] == NOTHING_KNOWN


def test_the_year_turns_at_midnight_in_shanghai_whatever_offset_a_time_is_written_in() -> None:
    lines = [
        {**told("a", "2021-01-01 08:00 recorded")[0], "happened_at": "2020-12-31T16:00:00Z"},
        {**told("b", "2021-01-01 08:00 recorded")[0], "happened_at": "2020-12-31T15:59:59.999999Z"},
        {**told("c", "2022-01-01 08:00 recorded")[0], "happened_at": "2021-12-31T10:59:59-05:00"},
        {**told("d", "2022-01-01 08:00 recorded")[0], "happened_at": "2021-12-31T11:00:00-05:00"},
    ]

    counted = metrics(lines)

    assert counted["M11"]["open_start"] == 1
    assert counted["M11"]["recorded"] == 2
    assert metrics(lines, YEAR_2022)["M11"]["recorded"] == 1


def test_a_reopened_case_stands_as_not_cleared_but_the_flow_counts_what_happened() -> None:
    lines = told("a", "2021-03-01 08:00 recorded", "2021-03-05 08:00 cleared", "2021-04-01 08:00 reopened")

    counted = metrics(lines)

    assert (share(counted, "M1"), share(counted, "M2"), share(counted, "M7")) == ((0, 1), (0, 1), (0, 0))
    assert counted["M11"] == {
        "open_start": 0,
        "recorded": 1,
        "transferred_in": 0,
        "reopened": 1,
        "cleared": 1,
        "exceptional": 0,
        "unfounded": 0,
        "transferred_out": 0,
        "open_end": 1,
    }
    assert counted["M4"]["7d"] == 0.0


def test_a_case_cleared_twice_counts_once_by_the_later_clearance() -> None:
    lines = told(
        "a",
        "2021-03-01 08:00 recorded",
        "2021-03-05 08:00 cleared",
        "2021-04-01 08:00 reopened",
        "2022-02-01 08:00 cleared",
    )

    assert share(metrics(lines, YEAR_2021), "M1") == (0, 1)
    assert share(metrics(lines, YEAR_2022), "M2") == (1, 0)
    assert share(metrics(lines, YEAR_2022), "M3") == (1, 1)
    assert metrics(lines, YEAR_2021)["M11"]["cleared"] == 1


def test_what_was_printed_before_a_reopening_can_be_printed_again() -> None:
    lines = told(
        "a",
        "2021-03-01 08:00 recorded",
        "2021-03-05 08:00 cleared",
        "2021-12-20 08:00 reopened known 2022-02-10 09:00",
    )
    new_year = at("2022-01-01 00:00")

    printed = json.dumps(metrics(lines[:2], as_of=new_year, by_severity=True))

    assert json.dumps(metrics(lines, as_of=new_year, by_severity=True)) == printed
    assert share(metrics(lines, as_of=new_year), "M1") == (1, 1)
    assert share(metrics(lines, as_of=at("2022-02-10 09:00")), "M1") == (0, 1)


def test_a_clearance_comes_before_a_censoring_at_the_same_time() -> None:
    cleared = told("a", "2021-05-01 00:00 recorded", "2021-05-02 00:00 cleared")
    moved = told("b", "2021-05-03 00:00 recorded", "2021-05-04 00:00 transferred_out")
    still = told("c", "2021-05-05 00:00 recorded")

    counted = metrics([*cleared, *moved, *still])

    # All three are watched when the first is cleared at 24 h: 1 of 3, not 1 of 2.
    assert counted["M4"]["24h"] == 1 / 3
    assert counted["M4"]["365d"] == 1 / 3


def test_kaplan_and_meier_by_hand() -> None:
    lines = [
        *told("a", "2021-05-01 00:00 recorded", "2021-05-01 12:00 cleared"),
        *told("b", "2021-05-01 00:00 recorded", "2021-05-02 00:00 cleared_exceptionally"),
        *told("c", "2021-05-01 00:00 recorded", "2021-05-03 00:00 cleared"),
        *told("d", "2021-05-01 00:00 recorded", "2021-05-03 00:00 unfounded"),
        *told("e", "2021-05-01 00:00 recorded"),
        *told("f", "2021-05-01 00:00 transferred_in", "2021-05-01 01:00 cleared"),
    ]

    counted = metrics(lines, as_of=at("2021-05-08 00:00"))

    # Four count (d unfounded, f not recorded here): 3/4 open after a; b leaves; then 1 of 2 is cleared.
    assert counted["M4"] == {"24h": 0.25, "72h": 0.625, "7d": 0.625, "30d": None, "90d": None, "365d": None}


def test_a_case_unfounded_or_transferred_out_at_any_time_leaves_both_numbers() -> None:
    lines = [
        *told("a", "2020-05-01 00:00 recorded", "2022-02-01 00:00 unfounded"),
        *told("b", "2021-05-01 00:00 recorded", "2022-02-01 00:00 transferred_out"),
        *told(
            "c",
            "2021-05-01 00:00 recorded",
            "2021-05-02 00:00 cleared",
            "2021-06-01 00:00 reopened",
            "2022-02-01 00:00 unfounded",
        ),
        *told("d", "2021-05-01 00:00 recorded"),
    ]

    before, after = metrics(lines, as_of=at("2022-01-01 00:00")), metrics(lines)

    assert (share(before, "M1"), share(before, "M2"), share(before, "M3")) == ((0, 3), (0, 3), (0, 1))
    assert (share(after, "M1"), share(after, "M2"), share(after, "M3")) == ((0, 1), (0, 1), (0, 0))
    assert after["M11"]["open_start"] == 1
    assert after["M11"]["open_end"] == before["M11"]["open_end"] == 4


def test_exceptional_clearance_counts_in_m7_and_the_flow_alone() -> None:
    lines = [
        *told("a", "2021-05-01 00:00 recorded", "2021-05-02 00:00 cleared_exceptionally"),
        *told("b", "2021-05-01 00:00 recorded", "2021-05-02 00:00 cleared"),
        *told("c", "2020-05-01 00:00 transferred_in", "2021-05-02 00:00 cleared_exceptionally"),
    ]

    counted = metrics(lines)

    assert (share(counted, "M1"), share(counted, "M2"), share(counted, "M3")) == ((1, 2), (1, 2), (0, 1))
    assert share(counted, "M7") == (2, 3)
    assert (counted["M11"]["cleared"], counted["M11"]["exceptional"]) == (1, 2)


def test_an_exceptional_clearance_can_be_reopened_and_then_cleared() -> None:
    lines = told(
        "a",
        "2021-05-01 00:00 recorded",
        "2021-05-02 00:00 cleared_exceptionally",
        "2021-05-03 00:00 reopened",
        "2021-05-04 00:00 cleared",
    )

    counted = metrics(lines)

    assert (share(counted, "M1"), share(counted, "M7")) == ((1, 1), (0, 1))
    assert counted["M4"]["72h"] == 1.0


def test_a_case_from_elsewhere_is_in_the_backlog_and_not_among_the_recorded() -> None:
    lines = told("a", "2020-05-01 00:00 transferred_in", "2021-05-02 00:00 cleared")

    counted = metrics(lines)

    assert (share(counted, "M1"), share(counted, "M2"), share(counted, "M3")) == ((0, 0), (0, 0), (1, 1))
    assert counted["M4"] == NOTHING_KNOWN


def test_a_case_recorded_at_the_very_first_moment_is_new_not_backlog() -> None:
    counted = metrics(told("a", "2021-01-01 00:00 recorded", "2021-01-01 00:00 cleared"))

    assert (share(counted, "M1"), share(counted, "M3")) == ((1, 1), (0, 0))
    assert counted["M11"]["open_start"] == 0


def test_a_reclassified_case_moves_whole_to_its_latest_severity() -> None:
    lines = told(
        "a",
        "2021-05-01 00:00 recorded serious_injury",
        "2021-05-02 00:00 cleared serious_injury",
        "2021-05-09 00:00 reclassified fatal known 2021-06-01 00:00",
    )

    before = metrics(lines, as_of=at("2021-05-31 00:00"), by_severity=True)["by_severity"]
    after = metrics(lines, by_severity=True)["by_severity"]

    assert list(after) == ["fatal", "serious_injury", "minor_injury", "property"]
    assert (share(before["serious_injury"], "M1"), share(before["fatal"], "M1")) == ((1, 1), (0, 0))
    assert (share(after["serious_injury"], "M1"), share(after["fatal"], "M1")) == ((0, 0), (1, 1))
    assert after["fatal"]["M11"]["recorded"] == 1


def test_an_event_of_the_past_that_is_entered_late_is_sorted_where_it_happened() -> None:
    lines = [
        *told("a", "2021-05-09 00:00 cleared known 2021-05-10 00:00"),
        *told("a", "2021-05-01 00:00 recorded"),
        *told("a", "2021-04-30 23:00 vehicle_seized known 2021-06-01 00:00"),
    ]

    counted = metrics(lines)

    assert share(counted, "M1") == (1, 1)
    assert counted["M4"]["7d"] == 0.0
    assert share(metrics(lines, as_of=at("2021-05-09 12:00")), "M1") == (0, 1)


def test_no_events_are_no_cases() -> None:
    counted = metrics([])

    assert counted["M4"] == NOTHING_KNOWN
    assert set(counted["M11"].values()) == {0}
    assert share(counted, "M1") == (0, 0)


@pytest.mark.parametrize(
    ("events", "line"),
    [
        (["2021-05-01 00:00 cleared"], 1),
        (["2021-05-01 00:00 vehicle_seized"], 1),
        (["2021-05-01 00:00 reclassified", "2021-05-02 00:00 recorded"], 1),
        (["2021-05-01 00:00 recorded", "2021-05-02 00:00 recorded"], 2),
        (["2021-05-01 00:00 recorded", "2021-05-02 00:00 transferred_in"], 2),
        (["2021-05-01 00:00 recorded", "2021-05-02 00:00 reopened"], 2),
        (["2021-05-01 00:00 recorded", "2021-05-02 00:00 cleared", "2021-05-03 00:00 cleared"], 3),
        (["2021-05-01 00:00 recorded", "2021-05-02 00:00 cleared", "2021-05-03 00:00 unfounded"], 3),
        (["2021-05-01 00:00 recorded", "2021-05-02 00:00 unfounded", "2021-05-03 00:00 reopened"], 3),
        (["2021-05-01 00:00 recorded", "2021-05-02 00:00 transferred_out", "2021-05-03 00:00 transferred_in"], 3),
        (["2021-05-01 00:00 recorded", "2021-05-02 00:00 cleared", "2021-05-02 00:00 cleared_exceptionally"], 3),
        (["2021-05-03 00:00 cleared", "2021-05-01 00:00 recorded", "2021-05-02 00:00 cleared"], 1),
    ],
)
def test_a_history_that_cannot_be_is_refused_at_its_line(events: list[str], line: int) -> None:
    with pytest.raises(HistoryRefused) as refused:
        metrics(told("a", *events))

    assert refused.value.line == line


def test_of_several_impossible_cases_the_first_line_is_named() -> None:
    lines = [*told("a", "2021-05-01 00:00 recorded"), *told("b", "2021-05-01 00:00 reopened")]
    lines += told("a", "2021-04-01 00:00 cleared")

    with pytest.raises(HistoryRefused) as refused:
        metrics(lines)

    assert refused.value.line == 2


def test_what_is_not_known_yet_contradicts_nothing() -> None:
    lines = told("a", "2021-05-01 00:00 recorded", "2021-05-02 00:00 reopened known 2022-05-02 00:00")

    assert share(metrics(lines, as_of=at("2022-01-01 00:00")), "M1") == (0, 1)
    with pytest.raises(HistoryRefused):
        metrics(lines)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"type": "solved"}, "type is 'solved', none of: recorded, "),
        ({"type": None}, "type is None, none of"),
        ({"severity": "grave"}, "severity is 'grave', none of: fatal, "),
        ({"happened_at": "2021-05-01T08:00:00"}, "without its offset from UTC"),
        ({"known_at": "2021-05-01"}, "without its offset from UTC"),
        ({"known_at": "yesterday"}, "no time in ISO 8601"),
        ({"known_at": 1619827200}, "no time in ISO 8601"),
        ({"happened_at": "0001-01-01T00:00:00+08:00"}, "beyond the calendar"),
        ({"known_at": "2021-04-30T00:00:00+08:00"}, "known_at comes before happened_at"),
        ({"case": ""}, "neither text nor a whole number"),
        ({"case": True}, "neither text nor a whole number"),
        ({"case": ["a"]}, "neither text nor a whole number"),
    ],
)
def test_a_line_with_a_wrong_value_is_refused_with_its_reason(change: dict[str, Any], reason: str) -> None:
    good = told("a", "2021-05-01 08:00 recorded")[0]

    with pytest.raises(HistoryRefused) as refused:
        metrics([good, {**good, "case": "b", **change}])

    assert refused.value.line == 2
    assert reason in refused.value.reason


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        (b"{", "not JSON at character"),
        (b"[]", "not a JSON object"),
        (b"null", "not a JSON object"),
        (b"{}", "case is missing"),
        (b'{"case": "a", "case": "b"}', "a name stands twice"),
        (b"\xff\xfe", "not UTF-8"),
        (b"[" * 100_000, "not JSON that can be read"),
        (b'{"case": ' + b"9" * 5000 + b"}", "not JSON that can be read"),
    ],
)
def test_a_line_that_is_no_event_is_refused_with_its_reason(written: bytes, reason: str) -> None:
    with pytest.raises(HistoryRefused) as refused:
        list(read_events([b"", b"  \r\n", written]))

    assert refused.value.line == 3
    assert reason in refused.value.reason


def test_a_file_with_a_mark_windows_lines_and_numbers_for_names_is_read() -> None:
    line = json.dumps({**told("a", "2021-05-01 08:00 recorded")[0], "case": 7, "note": "更多"}).encode()

    [event] = read_events([b"\xef\xbb\xbf" + line + b"\r\n", b"\n"])

    assert (event.line, event.case) == (1, 7)


def test_a_period_holds_its_last_day_whole() -> None:
    period = Period.of_days(date(2021, 12, 31), date(2021, 12, 31))

    assert period.holds(at("2021-12-31 23:59"))
    assert not period.holds(at("2022-01-01 00:00"))
    assert not period.holds(None)
    assert period.ends - period.begins == timedelta(days=1)
    with pytest.raises(ValueError, match="comes before"):
        Period.of_days(date(2021, 12, 31), date(2021, 12, 30))

"""The page of clearance metrics over the real database: numbers, lists, tables, and what was known when."""

from __future__ import annotations

import csv
import html
import io
import re
from datetime import date, datetime, timedelta
from uuid import uuid4

from tests import make
from tests.platform import Platform, as_role
from tests.tipline.dashboard.test_metrics_by_hand import at
from tests.tipline.staff import desk_of
from tipline.accounts.tables import Officer, OfficerRole
from tipline.cases.tables import Case, CaseEvent, CaseEventType, Severity
from tipline.clock import SHANGHAI, start_of_year
from tipline.dashboard.clearance import ALL, LISTS, sheet, year_before
from tipline.dashboard.clearance_reads import read_records
from tipline.dashboard.figures import count_all
from tipline.dashboard.histories import EventType, Period
from tipline.demo.loader import load
from tipline.settings import Role

NOW = at("2022-02-01 12:00")
YEAR = "from=2021-01-01&to=2021-12-31"


async def happened(case: Case, by: Officer, *events: tuple[str, str], known: dict[str, str] | None = None) -> None:
    """Events of a case: type and time; known at once, or at the time given for the type."""
    for kind, text in events:
        await CaseEvent(
            id=uuid4(),
            case=case.id,
            type=kind,
            severity=case.severity,
            happened_at=at(text),
            known_at=at((known or {}).get(kind, text)),
            recorded_by=by.id,
            reason="",
            other_case=None,
        ).save()


async def made_year(by: Officer) -> None:
    """Five cases at the edges of 2021, and one whose records cannot be."""
    severities = (Severity.FATAL, Severity.FATAL, Severity.PROPERTY, Severity.PROPERTY, Severity.MINOR_INJURY)
    quick, eve, backlog, reopened, exceptional = [
        await make.case(severity=severity, lead=by, happened_at=at("2021-05-01 08:00")) for severity in severities
    ]
    await happened(quick, by, ("recorded", "2021-05-01 08:00"), ("cleared", "2021-05-01 20:00"))
    await happened(eve, by, ("recorded", "2021-12-31 23:50"), ("cleared", "2022-01-02 10:20"))
    await happened(backlog, by, ("recorded", "2020-05-01 08:00"), ("cleared", "2021-06-01 08:00"))
    await happened(
        reopened,
        by,
        ("recorded", "2021-03-01 08:00"),
        ("cleared", "2021-03-05 08:00"),
        ("reopened", "2021-12-20 08:00"),
        known={"reopened": "2022-01-20 08:00"},
    )
    await happened(
        exceptional, by, ("transferred_in", "2021-07-01 08:00"), ("cleared_exceptionally", "2021-08-01 08:00")
    )
    wrong = await make.case(severity=Severity.PROPERTY, lead=by, happened_at=at("2021-09-01 08:00"))
    await happened(wrong, by, ("recorded", "2021-09-02 08:00"), ("cleared", "2021-09-01 12:00"))


def numbers(page: str) -> dict[str, int]:
    """Every number of the page by the address of its list."""
    found = re.findall(r'class="figure-link num" href="([^"]+)">(\d+)</a>', page)
    return {html.unescape(address): int(number) for address, number in found}


async def test_every_number_is_the_count_of_its_list_and_of_its_table(database: Platform) -> None:
    commander = await make.officer(role=OfficerRole.COMMANDER)
    await made_year(commander)

    async with desk_of(database, commander, now=NOW) as desk:
        page = await desk.get(f"/dashboard/clearance?{YEAR}")
        shown = numbers(page.text)
        lists = {address: (await desk.get(address)).text for address, number in shown.items() if number}
        tables = {address: (await desk.get(address.replace("?", "/csv?"))).content for address in lists}
        empty = next(address for address, number in shown.items() if not number)
        nothing = (await desk.get(empty)).text

    assert page.status_code == 200
    assert {re.split(r"[/?]", address)[4] for address in shown} == set(LISTS)
    assert len(lists) > 40
    for address, text in lists.items():
        rows = list(csv.reader(io.StringIO(tables[address].decode("utf-8-sig"))))
        assert f'id="count">{shown[address]}<' in text, address
        assert text.count('class="row-link"') == shown[address] == len(rows) - 1, address
    assert "数量为0" in nothing


async def test_the_page_shows_what_the_definitions_say_as_known_now_and_at_new_year(database: Platform) -> None:
    commander = await make.officer(role=OfficerRole.COMMANDER)
    await made_year(commander)

    async with desk_of(database, commander, now=NOW) as desk:
        now = numbers((await desk.get(f"/dashboard/clearance?{YEAR}")).text)
        old = numbers((await desk.get(f"/dashboard/clearance?{YEAR}&as_of=2022-01-01T00:00")).text)

    def of(shown: dict[str, int], name: str, row: str = ALL) -> int:
        [number] = [
            number
            for address, number in shown.items()
            if f"/{name}?" in address and "from=2021" in address and address.endswith(f"severity={row}")
        ]
        return number

    assert [of(now, name) for name in ("M1-k", "M1-n", "M2-k", "M3-k", "M3-n", "M7-k", "M7-n")] == [1, 3, 2, 1, 1, 1, 3]
    assert [of(old, name) for name in ("M1-k", "M1-n", "M2-k", "M3-k", "M3-n", "M7-k", "M7-n")] == [2, 3, 3, 1, 1, 1, 4]
    assert (of(now, "M1-k", "fatal"), of(now, "M1-n", "fatal")) == (1, 2)
    flow = {name: of(now, f"M11-{name}") for name in ("open_start", "recorded", "transferred_in", "reopened")}
    assert flow == {"open_start": 1, "recorded": 3, "transferred_in": 1, "reopened": 1}
    assert (of(now, "M11-cleared"), of(now, "M11-exceptional"), of(now, "M11-open_end")) == (3, 1, 2)
    assert of(old, "M11-open_end") == 1


async def test_contradicting_records_are_left_out_and_told_by_the_event_that_does_not_fit(database: Platform) -> None:
    commander = await make.officer(role=OfficerRole.COMMANDER)
    await made_year(commander)

    async with desk_of(database, commander, now=NOW) as desk:
        page = (await desk.get(f"/dashboard/clearance?{YEAR}")).text
        told = (await desk.get(f"/dashboard/clearance/list/faults?{YEAR}")).text
        table = await desk.get(f"/dashboard/clearance/list/faults/csv?{YEAR}")

    assert "1起案件" in page
    assert "“已侦破”与此前的记录不符" in told
    assert len(table.content.decode("utf-8-sig").splitlines()) == 2


async def test_rates_are_compared_in_points_and_a_zero_base_is_no_rate(database: Platform) -> None:
    commander = await make.officer(role=OfficerRole.COMMANDER)
    await made_year(commander)

    async with desk_of(database, commander, now=NOW) as desk:
        page = (await desk.get(f"/dashboard/clearance?{YEAR}&lang=zh-CN")).text
        english = (await desk.get(f"/dashboard/clearance?{YEAR}&lang=en")).text

    assert "+33.3个百分点" in page  # M1: 1 of 3 against 0 of 1
    assert "—（基数为0）" in page
    assert "95%置信区间 6.1–79.2%" in page
    assert "+33.3 points" in english
    assert "— (base 0)" in english


async def test_an_address_that_cannot_be_read_is_told_and_answered_for_this_year(database: Platform) -> None:
    commander = await make.officer(role=OfficerRole.COMMANDER)
    asked = (
        "from=yesterday",
        "from=2021-12-31&to=2021-01-01",
        "from=9999-12-31",
        "to=9999-12-31T23:59:59-12:00",
        "as_of=2030-01-01T00:00",
    )

    async with desk_of(database, commander, now=NOW) as desk:
        told = [await desk.get(f"/dashboard/clearance?{words}") for words in asked]
        plain = await desk.get("/dashboard/clearance")
        unknown = await desk.get("/dashboard/clearance/list/M9-k")

    assert [(answer.status_code, "error-summary" in answer.text) for answer in told] == [(422, True)] * len(asked)
    assert plain.status_code == 200
    assert 'value="2022-01-01"' in plain.text
    assert 'value="2022-02-01"' in plain.text
    assert "本期未结束" in plain.text
    assert unknown.status_code == 404


async def test_only_those_who_may_read_figures_see_it(database: Platform) -> None:
    intake = await make.officer(role=OfficerRole.INTAKE_OFFICER)

    async with desk_of(database, intake, now=NOW) as desk:
        answers = [await desk.get(f"/dashboard/clearance{path}") for path in ("", "/list/M1-k", "/list/M1-k/csv")]

    assert [answer.status_code for answer in answers] == [403, 403, 403]


async def test_the_demo_year_is_counted_as_the_dashboard_counts_it(database: Platform) -> None:
    await load(database.settings, datetime(2026, 11, 24, 12, tzinfo=SHANGHAI))
    as_role(database, Role.STAFF)
    now = datetime(2026, 11, 25, 12, tzinfo=SHANGHAI)

    for year in range(2016, 2023):
        period = Period.of_days(date(year, 1, 1), date(year, 12, 31))
        counts = await count_all(year)
        some = await read_records(since=year_before(period).begins, as_of=now)
        whole = await read_records(since=start_of_year(2000), as_of=now)
        shown = sheet(some.histories, period, as_of=now)

        assert some.is_demo
        assert (some.faults, whole.faults) == ({}, {})
        assert shown == sheet(whole.histories, period, as_of=now)
        assert shown.rates["M1"][ALL].now.n == shown.flows["recorded"][ALL] == counts["recorded"].number
        assert shown.rates["M2"][ALL].now.k == shown.flows["cleared"][ALL] == counts["cleared"].number
        assert shown.flows["open_end"][ALL] == (
            shown.flows["open_start"][ALL] + counts["recorded"].number - counts["cleared"].number
        )


def test_every_type_of_event_that_is_stored_is_one_that_histories_know() -> None:
    assert {kind.value for kind in CaseEventType} <= {kind.value for kind in EventType}


def test_a_year_before_a_leap_day_is_the_28th() -> None:
    leap = Period.of_days(date(2024, 2, 29), date(2024, 2, 29))

    assert year_before(leap) == Period.of_days(date(2023, 2, 28), date(2023, 2, 28))
    assert year_before(leap).ends - year_before(leap).begins == timedelta(days=1)

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from tests import make
from tests.platform import Platform, as_role
from tests.tipline.staff import Desk, desk_of
from tipline.accounts.tables import Officer, OfficerRole, UnitKind
from tipline.cases.tables import Case, Outcome, OutcomeKind, OutcomeStage, Person, Severity
from tipline.clock import SHANGHAI
from tipline.dashboard.clearance_reads import read_cases
from tipline.dashboard.figures import FIGURES, count_all, read_list, read_strip
from tipline.law.service import load_seed_rules
from tipline.law.tables import LegalRule
from tipline.settings import Role

NEW_YEARS_EVE = datetime(2021, 12, 31, 23, 50, tzinfo=SHANGHAI)
MAY = datetime(2021, 5, 1, 12, tzinfo=SHANGHAI)
NOW = datetime(2022, 2, 1, 4, tzinfo=UTC)


async def detained(
    person: Person,
    case: Case,
    by: Officer,
    kind: OutcomeKind,
    number: str,
    *,
    executed_at: datetime | None,
    stage: OutcomeStage = OutcomeStage.EXECUTED,
) -> None:
    code = (
        "criminal_detention_of_suspect"
        if kind == OutcomeKind.CRIMINAL_DETENTION
        else "administrative_detention_for_flight"
    )
    basis = await LegalRule.objects().where(LegalRule.code == code).first()
    assert basis is not None
    is_criminal = kind == OutcomeKind.CRIMINAL_DETENTION
    await Outcome(
        id=uuid4(),
        case=case.id,
        person=person.id,
        kind=kind,
        document_number=number,
        stage=OutcomeStage.APPROVED if executed_at is None else stage,
        basis=basis.id,
        ground=basis.id if is_criminal else None,
        days=None if is_criminal else 10,
        authority="高唐县公安局",
        approved_at=MAY,
        executed_at=executed_at,
        recorded_by=by.id,
        recorded_at=MAY,
    ).save()


async def year_2021(by: Officer) -> None:
    """Cases and measures at every edge of the year 2021."""
    await load_seed_rules()
    fatal = await make.case(severity=Severity.FATAL, lead=by, happened_at=MAY)
    await make.clearance(fatal, by=by, at=MAY + timedelta(days=2))
    await make.link(await make.tip(), fatal, by=by, is_useful=True)
    await make.link(await make.tip(), fatal, by=by, is_useful=True)
    late = await make.case(severity=Severity.FATAL, lead=by, happened_at=NEW_YEARS_EVE)
    await make.clearance(late, by=by, at=NEW_YEARS_EVE + timedelta(days=2))
    await make.link(await make.tip(), late, by=by, is_useful=False)
    old = await make.case(severity=Severity.PROPERTY, lead=by, happened_at=MAY - timedelta(days=365))
    await make.clearance(old, by=by, at=datetime(2021, 1, 1, 0, 0, tzinfo=SHANGHAI))
    opened = await make.case(severity=Severity.SERIOUS_INJURY, lead=by, happened_at=MAY)
    driver, helper = await make.person(opened), await make.person(opened, "协助逃逸者")
    criminal, administrative = OutcomeKind.CRIMINAL_DETENTION, OutcomeKind.ADMINISTRATIVE_DETENTION
    await detained(driver, opened, by, criminal, "拘1", executed_at=MAY)
    await detained(driver, opened, by, criminal, "拘2", executed_at=MAY + timedelta(days=9))
    await detained(driver, opened, by, administrative, "行1", executed_at=MAY)
    await detained(helper, opened, by, administrative, "行2", executed_at=None)
    await detained(helper, opened, by, administrative, "行3", executed_at=NEW_YEARS_EVE + timedelta(minutes=10))


async def numbers(desk: Desk, year: int) -> dict[str, int]:
    page = (await desk.get(f"/dashboard?year={year}")).text
    return {name: int(number) for name, number in re.findall(rf"/dashboard/list/(\w+)\?year={year}\">(\d+)</a>", page)}


async def test_every_number_of_the_page_is_the_count_of_its_list_and_of_its_table(database: Platform) -> None:
    commander = await make.officer(role=OfficerRole.COMMANDER)
    await year_2021(commander)

    async with desk_of(database, commander, now=NOW) as desk:
        shown = await numbers(desk, 2021)
        lists = {name: (await desk.get(f"/dashboard/list/{name}?year=2021")).text for name in FIGURES}
        tables = {name: (await desk.get(f"/dashboard/list/{name}/csv?year=2021")).content for name in FIGURES}

    assert set(shown) == set(FIGURES)
    for name, number in shown.items():
        rows = list(csv.reader(io.StringIO(tables[name].decode("utf-8-sig"))))
        assert tables[name].startswith(b"\xef\xbb\xbf")
        assert len(rows) == number + 1, name
        assert lists[name].count('class="row-link"') == number, name
        assert f'id="count">{number}<' in lists[name]


async def test_the_edges_of_the_year_fall_where_the_definitions_put_them(database: Platform) -> None:
    commander = await make.officer(role=OfficerRole.COMMANDER)
    await year_2021(commander)
    as_role(database, Role.STAFF)

    counts = {name: count.number for name, count in (await count_all(2021)).items()}
    after = {name: count.number for name, count in (await count_all(2022)).items()}

    assert (counts["cleared"], counts["cleared_fatal"], counts["cleared_property"]) == (2, 1, 1)
    assert (counts["recorded"], counts["recorded_cleared"]) == (3, 2)
    assert (counts["recorded_fatal"], counts["recorded_cleared_fatal"]) == (2, 2)
    assert (counts["recorded_serious_injury"], counts["recorded_cleared_serious_injury"]) == (1, 0)
    assert (counts["criminal_detention"], counts["administrative_detention"]) == (1, 1)
    assert counts["cleared_by_tip"] == 1
    assert (after["cleared"], after["recorded"], after["administrative_detention"]) == (1, 0, 1)


async def test_a_person_detained_twice_is_one_person_with_both_documents(database: Platform) -> None:
    await year_2021(await make.officer(role=OfficerRole.COMMANDER))

    [row] = await read_list(FIGURES["criminal_detention"], 2021, of=make.READS_EVERY_CASE)

    assert row["documents"] == "拘1、拘2"
    assert row["executed_at"] == MAY


async def test_the_strip_names_years_without_cases_and_breaks_at_an_open_one(database: Platform) -> None:
    officer = await make.officer()
    for year, cleared in ((2012, False), (2015, True), (2017, True), (2021, True)):
        case = await make.case(severity=Severity.FATAL, lead=officer, happened_at=MAY.replace(year=year))
        if cleared:
            await make.clearance(case, by=officer, at=MAY.replace(year=year))

    strip, in_a_row = await read_strip(2021)
    earlier, none = await read_strip(2012)

    assert [(one.year, one.share.k, one.share.n) for one in strip] == [
        (2015, 1, 1),
        (2016, 0, 0),
        (2017, 1, 1),
        (2018, 0, 0),
        (2019, 0, 0),
        (2020, 0, 0),
        (2021, 1, 1),
    ]
    assert in_a_row == 3
    assert (len(earlier), none) == (7, 0)


async def test_the_page_says_no_case_where_there_was_none_and_marks_invented_figures(database: Platform) -> None:
    commander = await make.officer(role=OfficerRole.COMMANDER)
    case = await make.case(severity=Severity.FATAL, lead=commander, happened_at=MAY)
    await Case.update({Case.is_demo: True}).where(Case.id == case.id)

    async with desk_of(database, commander, now=NOW) as desk:
        page = (await desk.get("/dashboard?year=2021")).text
        other = (await desk.get("/dashboard?year=2019")).text
        wrong = await desk.get("/dashboard?year=twenty")
        unknown = await desk.get("/dashboard/list/solved?year=2021")

    assert "演示" in page
    assert "未破1起" in page
    assert "无发案" in page
    assert "演示" not in other
    assert "2022年数据" in wrong.text
    assert unknown.status_code == 404


async def test_a_name_that_looks_like_a_formula_stays_text_in_the_table(database: Platform) -> None:
    commander = await make.officer(role=OfficerRole.COMMANDER)
    case = await make.case(lead=commander, happened_at=MAY)
    await Case.update({Case.place_text: '=HYPERLINK("http://x")'}).where(Case.id == case.id)

    async with desk_of(database, commander, now=NOW) as desk:
        answer = await desk.get("/dashboard/list/recorded/csv?year=2021")

    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    [_, row] = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert row[3] == '\'=HYPERLINK("http://x")'


async def test_a_long_list_is_paged_by_a_hundred(database: Platform) -> None:
    commander = await make.officer(role=OfficerRole.COMMANDER)
    for _ in range(103):
        await make.case(lead=commander, happened_at=MAY)

    async with desk_of(database, commander, now=NOW) as desk:
        pages = [(await desk.get(f"/dashboard/list/recorded?year=2021&page={at}")).text for at in (1, 2, 9)]

    assert [page.count('class="row-link"') for page in pages] == [100, 3, 3]


async def test_a_list_counts_cases_of_others_too_but_does_not_tell_them_apart(database: Platform) -> None:
    own, other = await make.unit(kind=UnitKind.SQUADRON), await make.unit(kind=UnitKind.SQUADRON)
    mine = await make.case("高公交逃字〔2021〕第0001号", lead=await make.officer(in_unit=own))
    theirs = await make.case("高公交逃字〔2021〕第0002号", lead=await make.officer(in_unit=other))

    reader = await make.officer(in_unit=own)

    async with desk_of(database, reader) as desk:
        shown = (await desk.get("/dashboard/list/recorded?year=2021")).text
        table = (await desk.get("/dashboard/list/recorded/csv?year=2021")).text

    listed = await read_cases({mine.id, theirs.id}, of=make.Reads(str(reader.role), reader.id, reader.unit))

    assert 'id="count">2<' in shown
    assert "不在您的权限范围内" in shown
    for text in (shown, table):
        assert str(theirs.number) not in text
    assert str(mine.number) in shown
    assert str(theirs.id) not in shown
    assert len(table.splitlines()) == 3
    assert [listed[case.id]["number"] for case in (mine, theirs)] == [mine.number, ""]

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import asyncpg
import pytest
from piccolo.table import Table

from tests import make
from tests.make import NOON
from tests.platform import Platform, as_role
from tests.tipline.cases.measures.chain import CRIMINAL, desk, taken
from tipline.accounts.tables import OfficerRole
from tipline.cases.errors import CaseNotFound
from tipline.cases.reads import case_file, list_cases
from tipline.cases.service import clear_case, link_tip
from tipline.cases.tables import (
    Case,
    CaseEvent,
    CaseState,
    Clearance,
    Link,
    LinkSuggestion,
    Outcome,
    Person,
    PersonState,
    Vehicle,
    VehicleState,
)
from tipline.settings import Role

LATER = NOON + timedelta(days=9)
TABLES: list[type[Table]] = [Case, CaseEvent, Vehicle, Person, LinkSuggestion, Link, Outcome, Clearance]


async def test_the_list_is_paged_newest_first_and_counts_what_hangs_on_a_case(lawful: Platform) -> None:
    officer = await make.officer()
    cases = [await make.case(happened_at=NOON + timedelta(days=day), lead=officer) for day in range(5)]
    await link_tip((await make.tip()).id, cases[4].id, by=officer.id, now=NOON)
    await make.suggestion(await make.tip(), cases[4])
    as_role(lawful, Role.STAFF)

    first = await list_cases(of=make.READS_EVERY_CASE, rows_a_page=2)
    last = await list_cases(of=make.READS_EVERY_CASE, rows_a_page=2, page=3)
    beyond = await list_cases(of=make.READS_EVERY_CASE, rows_a_page=2, page=9)

    assert [row["id"] for row in first.rows] == [cases[4].id, cases[3].id]
    assert [row["id"] for row in last.rows] == [cases[0].id]
    assert (first.total, first.pages, beyond.rows, beyond.total) == (5, 3, [], 5)
    assert (first.rows[0]["links"], first.rows[0]["suggestions"]) == (1, 1)


@pytest.mark.parametrize(
    ("words", "is_found"),
    [
        ("0042", True),
        ("金城路", True),
        ("39k5", True),
        ("鲁P3?K", True),
        ("鲁P·39", True),
        ("", True),
        ("%", False),
        ("_", False),
        ("·", False),
        ("鲁P3?L", False),
        ("0043", False),
    ],
)
async def test_cases_are_found_by_number_place_and_part_of_a_plate(
    lawful: Platform, words: str, *, is_found: bool
) -> None:
    case = await make.case("高公交逃字〔2021〕第0042号")
    await make.vehicle(case)

    page = await list_cases(of=make.READS_EVERY_CASE, words=words)

    assert page.total == (1 if is_found else 0)


async def test_the_list_may_be_limited_to_open_cases(lawful: Platform) -> None:
    still_open, cleared = await make.case(), await make.case()
    await Case.update({Case.state: CaseState.CLEARED}).where(Case.id == cleared.id)

    page = await list_cases(of=make.READS_EVERY_CASE, state=CaseState.OPEN)

    assert [row["id"] for row in page.rows] == [still_open.id]


async def test_a_case_file_holds_all_that_belongs_to_the_case(lawful: Platform) -> None:
    commander = await make.officer(role=OfficerRole.COMMANDER)
    case = await make.case()
    vehicle = await make.vehicle(case, state=VehicleState.SEIZED)
    driver = await make.person(case, state=PersonState.IN_HAND)
    tip = await make.tip()
    link = await link_tip(tip.id, case.id, by=commander.id, now=NOON)
    await make.suggestion(await make.tip(), case)
    await taken(CRIMINAL, await desk(driver=driver))
    as_role(lawful, Role.STAFF)

    before = await case_file(case.id)
    await clear_case(
        case.id,
        vehicle_id=vehicle.id,
        driver_id=driver.id,
        cleared_at=NOON,
        useful_links=[link.id],
        approved_by=commander.id,
        now=LATER,
    )
    after = await case_file(case.id)

    assert before.case["number"] == case.number
    assert [row["plate_text"] for row in before.vehicles] == ["鲁P39K51"]
    assert [row["full_name"] for row in before.persons] == ["测试驾驶人"]
    assert [(row["alias"], row["is_useful"]) for row in before.links] == [(tip.alias, False)]
    assert [row["reasons"] for row in before.suggestions] == [[]]
    assert [(row["basis_article"], row["ground_article"]) for row in before.outcomes] == [
        ("第八十二条", "第一百二十四条第（四）项")
    ]
    assert before.clearance is None
    assert after.clearance is not None
    assert after.clearance["approved_by_name"] == commander.full_name
    assert (after.suggestions, [row["is_useful"] for row in after.links]) == ([], [True])


async def test_a_case_that_is_not_there_is_not_found(lawful: Platform) -> None:
    with pytest.raises(CaseNotFound):
        await case_file(uuid4())


@pytest.mark.parametrize("table", TABLES)
async def test_the_public_role_sees_nothing_of_the_case_file(lawful: Platform, table: type[Table]) -> None:
    as_role(lawful, Role.PUBLIC)

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await table.select()


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("role", [Role.STAFF, Role.WORKER])
async def test_neither_officers_nor_workers_remove_anything(lawful: Platform, table: type[Table], role: Role) -> None:
    as_role(lawful, role)

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await table.delete(force=True)


@pytest.mark.parametrize("table", [Person, Outcome, Clearance, CaseEvent])
async def test_workers_do_not_read_what_linking_does_not_need(lawful: Platform, table: type[Table]) -> None:
    as_role(lawful, Role.WORKER)

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await table.select()


async def test_a_worker_cannot_decide_a_suggestion_for_an_officer(lawful: Platform) -> None:
    officer = await make.officer()
    suggestion = await make.suggestion(await make.tip(), await make.case())
    as_role(lawful, Role.WORKER)

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await LinkSuggestion.update({LinkSuggestion.decided_by: officer.id}).where(LinkSuggestion.id == suggestion.id)


async def test_the_database_itself_refuses_a_criminal_detention_with_days(lawful: Platform) -> None:
    outcome = await taken(CRIMINAL, await desk())

    with pytest.raises(asyncpg.CheckViolationError):
        await Outcome.update({Outcome.days: 10}).where(Outcome.id == outcome.id)

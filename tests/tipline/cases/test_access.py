"""Who reads which case: by unit, by the units above, by lead, by assignment, by office."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from litestar import Litestar
from litestar.routes import HTTPRoute

from tests import make
from tests.make import NOON
from tests.platform import Platform, as_role
from tests.tipline.console.test_guards import FILLED
from tests.tipline.staff import desk_of, session, staff_face, token_of
from tipline.accounts.tables import Officer, OfficerRole, Unit, UnitKind
from tipline.accounts.tokens.tables import TokenScope
from tipline.app import create_staff_app
from tipline.cases.access import CASE_PARAMETER, guard_cases, require_case
from tipline.cases.assignments.tables import CaseAssignment
from tipline.cases.errors import CaseNotFound
from tipline.cases.reads import list_cases
from tipline.cases.tables import Case
from tipline.settings import Role
from tipline.web.guards import PUBLIC_KEY, STAFF_API


async def reads(officer: Officer, case: Case) -> bool:
    who = make.Reads(str(officer.role), officer.id, officer.unit)
    listed = await list_cases(of=who)
    try:
        await require_case(who, case.id)
    except CaseNotFound:
        assert listed.total == 0
        return False
    assert [row["id"] for row in listed.rows] == [case.id]
    return True


@pytest.fixture
async def squadrons(database: Platform) -> tuple[Unit, Unit]:
    """Give two squadrons of the brigade."""
    return await make.unit("城区中队", kind=UnitKind.SQUADRON), await make.unit("梁村中队", kind=UnitKind.SQUADRON)


async def test_a_case_is_read_by_its_unit_the_units_above_and_those_who_work_for_them(
    database: Platform, squadrons: tuple[Unit, Unit]
) -> None:
    own, other = squadrons
    case = await make.case(lead=await make.officer(in_unit=own))
    colleague, stranger = await make.officer(in_unit=own), await make.officer(in_unit=other)
    above = await make.officer(in_unit=await make.brigade())
    section = await make.officer(in_unit=await make.unit("事故科"))
    another_brigade = await make.unit("邻县大队", kind=UnitKind.BRIGADE)
    abroad = await make.officer(in_unit=another_brigade)
    as_role(database, Role.STAFF)

    seen = {name: await reads(who, case) for name, who in locals().items() if isinstance(who, Officer)}

    assert seen == {"colleague": True, "stranger": False, "above": True, "section": True, "abroad": False}


@pytest.mark.parametrize(
    ("role", "is_read"),
    [
        (OfficerRole.COMMANDER, True),
        (OfficerRole.LEGAL_REVIEWER, True),
        (OfficerRole.AUDITOR, True),
        (OfficerRole.INVESTIGATOR, False),
    ],
)
async def test_commanders_reviewers_and_auditors_read_every_case(
    database: Platform, squadrons: tuple[Unit, Unit], role: OfficerRole, *, is_read: bool
) -> None:
    own, other = squadrons
    case = await make.case(lead=await make.officer(in_unit=own))

    assert await reads(await make.officer(role=role, in_unit=other), case) is is_read


async def test_the_lead_reads_the_case_wherever_it_lies(database: Platform, squadrons: tuple[Unit, Unit]) -> None:
    own, other = squadrons
    lead = await make.officer(in_unit=own)
    case = await make.case(lead=lead)
    await Officer.update({Officer.unit: other.id}).where(Officer.id == lead.id)
    moved = await Officer.objects().get(Officer.id == lead.id)

    assert moved is not None
    assert await reads(moved, case)


async def test_an_assigned_officer_reads_the_case_until_the_assignment_ends(
    database: Platform, squadrons: tuple[Unit, Unit]
) -> None:
    own, other = squadrons
    lead, helper = await make.officer(in_unit=own), await make.officer(in_unit=other)
    case = await make.case(lead=lead)
    row = CaseAssignment(
        id=uuid4(), case=case.id, officer=helper.id, assigned_at=NOON, assigned_by=lead.id, ended_at=None, ended_by=None
    )
    await row.save()

    during = await reads(helper, case)
    row.ended_at, row.ended_by = NOON, lead.id
    await row.save()

    assert during
    assert not await reads(helper, case)


async def test_units_set_in_a_circle_end_the_walk(database: Platform, squadrons: tuple[Unit, Unit]) -> None:
    own, other = squadrons
    case = await make.case(lead=await make.officer(in_unit=own))
    await Unit.update({Unit.parent: other.id}).where(Unit.id == own.id)
    await Unit.update({Unit.parent: own.id}).where(Unit.id == other.id)

    assert await reads(await make.officer(in_unit=other), case)


async def test_to_a_stranger_the_case_does_not_exist_and_neither_do_its_suggestions(
    database: Platform, squadrons: tuple[Unit, Unit]
) -> None:
    own, other = squadrons
    case = await make.case("高公交逃字〔2021〕第7777号", lead=await make.officer(in_unit=own))
    tip = await make.tip()
    suggestion = await make.suggestion(tip, case)
    linked = await make.tip()
    await make.link(linked, case, by=await make.officer())

    async with desk_of(database, await make.officer(in_unit=other)) as desk:
        direct = await desk.get(f"/cases/{case.id}")
        missing = await desk.get(f"/cases/{uuid4()}")
        pages = [
            (await desk.get(address)).text
            for address in ("/cases", "/inbox?state=", f"/tips/{tip.id}?case_q=7777", f"/tips/{linked.id}")
        ]
        accepted = await desk.post(f"/suggestions/{suggestion.id}/accept")
        chosen = await desk.post(f"/tips/{tip.id}/links", {"case": str(case.id)})

    assert (direct.status_code, missing.status_code) == (404, 404)
    assert [page for page in pages if str(case.number) in page or str(case.id) in page] == []
    assert (accepted.status_code, chosen.status_code) == (404, 404)


def case_routes(app: Litestar, case_id: UUID) -> list[tuple[str, str, str]]:
    """Method, path and an address of every staff route that names a case."""
    return [
        (method, route.path_format, route.path_format.format(**_values(route, case_id)))
        for route in app.routes
        if isinstance(route, HTTPRoute) and f"{{{CASE_PARAMETER}}}" in route.path_format
        for handler in route.route_handlers
        for method in sorted(set(handler.http_methods) - {"OPTIONS", "HEAD"})
        if not handler.opt.get(PUBLIC_KEY)
    ]


async def test_no_address_of_a_case_answers_an_officer_whose_case_it_is_not(
    database: Platform, squadrons: tuple[Unit, Unit]
) -> None:
    own, other = squadrons
    case = await make.case(lead=await make.officer(in_unit=own))
    stranger = await make.officer(role=OfficerRole.INVESTIGATOR, in_unit=other)
    token, program = await session(stranger), await token_of(stranger, *TokenScope)

    async with staff_face(database) as desk:
        desk.sign_in(token)
        asked = case_routes(desk.client.app, case.id)
        answers = {}
        for method, path, address in asked:
            if path.startswith(STAFF_API):
                answer = await desk.client.request(method, address, headers=program, json={})
            else:
                answer = await desk.get(address) if method == "GET" else await desk.post(address)
            answers[f"{method} {path}"] = answer.status_code

    # 403 where investigators are not served at all.
    assert len(asked) > 10
    assert {name: status for name, status in answers.items() if status not in {403, 404}} == {}


async def test_every_case_in_an_address_is_called_by_the_name_the_guard_looks_for(database: Platform) -> None:
    app = create_staff_app(database.settings)

    named = {
        parameter.name
        for route in app.routes
        if isinstance(route, HTTPRoute) and route.path_format.startswith("/cases/{")
        for parameter in list(route.path_parameters.values())[:1]
    }
    guards = [handler for route in app.routes if isinstance(route, HTTPRoute) for handler in route.route_handlers]

    assert named == {CASE_PARAMETER}
    assert all(guard_cases in handler.resolve_guards() for handler in guards)


def _values(route: HTTPRoute, case_id: UUID) -> dict[str, str]:
    others = {name: FILLED[parameter.type] for name, parameter in route.path_parameters.items()}
    return others | {CASE_PARAMETER: str(case_id)}

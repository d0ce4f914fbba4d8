"""Who may open what: asked of every route of the staff face, so that a new route cannot be forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

from litestar import Litestar
from litestar.routes import HTTPRoute

from tests import make
from tests.platform import Platform
from tests.tipline.staff import LATER, session, staff_face
from tipline.accounts.tables import OfficerRole
from tipline.web.guards import PUBLIC_KEY, ROLES_KEY, STAFF_API, STAFF_SESSION_COOKIE

NO_ROW = UUID(int=0)
EVERY = 7
# By the kind of a parameter, a value that its route takes.
FILLED: dict[type, str] = {UUID: str(NO_ROW), int: "1", str: "cleared", Path: "nothing"}
OPEN = {
    "GET /health",
    "GET /static/{path}",
    "GET /sign-in",
    "POST /sign-in",
    "GET /sign-in/second-factor",
    "POST /sign-in/second-factor",
    "POST /sign-in/second-factor/passkey",
    "POST /sign-in/second-factor/passkey/options",
    "POST /language",
    # The description of the staff API; it holds no data.
    "GET /api/v1/openapi.json",
    "GET /api/v1/openapi.json/openapi.json",
    "GET /api/v1/openapi.json/{path}",
}


def routes(app: Litestar) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    """Method, path, an address of the route that leads to nothing, and the options of every handler."""
    for route in app.routes:
        if isinstance(route, HTTPRoute):
            values = {name: FILLED[parameter.type] for name, parameter in route.path_parameters.items()}
            for handler in route.route_handlers:
                for method in sorted(set(handler.http_methods) - {"OPTIONS", "HEAD"}):
                    yield method, route.path_format, route.path_format.format(**values), dict(handler.opt)


async def test_without_a_session_every_route_but_sign_in_leads_to_sign_in(database: Platform) -> None:
    async with staff_face(database) as desk:
        asked = [one for one in routes(desk.client.app) if f"{one[0]} {one[1]}" not in OPEN]
        answers = {
            f"{method} {path}": await desk.client.request(method, address, follow_redirects=False)
            for method, path, address, _ in asked
        }
        as_program = await desk.get("/inbox", headers={"Accept": "application/json"})

    of_programs = {name for name in answers if f" {STAFF_API}" in name}
    assert len(asked) > 30
    assert {answers[name].status_code for name in of_programs} == {401}
    assert {
        name: answers[name].headers.get("location") for name in answers if name not in of_programs
    } == dict.fromkeys(answers.keys() - of_programs, "/sign-in")
    assert as_program.status_code == 401


async def test_a_sample_of_routes_answers_each_role_over_http_as_it_is_named(database: Platform) -> None:
    """Every route and every role is asked of the guard itself in tests/test_access_matrix.py."""
    tokens = {role: await session(await make.officer(role=role)) for role in OfficerRole}

    let_in: dict[str, set[OfficerRole]] = {}
    named: dict[str, set[OfficerRole]] = {}
    async with staff_face(database) as desk:
        for method, path, address, opt in list(routes(desk.client.app))[::EVERY]:
            name = f"{method} {path}"
            # Programs show a token, never a session.
            if opt.get(PUBLIC_KEY) or path == "/sign-out" or path.startswith(STAFF_API):
                continue
            named[name] = set(opt[ROLES_KEY]) or set(OfficerRole)
            for role, token in tokens.items():
                desk.client.cookies.set(STAFF_SESSION_COOKIE, token)
                # A change is asked for without the form's token: a role that is served gets past the first guard
                # and is stopped by the second, so nothing is changed here.
                answer = await desk.client.request(method, address, follow_redirects=False)
                if answer.status_code != 403:
                    let_in.setdefault(name, set()).add(role)

    assert let_in == named


async def test_the_roles_are_those_of_the_police(database: Platform) -> None:
    async with staff_face(database) as desk:
        serves = {f"{method} {path}": opt.get(ROLES_KEY) for method, path, _, opt in routes(desk.client.app)}

    readers = {"investigator", "commander", "auditor", "legal_reviewer"}
    assert serves["POST /cases/{case_id}/clearance"] == {"commander"}
    assert serves["POST /cases/{case_id}/measures"] == {"investigator", "commander"}
    assert serves["POST /tips/{tip_id}/accept"] == {"intake_officer", "investigator", "commander"}
    assert serves["GET /inbox"] == readers | {"intake_officer"}
    assert serves["GET /dashboard"] == readers
    assert serves["GET /accounts"] == {"administrator"}


async def test_a_change_without_the_browsers_own_token_is_refused_and_changes_nothing(database: Platform) -> None:
    officer = await make.officer()
    tip = await make.tip()
    token = await session(officer, at=LATER)

    async with staff_face(database) as desk:
        desk.sign_in(token)
        bare = await desk.client.post(f"/tips/{tip.id}/accept")
        other = await desk.client.post(f"/tips/{tip.id}/accept", headers={"X-CSRF-Token": "0" * 64})
        page = await desk.get(f"/tips/{tip.id}")

    assert (bare.status_code, other.status_code) == (422, 422)
    assert "受理线索" in page.text


async def test_an_officer_without_the_right_is_told_so_on_a_page_and_not_left_blank(database: Platform) -> None:
    token = await session(await make.officer(role=OfficerRole.ADMINISTRATOR))

    async with staff_face(database) as desk:
        desk.sign_in(token)
        refused = await desk.get("/inbox")
        start = await desk.get("/")

    assert refused.status_code == 403
    assert "权限" in refused.text or "角色" in refused.text
    assert start.headers["location"] == "/accounts"

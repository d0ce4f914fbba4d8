"""Who may open what on the staff face: every route and every role, against what is written in access_matrix.txt."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

import pytest
from litestar.connection import ASGIConnection

from tests.access_matrix import EVERY_OFFICER, EVERYBODY, FILE, Route, staff_routes, written_matrix
from tests.platform import disconnect
from tipline.accounts.service import SignedInOfficer
from tipline.accounts.tables import OfficerRole
from tipline.app import create_staff_app
from tipline.cases.access import CASE_PARAMETER, guard_cases
from tipline.datafolder import SECRET_NAMES, write_secret
from tipline.errors import NotAllowed, NotSettled, NotSignedIn
from tipline.settings import Settings
from tipline.web.guards import PUBLIC_KEY, ROLES_KEY, SETTLING_KEY, require_role

NOBODY = UUID(int=0)


@pytest.fixture(scope="module")
def routes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Route]]:
    """Give the routes of a staff face that nobody starts."""
    folder = tmp_path_factory.mktemp("matrix")
    for name in SECRET_NAMES:
        write_secret(Path(folder) / name, "not used")
    settings = Settings(database_url="postgresql:///nowhere", secrets_dir=folder, objects_dir=folder / "objects")
    yield list(staff_routes(create_staff_app(settings)))
    disconnect()


def asks(route: Route, role: OfficerRole | None, *, duty: str = "") -> bool:
    """Tell whether the guard of the staff face lets an officer of `role`, or nobody, through to `route`."""
    officer = role and SignedInOfficer(NOBODY, "1", "测试", role, NOBODY, NOBODY, duty)
    connection = cast("ASGIConnection[Any, Any, Any, Any]", SimpleNamespace(scope={"user": officer}))
    try:
        require_role(connection, route.handler)
    except (NotAllowed, NotSignedIn):
        return False
    return True


def heading_of(route: Route) -> str:
    """Return the heading under which a route belongs as its code has it now."""
    if route.handler.opt.get(PUBLIC_KEY):
        return EVERYBODY
    roles = route.handler.opt.get(ROLES_KEY, ())
    return " ".join(role for role in OfficerRole if role in roles) or EVERY_OFFICER


def test_every_route_of_the_staff_face_is_written_down(routes: list[Route]) -> None:
    written = written_matrix()
    missing: dict[str, list[str]] = {}
    for route in routes:
        if route.name not in written:
            missing.setdefault(heading_of(route), []).append(route.name)
    lines = "\n\n".join("\n".join((f"[{heading}]", *sorted(names))) for heading, names in sorted(missing.items()))

    assert not missing, (
        f"\n\nA new staff route must be written into tests/{FILE.name}: one line `METHOD /path` below the heading\n"
        "that names exactly the roles that may use it (make the heading if there is none). Decide it by the work of\n"
        "the roles, not by what the code says. As the code has them now, these lines are missing:\n\n" + lines
    )


def test_no_line_is_kept_for_a_route_that_is_gone(routes: list[Route]) -> None:
    gone = sorted(set(written_matrix()) - {route.name for route in routes})

    assert gone == [], f"remove these lines from tests/{FILE.name}: {gone}"


def test_each_role_is_let_through_to_what_is_written_and_to_nothing_else(routes: list[Route]) -> None:
    written = written_matrix()
    asked = [route for route in routes if route.name in written]

    let_in = {route.name: {role.value for role in OfficerRole if asks(route, role)} for route in asked}
    strangers = {route.name for route in asked if asks(route, None)}

    expected = {name: set(OfficerRole) if roles is None else set(roles) for name, roles in written.items()}
    wrong = {
        name: f"written {sorted(expected[name])}, let in {sorted(roles)}"
        for name, roles in let_in.items()
        if roles != expected[name]
    }
    assert wrong == {}, f"routes and tests/{FILE.name} differ; put right whichever is wrong"
    assert strangers == {name for name, roles in written.items() if roles is None}


def test_who_has_a_duty_first_gets_nowhere_but_to_it(routes: list[Route]) -> None:
    reached = {
        route.name
        for route in routes
        if not route.handler.opt.get(PUBLIC_KEY) and any(asks(route, role, duty="/account/x") for role in OfficerRole)
    }

    assert reached == {route.name for route in routes if route.handler.opt.get(SETTLING_KEY)}
    assert reached
    assert {name for name in reached if not name.endswith("/sign-out") and " /account/" not in name} == set()
    assert issubclass(NotSettled, NotAllowed)


def test_every_address_of_a_case_passes_the_guard_of_cases(routes: list[Route]) -> None:
    of_cases = [route for route in routes if f"{{{CASE_PARAMETER}}}" in route.name]

    assert len(of_cases) > 20
    assert [route.name for route in of_cases if guard_cases not in route.handler.resolve_guards()] == []

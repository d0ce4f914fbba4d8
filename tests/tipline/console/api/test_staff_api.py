"""The staff API: tokens with scopes, and a whole case over real HTTP by the lines of docs/api.md."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
import uvicorn

from tests import make
from tests.platform import Platform, as_role
from tests.tipline.staff import staff_face, token_of
from tipline.accounts.audit.tables import AuditEntry
from tipline.accounts.tables import OfficerRole, UnitKind
from tipline.accounts.tokens.tables import TokenScope
from tipline.app import create_staff_app
from tipline.cases.tables import Case, CaseState, Link, Outcome
from tipline.intake.tables import Tip
from tipline.law.service import load_seed_rules
from tipline.settings import Role
from tipline.web.guards import ROLES_KEY, SCOPE_KEY, STAFF_API

DOCUMENT = Path(__file__).parents[4] / "docs" / "api.md"
TODAY = datetime(2026, 11, 30, 4, 0, tzinfo=UTC)


@contextmanager
def real_staff_face(platform: Platform, *, now: datetime) -> Iterator[str]:
    """Run the staff face on a port of its own, in a thread with a loop of its own, and give its address."""
    taken = socket.create_server(("127.0.0.1", 0))
    app = create_staff_app(platform.settings, clock=lambda: now)
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="on"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [taken]})
    thread.start()
    try:
        yield f"http://127.0.0.1:{taken.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(timeout=20)
        as_role(platform, Role.OWNER)


def run_lines(lines: str, folder: Path, named: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run the document's lines as a reader would."""
    return subprocess.run(
        ["sh", "-e", "-c", lines],
        cwd=folder,
        env={"PATH": os.environ["PATH"], **named},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


async def test_a_whole_case_by_the_lines_of_the_document(database: Platform, tmp_path: Path) -> None:
    if shutil.which("curl") is None:
        pytest.skip("no curl here, and the document's lines are curl's")
    await load_seed_rules()
    unit = await make.unit()
    investigator = await make.officer(in_unit=unit)
    reviewer = await make.officer(role=OfficerRole.LEGAL_REVIEWER, in_unit=unit)
    commander = await make.officer(role=OfficerRole.COMMANDER, in_unit=unit)
    tip = await make.tip()
    keys = {
        "INVESTIGATOR": await token_of(
            investigator,
            TokenScope.TIPS_READ,
            TokenScope.CASES_READ,
            TokenScope.CASES_WRITE,
            TokenScope.MEASURES_WRITE,
            at=TODAY,
        ),
        "REVIEWER": await token_of(reviewer, TokenScope.MEASURES_WRITE, at=TODAY),
        "COMMANDER": await token_of(commander, TokenScope.CLEARANCE_WRITE, at=TODAY),
    }
    tokens = {name: key["Authorization"].removeprefix("Bearer ") for name, key in keys.items()}
    staff = DOCUMENT.read_text(encoding="utf-8").split("\n# The staff API")[1]
    lines = "".join(re.findall(r"```sh\n(.*?)```", staff, re.DOTALL))

    with real_staff_face(database, now=TODAY) as address:
        ran = run_lines(lines, tmp_path, {"STAFF": address, **tokens})

    assert ran.returncode == 0, ran.stdout + ran.stderr
    case, outcome, link = await Case.objects().first(), await Outcome.objects().first(), await Link.objects().first()
    assert case is not None
    assert outcome is not None
    assert link is not None
    assert (case.state, case.number, link.tip, link.is_useful) == (
        CaseState.CLEARED,
        "3715262026000118",
        tip.id,
        True,
    )
    assert (outcome.stage, outcome.days, outcome.recorded_by) == ("executed", 12, investigator.id)
    shown = json.loads(ran.stdout[ran.stdout.rindex('{"id":"' + str(case.id)) :])
    assert [one["full_name"] for one in shown["persons"]] == ["张某"]
    assert shown["clearance"]["approved_by_badge"] == commander.badge_number
    looks = await AuditEntry.select(AuditEntry.officer).where(AuditEntry.act == "viewed").output(as_list=True)
    assert looks == [investigator.id] * 2


async def test_a_token_reaches_no_further_than_its_scopes_and_its_officer(database: Platform) -> None:
    tip, case = await make.tip(), await make.case()
    squadron = await make.unit("城东中队", kind=UnitKind.SQUADRON)
    intake = await make.officer(role=OfficerRole.INTAKE_OFFICER, in_unit=squadron)
    stranger = await make.officer(in_unit=squadron)
    reads = await token_of(intake, TokenScope.TIPS_READ)
    everything = await token_of(intake, *TokenScope)
    foreign = await token_of(stranger, *TokenScope)

    async with staff_face(database) as desk:
        read = await desk.get(f"{STAFF_API}tips/{tip.id}", headers=reads)
        lacking = await desk.client.post(f"{STAFF_API}tips/{tip.id}/accept", headers=reads, json={})
        beyond = await desk.get(f"{STAFF_API}cases", headers=everything)
        not_theirs = await desk.get(f"{STAFF_API}cases/{case.id}", headers=foreign)
        linked = await desk.client.post(f"{STAFF_API}tips/{tip.id}/links", headers=foreign, json={"case": str(case.id)})
        accepted = await desk.client.post(f"{STAFF_API}tips/{tip.id}/accept", headers=everything, json={})
        again = await desk.client.post(f"{STAFF_API}tips/{tip.id}/accept", headers=everything, json={})

    assert (read.status_code, read.json()["id"]) == (200, str(tip.id))
    assert (lacking.status_code, lacking.json()["title"]) == (403, "ScopeMissing")
    assert lacking.headers["content-type"] == "application/problem+json"
    assert (beyond.status_code, beyond.json()["title"]) == (403, "NotAllowed")
    assert not_theirs.status_code == 404
    assert linked.status_code == 404
    assert accepted.json() == {"id": str(tip.id), "state": "accepted"}
    assert again.status_code == 409
    kept = await Tip.objects().first()
    assert kept is not None
    assert kept.decided_by == intake.id


async def test_wrong_tokens_are_slowed_down_and_a_right_one_is_not(database: Platform) -> None:
    right = await token_of(await make.officer(), TokenScope.CASES_READ)

    async with staff_face(database) as desk:
        none = await desk.get(f"{STAFF_API}cases")
        wrong = [
            await desk.get(f"{STAFF_API}cases", headers={"Authorization": f"Bearer tls_{number}"})
            for number in range(7)
        ]
        good = await desk.get(f"{STAFF_API}cases", headers=right)

    assert (none.status_code, none.headers["www-authenticate"]) == (401, "Bearer")
    assert [one.status_code for one in wrong] == [401] * 5 + [429] * 2
    assert int(wrong[-1].headers["retry-after"]) > 0
    assert good.status_code == 200


async def test_a_body_is_refused_field_by_field_as_its_form_is(database: Platform) -> None:
    officer = await make.officer()
    key = await token_of(officer, TokenScope.CASES_WRITE)
    draft = {"number": "x", "severity": "fatal", "happened_from": "2021-06-01T11:00:00+08:00", "place_text": ""}

    async with staff_face(database) as desk:
        refused = await desk.client.post(f"{STAFF_API}cases", headers=key, json=draft)
        unknown = await desk.client.post(f"{STAFF_API}cases", headers=key, json={**draft, "color": "white"})
        naive = await desk.client.post(
            f"{STAFF_API}cases", headers=key, json={**draft, "happened_from": "2021-06-01T11:00:00"}
        )

    assert refused.status_code == 422
    assert {one["field"] for one in refused.json()["problems"]} == {"number", "place_text"}
    assert (unknown.status_code, naive.status_code) == (400, 400)


async def test_the_description_tells_of_programs_routes_only_and_of_their_key(database: Platform) -> None:
    async with staff_face(database) as desk:
        told = (await desk.get("/api/v1/openapi.json")).json()
        routes = [
            handler
            for route in desk.client.app.routes
            if route.path.startswith(STAFF_API)
            for handler in getattr(route, "route_handlers", [])
            if "OPTIONS" not in handler.http_methods
        ]

    assert all(path.startswith(STAFF_API) for path in told["paths"])
    assert f"{STAFF_API}cases/{{case_id}}/measures/{{outcome_id}}/approve" in told["paths"]
    assert told["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
    approve = told["components"]["schemas"]["ApprovalIn"]
    assert set(approve["required"]) == {"authority", "document_number", "approved_at"}
    assert len(routes) == len([1 for one in told["paths"].values() for verb in one if verb in {"get", "post"}])
    assert all(one.opt.get(SCOPE_KEY) in set(TokenScope) and one.opt[ROLES_KEY] for one in routes)
    assert all(one.opt["takes_no_cookie"] for one in routes)

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests import make
from tests.make import NOON
from tests.platform import Platform
from tests.tipline.staff import LATER, desk_of
from tipline.accounts.rules import RIGHTS
from tipline.accounts.tables import OfficerRole
from tipline.cases.tables import (
    Case,
    CaseEvent,
    CaseState,
    Link,
    Vehicle,
    VehicleState,
)
from tipline.cases.tabs import TABS, address_of
from tipline.law.service import load_seed_rules


@pytest.fixture
async def lawful(database: Platform) -> Platform:
    await load_seed_rules()
    return database


async def case_state(case: Case) -> str:
    row = await Case.select(Case.state).where(Case.id == case.id).first()
    assert row is not None
    return str(row["state"])


async def test_a_new_case_is_recorded_with_times_typed_in_shanghai(database: Platform) -> None:
    officer = await make.officer()
    typed = {
        "number": "高公交逃字〔2021〕第0601号",
        "severity": "fatal",
        "happened_from": "2021-06-01T07:15",
        "lead_officer": str(officer.id),
        "place_text": "人和路与金城路口",
        "latitude": "36.8662",
        "longitude": "116.2301",
        "datum": "gcj02",
    }

    async with desk_of(database, officer) as desk:
        form = await desk.get("/cases/new")
        recorded = await desk.post("/cases", typed)
        page = await desk.get(recorded.headers.get("location", "/"))
        found = await desk.get("/cases?q=0601")

    assert form.status_code == 200
    assert recorded.status_code == 303
    row = await Case.select().first()
    assert row is not None
    assert row["happened_from"].isoformat() == row["happened_to"].isoformat() == "2021-05-31T23:15:00+00:00"
    assert (row["recorded_at"], row["datum"], row["unit"]) == (LATER, "gcj02", officer.unit)
    assert "2021年6月1日 07:15" in page.text
    assert "高公交逃字〔2021〕第0601号" in found.text


async def test_a_case_refused_keeps_what_was_typed_and_names_every_wrong_field(database: Platform) -> None:
    officer = await make.officer()
    typed = {
        "number": "高公交逃字〔2021〕第0601号",
        "severity": "",
        "happened_from": "yesterday",
        "place_text": "老地方",
    }

    async with desk_of(database, officer) as desk:
        answer = await desk.post("/cases", typed)

    assert answer.status_code == 422
    assert 'value="老地方"' in answer.text
    assert 'href="#severity"' in answer.text
    assert 'href="#happened_from"' in answer.text
    assert await Case.count() == 0


async def test_vehicle_and_driver_are_found_step_by_step_and_a_commander_clears_the_case(lawful: Platform) -> None:
    commander = await make.officer(role=OfficerRole.COMMANDER)
    case = await make.case(lead=commander)
    helped, other = await make.tip(), await make.tip()
    useful, _ = await make.link(helped, case, by=commander), await make.link(other, case, by=commander)
    vehicle, driver = await make.vehicle(case, plate_text="鲁P39K5?"), await make.person(case)
    at = f"/cases/{case.id}"
    identified = {"vehicle_type": "van", "vehicle_colour": "white", "identified_at": "2021-06-01T12:20"}
    clearance: dict[str, Any] = {
        "vehicle": str(vehicle.id),
        "driver": str(driver.id),
        "cleared_at": "2021-06-01T13:00",
        "useful": [str(useful.id)],
    }

    async with desk_of(lawful, commander) as desk:
        early = await desk.post(f"{at}/clearance", clearance)
        part = await desk.post(f"{at}/vehicles/{vehicle.id}/identify", identified | {"plate_text": "鲁P39K5?"})
        steps = [
            await desk.post(f"{at}/vehicles/{vehicle.id}/identify", identified | {"plate_text": "鲁P39K51"}),
            await desk.post(f"{at}/vehicles/{vehicle.id}/seize", {"seized_at": "2021-06-01T12:30"}),
            await desk.post(f"{at}/persons/{driver.id}/in-hand", {"in_hand_at": "2021-06-01T12:40"}),
            await desk.post(f"{at}/clearance", clearance),
        ]
        page, tips = await desk.get(at), await desk.get(f"{at}/tips")
        late = await desk.post(f"{at}/clearance", clearance)

    assert early.status_code == 422
    assert "第六十二条" in early.text
    assert f'value="{useful.id}" checked' in early.text
    assert part.status_code == 422
    assert [step.status_code for step in steps] == [303] * 4
    assert commander.full_name in page.text
    assert "对侦破有帮助" in tips.text
    assert late.status_code == 409
    assert await case_state(case) == CaseState.CLEARED
    marked = await Link.select(Link.tip).where(Link.is_useful.eq(True)).output(as_list=True)
    assert marked == [helped.id]
    assert await CaseEvent.count() == 4


async def test_an_investigator_cannot_clear_a_case(lawful: Platform) -> None:
    officer = await make.officer()
    case = await make.case(lead=officer)

    async with desk_of(lawful, officer) as desk:
        form = await desk.get(f"/cases/{case.id}/clearance")
        deed = await desk.post(f"/cases/{case.id}/clearance", {})
        page = await desk.get(f"/cases/{case.id}")

    assert (form.status_code, deed.status_code) == (403, 403)
    assert f"/cases/{case.id}/clearance" not in page.text
    assert await case_state(case) == CaseState.OPEN


async def test_a_vehicle_of_another_case_is_not_found(database: Platform) -> None:
    officer = await make.officer()
    case, other = await make.case(lead=officer), await make.case(lead=officer)
    vehicle = await make.vehicle(other)

    async with desk_of(database, officer) as desk:
        answer = await desk.post(f"/cases/{case.id}/vehicles/{vehicle.id}/seize", {"seized_at": "2021-06-01T12:30"})

    assert answer.status_code == 404
    assert await Vehicle.select(Vehicle.state).output(as_list=True) == [VehicleState.DESCRIBED]


async def test_the_case_page_measures_the_nearest_cameras_across_datums(database: Platform) -> None:
    officer = await make.officer()
    case = await make.case(lead=officer)
    await Case.update({Case.latitude: 36.8662, Case.longitude: 116.2301, Case.datum: "wgs84"}).where(Case.id == case.id)
    await make.camera("K01", latitude=36.8672, longitude=116.2301)
    await make.camera("K02", latitude=36.8762, longitude=116.2301)
    await make.camera("K03", latitude=36.9662, longitude=116.2301)

    async with desk_of(database, officer) as desk:
        page = (await desk.get(f"/cases/{case.id}")).text

    assert page.index("K01") < page.index("K02")
    assert "0.1 km" in page
    assert "K03" not in page


async def test_a_reader_sees_the_case_without_any_deed(database: Platform) -> None:
    reader = await make.officer(role=OfficerRole.LEGAL_REVIEWER)
    case = await make.case()
    await make.vehicle(case)
    await make.person(case)
    await make.suggestion(await make.tip(), case)
    may = RIGHTS[OfficerRole.LEGAL_REVIEWER]

    async with desk_of(database, reader, now=NOON + timedelta(hours=1)) as desk:
        pages = [(await desk.get(address_of(case.id, tab.name))).text for tab in TABS if tab.right in may]

    assert all(case.number in page for page in pages)
    for deed in ("/seize", "/identify", "/in-hand", "/measures/new", "/clearance", "/vehicles/new", "/suggestions/"):
        assert not [page for page in pages if deed in page]

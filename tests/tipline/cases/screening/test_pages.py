"""The screening over HTTP: one button adds, a stale step is answered with who and when."""

from __future__ import annotations

import re

from tests import make
from tests.platform import Platform
from tests.tipline.staff import desk_of
from tipline.accounts.tables import OfficerRole
from tipline.cases.screening.tables import ScreeningCandidate


async def test_one_button_adds_and_the_steps_lead_to_an_exclusion(database: Platform) -> None:
    officer = await make.officer()
    case = await make.case(lead=officer)
    vehicle = await make.vehicle(case)
    at = f"/cases/{case.id}/screening"

    async with desk_of(database, officer) as desk:
        tab = await desk.get(at)
        added = await desk.post(f"{at}/from", {"source": "vehicle", "row": str(vehicle.id)})
        again = await desk.post(f"{at}/from", {"source": "vehicle", "row": str(vehicle.id)})
        one = added.headers["location"]
        form = await desk.get(f"{one}?step=excluded")
        typed = {"act": "excluded", "seen": "1", "words": "轨迹不在现场", "happened_at": "2021-06-01T14:00"}
        vague = await desk.post(f"{one}/steps", typed)
        done = await desk.post(f"{one}/steps", typed | {"method": "trajectory"})
        stale = await desk.post(f"{one}/steps", typed | {"method": "trajectory"})
        page = await desk.get(one)
        vehicles = await desk.get(f"/cases/{case.id}/vehicles")

    assert "列入排查表" in tab.text
    assert [added.status_code, done.status_code] == [303, 303]
    assert again.status_code == 409
    assert officer.full_name in again.text
    assert re.search(r'name="seen" value="1"', form.text)
    assert vague.status_code == 422
    assert "轨迹不在现场" in vague.text
    assert stale.status_code == 409
    assert officer.full_name in stale.text
    assert "已排除" in page.text
    assert "轨迹核查" in page.text
    assert "嫌疑" not in page.text
    assert "已排除" in vehicles.text


async def test_a_lock_without_basis_is_refused_and_what_was_typed_is_kept(database: Platform) -> None:
    first, second = await make.officer(), await make.officer()
    case = await make.case(lead=first)
    typed = {"kind": "vehicle", "plate_text": "鲁P39K51", "vehicle_type": "van", "vehicle_colour": "white"}
    when = {"happened_at": "2021-06-01T14:00"}

    async with desk_of(database, first) as desk:
        one = (await desk.post(f"/cases/{case.id}/screening", typed)).headers["location"]
        await desk.post(f"{one}/steps", {"act": "checked", "seen": "1", "method": "interview", **when})
        proposal = {"act": "lock_proposed", "seen": "2", "words": "痕迹吻合", **when}
        bare = await desk.post(f"{one}/steps", proposal)
        proposed = await desk.post(f"{one}/steps", proposal | {"statement": "车主询问笔录第3号"})
        own = await desk.post(f"{one}/steps", {"act": "locked", "seen": "3", **when})
    async with desk_of(database, second) as desk:
        offered = await desk.get(one)
        locked = await desk.post(f"{one}/steps", {"act": "locked", "seen": "3", **when})

    assert bare.status_code == 422
    assert "锁定须有机器提示或单一线索以外的依据" in bare.text
    assert "痕迹吻合" in bare.text
    assert proposed.status_code == 303
    assert own.status_code == 403
    assert "?step=locked" in offered.text
    assert locked.status_code == 303
    assert await ScreeningCandidate.select(ScreeningCandidate.state).output(as_list=True) == ["locked"]


async def test_a_reader_sees_the_table_without_any_deed(database: Platform) -> None:
    reader = await make.officer(role=OfficerRole.LEGAL_REVIEWER)
    case = await make.case()
    await make.vehicle(case)

    async with desk_of(database, reader) as desk:
        page = await desk.get(f"/cases/{case.id}/screening")
        deed = await desk.post(f"/cases/{case.id}/screening", {})

    assert page.status_code == 200
    assert "<form" not in page.text.split("<main")[1]
    assert deed.status_code == 403

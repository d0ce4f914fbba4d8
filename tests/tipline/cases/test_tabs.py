"""The tabs of a case file over HTTP: each answers, tells two times, and asks the database as often for many rows."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

import piccolo_conf
from tests import make
from tests.make import NOON
from tests.platform import Platform, as_role
from tests.tipline.cases.closing.test_turns import recorded
from tests.tipline.staff import desk_of
from tipline.accounts.rules import RIGHTS
from tipline.accounts.tables import Officer, OfficerRole
from tipline.cases.evidence_reads import evidence_of
from tipline.cases.finding import vehicle_identified
from tipline.cases.service import VehicleDraft, link_tip
from tipline.cases.tables import Case
from tipline.cases.tabs import TABS, address_of
from tipline.cases.timeline_reads import timeline_of
from tipline.settings import Role

LATER = NOON + timedelta(days=4)
RIGHTS_OF_A_COMMANDER = RIGHTS[OfficerRole.COMMANDER]


async def filled(case: Case, by: Officer, rows: int) -> None:
    """Give a case `rows` of everything its tabs show."""
    for number in range(rows):
        tip = await make.tip()
        for position in range(1, 3):
            item = await make.item()
            await make.tip_file(tip, item, position=position)
            await make.derived(item)
        await make.link(tip, case, by=by)
        await make.suggestion(await make.tip(), case)
        await make.vehicle(case, plate_text=f"鲁P39K{number:02d}")
        await make.person(case)
        await make.camera(f"{case.number[-5:]}-{number}", latitude=36.8, longitude=116.2)


async def test_every_tab_asks_the_database_as_often_for_many_rows_as_for_few(
    lawful: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    commander = await make.officer(role=OfficerRole.COMMANDER)
    few, many = await make.case(lead=commander), await make.case(lead=commander)
    place: dict[Any, Any] = {Case.latitude: 36.8, Case.longitude: 116.2, Case.datum: "wgs84"}
    await Case.update(place).where(Case.id.is_in([few.id, many.id]))
    await filled(few, commander, 1)
    await filled(many, commander, 9)
    asked: Counter[str] = Counter()
    run = piccolo_conf.Engine.run_querystring

    async def counting(engine: piccolo_conf.Engine, *args: Any, **more: Any) -> Any:
        asked["queries"] += 1
        return await run(engine, *args, **more)

    monkeypatch.setattr(piccolo_conf.Engine, "run_querystring", counting)
    counts: dict[str, list[int]] = {}
    async with desk_of(lawful, commander) as desk:
        for tab in TABS:
            for case in (few, many):
                asked.clear()
                answer = await desk.get(address_of(case.id, tab.name))
                assert answer.status_code == (200 if tab.right in RIGHTS_OF_A_COMMANDER else 403), tab.name
                counts.setdefault(tab.name, []).append(asked["queries"])

    assert {name: pair for name, pair in counts.items() if pair[0] != pair[1]} == {}
    assert max(counts[name][0] for name in ("", "tips", "evidence", "vehicles", "persons", "timeline")) <= 15, counts


async def test_the_timeline_tells_when_it_happened_and_when_it_became_known(lawful: Platform) -> None:
    case, officer = await recorded(), await make.officer()
    vehicle, tip = await make.vehicle(case), await make.tip()
    as_role(lawful, Role.STAFF)
    await link_tip(tip.id, case.id, by=officer.id, now=NOON + timedelta(hours=2))
    await vehicle_identified(
        vehicle.id,
        VehicleDraft(plate_text="鲁P39K51"),
        identified_at=NOON + timedelta(hours=1),
        by=officer.id,
        now=LATER,
    )

    lines = await timeline_of(case.id)
    second = await timeline_of(case.id, page=2, rows_a_page=2)

    assert [(line["value"], line["happened_at"], line["known_at"]) for line in lines] == [
        ("recorded", NOON, NOON),
        ("vehicle_identified", NOON + timedelta(hours=1), LATER),
        ("tip_linked", NOON + timedelta(hours=2), NOON + timedelta(hours=2)),
    ]
    assert [line["value"] for line in second] == ["tip_linked"]
    assert (lines[2]["tip"], lines[2]["words"]) == (tip.id, tip.alias)


async def test_the_evidence_tab_lists_each_original_with_both_digests_and_what_was_derived(lawful: Platform) -> None:
    officer = await make.officer()
    case, other = await make.case(lead=officer), await make.case(lead=officer)
    await filled(case, officer, 2)
    await filled(other, officer, 1)

    items = await evidence_of(case.id)
    async with desk_of(lawful, officer) as desk:
        page = (await desk.get(f"/cases/{case.id}/evidence")).text

    assert len(items) == items[0]["total"] == 4
    assert all(item["sha256"] in page and item["sm3"] in page for item in items)
    assert [len(item["derived"]) for item in items] == [1] * 4

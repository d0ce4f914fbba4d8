"""Merging and splitting on PostgreSQL: nothing lost, one accident counted once, and two officers at once."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from tests import make
from tests.make import NOON
from tests.platform import Platform, as_role
from tests.tipline.cases.closing.test_turns import END, YEAR, recorded
from tests.tipline.staff import desk_of
from tipline.accounts.tables import Officer, OfficerRole
from tipline.cases.closing.service import reopen_case
from tipline.cases.errors import AlreadyLinked, CaseClosed
from tipline.cases.file_reads import head_of
from tipline.cases.finding import vehicle_seized
from tipline.cases.joining.errors import JoiningRefused
from tipline.cases.joining.reads import joinings_of
from tipline.cases.joining.service import Part, merge_cases, split_case
from tipline.cases.joining.tables import CaseJoining, CaseMove
from tipline.cases.reads import links_of, list_cases, persons_of, vehicles_of
from tipline.cases.service import CaseDraft, clear_case, link_tip
from tipline.cases.suggestions import Proposal, open_cases, record_suggestions
from tipline.cases.tables import Case, CaseEvent, CaseState, Link, PersonState, Severity, Vehicle, VehicleState
from tipline.dashboard.clearance_reads import read_records
from tipline.dashboard.figures import count_all
from tipline.dashboard.metrics import metrics
from tipline.settings import Role

LATER = NOON + timedelta(days=4)


async def commander() -> Officer:
    return await make.officer(role=OfficerRole.COMMANDER)


async def merged(case: Case, into: Case, by: Officer) -> CaseJoining:
    return await merge_cases(case.id, into.id, reason="同一事故重复受案", merged_at=LATER, by=by.id, now=LATER)


def draft(officer: Officer, number: str = "高公交逃字〔2021〕第0900号") -> CaseDraft:
    return CaseDraft(
        number=number,
        severity=Severity.PROPERTY,
        happened_from=NOON,
        happened_to=NOON,
        place_text="梁村",
        unit=officer.unit,
        lead_officer=officer.id,
        recorded_at=LATER,
    )


async def test_a_merged_case_points_on_and_the_other_shows_what_it_held(lawful: Platform) -> None:
    one, other, by = await recorded(), await recorded(), await commander()
    tip, both = await make.tip(), await make.tip()
    vehicle, driver = await make.vehicle(one), await make.person(one)
    for case in (one, other):
        await make.link(both, case, by=by)
    await make.link(tip, one, by=by)
    as_role(lawful, Role.STAFF)

    await merged(one, other, by)
    await vehicle_seized(vehicle.id, seized_at=LATER, by=by.id, now=LATER)

    assert {row["tip"] for row in await links_of(other.id)} == {tip.id, both.id}
    assert len(await links_of(other.id)) == 2
    assert [row["id"] for row in await vehicles_of(other.id)] == [vehicle.id]
    assert [row["id"] for row in await persons_of(other.id)] == [driver.id]
    assert (await head_of(other.id))["vehicle_state"] == VehicleState.SEIZED
    listed = await list_cases(of=make.Reads(str(by.role), by.id, by.unit))
    assert {row["id"]: row["links"] for row in listed.rows}[other.id] == 2
    seized = await CaseEvent.objects().get(CaseEvent.type == "vehicle_seized")
    assert seized is not None
    assert seized.case == other.id
    event = await CaseEvent.objects().get(CaseEvent.type == "unfounded")
    assert event is not None
    assert (event.case, event.other_case, event.reason) == (one.id, other.id, "同一事故重复受案")
    assert await Link.count() == 3
    with pytest.raises(AlreadyLinked):
        await link_tip(tip.id, other.id, by=by.id, now=LATER)


async def test_one_accident_recorded_twice_counts_once_and_can_be_cleared_with_what_was_merged(
    lawful: Platform,
) -> None:
    one, other, by = await recorded(), await recorded(), await commander()
    vehicle = await make.vehicle(one, state=VehicleState.SEIZED)
    driver = await make.person(one, state=PersonState.IN_HAND)
    as_role(lawful, Role.STAFF)
    await merged(one, other, by)

    await clear_case(
        other.id,
        vehicle_id=vehicle.id,
        driver_id=driver.id,
        cleared_at=LATER,
        useful_links=[],
        approved_by=by.id,
        now=END,
    )

    told = metrics((await read_records(since=NOON, as_of=END)).histories, YEAR, as_of=END)
    figures = await count_all(2021)
    assert told["M1"] == told["M2"] == {"k": 1, "n": 1}
    assert told["M11"] | {"open_start": 0} == {
        "open_start": 0,
        "recorded": 2,
        "transferred_in": 0,
        "reopened": 0,
        "cleared": 1,
        "exceptional": 0,
        "unfounded": 1,
        "transferred_out": 0,
        "open_end": 0,
    }
    assert (figures["recorded"].number, figures["cleared"].number) == (1, 1)


async def test_linking_knows_the_vehicles_of_a_merged_case_and_proposes_no_tip_of_it_again(lawful: Platform) -> None:
    one, other, by = await recorded(), await recorded(), await commander()
    await make.vehicle(one, plate_text="鲁P39K51")
    tip = await make.tip()
    await make.link(tip, one, by=by)
    await merged(one, other, by)
    as_role(lawful, Role.WORKER)

    known = await open_cases()
    proposed = await record_suggestions(
        tip.id, [Proposal(case=other.id, match_weight=9.0, reasons=[], model="bits-test")], now=LATER
    )

    assert [(case.case["id"], [row["plate_text"] for row in case.vehicles]) for case in known] == [
        (other.id, ["鲁P39K51"])
    ]
    assert proposed == 0


async def test_what_was_merged_into_a_merged_case_goes_along(lawful: Platform) -> None:
    first, second, third, by = await recorded(), await recorded(), await recorded(), await commander()
    await make.vehicle(first)

    await merged(first, second, by)
    await merged(second, third, by)

    assert len(await vehicles_of(third.id)) == 1
    assert [row["kind"] for row in await joinings_of(third.id)] == ["merged", "merged"]
    rows = await Case.select(Case.state, Case.merged_into).where(Case.id.is_in([first.id, second.id]))
    assert rows == [{"state": CaseState.MERGED, "merged_into": third.id}] * 2


async def test_two_who_merge_crosswise_end_with_one_merged_case_and_one_who_is_told(lawful: Platform) -> None:
    one, other, first, second = await recorded(), await recorded(), await commander(), await commander()
    as_role(lawful, Role.STAFF)

    ends = await asyncio.gather(merged(one, other, first), merged(other, one, second), return_exceptions=True)

    [lost] = [end for end in ends if isinstance(end, CaseClosed)]
    [done] = [end for end in ends if isinstance(end, CaseJoining)]
    winner = first if done.decided_by == first.id else second
    assert (lost.state, lost.by_badge, lost.at) == (CaseState.MERGED, winner.badge_number, LATER)
    assert await Case.count().where(Case.state == CaseState.OPEN) == 1


async def test_merging_and_closing_at_once_leave_one_end(lawful: Platform) -> None:
    one, other, by = await recorded(), await recorded(), await commander()
    vehicle = await make.vehicle(one, state=VehicleState.SEIZED)
    driver = await make.person(one, state=PersonState.IN_HAND)
    as_role(lawful, Role.STAFF)

    ends = await asyncio.gather(
        clear_case(
            one.id,
            vehicle_id=vehicle.id,
            driver_id=driver.id,
            cleared_at=LATER,
            useful_links=[],
            approved_by=by.id,
            now=LATER,
        ),
        merged(one, other, by),
        return_exceptions=True,
    )

    assert len([end for end in ends if isinstance(end, CaseClosed)]) == 1
    assert await CaseEvent.count().where(CaseEvent.type.is_in(["cleared", "unfounded"])) == 1


async def test_a_case_is_not_merged_into_itself_nor_reopened_after(lawful: Platform) -> None:
    one, other, by = await recorded(), await recorded(), await commander()

    with pytest.raises(JoiningRefused):
        await merged(one, one, by)
    await merged(one, other, by)
    with pytest.raises(CaseClosed):
        await reopen_case(one.id, reason="误并", reopened_at=LATER, by=by.id, now=LATER)
    with pytest.raises(CaseClosed):
        await merged(one, other, by)


async def test_a_split_makes_a_case_of_its_own_and_both_say_so(lawful: Platform) -> None:
    case, by = await recorded(), await commander()
    links = [await make.link(await make.tip(), case, by=by) for _ in range(2)]
    vehicle = await make.vehicle(case, state=VehicleState.SEIZED, at=NOON + timedelta(hours=1))
    stays = await make.vehicle(case)
    driver = await make.person(case)
    as_role(lawful, Role.STAFF)

    joining = await split_case(
        case.id,
        draft(by),
        Part(links=[links[0].id], vehicles=[vehicle.id], persons=[driver.id]),
        reason="两起事故",
        by=by.id,
        now=LATER,
    )

    new: UUID = joining.other
    assert [row["id"] for row in await links_of(case.id)] == [links[1].id]
    assert [row["id"] for row in await links_of(new)] == [links[0].id]
    assert [row["id"] for row in await vehicles_of(case.id)] == [stays.id]
    assert [row["id"] for row in await persons_of(new)] == [driver.id]
    assert await joinings_of(case.id) == await joinings_of(new)
    assert [(row["tips"], row["vehicles"], row["persons"]) for row in await joinings_of(new)] == [(1, 1, 1)]
    assert await CaseMove.count() == 3
    events = await CaseEvent.select(CaseEvent.type, CaseEvent.known_at).where(CaseEvent.case == new)
    assert {event["type"] for event in events} == {
        "recorded",
        "vehicle_identified",
        "vehicle_seized",
        "driver_identified",
    }
    assert {event["known_at"] for event in events} == {LATER}
    told = metrics((await read_records(since=NOON, as_of=END)).histories, YEAR, as_of=END)
    assert told["M11"]["recorded"] == 2


@pytest.mark.parametrize("nothing", [True, False])
async def test_what_papers_name_stays_and_nothing_is_no_part(lawful: Platform, *, nothing: bool) -> None:
    case, by = await recorded(), await commander()
    vehicle = await make.vehicle(case, state=VehicleState.SEIZED)
    driver = await make.person(case, state=PersonState.IN_HAND)
    cleared: dict[str, Any] = {"vehicle_id": vehicle.id, "driver_id": driver.id, "cleared_at": LATER}
    await clear_case(case.id, **cleared, useful_links=[], approved_by=by.id, now=LATER)
    await reopen_case(case.id, reason="证据不足", reopened_at=LATER, by=by.id, now=LATER)
    part = Part() if nothing else Part(vehicles=[vehicle.id], persons=[driver.id])

    with pytest.raises(JoiningRefused) as refused:
        await split_case(case.id, draft(by), part, reason="两起事故", by=by.id, now=LATER)

    assert [problem.code for problem in refused.value.problems] == (
        ["nothing_chosen"] if nothing else ["named_in_papers"] * 2
    )
    assert await Case.count() == 1


async def test_a_commander_merges_and_splits_by_forms(lawful: Platform) -> None:
    one, other, by = await recorded(), await recorded(), await commander()
    vehicle = await make.vehicle(other)
    typed = {
        "number": "高公交逃字〔2021〕第0900号",
        "severity": "property",
        "happened_from": "2021-06-01T12:00",
        "lead_officer": str(by.id),
        "place_text": "梁村",
        "reason": "两起事故",
        "vehicles": [str(vehicle.id)],
    }

    async with desk_of(lawful, by, now=LATER) as desk:
        form = await desk.get(f"/cases/{other.id}/splitting")
        unknown = await desk.post(
            f"/cases/{one.id}/merging", {"into": "没有", "reason": "重复", "merged_at": "2021-06-05T12:00"}
        )
        done = await desk.post(
            f"/cases/{one.id}/merging", {"into": other.number, "reason": "重复", "merged_at": "2021-06-05T12:00"}
        )
        split = await desk.post(f"/cases/{other.id}/splitting", typed)
        pages = [(await desk.get(f"/cases/{case.id}")).text for case in (one, other)]

    assert 'value="2021-06-01T12:00"' in form.text
    assert unknown.status_code == 422
    assert (done.status_code, split.status_code) == (303, 303)
    assert f"/cases/{other.id}" in pages[0]
    assert "第0900号" in pages[1]
    row = await Vehicle.select(Vehicle.case).where(Vehicle.id == vehicle.id).first()
    assert row is not None
    assert split.headers["location"] == f"/cases/{row['case']}"


async def test_a_new_case_begins_from_a_tip_and_links_it(lawful: Platform) -> None:
    officer, tip = await make.officer(), await make.tip("白色货车撞人后逃逸")
    typed = {
        "number": "高公交逃字〔2021〕第0901号",
        "severity": "property",
        "happened_from": "2021-06-01T12:00",
        "lead_officer": str(officer.id),
        "place_text": "梁村",
    }

    async with desk_of(lawful, officer) as desk:
        form = await desk.get(f"/tips/{tip.id}/case")
        bad = await desk.post(f"/tips/{tip.id}/case", typed | {"number": "?"})
        done = await desk.post(f"/tips/{tip.id}/case", typed)
        page = await desk.get(f"{done.headers['location']}/tips")

    assert "白色货车撞人后逃逸" in form.text
    assert bad.status_code == 422
    assert tip.alias in bad.text
    assert tip.alias in page.text
    assert await Case.count() == await Link.count() == 1

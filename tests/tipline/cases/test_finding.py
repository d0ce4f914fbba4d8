from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from tests import make
from tests.make import NOON
from tests.platform import Platform, as_role
from tipline.cases.errors import (
    CaseAlreadyCleared,
    CaseInvalid,
    CaseNotFound,
    DriverAlreadyInHand,
    PersonNotFound,
    VehicleMovedOn,
    VehicleNotFound,
)
from tipline.cases.service import (
    CaseDraft,
    VehicleDraft,
    add_person,
    add_vehicle,
    driver_in_hand,
    open_case,
    vehicle_identified,
    vehicle_seized,
)
from tipline.cases.suggestions import MOST_TIPS_ASKED
from tipline.cases.tables import (
    Case,
    CaseEvent,
    CaseEventType,
    CaseState,
    Link,
    Person,
    PersonRole,
    PersonState,
    Severity,
    Vehicle,
    VehicleState,
)
from tipline.database import engine
from tipline.intake.tables import Datum, VehicleColour, VehicleType
from tipline.settings import Role
from tipline.web.wording import problem_sentence
from tipline.work.tables import Job, Work

LATER = NOON + timedelta(hours=5)
VAN = VehicleDraft(
    plate_text="鲁p·39k5?", vehicle_type=VehicleType.VAN, vehicle_colour=VehicleColour.WHITE, features="左大灯碎"
)


async def draft(**changes: Any) -> CaseDraft:
    lead = await make.officer()
    as_usual = CaseDraft(
        number="演示高公交逃〔2021〕第001号",
        severity=Severity.FATAL,
        happened_from=NOON,
        happened_to=NOON + timedelta(minutes=20),
        place_text="高唐县人和路与金城路口",
        unit=lead.unit,
        lead_officer=lead.id,
        recorded_at=NOON + timedelta(hours=1),
    )
    return replace(as_usual, **changes)


async def events(case_id: object) -> list[tuple[str, object, object]]:
    rows = (
        await CaseEvent.select(CaseEvent.type, CaseEvent.happened_at, CaseEvent.known_at)
        .where(CaseEvent.case == case_id)
        .order_by(CaseEvent.happened_at, CaseEvent.known_at, CaseEvent.type)
    )
    return [(row["type"], row["happened_at"], row["known_at"]) for row in rows]


async def test_a_case_is_recorded_with_its_event_and_two_times(lawful: Platform) -> None:
    asked = await draft()
    as_role(lawful, Role.STAFF)

    case = await open_case(asked, by=asked.lead_officer, now=LATER)

    assert case.state == CaseState.OPEN
    assert await events(case.id) == [(CaseEventType.RECORDED, NOON + timedelta(hours=1), LATER)]


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"number": ""}, ("number", "required")),
        ({"number": "1 2"}, ("number", "not_a_case_number")),
        ({"number": "案" * 41}, ("number", "not_a_case_number")),
        ({"happened_to": NOON - timedelta(minutes=1)}, ("happened_to", "ends_before_it_begins")),
        ({"recorded_at": NOON - timedelta(minutes=1)}, ("recorded_at", "before_the_accident")),
        ({"recorded_at": LATER + timedelta(minutes=1)}, ("recorded_at", "in_the_future")),
        ({"place_text": "  "}, ("place_text", "required")),
        ({"latitude": 36.8, "datum": Datum.GCJ02}, ("place", "half_a_point")),
    ],
)
async def test_a_case_that_does_not_hold_is_refused_field_by_field(
    lawful: Platform, changes: dict[str, Any], problem: tuple[str, str]
) -> None:
    asked = await draft(**changes)

    with pytest.raises(CaseInvalid) as refused:
        await open_case(asked, by=asked.lead_officer, now=LATER)

    assert [(one.field, one.code) for one in refused.value.problems] == [problem]
    assert await Case.count() == 0


async def test_of_two_officers_with_one_number_at_once_one_opens_the_case(lawful: Platform) -> None:
    asked = await draft()
    as_role(lawful, Role.STAFF)

    ends = await asyncio.gather(
        *(open_case(asked, by=asked.lead_officer, now=LATER) for _ in range(2)), return_exceptions=True
    )

    refused = [end for end in ends if isinstance(end, CaseInvalid)]
    assert len(refused) == 1
    assert refused[0].problems[0].code == "case_number_taken"
    assert await Case.count() == 1


async def test_a_vehicle_goes_from_described_to_identified_to_seized(lawful: Platform) -> None:
    case, officer = await make.case(), await make.officer()
    as_role(lawful, Role.STAFF)

    vehicle = await add_vehicle(case.id, VAN, now=NOON)
    whole = VehicleDraft(plate_text="鲁P39K51", vehicle_type=VehicleType.VAN, vehicle_colour=VehicleColour.WHITE)
    await vehicle_identified(vehicle.id, whole, identified_at=NOON + timedelta(hours=1), by=officer.id, now=LATER)
    await vehicle_seized(vehicle.id, seized_at=NOON + timedelta(hours=2), by=officer.id, now=LATER)

    assert vehicle.plate_text == "鲁P39K5?"
    row = await Vehicle.objects().get(Vehicle.id == vehicle.id)
    assert row is not None
    assert (row.plate_text, row.state, row.seized_at) == ("鲁P39K51", VehicleState.SEIZED, NOON + timedelta(hours=2))
    assert [event for event, _, _ in await events(case.id)] == [
        CaseEventType.VEHICLE_IDENTIFIED,
        CaseEventType.VEHICLE_SEIZED,
    ]


async def test_a_vehicle_seized_before_it_was_identified_is_both_at_once(lawful: Platform) -> None:
    case, officer = await make.case(), await make.officer()
    vehicle = await make.vehicle(case)
    as_role(lawful, Role.STAFF)

    await vehicle_seized(vehicle.id, seized_at=NOON, by=officer.id, now=LATER)

    assert [event for event, _, _ in await events(case.id)] == [
        CaseEventType.VEHICLE_IDENTIFIED,
        CaseEventType.VEHICLE_SEIZED,
    ]


@pytest.mark.parametrize(("plate", "code"), [("鲁P39K5?", "plate_not_whole"), ("你好", "not_a_plate")])
async def test_an_identified_vehicle_has_a_whole_plate_or_none(lawful: Platform, plate: str, code: str) -> None:
    officer = await make.officer()
    vehicle = await make.vehicle(await make.case(), plate_text="")

    with pytest.raises(CaseInvalid) as refused:
        await vehicle_identified(
            vehicle.id, VehicleDraft(plate_text=plate), identified_at=NOON, by=officer.id, now=LATER
        )

    assert [one.code for one in refused.value.problems] == [code]


async def test_facts_cannot_lie_in_the_future_or_before_what_comes_first(lawful: Platform) -> None:
    officer = await make.officer()
    case = await make.case(happened_at=NOON)
    vehicle = await make.vehicle(case, state=VehicleState.IDENTIFIED, at=NOON + timedelta(hours=2))

    with pytest.raises(CaseInvalid, match="in_the_future"):
        await vehicle_seized(vehicle.id, seized_at=LATER + timedelta(minutes=1), by=officer.id, now=LATER)
    with pytest.raises(CaseInvalid, match="too_early"):
        await vehicle_seized(vehicle.id, seized_at=NOON + timedelta(hours=1), by=officer.id, now=LATER)
    with pytest.raises(CaseInvalid, match="before_the_accident"):
        await add_person(
            case.id,
            "测试驾驶人",
            role=PersonRole.DRIVER,
            identified_at=NOON - timedelta(hours=1),
            by=officer.id,
            now=LATER,
        )


async def test_a_named_driver_is_a_lead_until_in_hand(lawful: Platform) -> None:
    case, officer = await make.case(), await make.officer()
    as_role(lawful, Role.STAFF)

    driver = await add_person(
        case.id, " 测试驾驶人 ", role=PersonRole.DRIVER, identified_at=NOON, by=officer.id, now=LATER
    )
    assert driver.state == PersonState.IDENTIFIED
    await driver_in_hand(driver.id, in_hand_at=NOON + timedelta(hours=1), by=officer.id, now=LATER)

    row = await Person.objects().get(Person.id == driver.id)
    assert row is not None
    assert (row.full_name, row.state) == ("测试驾驶人", PersonState.IN_HAND)
    assert [event for event, _, _ in await events(case.id)] == [
        CaseEventType.DRIVER_IDENTIFIED,
        CaseEventType.DRIVER_IN_HAND,
    ]


async def test_a_passenger_is_noted_without_an_event_and_is_never_the_driver_in_hand(lawful: Platform) -> None:
    case, officer = await make.case(), await make.officer()

    other = await add_person(case.id, "测试乘客", role=PersonRole.OTHER, identified_at=NOON, by=officer.id, now=LATER)

    assert await events(case.id) == []
    with pytest.raises(CaseInvalid, match="not_the_driver"):
        await driver_in_hand(other.id, in_hand_at=NOON, by=officer.id, now=LATER)


async def test_who_comes_second_is_told_how_far_it_is(lawful: Platform) -> None:
    officer = await make.officer()
    case = await make.case()
    vehicle = await make.vehicle(case, state=VehicleState.SEIZED)
    driver = await make.person(case, state=PersonState.IN_HAND)

    with pytest.raises(VehicleMovedOn) as moved:
        await vehicle_seized(vehicle.id, seized_at=NOON, by=officer.id, now=LATER)
    with pytest.raises(DriverAlreadyInHand) as taken:
        await driver_in_hand(driver.id, in_hand_at=NOON, by=officer.id, now=LATER)

    assert (moved.value.state, moved.value.at) == (VehicleState.SEIZED, NOON)
    assert taken.value.at == NOON


async def test_of_two_officers_seizing_one_vehicle_at_once_one_records_it(lawful: Platform) -> None:
    officer = await make.officer()
    case = await make.case()
    vehicle = await make.vehicle(case)
    as_role(lawful, Role.STAFF)

    ends = await asyncio.gather(
        *(vehicle_seized(vehicle.id, seized_at=NOON, by=officer.id, now=LATER) for _ in range(2)),
        return_exceptions=True,
    )

    assert sorted(type(end).__name__ for end in ends) == ["NoneType", "VehicleMovedOn"]
    assert len(await events(case.id)) == 2


async def test_what_does_not_exist_is_not_found(lawful: Platform) -> None:
    officer = await make.officer()

    with pytest.raises(CaseNotFound):
        await add_vehicle(uuid4(), VAN, now=LATER)
    with pytest.raises(VehicleNotFound):
        await vehicle_seized(uuid4(), seized_at=NOON, by=officer.id, now=LATER)
    with pytest.raises(PersonNotFound):
        await driver_in_hand(uuid4(), in_hand_at=NOON, by=officer.id, now=LATER)


async def test_a_cleared_case_takes_no_more_vehicles(lawful: Platform) -> None:
    case = await make.case()
    await Case.update({Case.state: CaseState.CLEARED}).where(Case.id == case.id)

    with pytest.raises(CaseAlreadyCleared):
        await add_vehicle(case.id, VAN, now=LATER)


async def asked_for() -> set[object]:
    return {row["subject"] for row in await Work.select(Work.subject).where(Work.job == Job.SUGGEST_CASES)}


async def test_a_new_vehicle_asks_for_suggestions_for_recent_tips_without_a_link(lawful: Platform) -> None:
    case, officer = await make.case(), await make.officer()
    recent = await make.tip(received_at=LATER - timedelta(days=29))
    await make.tip(received_at=LATER - timedelta(days=31))
    linked = await make.tip(received_at=LATER - timedelta(days=1))
    await Link(
        id=uuid4(),
        tip=linked.id,
        case=case.id,
        suggestion=None,
        decided_by=officer.id,
        decided_at=NOON,
        is_useful=False,
    ).save()
    as_role(lawful, Role.STAFF)

    await add_vehicle(case.id, VAN, now=LATER)

    as_role(lawful, Role.OWNER)
    assert await asked_for() == {recent.id}


async def test_a_refused_deed_asks_for_no_work(lawful: Platform) -> None:
    await make.tip(received_at=LATER)
    vehicle = await make.vehicle(await make.case(), state=VehicleState.SEIZED)
    officer = await make.officer()

    with pytest.raises(VehicleMovedOn):
        await vehicle_identified(vehicle.id, VAN, identified_at=NOON, by=officer.id, now=LATER)

    assert await asked_for() == set()


async def test_asking_again_is_bounded(lawful: Platform) -> None:
    case = await make.case()
    async with engine().transaction():  # one connection for all
        for minutes in range(MOST_TIPS_ASKED + 5):
            await make.tip(received_at=LATER - timedelta(minutes=minutes))

    await add_vehicle(case.id, VAN, now=LATER)

    assert len(await asked_for()) == MOST_TIPS_ASKED


async def test_case_events_are_never_changed_or_removed(lawful: Platform) -> None:
    asked = await draft()
    case = await open_case(asked, by=asked.lead_officer, now=LATER)

    with pytest.raises(asyncpg.RaiseError, match="append-only"):
        await CaseEvent.update({CaseEvent.happened_at: LATER}).where(CaseEvent.case == case.id)
    with pytest.raises(asyncpg.RaiseError, match="append-only"):
        await CaseEvent.delete().where(CaseEvent.case == case.id)


async def test_every_refusal_of_a_date_is_told_in_a_sentence_that_its_facts_fill(lawful: Platform) -> None:
    officer = await make.officer()
    case = await make.case()
    other = await make.person(case, role=PersonRole.OTHER, at=NOON + timedelta(hours=1))
    early = await draft(recorded_at=NOON - timedelta(minutes=1))

    with pytest.raises(CaseInvalid) as in_hand:
        await driver_in_hand(other.id, in_hand_at=NOON, by=officer.id, now=LATER)
    with pytest.raises(CaseInvalid) as recorded:
        await open_case(early, by=officer.id, now=LATER)

    told = [problem_sentence(one) for one in (*in_hand.value.problems, *recorded.value.problems)]
    assert len(told) == 3
    assert not any("{" in sentence for sentence in told)

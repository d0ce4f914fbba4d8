from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from tests import make
from tests.make import NOON
from tests.platform import Platform, as_role
from tipline.accounts.tables import Officer, OfficerRole
from tipline.cases.errors import (
    ApproverNotCommander,
    CaseAlreadyCleared,
    ClearanceUnlawful,
    LinkNotFound,
    PersonNotFound,
    VehicleNotFound,
)
from tipline.cases.service import clear_case, link_tip
from tipline.cases.suggestions import Proposal, record_suggestions
from tipline.cases.tables import (
    Case,
    CaseEvent,
    CaseEventType,
    CaseState,
    Clearance,
    Link,
    LinkSuggestion,
    Person,
    PersonRole,
    PersonState,
    SuggestionState,
    Vehicle,
    VehicleState,
)
from tipline.settings import Role

CLEARED = NOON + timedelta(days=3)
LATER = NOON + timedelta(days=4)
ARTICLE = "道路交通事故处理程序规定（2017修订） 第六十二条第一款"


@dataclass
class Solved:
    """A case whose vehicle is seized and whose driver is in hand, with its commander."""

    case: Case
    vehicle: Vehicle
    driver: Person
    commander: Officer

    async def clear(self, **changes: Any) -> Clearance:
        facts: dict[str, Any] = {
            "vehicle_id": self.vehicle.id,
            "driver_id": self.driver.id,
            "cleared_at": CLEARED,
            "useful_links": [],
            "approved_by": self.commander.id,
            "now": LATER,
        }
        return await clear_case(self.case.id, **(facts | changes))


async def solved(
    *, vehicle: VehicleState = VehicleState.SEIZED, driver: PersonState = PersonState.IN_HAND, **person: Any
) -> Solved:
    case = await make.case()
    return Solved(
        case=case,
        vehicle=await make.vehicle(case, state=vehicle, at=NOON + timedelta(days=1)),
        driver=await make.person(case, state=driver, at=NOON + timedelta(days=2), **person),
        commander=await make.officer(role=OfficerRole.COMMANDER),
    )


async def state_of(case: Case) -> str:
    row = await Case.objects().get(Case.id == case.id)
    assert row is not None
    return row.state


async def test_clearing_closes_the_case_marks_what_helped_and_withdraws_what_is_open(lawful: Platform) -> None:
    this = await solved()
    useful, idle = [
        await link_tip((await make.tip()).id, this.case.id, by=this.commander.id, now=NOON) for _ in range(2)
    ]
    open_one = await make.suggestion(await make.tip(), this.case)
    as_role(lawful, Role.STAFF)

    clearance = await this.clear(useful_links=[useful.id])

    assert (clearance.cleared_at, clearance.approved_by) == (CLEARED, this.commander.id)
    assert await state_of(this.case) == CaseState.CLEARED
    assert {row["id"]: row["is_useful"] for row in await Link.select(Link.id, Link.is_useful)} == {
        useful.id: True,
        idle.id: False,
    }
    withdrawn = await LinkSuggestion.objects().get(LinkSuggestion.id == open_one.id)
    assert withdrawn is not None
    assert withdrawn.state == SuggestionState.WITHDRAWN
    event = await CaseEvent.objects().get(CaseEvent.case == this.case.id)
    assert event is not None
    assert (event.type, event.happened_at, event.known_at) == (CaseEventType.CLEARED, CLEARED, LATER)


async def refusal(this: Solved, **changes: Any) -> dict[str, str]:
    with pytest.raises(ClearanceUnlawful) as refused:
        await this.clear(**changes)
    assert await state_of(this.case) == CaseState.OPEN
    assert await Clearance.count() == 0
    return {problem.code: str(problem.facts.get("article", "")) for problem in refused.value.problems}


async def test_procedure_62_a_vehicle_that_is_only_identified_clears_nothing(lawful: Platform) -> None:
    this = await solved(vehicle=VehicleState.IDENTIFIED)

    assert await refusal(this) == {"vehicle_not_seized": ARTICLE}


async def test_procedure_62_a_driver_who_is_only_named_clears_nothing(lawful: Platform) -> None:
    this = await solved(driver=PersonState.IDENTIFIED)

    assert await refusal(this) == {"driver_not_in_hand": ARTICLE}


async def test_procedure_62_a_passenger_in_hand_clears_nothing(lawful: Platform) -> None:
    this = await solved(role=PersonRole.OTHER)

    assert await refusal(this) == {"not_the_driver": ARTICLE}


async def test_procedure_62_a_case_is_not_cleared_before_vehicle_and_driver_were_found(lawful: Platform) -> None:
    this = await solved()

    told = await refusal(this, cleared_at=NOON + timedelta(hours=1))

    assert told == {"cleared_before_seizure": ARTICLE, "cleared_before_arrest": ARTICLE}


async def test_a_case_is_not_cleared_ahead_of_time(lawful: Platform) -> None:
    assert list(await refusal(await solved(), cleared_at=LATER + timedelta(minutes=1))) == ["in_the_future"]


@pytest.mark.parametrize("role", [role for role in OfficerRole if role != OfficerRole.COMMANDER])
async def test_only_a_commander_approves(lawful: Platform, role: OfficerRole) -> None:
    this = await solved()
    other = await make.officer(role=role)

    with pytest.raises(ApproverNotCommander):
        await this.clear(approved_by=other.id)

    assert await state_of(this.case) == CaseState.OPEN


async def test_a_commander_who_left_approves_nothing(lawful: Platform) -> None:
    this = await solved()
    await Officer.update({Officer.is_active: False}).where(Officer.id == this.commander.id)

    with pytest.raises(ApproverNotCommander):
        await this.clear()


async def test_of_two_commanders_at_once_one_clears_and_the_other_learns_who_and_when(lawful: Platform) -> None:
    this = await solved()
    second = await make.officer(role=OfficerRole.COMMANDER)
    as_role(lawful, Role.STAFF)

    ends = await asyncio.gather(this.clear(), this.clear(approved_by=second.id), return_exceptions=True)

    done = [end for end in ends if isinstance(end, Clearance)]
    lost = [end for end in ends if isinstance(end, CaseAlreadyCleared)]
    assert (len(done), len(lost)) == (1, 1)
    winner = next(one for one in (this.commander, second) if one.id == done[0].approved_by)
    assert (lost[0].by_badge, lost[0].by_name, lost[0].at) == (winner.badge_number, winner.full_name, CLEARED)
    assert await CaseEvent.count().where(CaseEvent.type == CaseEventType.CLEARED) == 1


async def test_linking_and_clearing_at_once_leave_no_link_made_after_the_clearance(lawful: Platform) -> None:
    this, tip, officer = await solved(), await make.tip(), await make.officer()
    as_role(lawful, Role.STAFF)

    ends = await asyncio.gather(
        this.clear(), link_tip(tip.id, this.case.id, by=officer.id, now=LATER), return_exceptions=True
    )

    assert isinstance(ends[0], Clearance)
    assert isinstance(ends[1], Link | CaseAlreadyCleared)
    assert await Link.count() == (1 if isinstance(ends[1], Link) else 0)


async def test_proposing_and_clearing_at_once_leave_no_open_suggestion(lawful: Platform) -> None:
    this = await solved()
    tips = [await make.tip() for _ in range(6)]
    proposal = Proposal(case=this.case.id, match_weight=8.0, reasons=[], model="bits-test")

    await asyncio.gather(this.clear(), *(record_suggestions(tip.id, [proposal], now=LATER) for tip in tips))

    assert await LinkSuggestion.count().where(LinkSuggestion.state == SuggestionState.PROPOSED) == 0


async def test_what_belongs_to_another_case_clears_nothing(lawful: Platform) -> None:
    this, other = await solved(), await solved()
    link = await link_tip((await make.tip()).id, other.case.id, by=other.commander.id, now=NOON)

    with pytest.raises(VehicleNotFound):
        await this.clear(vehicle_id=other.vehicle.id)
    with pytest.raises(PersonNotFound):
        await this.clear(driver_id=other.driver.id)
    with pytest.raises(LinkNotFound):
        await this.clear(useful_links=[link.id])
    with pytest.raises(LinkNotFound):
        await this.clear(useful_links=[uuid4()])

    assert await state_of(this.case) == CaseState.OPEN

"""Pure rules of closing: when a case counts as cleared, when it is cleared exceptionally, how its severity changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from tipline.cases.closing.tables import ExceptionalGround
from tipline.cases.rules import FoundPerson, FoundVehicle, Rule, moment_problems, text_problems
from tipline.cases.tables import PersonRole, PersonState, VehicleGround, VehicleState
from tipline.errors import Problem

REASON_LIMIT: Final = 500
TESTS: Final = ("identified_by", "evidence", "whereabouts", "beyond_control")


@dataclass(frozen=True, kw_only=True, slots=True)
class StandIn:
    """Why a vehicle that is not seized stands for a found one: the ground, what proves it, and the sealed items."""

    ground: VehicleGround
    reason: str
    items: Sequence[UUID]


@dataclass(frozen=True, kw_only=True, slots=True)
class ExceptionalDraft:
    """The four tests of an exceptional clearance, each in words; all of them are needed."""

    ground: ExceptionalGround
    identified_by: str
    evidence: str
    whereabouts: str
    beyond_control: str
    cleared_at: datetime


def clearance_problems(
    vehicle: FoundVehicle,
    driver: FoundPerson,
    law: Rule,
    *,
    cleared_at: datetime,
    not_before: datetime,
    now: datetime,
    stand_in: StandIn | None = None,
    stand_in_law: Rule | None = None,
) -> list[Problem]:
    """Check that vehicle and driver have been found by the moment of clearance; measures play no part.

    Args:
        vehicle: how far the fleeing vehicle is found; with `stand_in` it need not be seized.
        driver: how far the driver is found; nothing stands in for him here.
        law: the condition of a clearance.
        cleared_at: when the case counts as cleared.
        not_before: the accident, the record of the case, or its last turn, whichever came last.
        now: nothing is recorded ahead of time.
        stand_in: the ground on which a destroyed or untraceable vehicle stands for a found one.
        stand_in_law: the rule that a refused ground names.
    """
    problems = moment_problems("cleared_at", cleared_at, not_before=not_before, now=now, code="before_the_last_turn")
    problems += _vehicle_problems(vehicle, law, cleared_at=cleared_at, stand_in=stand_in, stand_in_law=stand_in_law)
    if driver.role != PersonRole.DRIVER:
        problems.append(Problem("driver", "not_the_driver", law.facts))
    elif driver.state != PersonState.IN_HAND or driver.in_hand_at is None:
        problems.append(Problem("driver", "driver_not_in_hand", law.facts))
    elif driver.in_hand_at > cleared_at:
        problems.append(Problem("cleared_at", "cleared_before_arrest", {"in_hand_at": driver.in_hand_at, **law.facts}))
    return problems


def exceptional_problems(
    draft: ExceptionalDraft, driver: FoundPerson, law: Rule, *, not_before: datetime, now: datetime
) -> list[Problem]:
    """Check the four tests of an exceptional clearance: each is answered in words, and the driver is not in hand."""
    problems = moment_problems(
        "cleared_at", draft.cleared_at, not_before=not_before, now=now, code="before_the_last_turn"
    )
    if driver.role != PersonRole.DRIVER:
        problems.append(Problem("person", "not_the_driver", law.facts))
    elif driver.state == PersonState.IN_HAND:
        problems.append(Problem("person", "driver_is_in_hand", law.facts))
    for name in TESTS:
        answer = getattr(draft, name)
        if not answer.strip():
            problems.append(Problem(name, "test_not_answered", law.facts))
        elif len(answer) > REASON_LIMIT:
            problems.append(Problem(name, "too_long", {"limit": REASON_LIMIT}))
    return problems


def reason_problems(reason: str) -> list[Problem]:
    """Say whether the reason of a turn is missing or too long."""
    return text_problems("reason", reason, REASON_LIMIT)


def _vehicle_problems(
    vehicle: FoundVehicle, law: Rule, *, cleared_at: datetime, stand_in: StandIn | None, stand_in_law: Rule | None
) -> Iterator[Problem]:
    is_seized = vehicle.state == VehicleState.SEIZED and vehicle.seized_at is not None
    if is_seized and vehicle.seized_at is not None and vehicle.seized_at > cleared_at:
        yield Problem("cleared_at", "cleared_before_seizure", {"seized_at": vehicle.seized_at, **law.facts})
    if stand_in is None:
        if not is_seized:
            yield Problem("vehicle", "vehicle_not_seized", law.facts)
        return
    facts = (stand_in_law or law).facts
    if is_seized:
        yield Problem("vehicle_ground", "vehicle_is_seized", facts)
    if not stand_in.reason.strip():
        yield Problem("vehicle_reason", "required")
    elif len(stand_in.reason) > REASON_LIMIT:
        yield Problem("vehicle_reason", "too_long", {"limit": REASON_LIMIT})
    if not stand_in.items:
        yield Problem("items", "stand_in_without_evidence", facts)

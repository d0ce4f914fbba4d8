"""案件 Deeds on a case: open it. Each is one transaction; of two officers at once one wins.

The door of this room: what finds vehicles and persons (`finding`), links tips (`links`) and clears a case (`closing`)
is offered here, too. Measures have a door of their own (`measures.service`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

from tipline.cases.closing.service import clear_case
from tipline.cases.errors import CaseInvalid
from tipline.cases.finding import (
    VehicleDraft,
    add_person,
    add_vehicle,
    driver_in_hand,
    note,
    vehicle_identified,
    vehicle_seized,
)
from tipline.cases.links import dismiss_suggestion, link_tip
from tipline.cases.rules import (
    PLACE_LIMIT,
    number_problems,
    text_problems,
)
from tipline.cases.suggestions import ask_for_recent_tips
from tipline.cases.tables import (
    Case,
    CaseEventType,
    CaseState,
    Severity,
)
from tipline.database import engine
from tipline.errors import Problem
from tipline.intake.tables import Datum

__all__ = [
    "CaseDraft",
    "VehicleDraft",
    "add_person",
    "add_vehicle",
    "case_problems",
    "clear_case",
    "dismiss_suggestion",
    "driver_in_hand",
    "link_tip",
    "open_case",
    "vehicle_identified",
    "vehicle_seized",
]

# Two officers with one number at once: the second waits for the first, then finds it taken.
NUMBER_LOCK: Final = "SELECT pg_advisory_xact_lock(hashtext({}), hashtext({}))"


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseDraft:
    """A case as it is first recorded (受案). Coordinates come with their datum or not at all."""

    number: str
    severity: Severity
    happened_from: datetime
    happened_to: datetime
    place_text: str
    unit: UUID
    lead_officer: UUID
    recorded_at: datetime
    latitude: float | None = None
    longitude: float | None = None
    datum: Datum | None = None
    summary: str = ""
    is_demo: bool = False


async def open_case(
    draft: CaseDraft, *, by: UUID, now: datetime, entry: CaseEventType = CaseEventType.RECORDED
) -> Case:
    """Record a case, and ask for suggestions for recent tips.

    `entry` says how it came in: recorded here, or taken over from another jurisdiction (`procedure.take_over_case`).

    Raises:
        CaseInvalid: number malformed or taken, times out of order, place missing, or half a pair of coordinates.
    """
    problems = case_problems(draft, now=now)
    if problems:
        raise CaseInvalid(*problems)
    async with engine().transaction():
        await Case.raw(NUMBER_LOCK, "case_number", draft.number)
        if await Case.exists().where(Case.number == draft.number):
            raise CaseInvalid(Problem("number", "case_number_taken", {"number": draft.number}))
        case = Case(
            id=uuid4(),
            number=draft.number,
            severity=draft.severity,
            happened_from=draft.happened_from,
            happened_to=draft.happened_to,
            place_text=draft.place_text.strip(),
            latitude=draft.latitude,
            longitude=draft.longitude,
            datum=draft.datum,
            summary=draft.summary.strip(),
            unit=draft.unit,
            lead_officer=draft.lead_officer,
            recorded_at=draft.recorded_at,
            state=CaseState.OPEN,
            merged_into=None,
            is_demo=draft.is_demo,
        )
        await case.save()
        await note(case, entry, happened_at=draft.recorded_at, by=by, now=now)
        await ask_for_recent_tips(now=now)
    return case


def case_problems(draft: CaseDraft, *, now: datetime) -> list[Problem]:
    """Return what is wrong with a case by itself; whether its number is taken is asked when it is recorded."""
    problems = [*number_problems(draft.number), *text_problems("place_text", draft.place_text, PLACE_LIMIT)]
    if draft.happened_to < draft.happened_from:
        problems.append(Problem("happened_to", "ends_before_it_begins"))
    if draft.happened_from > now:
        problems.append(Problem("happened_from", "in_the_future"))
    if draft.recorded_at > now:
        problems.append(Problem("recorded_at", "in_the_future"))
    elif draft.recorded_at < draft.happened_from:
        problems.append(Problem("recorded_at", "before_the_accident", {"earliest": draft.happened_from}))
    given = [draft.latitude is not None, draft.longitude is not None, draft.datum is not None]
    if any(given) and not all(given):
        problems.append(Problem("place", "half_a_point"))
    return problems

"""串并建议 rows: what linking proposes, kept apart from what officers have decided.

Writing is safe to repeat and safe beside officers: a decided suggestion is never touched.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from tipline.cases.tables import Case, LinkSuggestion
from tipline.database import engine
from tipline.intake.tables import Tip
from tipline.work.service import ask
from tipline.work.tables import Job

RECENT: Final = timedelta(days=30)
MOST_TIPS_ASKED: Final = 200

# The case must be open, and the tip linked neither to it nor to one merged into it. A proposal that was withdrawn may
# come back, one that an officer decided may not.
PROPOSE: Final = """
INSERT INTO link_suggestion (id, tip, "case", match_weight, reasons, model, state, created_at, decided_by, decided_at)
SELECT {}, {}, c.id, {}, {}::text::jsonb, {}, 'proposed', {}, NULL, NULL FROM case_file c
WHERE c.id = {} AND c.state = 'open'
  AND NOT EXISTS (SELECT 1 FROM link l WHERE l.tip = {} AND l."case" IN (SELECT case_family(c.id)))
ON CONFLICT (tip, "case") DO UPDATE
SET match_weight = EXCLUDED.match_weight, reasons = EXCLUDED.reasons, model = EXCLUDED.model, state = 'proposed',
    created_at = CASE link_suggestion.state WHEN 'proposed' THEN link_suggestion.created_at ELSE EXCLUDED.created_at END
WHERE link_suggestion.state IN ('proposed', 'withdrawn')
RETURNING id"""
WITHDRAW_OTHERS: Final = """
UPDATE link_suggestion SET state = 'withdrawn' WHERE tip = {} AND state = 'proposed'
AND ("case" <> ALL({}::uuid[]) OR EXISTS (SELECT 1 FROM case_file c WHERE c.id = "case" AND c.state <> 'open'))
RETURNING id"""
PROPOSED_TIPS: Final = """
SELECT s.tip FROM link_suggestion s WHERE s."case" = {} AND s.state = 'proposed' ORDER BY s.created_at DESC LIMIT {}"""
WITHDRAW_ALL: Final = """
UPDATE link_suggestion SET state = 'withdrawn' WHERE "case" = {} AND state = 'proposed' RETURNING id"""
RECENT_TIPS: Final = """
SELECT t.id FROM tip t WHERE t.received_at >= {} AND t.state NOT IN ('declined', 'duplicate')
AND NOT EXISTS (SELECT 1 FROM link l WHERE l.tip = t.id) ORDER BY t.received_at DESC LIMIT {}"""
OPEN_CASES: Final = """
SELECT c.id, c.number, c.happened_from, c.happened_to, c.place_text, c.latitude, c.longitude, c.datum, c.summary
FROM case_file c WHERE c.state = 'open' ORDER BY c.recorded_at, c.id"""
VEHICLES_OF_OPEN_CASES: Final = """
SELECT c.id AS "case", v.plate_text, v.vehicle_type, v.vehicle_colour, v.features, v.state
FROM vehicle v JOIN case_file f ON f.id = v."case" JOIN case_file c ON c.id = coalesce(f.merged_into, f.id)
WHERE c.state = 'open'
AND NOT EXISTS (SELECT 1 FROM screening_candidate s WHERE s."case" IN (c.id, f.id) AND s.state = 'excluded'
                AND (s.vehicle = v.id OR (s.plate_text = v.plate_text AND v.plate_text <> '')))
ORDER BY v.id"""
EXCLUDED_IN_OPEN_CASES: Final = """
SELECT s."case", s.plate_text FROM screening_candidate s JOIN case_file c ON c.id = s."case"
WHERE c.state = 'open' AND s.state = 'excluded' AND s.plate_text <> '' ORDER BY s.plate_text"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Proposal:
    """One case proposed for a tip: `match_weight` in bits, reasons in their stored form, the model that weighed."""

    case: UUID
    match_weight: float
    reasons: list[dict[str, Any]]
    model: str


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenCase:
    """An open case with its vehicles, as rows: what linking compares tips with.

    Vehicles that officers excluded are left out; the plates they excluded are told, so that no tip gains by one.
    """

    case: dict[str, Any]
    vehicles: list[dict[str, Any]]
    excluded_plates: frozenset[str] = frozenset()


async def open_cases() -> list[OpenCase]:
    """Return every open case with its vehicles and excluded plates, oldest first, in three queries."""
    by_case: dict[UUID, list[dict[str, Any]]] = {}
    excluded: dict[UUID, set[str]] = {}
    cases = await Case.raw(OPEN_CASES)
    for vehicle in await Case.raw(VEHICLES_OF_OPEN_CASES):
        by_case.setdefault(vehicle["case"], []).append(vehicle)
    for row in await Case.raw(EXCLUDED_IN_OPEN_CASES):
        excluded.setdefault(row["case"], set()).add(row["plate_text"])
    return [
        OpenCase(
            case=case,
            vehicles=by_case.get(case["id"], []),
            excluded_plates=frozenset(excluded.get(case["id"], ())),
        )
        for case in cases
    ]


async def record_suggestions(tip_id: UUID, proposals: Sequence[Proposal], *, now: datetime) -> int:
    """Keep the proposals of one tip as they hold now, and withdraw open ones that hold no longer.

    Run twice it changes nothing. Each row is its own statement and holds no other: an officer who clears or links
    beside it never waits in a circle. The withdrawal comes last, so that it sees a case cleared in between.

    Returns:
        How many stand proposed by this call.
    """
    kept: list[UUID] = []
    for proposal in proposals:
        rows = await LinkSuggestion.raw(
            PROPOSE,
            uuid4(),
            tip_id,
            proposal.match_weight,
            json.dumps(proposal.reasons, ensure_ascii=False),
            proposal.model,
            now,
            proposal.case,
            tip_id,
        )
        if rows:
            kept.append(proposal.case)
    await LinkSuggestion.raw(WITHDRAW_OTHERS, tip_id, kept)
    return len(kept)


async def withdraw_suggestions(case_id: UUID) -> None:
    """Withdraw what stands proposed for a case that closes. Joins the caller's transaction."""
    await LinkSuggestion.raw(WITHDRAW_ALL, case_id)


async def ask_for_recent_tips(*, now: datetime) -> int:
    """Ask for suggestions again for recent tips without a link, because a case or vehicle has become known.

    Joins the caller's transaction. Bounded: the newest 200 of the last 30 days.

    Returns:
        How many tips were asked for.
    """
    async with engine().transaction(allow_nested=True):
        tips = await Tip.raw(RECENT_TIPS, now - RECENT, MOST_TIPS_ASKED)
        for tip in tips:
            await ask(Job.SUGGEST_CASES, tip["id"], now=now)
    return len(tips)


async def ask_for_tips_proposed_for(case_id: UUID, *, now: datetime) -> int:
    """Ask anew for suggestions for the tips that are proposed for a case, because what speaks for it has changed.

    Joins the caller's transaction. Bounded: the newest 200 proposals.

    Returns:
        How many tips were asked for.
    """
    async with engine().transaction(allow_nested=True):
        rows = await LinkSuggestion.raw(PROPOSED_TIPS, case_id, MOST_TIPS_ASKED)
        for row in rows:
            await ask(Job.SUGGEST_CASES, row["tip"], now=now)
    return len(rows)

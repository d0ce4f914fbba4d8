"""Turns of a case: what opens or closes it, and that each comes after the one before (docs/decisions/0009)."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from tipline.cases.tables import Case, CaseEvent
from tipline.errors import Problem

LATEST: Final = """
SELECT max(e.happened_at) AS at FROM case_event e WHERE e."case" = {} AND e.type IN
  ('recorded', 'transferred_in', 'cleared', 'cleared_exceptionally', 'unfounded', 'transferred_out', 'reopened')"""


async def earliest_turn(case: Case) -> datetime:
    """Return the moment before which the case that the caller holds cannot take its next turn.

    That is its record, or what was decided on it last; a clearance dated before the record could not be counted.
    """
    rows: list[dict[str, Any]] = await CaseEvent.raw(LATEST, case.id)
    moments = [case.happened_from, case.recorded_at, rows[0]["at"]]
    earliest: datetime = max(moment for moment in moments if moment is not None)
    return earliest


async def turn_problems(case: Case, field: str, moment: datetime) -> list[Problem]:
    """Say whether a turn dated `moment` comes before the record of the case or the turn before it."""
    earliest = await earliest_turn(case)
    return [Problem(field, "before_the_last_turn", {"earliest": earliest})] if moment < earliest else []

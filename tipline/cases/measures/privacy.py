"""Whose name an officer does not see: persons under 18 at the act, unless the officer works on the case.

The case's unit, its lead and those assigned to it, legal reviewers and commanders see the name; to everybody else who
may read the case the person is 未成年人 (刑事程序规定 318, 331; docs/decisions/0035).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from tipline.accounts.tables import OfficerRole
from tipline.cases.access import Reader
from tipline.cases.measures.ages import full_years
from tipline.cases.tables import Person
from tipline.law.service import day_of, rule

SEE_EVERY_NAME: Final = frozenset({OfficerRole.LEGAL_REVIEWER, OfficerRole.COMMANDER})
UNDER_AGE: Final = "juvenile_privacy"
_KNOWN: Final = """
SELECT p.id, c.happened_from, k.born_on, k.age_at_act,
       (c.unit = {} OR c.lead_officer = {} OR EXISTS (
          SELECT 1 FROM case_assignment a
          WHERE a."case" = c.id AND a.officer = {} AND a.ended_at IS NULL)) AS is_team
FROM person p JOIN case_file c ON c.id = p."case"
JOIN LATERAL (SELECT born_on, age_at_act FROM person_particulars
              WHERE person = p.id ORDER BY recorded_at DESC LIMIT 1) k ON true
WHERE p.id = ANY({}::uuid[]) AND (k.born_on IS NOT NULL OR k.age_at_act IS NOT NULL)"""


async def hidden_persons(officer: Reader, persons: Iterable[UUID], *, now: datetime) -> frozenset[UUID]:
    """Return which of `persons` (rows of `person`) this officer may know only as a person under 18."""
    wanted = list(persons)
    if not wanted or officer.role in SEE_EVERY_NAME:
        return frozenset()
    limit = (await rule(UNDER_AGE, on=day_of(now))).maximum
    rows: list[dict[str, Any]] = await Person.raw(_KNOWN, officer.unit, officer.id, officer.id, wanted)
    return frozenset(row["id"] for row in rows if not row["is_team"] and _age(row) < limit)


def _age(row: dict[str, Any]) -> int:
    if row["born_on"] is None:
        return int(row["age_at_act"])
    return full_years(row["born_on"], day_of(row["happened_from"]))

"""Whom a paper must not name: persons under 18 at the act and those whose record is sealed (刑事程序规定 318, 331).

A paper leaves the room of those who may know, so it masks even for the officers who see the name on their screen.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from tipline.accounts.tables import OfficerRole
from tipline.cases.measures.privacy import hidden_persons
from tipline.cases.measures.tables import JuvenileFact

MASK: Final = "未成年人（姓名隐去）"
_SEALED: Final = """
SELECT one.person FROM (
  SELECT DISTINCT ON (j.person) j.person, j.kind FROM juvenile_fact j
  WHERE j.person = ANY({}::uuid[]) AND j.kind IN ('record_sealed', 'record_unsealed')
  ORDER BY j.person, j.happened_at DESC, j.recorded_at DESC) one
WHERE one.kind = 'record_sealed'"""


@dataclass(frozen=True, slots=True)
class _Outsider:
    """An officer who works on no case: what is hidden from this one is hidden on paper."""

    id: UUID
    role: str
    unit: UUID


OUTSIDER: Final = _Outsider(id=UUID(int=0), role=OfficerRole.AUDITOR.value, unit=UUID(int=0))


async def masked_persons(persons: Iterable[UUID], *, now: datetime) -> frozenset[UUID]:
    """Return which of `persons` a paper names only by `MASK`."""
    wanted = list(persons)
    if not wanted:
        return frozenset()
    sealed: list[dict[str, Any]] = await JuvenileFact.raw(_SEALED, wanted)
    return await hidden_persons(OUTSIDER, wanted, now=now) | {row["person"] for row in sealed}

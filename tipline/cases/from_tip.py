"""From a tip to a new case in one step: what the tip told is filled in, and recording the case links the tip."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from tipline.cases.links import link_tip
from tipline.cases.procedure.rules import StepDraft
from tipline.cases.procedure.service import record_case
from tipline.cases.service import CaseDraft
from tipline.cases.tables import Case
from tipline.database import engine
from tipline.intake.decisions import TipNotFound
from tipline.intake.tables import Tip

_TOLD: Final = """
SELECT t.id, t.alias, t.happened_from, t.happened_to, t.place_text, t.latitude, t.longitude, t.datum, t.story AS summary
FROM tip t WHERE t.id = {}"""


async def told_by(tip_id: UUID) -> dict[str, Any]:
    """Return what a tip told of the accident, under the names of a case; `summary` is its story.

    Raises:
        TipNotFound: there is none.
    """
    rows: list[dict[str, Any]] = await Tip.raw(_TOLD, tip_id)
    if not rows:
        raise TipNotFound(tip_id)
    return rows[0]


async def record_case_from_tip(
    tip_id: UUID, draft: CaseDraft, transfer: StepDraft | None, *, by: UUID, now: datetime
) -> Case:
    """Record a case and link the tip to it, which takes the tip into work; both or neither.

    Raises:
        CaseInvalid, StepUnlawful: as `record_case`.
        TipNotFound, TipDecided: there is no such tip, or a colleague declined it.
    """
    async with engine().transaction():
        case = await record_case(draft, transfer, by=by, now=now)
        await link_tip(tip_id, case.id, by=by, now=now)
    return case

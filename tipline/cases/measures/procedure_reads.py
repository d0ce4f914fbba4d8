"""What procedure a case went through before its measures: read from its official steps and from rulings."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from tipline.cases.measures.procedure import Filing, Procedure, Registration
from tipline.cases.measures.tables import Ruling, RulingKind
from tipline.cases.procedure.reads import steps_of
from tipline.cases.procedure.tables import ProcedureKind

ENDS_THE_PROCEEDING = frozenset({RulingKind.NOT_GUILTY, RulingKind.NOT_PROSECUTED, RulingKind.INVESTIGATION_ENDED})


async def procedure_of(case_id: UUID, person_id: UUID, *, at: datetime) -> Procedure:
    """Return registration, filing and conviction as they stood at a moment, as far as they bear on a person.

    Of several filings the last one decided by `at` counts; 撤案 of the case ends it, and so does 终止侦查, 不起诉 or
    an acquittal of the person. A filing decided later is returned where there is none before, so that a refusal can
    name its time.
    """
    steps = [step for step in await steps_of(case_id) if step["revoked_at"] is None]
    rulings = await Ruling.objects().where(Ruling.person == person_id).order_by(Ruling.decided_at)
    registered = _of_kind(steps, ProcedureKind.REGISTRATION)
    ends = [step["decided_at"] for step in _of_kind(steps, ProcedureKind.WITHDRAWAL)]
    ends += [one.decided_at for one in rulings if one.kind in ENDS_THE_PROCEEDING]
    return Procedure(
        registration=_registration(registered[0]) if registered else None,
        filing=_filing(_of_kind(steps, ProcedureKind.FILING), ends, at),
        convicted_at=next((one.decided_at for one in rulings if one.kind == RulingKind.GUILTY), None),
    )


def _of_kind(steps: list[dict[str, Any]], kind: ProcedureKind) -> list[dict[str, Any]]:
    return [step for step in steps if step["kind"] == kind]


def _registration(step: dict[str, Any]) -> Registration:
    return Registration(number=step["document_number"], registered_at=step["decided_at"])


def _filing(steps: list[dict[str, Any]], ends: list[datetime], at: datetime) -> Filing | None:
    if not steps:
        return None
    by_then = [step for step in steps if step["decided_at"] <= at]
    step = by_then[-1] if by_then else steps[0]
    ended = sorted(one for one in ends if one >= step["decided_at"])
    return Filing(
        number=step["document_number"],
        decided_at=step["decided_at"],
        authority=step["authority"],
        ended_at=ended[0] if ended else None,
    )

"""What may be done with a measure at each stage. Pure."""

from __future__ import annotations

from enum import StrEnum

from tipline.cases.measures.kinds import LASTING, PENALTIES
from tipline.cases.measures.terms import DUTIES
from tipline.cases.tables import OutcomeKind, OutcomeStage


class Deed(StrEnum):
    """A deed on a measure; the value is the end of its address."""

    REVIEW = "review"
    NOTICE = "notice"
    APPROVE = "approve"
    REFUSE = "refuse"
    EXECUTE = "execute"
    DUTY = "duty"
    EXTEND = "extend"
    END = "end"
    REVOKE = "revoke"


def deeds_at(kind: OutcomeKind, stage: OutcomeStage) -> tuple[Deed, ...]:
    """Return what may follow, the next step of the chain first."""
    found: tuple[Deed, ...] = ()
    if stage == OutcomeStage.PROPOSED:
        found = (Deed.REVIEW,)
    elif stage == OutcomeStage.REVIEWED:
        found = (Deed.APPROVE, Deed.REFUSE)
    elif stage == OutcomeStage.APPROVED:
        found = (Deed.EXECUTE, Deed.REVOKE)
    elif stage == OutcomeStage.EXECUTED:
        found = _while_running(kind)
    elif stage == OutcomeStage.ENDED:
        found = (Deed.REVOKE,)
    if kind in PENALTIES and stage in {OutcomeStage.PROPOSED, OutcomeStage.REVIEWED}:
        found = (*found, Deed.NOTICE)
    return found


def _while_running(kind: OutcomeKind) -> tuple[Deed, ...]:
    found: tuple[Deed, ...] = (Deed.DUTY,) if kind in DUTIES else ()
    if kind == OutcomeKind.CRIMINAL_DETENTION:
        found += (Deed.EXTEND,)
    return (*found, Deed.END, Deed.REVOKE) if kind in LASTING else (*found, Deed.REVOKE)

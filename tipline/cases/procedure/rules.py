"""Pure rules of procedure: what each step must say, who decides it, and in which order steps can follow each other.

The law itself is passed in as a `Rule` taken from its row; nothing here knows an article by heart.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from tipline.cases.procedure.tables import ProcedureKind, TransferDirection
from tipline.cases.rules import (
    AUTHORITY_LIMIT,
    DOCUMENT_NUMBER_LIMIT,
    Rule,
    is_county_bureau,
    moment_problems,
    text_problems,
)
from tipline.errors import Problem

REASON_LIMIT: Final = 500
APPROVER_LIMIT: Final = 80
# Decided by the head of a public security bureau of county rank or above: 刑事程序规定 175, 178, 184, 187, 289.
DECIDED_BY_THE_HEAD: Final = frozenset(
    {
        ProcedureKind.FILING,
        ProcedureKind.NON_FILING,
        ProcedureKind.WITHDRAWAL,
        ProcedureKind.TRANSFER_FOR_PROSECUTION,
    }
)
NEEDS_REASON: Final = frozenset({ProcedureKind.NON_FILING, ProcedureKind.WITHDRAWAL})
TRANSFERS: Final = frozenset({ProcedureKind.TRANSFER_OF_JURISDICTION, ProcedureKind.TRANSFER_FOR_PROSECUTION})


@dataclass(frozen=True, kw_only=True, slots=True)
class StepDraft:
    """A step as an officer writes it down. `counterpart` is the other end of a transfer."""

    kind: ProcedureKind
    document_number: str
    authority: str
    decided_at: datetime
    approver: str = ""
    reason: str = ""
    counterpart: str = ""
    direction: TransferDirection | None = None
    received_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class StandingStep:
    """A step that stands, as far as the order of steps goes; `is_new` marks the one being entered."""

    kind: ProcedureKind
    decided_at: datetime
    direction: TransferDirection | None = None
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class Contradiction:
    """The first step that cannot follow those before it, and why, as a problem code."""

    step: StandingStep
    code: str


def step_problems(draft: StepDraft, law: Rule, *, happened_from: datetime, now: datetime) -> list[Problem]:
    """Check what a step says by itself; problems of law name the article.

    Args:
        draft: what the officer wrote.
        law: the rule that governs the step on its day.
        happened_from: when the accident happened; no step comes before it.
        now: nothing is recorded ahead of time.
    """
    problems = [
        *text_problems("document_number", draft.document_number, DOCUMENT_NUMBER_LIMIT),
        *text_problems("authority", draft.authority, AUTHORITY_LIMIT),
        *moment_problems("decided_at", draft.decided_at, not_before=happened_from, now=now),
        *text_problems("reason", draft.reason, REASON_LIMIT, is_required=draft.kind in NEEDS_REASON),
        *text_problems("counterpart", draft.counterpart, AUTHORITY_LIMIT, is_required=draft.kind in TRANSFERS),
        *text_problems("approver", draft.approver, APPROVER_LIMIT, is_required=draft.kind in DECIDED_BY_THE_HEAD),
    ]
    if draft.kind in DECIDED_BY_THE_HEAD and draft.authority.strip() and not is_county_bureau(draft.authority):
        problems.append(Problem("authority", "authority_below_county", {"authority": draft.authority, **law.facts}))
    return [*problems, *_receipt_problems(draft, now=now)]


def contradiction(steps: Sequence[StandingStep]) -> Contradiction | None:
    """Return the first step that cannot have followed those before it; None when all fit.

    A case is registered (受案) before it is filed (立案) or not filed; what is filed is withdrawn (撤案) before it
    becomes an administrative matter; only what is filed goes to the procuratorate; after a withdrawal, or a decision
    not to file, it can be filed again (刑事程序规定 178(3), 190).
    """
    is_registered = is_filed = False
    for step in sorted(steps, key=lambda one: one.decided_at):
        code = _contradiction(step, is_registered=is_registered, is_filed=is_filed)
        if code:
            return Contradiction(step, code)
        is_registered = is_registered or step.kind == ProcedureKind.REGISTRATION
        if step.kind in {ProcedureKind.FILING, ProcedureKind.WITHDRAWAL}:
            is_filed = step.kind == ProcedureKind.FILING
    return None


# What a step says when it finds the case filed, and when it finds it not filed; empty where that is as it must be.
_BY_FILING: Final = {
    ProcedureKind.FILING: ("filed_already", ""),
    ProcedureKind.NON_FILING: ("filed_already", ""),
    ProcedureKind.ADMINISTRATIVE_HANDLING: ("filing_stands", ""),
    ProcedureKind.WITHDRAWAL: ("", "not_filed"),
    ProcedureKind.TRANSFER_FOR_PROSECUTION: ("", "not_filed"),
}


def _contradiction(step: StandingStep, *, is_registered: bool, is_filed: bool) -> str:
    if step.kind == ProcedureKind.REGISTRATION:
        return "registered_already" if is_registered else ""
    if step.direction == TransferDirection.IN:
        return ""  # what was taken over may have been registered and filed where it came from
    if not is_registered:
        return "not_registered"
    when_filed, when_not = _BY_FILING.get(step.kind, ("", ""))
    return when_filed if is_filed else when_not


def _receipt_problems(draft: StepDraft, *, now: datetime) -> Iterator[Problem]:
    if draft.received_at is None:
        if draft.direction == TransferDirection.IN:
            yield Problem("received_at", "required")
        return
    yield from moment_problems(
        "received_at", draft.received_at, not_before=draft.decided_at, now=now, code="received_before_decided"
    )

"""Pure rules of the screening: which step may follow which, and what a lock must rest on (docs/decisions/0029)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from tipline.cases.rules import moment_problems
from tipline.cases.screening.tables import LockBasisKind, ScreeningAct, ScreeningMethod, ScreeningState
from tipline.errors import Problem

WORDS_LIMIT: Final = 1000
BASIS_LIMIT: Final = 300
# What is more than any number of hints and one tip.
INDEPENDENT: Final = frozenset(
    {
        LockBasisKind.FORENSIC_CONCLUSION,
        LockBasisKind.SIGHTING,
        LockBasisKind.STATEMENT,
        LockBasisKind.ADMISSION,
    }
)
LEAST_TIPS: Final = 2
# Steps that say how a candidate was looked into; the others say why.
LOOKING: Final = frozenset({ScreeningAct.CHECKED, ScreeningAct.EXCLUDED})
# With words only: that a thing was checked by trace comparison says enough.
NEEDS_WORDS: Final = frozenset(
    {
        ScreeningAct.EXCLUDED,
        ScreeningAct.LOCK_PROPOSED,
        ScreeningAct.LOCK_REJECTED,
        ScreeningAct.UNLOCKED,
        ScreeningAct.RESUMED,
    }
)


@dataclass(frozen=True, kw_only=True, slots=True)
class StepDraft:
    """A step as the officer writes it down: how and what was found, or why; `happened_at` is when it was done."""

    words: str
    happened_at: datetime
    method: ScreeningMethod | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class BasisDraft:
    """One thing that a lock shall rest on.

    Attributes:
        item: the sealed item, for `evidence_item` only.
        tip: the tip, for `tip`; for `evidence_item` the tip that brought the item, None for police's own evidence.
        words: number of the report or record, camera and time, and the like.
    """

    kind: LockBasisKind
    words: str = ""
    item: UUID | None = None
    tip: UUID | None = None


def acts_open(state: ScreeningState, *, is_proposed: bool, is_proposer: bool) -> tuple[ScreeningAct, ...]:
    """Return the steps that one officer may take with a candidate as it stands.

    Args:
        state: how far it has come.
        is_proposed: a lock waits for the second officer.
        is_proposer: it was this officer who proposed it.
    """
    if state == ScreeningState.PENDING:
        return (ScreeningAct.CHECKED, ScreeningAct.EXCLUDED)
    if state == ScreeningState.EXCLUDED:
        return (ScreeningAct.RESUMED,)
    if state == ScreeningState.LOCKED:
        return (ScreeningAct.UNLOCKED,)
    if is_proposed:
        confirming = () if is_proposer else (ScreeningAct.LOCKED,)
        return (*confirming, ScreeningAct.LOCK_REJECTED)
    return (ScreeningAct.CHECKED, ScreeningAct.EXCLUDED, ScreeningAct.LOCK_PROPOSED)


def state_after(act: ScreeningAct) -> ScreeningState:
    """Return how a candidate stands after a step."""
    return {
        ScreeningAct.ADDED: ScreeningState.PENDING,
        ScreeningAct.CHECKED: ScreeningState.CHECKED,
        ScreeningAct.EXCLUDED: ScreeningState.EXCLUDED,
        ScreeningAct.LOCK_PROPOSED: ScreeningState.CHECKED,
        ScreeningAct.LOCK_REJECTED: ScreeningState.CHECKED,
        ScreeningAct.LOCKED: ScreeningState.LOCKED,
        ScreeningAct.UNLOCKED: ScreeningState.CHECKED,
        ScreeningAct.RESUMED: ScreeningState.PENDING,
    }[act]


def step_problems(act: ScreeningAct, draft: StepDraft, *, not_before: datetime, now: datetime) -> list[Problem]:
    """Say what is missing from a step: how it was looked into, in words where the method says too little, and when."""
    problems = moment_problems("happened_at", draft.happened_at, not_before=not_before, now=now)
    words = draft.words.strip()
    if act in LOOKING and draft.method is None:
        problems.append(Problem("method", "required"))
    if not words and draft.method == ScreeningMethod.OTHER:
        problems.append(Problem("words", "other_method_needs_words"))
    elif not words and act in NEEDS_WORDS:
        problems.append(Problem("words", "required"))
    if len(words) > WORDS_LIMIT:
        problems.append(Problem("words", "too_long", {"limit": WORDS_LIMIT}))
    return problems


def lock_problems(bases: Sequence[BasisDraft], *, brought_by: UUID | None) -> list[Problem]:
    """Say why a lock may not rest on `bases`; empty when it may.

    It needs something beyond a machine hint or a single tip. A photo or film is part of the tip that brought it: all
    from one tip is one tip, however much of it there is.

    Args:
        bases: what the officer names.
        brought_by: the tip that brought the candidate, itself or by a hint from its files; it counts as one.
    """
    problems = [
        Problem(basis.kind.value, "too_long", {"limit": BASIS_LIMIT})
        for basis in bases
        if len(basis.words) > BASIS_LIMIT
    ]
    if not bases:
        return [*problems, Problem("bases", "lock_basis_missing")]
    if any(basis.kind in INDEPENDENT for basis in bases):
        return problems
    if any(basis.kind == LockBasisKind.EVIDENCE_ITEM and basis.tip is None for basis in bases):
        return problems
    tips = {basis.tip for basis in bases} | ({brought_by} if brought_by else set())
    return problems if len(tips) >= LEAST_TIPS else [*problems, Problem("bases", "lock_from_one_tip")]

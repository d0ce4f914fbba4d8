"""Pure rules of relief: what a step needs, what follows what, what the sums of a matter are, and what is paid twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from tipline.errors import Problem
from tipline.relief.tables import ReliefKind, ReliefPurpose, ReliefStepKind

# What moves or promises money: it counts once a second officer has confirmed it.
WITH_SUM: Final = frozenset(
    {ReliefStepKind.GRANTED, ReliefStepKind.PAID, ReliefStepKind.INSURER_PAID, ReliefStepKind.RECOVERED}
)
# The number of the paper that says so.
WITH_DOCUMENT: Final = frozenset({ReliefStepKind.NOTICE_TO_FUND, ReliefStepKind.GRANTED, ReliefStepKind.REFUSED})
WITH_BODY: Final = frozenset(
    {ReliefStepKind.GRANTED, ReliefStepKind.REFUSED, ReliefStepKind.PAID, ReliefStepKind.INSURER_PAID}
)
# Steps that only an advance of the rescue fund knows (order 146, 42 and 48; road traffic safety law, 75).
OF_THE_FUND: Final = frozenset(
    {
        ReliefStepKind.NOTICE_TO_FUND,
        ReliefStepKind.FAMILY_INFORMED,
        ReliefStepKind.INSURER_PAID,
        ReliefStepKind.DRIVER_NAMED_TO_FUND,
        ReliefStepKind.RECOVERED,
    }
)
PURPOSES: Final = {
    ReliefKind.RESCUE_FUND: (ReliefPurpose.EMERGENCY_CARE, ReliefPurpose.FUNERAL),
    ReliefKind.JUDICIAL_ASSISTANCE: tuple(ReliefPurpose),
}
LARGEST_FEN: Final = 100_000_000_00
NOTE_LIMIT: Final = 1_000
TEXT_LIMITS: Final = {"document_number": 60, "body": 80, "note": NOTE_LIMIT}


class MatterState(StrEnum):
    """How far a matter is, read from its steps."""

    OPENED = "opened"
    APPLIED = "applied"
    GRANTED = "granted"
    PAID = "paid"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class ReliefLimit(StrEnum):
    """A time limit of a matter, by the code of its rule of law."""

    RESCUE_WINDOW = "rescue_window"
    FUND_REVIEW = "fund_review"
    FUND_PAYMENT = "fund_payment"


class PaidTwice(StrEnum):
    """A possible second payment for the same purpose; a person has to look."""

    INSURER_TOO = "insurer_too"
    OTHER_FUND_TOO = "other_fund_too"
    SAME_FUND_TOO = "same_fund_too"


@dataclass(frozen=True, kw_only=True, slots=True)
class StepDraft:
    """A step as an officer writes it down."""

    kind: ReliefStepKind
    happened_at: datetime
    amount_fen: int | None = None
    document_number: str = ""
    body: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """A step that stands (not reversed, not rejected), and whether a second officer has confirmed it."""

    kind: ReliefStepKind
    happened_at: datetime
    amount_fen: int
    is_confirmed: bool


@dataclass(frozen=True, slots=True)
class Sums:
    """Confirmed sums of a matter in fen."""

    granted: int
    paid: int
    insurer_paid: int
    recovered: int

    @property
    def outstanding(self) -> int:
        """What the fund has advanced and nobody has paid back."""
        return self.paid - self.recovered


def sums_of(steps: Iterable[Standing]) -> Sums:
    """Return the confirmed sums; they are always counted from the steps, so they cannot drift."""
    total = dict.fromkeys(WITH_SUM, 0)
    for step in steps:
        if step.kind in WITH_SUM and step.is_confirmed:
            total[step.kind] += step.amount_fen
    return Sums(
        granted=total[ReliefStepKind.GRANTED],
        paid=total[ReliefStepKind.PAID],
        insurer_paid=total[ReliefStepKind.INSURER_PAID],
        recovered=total[ReliefStepKind.RECOVERED],
    )


def state_of(steps: Sequence[Standing]) -> MatterState:
    """Return how far a matter is. A sum that no second officer has confirmed brings it no further."""
    kinds = {step.kind for step in steps if step.is_confirmed or step.kind not in WITH_SUM}
    for kind, state in (
        (ReliefStepKind.WITHDRAWN, MatterState.WITHDRAWN),
        (ReliefStepKind.PAID, MatterState.PAID),
        (ReliefStepKind.GRANTED, MatterState.GRANTED),
        (ReliefStepKind.REFUSED, MatterState.REFUSED),
        (ReliefStepKind.APPLICATION_RECEIVED, MatterState.APPLIED),
    ):
        if kind in kinds:
            return state
    return MatterState.OPENED


def step_problems(
    draft: StepDraft, kind: ReliefKind, steps: Sequence[Standing], *, accident_at: datetime, now: datetime
) -> list[Problem]:
    """Say what is wrong with a new step, everything at once.

    Args:
        draft: what the officer wrote.
        kind: of the matter.
        steps: those that stand before it, confirmed or not.
        accident_at: nothing happens before it.
        now: nothing is recorded ahead of time.
    """
    problems = [*_shape_problems(draft), *_order_problems(draft, steps)]
    if kind != ReliefKind.RESCUE_FUND and draft.kind in OF_THE_FUND:
        problems.append(Problem("kind", "step_of_the_fund_only"))
    if draft.happened_at > now:
        problems.append(Problem("happened_at", "in_the_future"))
    elif draft.happened_at < accident_at:
        problems.append(Problem("happened_at", "before_the_accident", {"earliest": accident_at}))
    return problems


def _shape_problems(draft: StepDraft) -> Iterator[Problem]:
    if draft.kind in WITH_SUM:
        if draft.amount_fen is None:
            yield Problem("amount", "required")
        elif not 0 < draft.amount_fen <= LARGEST_FEN:
            yield Problem("amount", "not_a_sum")
    elif draft.amount_fen is not None:
        yield Problem("amount", "step_without_a_sum")
    if draft.kind in WITH_DOCUMENT and not draft.document_number.strip():
        yield Problem("document_number", "required")
    if draft.kind in WITH_BODY and not draft.body.strip():
        yield Problem("body", "required")
    for field, limit in TEXT_LIMITS.items():
        if len(getattr(draft, field)) > limit:
            yield Problem(field, "too_long", {"limit": limit})


def _order_problems(draft: StepDraft, steps: Sequence[Standing]) -> Iterator[Problem]:
    earliest = {kind: min(step.happened_at for step in steps if step.kind == kind) for kind in {s.kind for s in steps}}
    if ReliefStepKind.WITHDRAWN in earliest:
        yield Problem("kind", "matter_withdrawn")
    if draft.kind == ReliefStepKind.PAID:
        sums = sums_of(steps)
        pending = sum(step.amount_fen for step in steps if step.kind == ReliefStepKind.PAID and not step.is_confirmed)
        if ReliefStepKind.GRANTED not in earliest:
            yield Problem("kind", "paid_before_granted")
        elif draft.happened_at < earliest[ReliefStepKind.GRANTED]:
            yield Problem("happened_at", "too_early", {"earliest": earliest[ReliefStepKind.GRANTED]})
        elif sums.paid + pending + (draft.amount_fen or 0) > sums.granted:
            yield Problem("amount", "more_than_granted", {"left": yuan(max(0, sums.granted - sums.paid - pending))})
    if draft.kind == ReliefStepKind.RECOVERED:
        sums = sums_of(steps)
        pending = sum(s.amount_fen for s in steps if s.kind == ReliefStepKind.RECOVERED and not s.is_confirmed)
        if sums.recovered + pending + (draft.amount_fen or 0) > sums.paid:
            yield Problem("amount", "more_than_paid", {"left": yuan(max(0, sums.outstanding - pending))})
    if draft.kind == ReliefStepKind.REFUSED and ReliefStepKind.PAID in earliest:
        yield Problem("kind", "refused_after_payment")


def paid_twice(
    kind: ReliefKind, own: Sums, others: Iterable[tuple[ReliefKind, Sums]], *, insurer_fen: int
) -> list[PaidTwice]:
    """Return the signs that one purpose was paid more than once; each is for a person to look into.

    Args:
        kind: of this matter.
        own: its sums.
        others: the other matters of the same recipient and purpose.
        insurer_fen: what the compulsory insurance has paid the recipient for the same purpose.
    """
    if not own.paid:
        return []
    paid = [other for other, sums in others if sums.paid]
    found = []
    if insurer_fen and kind == ReliefKind.RESCUE_FUND:
        found.append(PaidTwice.INSURER_TOO)
    if any(other != kind for other in paid):
        found.append(PaidTwice.OTHER_FUND_TOO)
    if kind in paid:
        found.append(PaidTwice.SAME_FUND_TOO)
    return found


def fen_from(words: str) -> int | None:
    """Read a sum in yuan, `12,000` or `12000.50`, as fen; None when it is none."""
    plain = words.strip().replace(",", "").replace("，", "").replace("元", "")
    whole, _, cents = plain.partition(".")
    if not (whole.isascii() and whole.isdecimal()) or len(whole) > 11:  # noqa: PLR2004  a column's worth of digits
        return None
    if cents and not (cents.isascii() and cents.isdecimal() and len(cents) <= 2):  # noqa: PLR2004  fen have two
        return None
    return int(whole) * 100 + int(cents.ljust(2, "0") or 0)


def yuan(fen: int) -> str:
    """Return a sum as people write it: `26,667` or `26,666.67`."""
    whole, cents = divmod(fen, 100)
    return f"{whole:,}.{cents:02d}" if cents else f"{whole:,}"

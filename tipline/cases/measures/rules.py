"""Pure rules of a measure: what a proposal, an approval and an execution need, each refusal with its article.

The law itself is passed in as `Rule` values taken from its rows; nothing here knows a number by heart.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from tipline.cases.measures.ages import Circumstances
from tipline.cases.measures.authorities import may_decide
from tipline.cases.measures.kinds import COMPULSORY, CRIMINAL, LICENCE_FOR_GOOD, PENALTIES
from tipline.cases.measures.procedure import Notice, Procedure
from tipline.cases.rules import AUTHORITY_LIMIT, DOCUMENT_NUMBER_LIMIT, Rule, is_county_bureau, moment_problems
from tipline.cases.tables import OutcomeKind
from tipline.errors import Problem
from tipline.law.tables import RuleKind

REASON_LIMIT: Final = 500
# Bases that say themselves that the accident was a crime.
AFTER_A_CRIME: Final = frozenset({"licence_revocation_for_crime", "lifetime_ban_for_drink"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Proposal:
    """A measure as an officer asks for it (呈请). `basis` and `ground` are codes of rules of law."""

    kind: OutcomeKind
    basis: str
    proposed_at: datetime
    ground: str | None = None
    days: int | None = None
    amount_yuan: int | None = None
    reason: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """What the deciding body decided, as its document tells it."""

    authority: str
    document_number: str
    decided_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class MeasureLaw:
    """The rules in force on a day that govern one measure; `conditions` by code."""

    basis: Rule
    document: Rule
    authority: Rule
    limit: Rule
    ground: Rule | None = None
    conditions: Mapping[str, Rule] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Before:
    """What stands before a decision: the procedure of the case, what the person was told, what else runs.

    `standing` are criminal measures for the same act that are decided or run and are not over; `review_reason` is
    what the legal reviewer wrote.
    """

    procedure: Procedure
    notices: Sequence[Notice] = ()
    standing: Sequence[OutcomeKind] = ()
    review_reason: str = ""
    in_custody: bool = False


def proposal_problems(
    draft: Proposal, law: MeasureLaw, person: Circumstances, *, happened_from: datetime, now: datetime
) -> list[Problem]:
    """Check what is asked for against the law of its day; every problem at once."""
    return [
        *moment_problems("proposed_at", draft.proposed_at, not_before=happened_from, now=now),
        *_basis_problems(draft, law),
        *_term_problems(draft, law),
        *age_problems(draft.kind, law, person),
        *reason_problems(draft.reason),
    ]


def age_problems(kind: OutcomeKind, law: MeasureLaw, person: Circumstances) -> Iterator[Problem]:
    """Refuse a criminal measure under the criminal age, and a penalty under the age of penalties."""
    if person.age is None:
        return
    if kind in CRIMINAL:
        rule = law.conditions["criminal_age"]
        if person.age < (rule.minimum or 0):
            yield Problem("person", "under_criminal_age", {"age": person.age, "minimum": rule.minimum, **rule.facts})
    elif kind in PENALTIES:
        rule = law.conditions["penalty_age"]
        if person.age < (rule.minimum or 0):
            yield Problem("person", "under_penalty_age", {"age": person.age, "minimum": rule.minimum, **rule.facts})


def approval_problems(
    kind: OutcomeKind,
    basis: str,
    amount_yuan: int | None,
    decision: Decision,
    law: MeasureLaw,
    person: Circumstances,
    before: Before,
    *,
    reviewed_at: datetime,
    now: datetime,
) -> list[Problem]:
    """Check a decision: who decided, under which number, and what had to come first; every problem at once."""
    problems = [
        *authority_problems(kind, decision, law),
        *moment_problems(
            "approved_at", decision.decided_at, not_before=to_the_minute(reviewed_at), now=now, code="too_early"
        ),
        *age_problems(kind, law, person),
    ]
    if kind in CRIMINAL:
        problems += _filing_problems(decision, law, before)
    if kind == OutcomeKind.RELEASE and not before.in_custody:
        problems.append(Problem("person", "nobody_to_release", law.basis.facts))
    if kind == OutcomeKind.ADMINISTRATIVE_DETENTION:
        problems += _registration_problems(decision, law, before)
        problems += _one_track_problems(decision, law, before)
    if kind in PENALTIES:
        problems += _notice_problems(kind, amount_yuan, decision, law, before)
    if kind in LICENCE_FOR_GOOD:
        problems += _verdict_problems(basis, decision, law, before)
    return problems


def to_the_minute(moment: datetime) -> datetime:
    """Return a moment as a form can tell it, so that the minute of a step that was just taken is not too early."""
    return moment.replace(second=0, microsecond=0)


def execution_problems(
    kind: OutcomeKind,
    executed_at: datetime,
    law: MeasureLaw,
    *,
    approved_at: datetime,
    now: datetime,
    days_to_serve: int | None = None,
) -> list[Problem]:
    """Check the moment of execution; a detention of which custody left no day is not carried out."""
    problems = []
    if executed_at > now:
        problems.append(Problem("executed_at", "in_the_future"))
    elif executed_at < to_the_minute(approved_at):
        problems.append(Problem("executed_at", "executed_before_approval", law.authority.facts))
    if kind == OutcomeKind.ADMINISTRATIVE_DETENTION and days_to_serve is not None and days_to_serve <= 0:
        problems.append(Problem("executed_at", "nothing_left_to_serve", law.conditions["detention_offset"].facts))
    return problems


def is_after_a_crime(basis: str, before: Before, at: datetime) -> bool:
    """Tell whether a licence is taken after a crime: the basis says so, or the case is a criminal one by then."""
    filing = before.procedure.filing
    return basis in AFTER_A_CRIME or bool(before.standing) or (filing is not None and filing.stands_at(at))


def _basis_problems(draft: Proposal, law: MeasureLaw) -> Iterator[Problem]:
    if law.basis.kind != RuleKind.MEASURE_BASIS or law.basis.applies_to != draft.kind:
        yield Problem("basis", "basis_of_another_measure", law.basis.facts)


def reason_problems(reason: str, *, is_required: bool = False) -> list[Problem]:
    """Say whether a reason is missing or longer than its column."""
    if is_required and not reason.strip():
        return [Problem("reason", "required")]
    return [Problem("reason", "too_long", {"limit": REASON_LIMIT})] if len(reason) > REASON_LIMIT else []


def _term_problems(draft: Proposal, law: MeasureLaw) -> Iterator[Problem]:
    yield from _days_problems(draft, law)
    yield from _amount_problems(draft, law)
    yield from _ground_problems(draft, law)


def _days_problems(draft: Proposal, law: MeasureLaw) -> Iterator[Problem]:
    if draft.kind != OutcomeKind.ADMINISTRATIVE_DETENTION:
        if draft.days is not None:
            yield Problem("days", "days_not_for_this_measure", law.limit.facts)
        return
    least, most = law.limit.minimum or 0, law.limit.maximum or 0
    facts = {"minimum": least, "maximum": most, **law.limit.facts}
    if draft.days is None:
        yield Problem("days", "days_missing", facts)
    elif not least <= draft.days <= most:
        yield Problem("days", "days_outside_limit", {"days": draft.days, **facts})


def _amount_problems(draft: Proposal, law: MeasureLaw) -> Iterator[Problem]:
    if draft.kind != OutcomeKind.FINE:
        if draft.amount_yuan is not None:
            yield Problem("amount_yuan", "amount_not_for_this_measure", law.basis.facts)
        return
    least, most = law.limit.minimum or 0, law.limit.maximum or 0
    facts = {"minimum": least, "maximum": most, **law.limit.facts}
    if draft.amount_yuan is None:
        yield Problem("amount_yuan", "amount_missing", facts)
    elif not least <= draft.amount_yuan <= most:
        yield Problem("amount_yuan", "amount_outside_limit", {"amount": draft.amount_yuan, **facts})


def _ground_problems(draft: Proposal, law: MeasureLaw) -> Iterator[Problem]:
    if draft.kind != OutcomeKind.CRIMINAL_DETENTION:
        if draft.ground is not None:
            yield Problem("ground", "ground_not_for_this_measure", law.basis.facts)
    elif law.ground is None:
        yield Problem("ground", "ground_missing", law.basis.facts)
    elif law.ground.kind != RuleKind.DETENTION_GROUND or law.ground.applies_to != draft.kind:
        yield Problem("ground", "not_a_ground", law.ground.facts)


def authority_problems(kind: OutcomeKind, decision: Decision, law: MeasureLaw) -> Iterator[Problem]:
    """Say whether the body may decide the measure, and whether its document has a number."""
    facts = {"authority": decision.authority, **law.authority.facts}
    if not decision.authority.strip():
        yield Problem("authority", "required")
    elif len(decision.authority) > AUTHORITY_LIMIT:
        yield Problem("authority", "too_long", {"limit": AUTHORITY_LIMIT})
    elif not may_decide(kind, decision.authority):
        yield Problem("authority", _WRONG_AUTHORITY.get(kind, "authority_below_county"), facts)
    if not decision.document_number.strip():
        yield Problem("document_number", "document_number_missing", law.document.facts)
    elif len(decision.document_number) > DOCUMENT_NUMBER_LIMIT:
        yield Problem("document_number", "too_long", {"limit": DOCUMENT_NUMBER_LIMIT})


_WRONG_AUTHORITY: Final = {
    OutcomeKind.ARREST: "authority_not_judicial",
    OutcomeKind.LICENCE_REVOCATION: "authority_not_municipal",
    OutcomeKind.LIFETIME_BAN: "authority_not_municipal",
    OutcomeKind.FINE: "authority_not_traffic",
    OutcomeKind.LICENCE_SUSPENSION: "authority_not_traffic",
    OutcomeKind.NO_PENALTY: "authority_not_traffic",
}


def _filing_problems(decision: Decision, law: MeasureLaw, before: Before) -> Iterator[Problem]:
    filing, rule = before.procedure.filing, law.conditions["filing_before_measure"]
    if filing is None:
        yield Problem("filing", "filing_missing", rule.facts)
    elif filing.decided_at > decision.decided_at:
        yield Problem("approved_at", "filed_after_measure", {"filed_at": filing.decided_at, **rule.facts})
    elif filing.ended_at is not None and filing.ended_at <= decision.decided_at:
        yield Problem("filing", "filing_ended", {"ended_at": filing.ended_at, **rule.facts})
    elif not is_county_bureau(filing.authority):
        yield Problem("filing", "filing_below_county", {"authority": filing.authority, **rule.facts})


def _registration_problems(decision: Decision, law: MeasureLaw, before: Before) -> Iterator[Problem]:
    registration, rule = before.procedure.registration, law.conditions["registration_before_penalty"]
    if registration is None:
        yield Problem("registration", "registration_missing", rule.facts)
    elif registration.registered_at > decision.decided_at:
        facts = {"registered_at": registration.registered_at, **rule.facts}
        yield Problem("approved_at", "registered_after_penalty", facts)


def _one_track_problems(decision: Decision, law: MeasureLaw, before: Before) -> Iterator[Problem]:
    filing = before.procedure.filing
    is_over = filing is not None and filing.ended_at is not None and filing.ended_at <= decision.decided_at
    standing = [kind for kind in before.standing if kind in COMPULSORY]
    if standing and not is_over and not before.review_reason.strip():
        yield Problem("person", "criminal_measure_stands", law.conditions["one_track"].facts)


def _notice_problems(
    kind: OutcomeKind, amount_yuan: int | None, decision: Decision, law: MeasureLaw, before: Before
) -> Iterator[Problem]:
    rule = law.conditions["notice_before_penalty"]
    told = [one for one in before.notices if one.informed_at <= decision.decided_at]
    if not told:
        yield Problem("notice", "notice_missing", rule.facts)
        return
    last = told[-1]
    if last.statement.strip() and not last.statement_answer.strip():
        yield Problem("notice", "statement_not_weighed", rule.facts)
    threshold = law.conditions["hearing_fine_amount"]
    is_large = kind == OutcomeKind.FINE and (amount_yuan or 0) >= (threshold.minimum or 0)
    hearing = threshold if is_large else law.conditions["hearing_before_penalty"]
    if (kind in LICENCE_FOR_GOOD or is_large) and not last.is_hearing_offered:
        yield Problem("notice", "hearing_not_offered", hearing.facts)
    if last.is_hearing_asked and (last.hearing_held_at is None or last.hearing_held_at > decision.decided_at):
        yield Problem("notice", "hearing_not_held", hearing.facts)


def _verdict_problems(basis: str, decision: Decision, law: MeasureLaw, before: Before) -> Iterator[Problem]:
    if not is_after_a_crime(basis, before, decision.decided_at):
        return
    convicted_at = before.procedure.convicted_at
    if convicted_at is None or convicted_at > decision.decided_at:
        yield Problem("verdict", "verdict_missing", law.conditions["verdict_before_revocation"].facts)

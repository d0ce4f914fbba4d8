"""Reads the measure forms' answers into drafts."""

from __future__ import annotations

from datetime import date, datetime

from tipline.cases.measures.persons import ParticularsDraft, RulingDraft
from tipline.cases.measures.procedure import Notice
from tipline.cases.measures.rules import Decision, Proposal
from tipline.cases.measures.tables import RulingKind
from tipline.cases.measures.threshold import AccidentFacts, Circumstance, Liability
from tipline.cases.tables import OutcomeKind
from tipline.errors import Problem
from tipline.web.answers import Answers


def proposal(answers: Answers, kind: OutcomeKind, *, now: datetime) -> Proposal:
    """Return the measure that was typed; days and sum are read for every kind, so that law itself refuses them.

    Raises:
        Invalid: an answer cannot be read.
    """
    answers.choice("kind", OutcomeKind, kind)
    days, amount = answers.whole("days"), answers.whole("amount_yuan")
    basis = answers.text("basis")
    if not basis:
        answers.problems.append(Problem("basis", "required"))
    proposed_at = answers.moment("proposed_at", is_required=False)
    answers.refuse_problems()
    return Proposal(
        kind=kind,
        basis=basis,
        ground=answers.text("ground") or None,
        days=days,
        amount_yuan=amount,
        reason=answers.text("reason"),
        proposed_at=proposed_at or now,
    )


def decision(answers: Answers) -> Decision:
    """Return the decision that was typed.

    Raises:
        Invalid: the time cannot be read.
    """
    return Decision(
        authority=answers.text("authority"),
        document_number=answers.text("document_number"),
        decided_at=answers.needed_moment("approved_at"),
    )


def notice(answers: Answers) -> Notice:
    """Return what was typed of the notice before a penalty.

    Raises:
        Invalid: a time cannot be read.
    """
    held_at = answers.moment("hearing_held_at", is_required=False)
    return Notice(
        informed_at=answers.needed_moment("informed_at"),
        statement=answers.text("statement"),
        statement_answer=answers.text("statement_answer"),
        is_hearing_offered=bool(answers.get("is_hearing_offered")),
        is_hearing_asked=bool(answers.get("is_hearing_asked")),
        hearing_held_at=held_at,
    )


def particulars(answers: Answers) -> ParticularsDraft:
    """Return what was typed of a person.

    Raises:
        Invalid: day or age cannot be read.
    """
    born_on: date | None = None
    if answers.text("born_on"):
        try:
            born_on = date.fromisoformat(answers.text("born_on"))
        except ValueError:
            answers.problems.append(Problem("born_on", "not_a_day_of_birth"))
    age = answers.whole("age_at_act")
    answers.refuse_problems()
    return ParticularsDraft(
        identity_number=answers.text("identity_number"),
        born_on=born_on,
        age_at_act=age,
        is_nursing=bool(answers.get("is_nursing")),
        is_gravely_ill=bool(answers.get("is_gravely_ill")),
        note=answers.text("note"),
    )


def ruling(answers: Answers) -> RulingDraft:
    """Return the ruling that was typed.

    Raises:
        Invalid: kind or time cannot be read.
    """
    kind = answers.choice("kind", RulingKind, RulingKind.GUILTY)
    decided_at = answers.needed_moment("decided_at")
    answers.refuse_problems()
    return RulingDraft(
        kind=kind,
        authority=answers.text("authority"),
        document_number=answers.text("document_number"),
        decided_at=decided_at,
    )


def accident_facts(answers: Answers) -> AccidentFacts:
    """Return the facts of an accident as asked by the address of the hint.

    Raises:
        Invalid: a number or a liability cannot be read.
    """
    liability = answers.choice("liability", Liability, Liability.NONE)
    appraised = answers.text("liability_without_flight")
    facts = AccidentFacts(
        deaths=answers.whole("deaths") or 0,
        serious_injuries=answers.whole("serious_injuries") or 0,
        liability=liability,
        liability_without_flight=answers.choice("liability_without_flight", Liability, liability)
        if appraised
        else None,
        unpaid_damage_yuan=10_000 * (answers.whole("unpaid_damage_wan") or 0),
        circumstances=frozenset(one for one in Circumstance if answers.get(one.value)),
        has_fled=bool(answers.get("has_fled")),
        has_died_for_want_of_rescue=bool(answers.get("has_died_for_want_of_rescue")),
    )
    answers.refuse_problems()
    return facts

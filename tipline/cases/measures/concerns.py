"""需法制审核: what a legal reviewer must weigh before a measure goes on. Concerns decide nothing. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tipline.cases.measures.ages import Circumstances
from tipline.cases.measures.kinds import CRIMINAL, PENALTIES
from tipline.cases.measures.rules import MeasureLaw
from tipline.cases.rules import Rule
from tipline.cases.tables import OutcomeKind


class ConcernCode(StrEnum):
    """What calls for care."""

    AGE_UNKNOWN = "age_unknown"
    GUARDIAN_MISSING = "guardian_missing"
    LEGAL_AID_MISSING = "legal_aid_missing"
    JUVENILE_ARREST_RARE = "juvenile_arrest_rare"
    LIGHTER_PENALTY = "lighter_penalty"
    DETENTION_NOT_EXECUTED_14_16 = "detention_not_executed_14_16"
    DETENTION_NOT_EXECUTED_16_18 = "detention_not_executed_16_18"
    DETENTION_NOT_EXECUTED_70 = "detention_not_executed_70"
    DETENTION_NOT_EXECUTED_NURSING = "detention_not_executed_nursing"
    PUBLIC_ORDER_EXEMPTION = "public_order_exemption"
    NURSING = "nursing"
    GRAVELY_ILL = "gravely_ill"


@dataclass(frozen=True, slots=True)
class Care:
    """What was done to protect a person under 18."""

    has_guardian: bool = False
    has_legal_aid: bool = False
    is_sealed: bool = False


@dataclass(frozen=True, slots=True)
class Concern:
    """One concern: `code` names its sentence, `rule` is the law it rests on, with its doubt where there is one."""

    code: ConcernCode
    rule: Rule


def concerns_of(kind: OutcomeKind, law: MeasureLaw, person: Circumstances, care: Care, *, on: date) -> list[Concern]:
    """Return what the legal reviewer must weigh about a person and a measure on a day."""
    return list(_concerns(kind, law, person, care, on=on))


def is_juvenile(person: Circumstances, rule: Rule) -> bool:
    """Tell whether a person was under age at the act; one whose age is not known is not taken for it."""
    return person.age is not None and person.age < (rule.maximum or 0)


def _concerns(kind: OutcomeKind, law: MeasureLaw, person: Circumstances, care: Care, *, on: date) -> Iterator[Concern]:
    if person.age is None:
        asks = "penalty_age" if kind in PENALTIES else "juvenile_age_first"
        yield _of(ConcernCode.AGE_UNKNOWN, law.conditions[asks])
    elif is_juvenile(person, law.conditions["juvenile_guardian"]):
        yield from _juvenile(kind, law, care)
    if kind == OutcomeKind.ADMINISTRATIVE_DETENTION:
        yield from _not_executed(law, person, on=on)
    elif kind in CRIMINAL and person.is_nursing:
        yield _of(ConcernCode.NURSING, law.basis)
    if person.is_gravely_ill and kind not in {OutcomeKind.RELEASE, OutcomeKind.NO_PENALTY}:
        yield _of(ConcernCode.GRAVELY_ILL, law.basis)


def _juvenile(kind: OutcomeKind, law: MeasureLaw, care: Care) -> Iterator[Concern]:
    if kind in CRIMINAL:
        if not care.has_guardian:
            yield _of(ConcernCode.GUARDIAN_MISSING, law.conditions["juvenile_guardian"])
        if not care.has_legal_aid:
            yield _of(ConcernCode.LEGAL_AID_MISSING, law.conditions["juvenile_legal_aid"])
    if kind == OutcomeKind.ARREST:
        yield _of(ConcernCode.JUVENILE_ARREST_RARE, law.conditions["juvenile_arrest_rare"])
    if kind in PENALTIES:
        yield _of(ConcernCode.LIGHTER_PENALTY, law.conditions["lighter_penalty_age"])


def _not_executed(law: MeasureLaw, person: Circumstances, *, on: date) -> Iterator[Concern]:
    found = []
    for code in (ConcernCode.DETENTION_NOT_EXECUTED_14_16, ConcernCode.DETENTION_NOT_EXECUTED_16_18):
        rule = law.conditions[code.value]
        if person.age is not None and (rule.minimum or 0) <= person.age < (rule.maximum or 0):
            found.append(_of(code, rule))
    old, now = law.conditions["detention_not_executed_70"], person.age_on(on)
    if now is not None and now >= (old.minimum or 0):
        found.append(_of(ConcernCode.DETENTION_NOT_EXECUTED_70, old))
    if person.is_nursing:
        found.append(_of(ConcernCode.DETENTION_NOT_EXECUTED_NURSING, law.conditions["detention_not_executed_nursing"]))
    yield from found
    if found:
        yield _of(ConcernCode.PUBLIC_ORDER_EXEMPTION, law.conditions["public_order_detention_exemption"])


def _of(code: ConcernCode, rule: Rule) -> Concern:
    return Concern(code, rule)

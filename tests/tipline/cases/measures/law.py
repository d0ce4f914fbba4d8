"""The law of measures as shipped, without a database."""

from __future__ import annotations

from datetime import date
from functools import cache

from tipline.cases.lawbook import as_rule
from tipline.cases.measures.lawbook import AUTHORITY, DOCUMENT, LIMIT, conditions_of
from tipline.cases.measures.rules import MeasureLaw
from tipline.cases.rules import Rule
from tipline.cases.tables import OutcomeKind
from tipline.law.service import seed_rules
from tipline.law.tables import LegalRule, RuleKind


@cache
def rule_of(code: str, *, on: date) -> Rule:
    """Return the version of a rule that was in force on a day."""
    [found] = [
        row
        for row in seed_rules()
        if row["code"] == code and row["valid_from"] <= on and (row["valid_to"] is None or row["valid_to"] >= on)
    ]
    return as_rule(LegalRule(**found))


def shipped_law(kind: OutcomeKind, basis: str, *, on: date, ground: str | None = None) -> MeasureLaw:
    """Return the law that governs a measure on a day."""
    return MeasureLaw(
        basis=rule_of(basis, on=on),
        document=rule_of(DOCUMENT[kind], on=on),
        authority=rule_of(AUTHORITY[kind], on=on),
        limit=rule_of(LIMIT[kind], on=on),
        ground=rule_of(ground, on=on) if ground else None,
        conditions={code: rule_of(code, on=on) for code in conditions_of(kind)},
    )


def thresholds_on(day: date) -> dict[str, Rule]:
    """Return the thresholds of the crime that stand on a day."""
    codes = {row["code"] for row in seed_rules() if row["kind"] == RuleKind.OFFENCE_THRESHOLD}
    return {code: rule_of(code, on=day) for code in codes}

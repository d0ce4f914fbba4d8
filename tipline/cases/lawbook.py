"""Which rules of law govern a measure or a clearance: their codes, and the versions of the day as values."""

from __future__ import annotations

from datetime import date
from typing import Final

from tipline.cases.rules import OutcomeDraft, OutcomeLaw, Rule
from tipline.cases.tables import OutcomeKind
from tipline.law.service import cited, rule
from tipline.law.tables import LegalRule, RuleKind

DOCUMENT: Final = {
    OutcomeKind.ADMINISTRATIVE_DETENTION: "administrative_detention_decision",
    OutcomeKind.CRIMINAL_DETENTION: "criminal_detention_warrant",
}
AUTHORITY: Final = {
    OutcomeKind.ADMINISTRATIVE_DETENTION: "administrative_detention_authority",
    OutcomeKind.CRIMINAL_DETENTION: "criminal_detention_authority",
}
LIMIT: Final = {
    OutcomeKind.ADMINISTRATIVE_DETENTION: "administrative_detention_days",
    OutcomeKind.CRIMINAL_DETENTION: "criminal_detention_term",
}
CLEARANCE: Final = "clearance_vehicle_and_driver"


def as_rule(row: LegalRule) -> Rule:
    """Return a row of law as the checks take it."""
    return Rule(
        code=row.code,
        kind=RuleKind(row.kind),
        applies_to=row.applies_to,
        article=cited(row),
        minimum=row.minimum,
        maximum=row.maximum,
    )


async def law_of(draft: OutcomeDraft, *, on: date) -> tuple[OutcomeLaw, LegalRule, LegalRule | None]:
    """Return the law that governs a measure on the day of its approval, and the rows of its basis and ground.

    Raises:
        RuleUnknown: basis or ground name no rule.
        RuleNotInForce: a needed rule was not in force on the day.
    """
    basis = await rule(draft.basis, on=on)
    ground = await rule(draft.ground, on=on) if draft.ground else None
    law = OutcomeLaw(
        basis=as_rule(basis),
        document=as_rule(await rule(DOCUMENT[draft.kind], on=on)),
        authority=as_rule(await rule(AUTHORITY[draft.kind], on=on)),
        limit=as_rule(await rule(LIMIT[draft.kind], on=on)),
        ground=None if ground is None else as_rule(ground),
    )
    return law, basis, ground


async def clearance_rule(*, on: date) -> Rule:
    """Return the rule that says what must be found before a hit-and-run counts as solved."""
    return as_rule(await rule(CLEARANCE, on=on))

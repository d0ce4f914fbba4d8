"""Which rule of law governs a clearance, and rows of law as the checks take them."""

from __future__ import annotations

from datetime import date
from typing import Final

from tipline.cases.rules import Rule
from tipline.law.service import cited, rule
from tipline.law.tables import LegalRule, RuleKind

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
        doubt=row.doubt,
        doubt_zh=row.doubt_zh,
    )


async def clearance_rule(*, on: date) -> Rule:
    """Return the rule that says what must be found before a hit-and-run counts as solved."""
    return as_rule(await rule(CLEARANCE, on=on))

"""Which articles govern a determination on a day, and when a term of law ends."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from tipline.cases.determinations.rules import Articles
from tipline.law.clockbook import recorded_clocks
from tipline.law.errors import HolidaysUnknown
from tipline.law.service import cited, rule, rules_in_force
from tipline.law.tables import LegalRule, RuleKind

FIRST: Final = "determination_by_fault"
APPLIES_TO: Final = "determination"


async def articles_of(on: date) -> Articles:
    """Return the facts of every rule of determinations that governs the day, by its code.

    Raises:
        RuleUnknown, RuleNotInForce: none does.
    """
    rows = await rules_in_force(kind=RuleKind.DETERMINATION_CONDITION, applies_to=APPLIES_TO, on=on)
    if not rows:
        rows = [await rule(FIRST, on=on)]
    return {row.code: {"rule": row.code, "article": cited(row)} for row in rows}


async def cited_now() -> dict[str, str]:
    """Return statute and article of every rule of determinations whose version has no end, by its code: for pages."""
    rows = await LegalRule.objects().where(
        (LegalRule.kind == RuleKind.DETERMINATION_CONDITION) & LegalRule.valid_to.is_null()
    )
    return {row.code: cited(row) for row in rows}


async def is_late(code: str, *, start: datetime, done: datetime) -> bool:
    """Return whether what was done came after the end of the term `code` that began at `start`.

    Where the holidays of the year are not known yet nothing is called late: a provisional date refuses nobody.
    """
    try:
        return done > (await recorded_clocks()).deadline(code, start).due
    except HolidaysUnknown:
        return False

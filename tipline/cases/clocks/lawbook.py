"""The law of clocks as running clocks need it, read from its rows; and what may be done to a clock."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from tipline.cases.clocks.rules import Book, ClockLaw
from tipline.law.clockbook import as_clock, recorded_calendar
from tipline.law.tables import LegalRule, RuleKind


def as_law(row: LegalRule) -> ClockLaw:
    """Return a row of kind `statutory_clock` as a running clock takes it."""
    return ClockLaw(
        id=row.id,
        clock=as_clock(row),
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        extends=row.applies_to,
        starts_anew_on_receipt=row.starts_anew_on_receipt,
    )


async def clock_book() -> Book:
    """Return every version of every clock, and the calendar, in two queries."""
    rules: dict[str, list[ClockLaw]] = {}
    for row in (
        await LegalRule.objects().where(LegalRule.kind == RuleKind.STATUTORY_CLOCK).order_by(LegalRule.valid_from)
    ):
        rules.setdefault(row.code, []).append(as_law(row))
    return Book({code: tuple(versions) for code, versions in rules.items()}, await recorded_calendar())


async def pause_grounds(code: str, *, on: date) -> list[LegalRule]:
    """Return the grounds in force on the day that let the clock `code` stand still; none for most clocks."""
    return (
        await LegalRule.objects()
        .where((LegalRule.kind == RuleKind.CLOCK_PAUSE) & (LegalRule.applies_to == code) & (LegalRule.valid_from <= on))
        .where(LegalRule.valid_to.is_null() | (LegalRule.valid_to >= on))
        .order_by(LegalRule.code)
    )


async def extensions(code: str, *, on: date) -> list[LegalRule]:
    """Return the clocks in force on the day that may run in the place of the clock `code` once it is approved."""
    return (
        await LegalRule.objects()
        .where((LegalRule.kind == RuleKind.STATUTORY_CLOCK) & (LegalRule.applies_to == code))
        .where(LegalRule.starts_on.is_null() & (LegalRule.valid_from <= on))
        .where(LegalRule.valid_to.is_null() | (LegalRule.valid_to >= on))
        .order_by(LegalRule.maximum)
    )


async def rule_row(rule: UUID) -> LegalRule:
    """Return a version by its row id; running clocks point at one that is never removed."""
    row = await LegalRule.objects().where(LegalRule.id == rule).first()
    if row is None:
        raise LookupError(f"no row of law {rule}")
    return row

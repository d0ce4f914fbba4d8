"""From when to when: what custody sets off, what the joint limit leaves, when a measure must end. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from tipline.cases.rules import Rule
from tipline.cases.tables import OutcomeKind
from tipline.clock import SHANGHAI
from tipline.law.clocks import ClockBook, ClockRule, Deadline, deadline
from tipline.law.tables import ClockUnit

SERIAL_GROUND: Final = "ground_serial_offender"
# The clocks of the first hours, by measure.
DUTIES: Final = {
    OutcomeKind.CRIMINAL_DETENTION: ("detention_to_custody", "first_interrogation", "family_notice"),
    OutcomeKind.ARREST: ("arrest_interrogation", "arrest_family_notice"),
}
_CLOCKS: Final = {
    OutcomeKind.CRIMINAL_DETENTION: "arrest_request",
    OutcomeKind.ARREST: "post_arrest_custody",
    OutcomeKind.BAIL: "bail_end",
    OutcomeKind.RESIDENTIAL_SURVEILLANCE: "residential_surveillance_end",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Custody:
    """A stay in custody for the act; `until` is None while it lasts."""

    since: datetime
    until: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class ToServe:
    """What is left of a decided detention: `days`, after `set_off` for custody and `over_joint` above the limit."""

    days: int
    set_off: int
    over_joint: int


def days_to_serve(
    decided_days: int, custody: Iterable[Custody], others_days: int, joint: Rule, *, at: datetime
) -> ToServe:
    """Return how many days of an administrative detention are carried out.

    Args:
        decided_days: as the decision says.
        custody: criminal custody for the same act; a day begun counts as a day.
        others_days: days of administrative detentions that are carried out together with this one.
        joint: the limit of what is carried out together.
        at: the moment of execution.

    Source: 公安机关办理行政案件程序规定 162, 163.
    """
    set_off = min(decided_days, sum(_days_in(one, at) for one in custody))
    left = decided_days - set_off
    allowed = max(0, (joint.maximum or 0) - others_days)
    return ToServe(days=min(left, allowed), set_off=set_off, over_joint=max(0, left - allowed))


def due(
    kind: OutcomeKind, executed_at: datetime, book: ClockBook, limit: Rule, *, days: int | None = None
) -> Deadline | None:
    """Return when a measure carried out at `executed_at` must end or be asked on; None where the law sets no term.

    Args:
        kind: of the measure.
        executed_at: when it was carried out.
        book: the statutory clocks.
        limit: the row of law with the term of a suspended licence.
        days: that are to be served of an administrative detention.
    """
    if kind == OutcomeKind.ADMINISTRATIVE_DETENTION:
        return book.deadline("administrative_detention_end", executed_at, days=days)
    if kind == OutcomeKind.LICENCE_SUSPENSION:
        return deadline(_clock_of(limit, executed_at), book.calendar, executed_at)
    return book.deadline(_CLOCKS[kind], executed_at) if kind in _CLOCKS else None


def extended_due(executed_at: datetime, book: ClockBook, *, days: int, is_serial: bool) -> datetime:
    """Return when an arrest must be asked for after an extension: by some days, or to the end of the long term.

    Source: 刑事诉讼法 91.
    """
    if is_serial:
        return book.deadline("arrest_request_serial", executed_at).due
    return book.deadline("arrest_request", executed_at).due + timedelta(days=days)


def duties(kind: OutcomeKind, executed_at: datetime, book: ClockBook) -> Sequence[Deadline]:
    """Return what must be done within hours of a person being taken, and until when."""
    return [book.deadline(code, executed_at) for code in DUTIES.get(kind, ())]


def _days_in(stay: Custody, at: datetime) -> int:
    until = at if stay.until is None else min(stay.until, at)
    if until <= stay.since:
        return 0
    days = (until.astimezone(SHANGHAI).date() - stay.since.astimezone(SHANGHAI).date()).days
    return max(1, days)


def _clock_of(limit: Rule, on: datetime) -> ClockRule:
    day = on.astimezone(SHANGHAI).date()
    return ClockRule(
        code=limit.code,
        citation=limit.article,
        unit=ClockUnit.MONTH,
        longest=limit.maximum or 0,
        shortest=None,
        moves_off_holidays=False,
        valid_from=day,
        valid_to=None,
        title_zh="",
        title_en="",
        doubt="",
    )

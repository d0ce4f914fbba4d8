"""What the inbox asks of response clocks: the marks of a page of tips, and how many tips are late."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from tipline.accounts.rules import Right, roles_with
from tipline.intake.response.rules import Due, ResponseTerm, due_of, late_if_received_by
from tipline.intake.tables import Tip
from tipline.law.clockbook import as_clock, recorded_calendar
from tipline.law.clocks import ClockBook
from tipline.law.tables import LegalRule, RuleKind

_LATE: Final = """
SELECT count(*) FILTER (WHERE t.first_seen_at IS NULL AND t.received_at BETWEEN {} AND {}) AS first_look,
       count(*) FILTER (WHERE t.received_at BETWEEN {} AND {}) AS answer
FROM tip t WHERE t.state = 'received' AND t.received_at <= {}"""
_LOOKED: Final = """
UPDATE tip SET first_seen_at = {} WHERE id = {} AND first_seen_at IS NULL
AND EXISTS (SELECT 1 FROM officer o WHERE o.id = {} AND o.role = ANY({}))"""


@dataclass(frozen=True, slots=True)
class Late:
    """How many tips that wait for a decision are late."""

    first_look: int = 0
    answer: int = 0


@dataclass(frozen=True, slots=True)
class Responses:
    """The marks of the tips asked for, by id, and how many of all tips are late."""

    marks: dict[UUID, tuple[Due, ...]]
    late: Late


async def service_clocks() -> ClockBook:
    """Return the service clocks and the calendar of the database."""
    rows = await LegalRule.objects().where(LegalRule.kind == RuleKind.SERVICE_CLOCK).order_by(LegalRule.valid_from)
    return ClockBook(tuple(as_clock(row) for row in rows), await recorded_calendar())


async def responses(tips: Sequence[dict[str, Any]], *, now: datetime) -> Responses:
    """Return what is due of these tips and how many of all are late; three queries, however many tips.

    Args:
        tips: rows with `id`, `state`, `received_at` and `first_seen_at`.
        now: timezone-aware.
    """
    book = await service_clocks()
    marks = {tip["id"]: due_of(tip, book, now=now) for tip in tips}
    stretches = [late_if_received_by(book, term, now=now) for term in (ResponseTerm.FIRST_LOOK, ResponseTerm.ANSWER)]
    known = [one for one in stretches if one is not None]
    if not known:
        return Responses(marks, Late())
    # A term without a late stretch counts what was received between now and now: nothing that is late.
    bounds = [moment for one in stretches for moment in (one or (now, now))]
    rows: list[dict[str, Any]] = await Tip.raw(_LATE, *bounds, max(end for _, end in known))
    return Responses(marks, Late(rows[0]["first_look"], rows[0]["answer"]))


async def note_first_look(tip_id: UUID, *, officer: UUID, now: datetime) -> None:
    """Note when an officer who decides on tips first looked at one; only the first look counts."""
    await Tip.raw(_LOOKED, now, tip_id, officer, [role.value for role in roles_with(Right.DECIDE_TIPS)])

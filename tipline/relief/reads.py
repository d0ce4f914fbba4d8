"""What the relief pages show: the list of matters, and one matter with its steps, sums and time limits."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from tipline.cases.access import Reader, visible_cases
from tipline.cases.tables import Case
from tipline.law.clockbook import recorded_clocks
from tipline.law.clocks import ClockBook, Deadline
from tipline.law.errors import HolidaysUnknown, RuleNotInForce
from tipline.relief.errors import ReliefNotFound
from tipline.relief.rules import (
    MatterState,
    PaidTwice,
    ReliefLimit,
    Standing,
    Sums,
    paid_twice,
    state_of,
    sums_of,
)
from tipline.relief.service import needs_second_officer
from tipline.relief.tables import ReliefKind, ReliefMatter, ReliefPurpose, ReliefRecipient, ReliefStepKind

ROWS_A_PAGE: Final = 50
_STEPS: Final = """
SELECT s.id, s.matter, s.kind, s.happened_at, s.amount_fen, s.document_number, s.body, s.note, s.reverses,
       s.recorded_at, s.recorded_by, o.full_name AS recorded_by_name,
       c.decision, c.reason AS decision_reason, c.decided_at, d.full_name AS decided_by_name
FROM relief_step s JOIN officer o ON o.id = s.recorded_by
LEFT JOIN relief_confirmation c ON c.step = s.id LEFT JOIN officer d ON d.id = c.decided_by
WHERE s.matter = ANY({}) ORDER BY s.happened_at, s.recorded_at, s.id"""
_MATTERS: Final = """
SELECT m.id, m.kind, m.purpose, m.recorded_at, r.id AS recipient, r.full_name, r.accident_number, r.accident_at,
       r.care_began_at, r."case" AS case_id, r.is_demo, c.number AS case_number, c.state AS case_state,
       u.name AS unit_name, g.code AS ground_code, g.source AS ground_source, g.article AS ground_article,
       g.title_zh AS ground_title_zh, g.title_en AS ground_title_en, g.doubt AS ground_doubt,
       g.doubt_zh AS ground_doubt_zh
FROM relief_matter m JOIN relief_recipient r ON r.id = m.recipient JOIN unit u ON u.id = r.unit
LEFT JOIN case_file c ON c.id = r."case" LEFT JOIN legal_rule g ON g.id = m.ground"""
_LIST: Final = f"""{_MATTERS}
WHERE ({{}} = '' OR m.kind = {{}}) AND ({{}} = '' OR r.full_name LIKE {{}} OR r.accident_number ILIKE {{}}
      OR c.number ILIKE {{}})
ORDER BY m.recorded_at DESC, m.id LIMIT {{}} OFFSET {{}}"""
_COUNT: Final = """
SELECT count(*) AS total FROM relief_matter m JOIN relief_recipient r ON r.id = m.recipient
LEFT JOIN case_file c ON c.id = r."case"
WHERE ({} = '' OR m.kind = {})
  AND ({} = '' OR r.full_name LIKE {} OR r.accident_number ILIKE {} OR c.number ILIKE {})"""
# A sum was advanced, the case is cleared, and the fund was not yet told who drove (order 146, 48).
_TO_TELL: Final = f"""{_MATTERS}
WHERE m.kind = 'rescue_fund' AND c.state = 'cleared'
  AND EXISTS (SELECT 1 FROM relief_step s JOIN relief_confirmation k ON k.step = s.id
              WHERE s.matter = m.id AND s.kind = 'paid' AND s.reverses IS NULL AND k.decision = 'confirmed')
  AND NOT EXISTS (SELECT 1 FROM relief_step s WHERE s.matter = m.id AND s.kind = 'driver_named_to_fund'
                  AND s.reverses IS NULL)
ORDER BY m.recorded_at, m.id LIMIT 100"""  # noqa: S608  made of this file's own constants
_TO_CONFIRM: Final = f"""
SELECT s.id, s.kind AS step_kind, s.amount_fen, s.happened_at, s.reverses, s.recorded_by,
       o.full_name AS recorded_by_name, x.*
FROM relief_step s JOIN officer o ON o.id = s.recorded_by JOIN ({_MATTERS}) x ON x.id = s.matter
WHERE (s.kind IN ('granted', 'paid', 'insurer_paid', 'recovered') OR s.reverses IS NOT NULL)
  AND NOT EXISTS (SELECT 1 FROM relief_confirmation c WHERE c.step = s.id)
ORDER BY s.recorded_at, s.id LIMIT 100"""  # noqa: S608  made of this file's own constants


@dataclass(frozen=True, slots=True)
class Limit:
    """A time limit of a matter: until when, by which article, and whether it is kept. None: not to be counted yet."""

    rule: ReliefLimit
    deadline: Deadline | None
    done_at: datetime | None

    def is_overdue(self, now: datetime) -> bool:
        """Tell whether it has run out unkept, or was kept too late."""
        return self.deadline is not None and self.deadline.due < (self.done_at or now)


@dataclass(frozen=True, slots=True)
class Matter:
    """One matter with everything that follows from its steps."""

    row: dict[str, Any]
    steps: list[dict[str, Any]]
    state: MatterState
    sums: Sums
    twice: list[PaidTwice]
    limits: list[Limit]
    siblings: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of matters."""

    matters: list[Matter]
    total: int
    page: int

    @property
    def pages(self) -> int:
        """Number of pages, at least one."""
        return max(1, -(-self.total // ROWS_A_PAGE))


async def list_matters(*, kind: str, words: str, page: int) -> Listed:
    """Return a page of matters, newest first; three queries however many there are."""
    like = f"%{words}%"
    where = [kind, kind, words, like, like, like]
    total = (await ReliefMatter.raw(_COUNT, *where))[0]["total"]
    rows = await ReliefMatter.raw(_LIST, *where, ROWS_A_PAGE, (page - 1) * ROWS_A_PAGE)
    steps = await _steps_of([row["id"] for row in rows])
    return Listed([_matter(row, steps.get(row["id"], []), {}, None) for row in rows], total, page)


async def read_matter(matter_id: UUID) -> Matter:
    """Return one matter with its limits and the signs of a second payment.

    Raises:
        ReliefNotFound: there is none.
    """
    rows = await ReliefMatter.raw(f"{_MATTERS} WHERE m.id = {{}}", matter_id)
    if not rows:
        raise ReliefNotFound(matter_id)
    row = rows[0]
    siblings = await ReliefMatter.raw(
        f"{_MATTERS} WHERE m.recipient = {{}} AND m.id <> {{}} ORDER BY m.recorded_at", row["recipient"], matter_id
    )
    steps = await _steps_of([matter_id, *(one["id"] for one in siblings)])
    same = {
        one["id"]: (ReliefKind(one["kind"]), sums_of(standing(steps.get(one["id"], []))))
        for one in siblings
        if ReliefPurpose(one["purpose"]) == row["purpose"]
    }
    matter = _matter(row, steps.get(matter_id, []), same, await recorded_clocks())
    matter.siblings.extend(siblings)
    return matter


async def to_tell() -> list[dict[str, Any]]:
    """Return the matters of cleared cases whose driver the fund must now be told of (order 146, 48), oldest first."""
    return [dict(row) for row in await ReliefMatter.raw(_TO_TELL)]


async def to_confirm() -> list[dict[str, Any]]:
    """Return the steps that wait for a second officer, oldest first."""
    return [dict(row) for row in await ReliefMatter.raw(_TO_CONFIRM)]


async def recipients_named(words: str) -> list[dict[str, Any]]:
    """Return up to ten recipients whose name or accident number holds `words`, so that nobody is recorded twice."""
    if not words:
        return []
    found = await ReliefRecipient.raw(
        "SELECT id, full_name, accident_number, accident_at FROM relief_recipient"
        " WHERE full_name LIKE {} OR accident_number ILIKE {} ORDER BY recorded_at DESC LIMIT 10",
        f"%{words}%",
        f"%{words}%",
    )
    return [dict(row) for row in found]


async def case_numbered(officer: Reader, number: str) -> UUID | None:
    """Return the case of this number, when there is one that the officer may read."""
    found = await Case.raw("SELECT c.id FROM case_file c WHERE c.number = {} AND {}", number, visible_cases(officer))
    return found[0]["id"] if found else None


def standing(steps: list[dict[str, Any]]) -> list[Standing]:
    """Return the steps that stand: not rejected, not undone, no undoing themselves."""
    undone = {step["reverses"] for step in steps if step["reverses"] and step["decision"] == "confirmed"}
    return [
        Standing(
            ReliefStepKind(step["kind"]),
            step["happened_at"],
            step["amount_fen"] or 0,
            step["decision"] is not None,
        )
        for step in steps
        if not step["reverses"] and step["decision"] != "rejected" and step["id"] not in undone
    ]


async def _steps_of(matters: list[UUID]) -> dict[UUID, list[dict[str, Any]]]:
    found: dict[UUID, list[dict[str, Any]]] = {}
    for row in await ReliefMatter.raw(_STEPS, matters) if matters else []:
        found.setdefault(row["matter"], []).append(dict(row))
    return found


def _matter(
    row: dict[str, Any],
    steps: list[dict[str, Any]],
    same: dict[UUID, tuple[ReliefKind, Sums]],
    book: ClockBook | None,
) -> Matter:
    stands = standing(steps)
    sums = sums_of(stands)
    undone = {step["reverses"] for step in steps if step["reverses"] and step["decision"] == "confirmed"}
    for step in steps:
        step["is_undone"] = step["id"] in undone
        step["has_undoing"] = any(other["reverses"] == step["id"] for other in steps)
        step["waits"] = step["decision"] is None and needs_second_officer(
            ReliefStepKind(step["kind"]), is_undoing=step["reverses"] is not None
        )
    return Matter(
        row=dict(row),
        steps=steps,
        state=state_of(stands),
        sums=sums,
        twice=paid_twice(ReliefKind(row["kind"]), sums, same.values(), insurer_fen=sums.insurer_paid),
        limits=[] if book is None else _limits(row, stands, book),
    )


def _limits(row: dict[str, Any], stands: list[Standing], book: ClockBook) -> list[Limit]:
    """Count what the law gives for review, payment and the costs that the fund may advance."""
    if row["kind"] != ReliefKind.RESCUE_FUND:
        return []

    def first(*kinds: ReliefStepKind) -> datetime | None:
        return min((step.happened_at for step in stands if step.kind in kinds), default=None)

    decided = first(ReliefStepKind.GRANTED, ReliefStepKind.REFUSED)
    asked = first(ReliefStepKind.APPLICATION_RECEIVED, ReliefStepKind.NOTICE_TO_FUND)
    care = row["care_began_at"] if row["purpose"] == ReliefPurpose.EMERGENCY_CARE else None
    starts = (
        (ReliefLimit.RESCUE_WINDOW, care, None),
        (ReliefLimit.FUND_REVIEW, asked, decided),
        (ReliefLimit.FUND_PAYMENT, first(ReliefStepKind.GRANTED), first(ReliefStepKind.PAID)),
    )
    return [Limit(rule, _deadline(book, rule, start), done) for rule, start, done in starts if start is not None]


def _deadline(book: ClockBook, rule: str, start: datetime) -> Deadline | None:
    try:
        return book.deadline(rule, start)
    except (RuleNotInForce, HolidaysUnknown):
        return None

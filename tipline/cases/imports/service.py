"""Takes cases in by national number. New numbers are recorded; a number that is here is never written over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from tipline.accounts.audit.service import enter
from tipline.accounts.audit.tables import AuditAct, AuditSubject
from tipline.accounts.service import list_case_officers
from tipline.cases.access import Reader, visible_cases
from tipline.cases.forms import case_draft
from tipline.cases.imports.columns import COLUMNS
from tipline.cases.imports.reading import Row
from tipline.cases.service import CaseDraft, case_problems, open_case
from tipline.cases.tables import Case, CaseState
from tipline.database import engine
from tipline.errors import Invalid, Problem
from tipline.web.answers import Answers

COMPARED: Final = (
    "severity",
    "happened_from",
    "happened_to",
    "place_text",
    "latitude",
    "longitude",
    "datum",
    "summary",
)
KNOWN: Final = "SELECT c.*, {} AS is_visible FROM case_file c WHERE c.number = ANY({}::text[])"
EXPORTED: Final = """
SELECT c.number, c.severity, c.happened_from, c.happened_to, c.place_text, c.latitude, c.longitude, c.datum,
       o.badge_number AS lead_badge, c.recorded_at, c.summary, c.state, u.name AS unit_name
FROM case_file c JOIN unit u ON u.id = c.unit JOIN officer o ON o.id = c.lead_officer
WHERE {} AND ({}::text IS NULL OR c.state = {})
  AND ({} = '' OR strpos(c.number, {}) > 0 OR strpos(c.place_text, {}) > 0)
ORDER BY c.recorded_at DESC, c.id LIMIT {}"""
MOST_EXPORTED: Final = 50_000


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that is not taken, and why; `problem.field` is the column."""

    row: int
    number: str
    problem: Problem


@dataclass(slots=True)
class Plan:
    """What an import would do."""

    new: list[tuple[int, CaseDraft]] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    refused: list[RefusedRow] = field(default_factory=list)


async def plan_import(rows: Sequence[Row], *, of: Reader, now: datetime) -> Plan:
    """Say of each row whether its case is new, here already just so, or refused, and why. Nothing is written."""
    officers = await list_case_officers()
    units = {officer["id"]: officer["unit"] for officer in officers}
    badges = {officer["badge_number"]: officer["id"] for officer in officers}
    numbers = [cells.get("number", "").strip() for _, cells in rows]
    found: list[dict[str, Any]] = await Case.raw(KNOWN, visible_cases(of), numbers)
    known = {case["number"]: case for case in found}
    plan, seen = Plan(), set[str]()
    for at, cells in rows:
        number = cells.get("number", "").strip()
        if number in seen:
            plan.refused.append(RefusedRow(at, number, Problem("number", "twice_in_file")))
            continue
        seen.add(number)
        try:
            draft = _draft(cells, badges=badges, units=units, of=of, now=now)
            case = known.get(number)
            if case is None:
                plan.new.append((at, draft))
            else:
                _refuse_differences(draft, case, cells)
                plan.unchanged.append(number)
        except Invalid as refusal:
            plan.refused += [RefusedRow(at, number, problem) for problem in refusal.problems]
    return plan


async def import_cases(rows: Sequence[Row], *, of: Reader, now: datetime) -> Plan:
    """Record the new cases, each in a transaction of its own; a row that a colleague overtook is refused, too."""
    plan, made = await plan_import(rows, of=of, now=now), list[tuple[int, CaseDraft]]()
    for at, draft in plan.new:
        try:
            await open_case(draft, by=of.id, now=now)
        except Invalid as refusal:
            plan.refused += [RefusedRow(at, draft.number, problem) for problem in refusal.problems]
        else:
            made.append((at, draft))
    plan.new = made
    return plan


async def export_cases(*, of: Reader, state: CaseState | None, words: str, now: datetime) -> list[dict[str, Any]]:
    """Return the cases that `of` may read, for a list that leaves the house; that it left is entered in the audit.

    Args:
        of: the officer.
        state: only cases in this state.
        words: part of a number or a place.
        now: when.
    """
    chosen, part = None if state is None else state.value, words.strip()
    async with engine().transaction():
        rows: list[dict[str, Any]] = await Case.raw(
            EXPORTED, visible_cases(of), chosen, chosen, part, part, part, MOST_EXPORTED
        )
        facts = {"rows": len(rows), "state": chosen or "", "words": part}
        await enter(AuditAct.EXPORTED, AuditSubject.CASE, None, by=of.id, purpose="/cases/export", facts=facts, now=now)
    return rows


def _draft(
    cells: dict[str, str], *, badges: dict[str, UUID], units: dict[UUID, UUID], of: Reader, now: datetime
) -> CaseDraft:
    typed = {name: cells.get(name, "") for name in COLUMNS}
    badge = typed.pop("lead_badge").strip()
    lead = badges.get(badge) if badge else of.id
    if lead is None:
        raise Invalid(Problem("lead_badge", "not_a_choice"))
    draft = case_draft(Answers({**typed, "lead_officer": str(lead)}), units=units, now=now)
    if problems := case_problems(draft, now=now):
        raise Invalid(*problems)
    return draft


def _refuse_differences(draft: CaseDraft, case: dict[str, Any], cells: dict[str, str]) -> None:
    """Pass when every column that was filled in says what the case here says."""
    if not case["is_visible"]:
        raise Invalid(Problem("number", "case_number_taken", {"number": draft.number}))
    filled = [name for name in COMPARED if cells.get(name, "").strip()]
    wrong = [name for name in filled if getattr(draft, name) != case[name]]
    if wrong:
        raise Invalid(*(Problem(name, "differs_from_the_case_here") for name in wrong))

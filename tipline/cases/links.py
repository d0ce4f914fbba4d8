"""串并: an officer decides that a tip belongs to a case, or that a suggestion does not hold."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid4

from tipline.cases.errors import AlreadyLinked, SuggestionDecided, SuggestionNotFound
from tipline.cases.locks import open_case_locked
from tipline.cases.tables import Link, LinkSuggestion, SuggestionState
from tipline.database import engine
from tipline.intake.decisions import take_into_work
from tipline.intake.triage.history import change, held_tip
from tipline.intake.triage.tables import TipDeed

LINKED: Final = """
SELECT l.decided_at, o.full_name, o.badge_number FROM link l JOIN officer o ON o.id = l.decided_by
WHERE l.tip = {} AND l."case" IN (SELECT case_family({}))"""
SUGGESTION: Final = """
SELECT s.id, s.state, s.decided_at, o.full_name, o.badge_number
FROM link_suggestion s LEFT JOIN officer o ON o.id = s.decided_by
WHERE s.id = {} AND s.tip = {} AND s."case" = {} FOR UPDATE OF s"""
TIP_AND_CASE: Final = 'SELECT tip, "case" FROM link_suggestion WHERE id = {}'
OPEN_SUGGESTION: Final = "SELECT id FROM link_suggestion WHERE tip = {} AND \"case\" = {} AND state = 'proposed'"


async def link_tip(tip_id: UUID, case_id: UUID, *, by: UUID, now: datetime, suggestion_id: UUID | None = None) -> Link:
    """Link a tip to an open case and take the tip into work.

    With `suggestion_id` the officer accepts that suggestion; without, an open suggestion of the same pair is
    accepted with the link, because it came true.

    Raises:
        CaseNotFound, TipNotFound, SuggestionNotFound: one of them does not exist.
        CaseClosed: the case was cleared or closed meanwhile.
        AlreadyLinked: a colleague linked the two.
        SuggestionDecided: a colleague decided the suggestion, or it was withdrawn.
        TipDecided: a colleague declined the tip, or marked it as a duplicate.
    """
    async with engine().transaction():
        await open_case_locked(case_id)
        tip = await held_tip(tip_id)
        linked: list[dict[str, Any]] = await Link.raw(LINKED, tip_id, case_id)
        if linked:
            first = linked[0]
            raise AlreadyLinked(
                tip_id, case_id, by_name=first["full_name"], by_badge=first["badge_number"], at=first["decided_at"]
            )
        if suggestion_id is None:
            proposed: list[dict[str, Any]] = await LinkSuggestion.raw(OPEN_SUGGESTION, tip_id, case_id)
            suggestion_id = proposed[0]["id"] if proposed else None
        if suggestion_id is not None:
            await _decide(suggestion_id, tip_id, case_id, SuggestionState.ACCEPTED, by=by, now=now)
        taken = await take_into_work(tip, officer=by, now=now)
        link = Link(
            id=uuid4(),
            tip=tip_id,
            case=case_id,
            suggestion=suggestion_id,
            decided_by=by,
            decided_at=now,
            is_useful=False,
        )
        await link.save()
        about = {"case": case_id, "link": link.id, "suggestion": suggestion_id}
        await change(tip, TipDeed.LINKED, taken, by=by, now=now, about=about)
    return link


async def dismiss_suggestion(suggestion_id: UUID, *, by: UUID, now: datetime) -> None:
    """Decide that a suggestion does not hold; the machine will not propose the pair again.

    Raises:
        SuggestionNotFound: there is none.
        SuggestionDecided: a colleague decided it, or it was withdrawn.
    """
    async with engine().transaction():
        rows: list[dict[str, Any]] = await LinkSuggestion.raw(TIP_AND_CASE, suggestion_id)
        if not rows:
            raise SuggestionNotFound(suggestion_id)
        await _decide(suggestion_id, rows[0]["tip"], rows[0]["case"], SuggestionState.DISMISSED, by=by, now=now)


async def _decide(
    suggestion_id: UUID, tip_id: UUID, case_id: UUID, state: SuggestionState, *, by: UUID, now: datetime
) -> None:
    rows: list[dict[str, Any]] = await LinkSuggestion.raw(SUGGESTION, suggestion_id, tip_id, case_id)
    if not rows:
        raise SuggestionNotFound(suggestion_id)
    row = rows[0]
    if row["state"] != SuggestionState.PROPOSED:
        raise SuggestionDecided(
            suggestion_id,
            state=SuggestionState(row["state"]),
            by_name=row["full_name"] or "",
            by_badge=row["badge_number"] or "",
            at=row["decided_at"],
        )
    await LinkSuggestion.update(
        {LinkSuggestion.state: state, LinkSuggestion.decided_by: by, LinkSuggestion.decided_at: now}
    ).where(LinkSuggestion.id == suggestion_id)

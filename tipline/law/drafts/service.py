"""Deeds on rules: enter a new version, put it in force or refuse it. What stands is never changed, only ended."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final, cast
from uuid import UUID, uuid4

from tipline.accounts.tables import Officer
from tipline.database import engine
from tipline.errors import Problem
from tipline.law.drafts.errors import DraftDecided, DraftInvalid, DraftNotFound, OwnDraft
from tipline.law.drafts.reads import versions_of
from tipline.law.drafts.rules import Before, Draft, draft_problems
from tipline.law.tables import DraftState, LegalFact, LegalRule, RuleDraft, RuleKind
from tipline.work.service import ask
from tipline.work.subjects import EVERY_CASE
from tipline.work.tables import Job

NOTE_LIMIT: Final = 300
HOLD: Final = "SELECT pg_advisory_xact_lock(hashtext('legal_rule'), hashtext({}))"


async def enter_draft(code: str, draft: Draft, *, by: UUID, now: datetime) -> RuleDraft:
    """Enter a new version of a rule; it governs nothing until another officer puts it in force.

    Raises:
        RuleUnknown: there is no such rule.
        DraftInvalid: it does not begin after the latest version, or does not hold otherwise.
    """
    latest = (await versions_of(code))[0]
    _refuse(draft_problems(draft, _before(latest)))
    row = RuleDraft(
        id=uuid4(),
        code=code,
        kind=latest.kind,
        applies_to=latest.applies_to,
        source=draft.source,
        article=draft.article,
        title_zh=draft.title_zh,
        title_en=draft.title_en,
        minimum=draft.minimum,
        maximum=draft.maximum,
        unit=draft.unit,
        moves_off_holidays=draft.moves_off_holidays,
        valid_from=draft.valid_from,
        doubt=draft.doubt,
        doubt_zh=draft.doubt_zh,
        starts_on=latest.starts_on,
        ends_on=latest.ends_on,
        leads_to=latest.leads_to,
        starts_anew_on_receipt=latest.starts_anew_on_receipt,
        state=DraftState.WAITING,
        entered_by=by,
        entered_at=now,
        decided_by=None,
        decided_at=None,
        decision_note="",
    )
    await row.save()
    return row


async def put_in_force(draft_id: UUID, *, by: UUID, now: datetime) -> LegalRule:
    """Put a version in force that another officer entered; the one before ends the day before.

    Clocks that run keep the version in force on the day of their trigger; those whose trigger lies under the new one,
    where it begins in the past, are counted anew.

    Raises:
        DraftNotFound: there is none.
        OwnDraft: whoever entered it does not put it in force.
        DraftDecided: a colleague was faster.
        DraftInvalid: another version came in between.
    """
    async with engine().transaction():
        draft = await _waiting(draft_id)
        if draft.entered_by == by:
            raise OwnDraft(draft_id)
        latest = (await versions_of(draft.code))[0]
        _refuse(draft_problems(_as_draft(draft), _before(latest)))
        if latest.valid_to is None:
            await LegalRule.update({LegalRule.valid_to: draft.valid_from - timedelta(days=1)}).where(
                LegalRule.id == latest.id
            )
        row = LegalRule(
            id=uuid4(),
            code=draft.code,
            kind=draft.kind,
            applies_to=draft.applies_to,
            source=draft.source,
            article=draft.article,
            title_zh=draft.title_zh,
            title_en=draft.title_en,
            minimum=draft.minimum,
            maximum=draft.maximum,
            unit=draft.unit,
            moves_off_holidays=draft.moves_off_holidays,
            valid_from=draft.valid_from,
            valid_to=None,
            doubt=draft.doubt,
            doubt_zh=draft.doubt_zh,
            starts_on=draft.starts_on,
            ends_on=draft.ends_on,
            leads_to=draft.leads_to,
            starts_anew_on_receipt=draft.starts_anew_on_receipt,
        )
        await row.save()
        await _decide(draft_id, DraftState.IN_FORCE, "", by=by, now=now)
        await ask(Job.KEEP_CLOCKS, EVERY_CASE, now=now)
    return row


async def refuse_draft(draft_id: UUID, note: str, *, by: UUID, now: datetime) -> None:
    """Refuse a new version, with the reason; whoever entered it may do so too.

    Raises:
        DraftNotFound: there is none.
        DraftDecided: a colleague was faster.
        DraftInvalid: no reason, or one too long.
    """
    if not note.strip():
        raise DraftInvalid(Problem("note", "required"))
    if len(note) > NOTE_LIMIT:
        raise DraftInvalid(Problem("note", "too_long", {"limit": NOTE_LIMIT}))
    async with engine().transaction():
        await _waiting(draft_id)
        await _decide(draft_id, DraftState.REFUSED, note.strip(), by=by, now=now)


async def _waiting(draft_id: UUID) -> RuleDraft:
    seen = await RuleDraft.objects().where(RuleDraft.id == draft_id).first()
    if seen is None:
        raise DraftNotFound(draft_id)
    # Held by the rule, so that of two versions for one rule at once the second is checked against the first.
    await RuleDraft.raw(HOLD, seen.code)
    draft = await RuleDraft.objects().where(RuleDraft.id == draft_id).first()
    if draft is None:
        raise DraftNotFound(draft_id)
    if draft.state != DraftState.WAITING:
        decider = await Officer.objects().get(Officer.id == draft.decided_by)
        name, badge = ("", "") if decider is None else (decider.full_name, decider.badge_number)
        raise DraftDecided(draft_id, by_name=name, by_badge=badge, at=draft.decided_at)
    return draft


async def _decide(draft_id: UUID, state: DraftState, note: str, *, by: UUID, now: datetime) -> None:
    await RuleDraft.update(
        {
            RuleDraft.state: state,
            RuleDraft.decided_by: by,
            RuleDraft.decided_at: now,
            RuleDraft.decision_note: note,
        }
    ).where(RuleDraft.id == draft_id)


def _before(row: LegalRule) -> Before:
    return Before(
        kind=RuleKind(row.kind),
        minimum=row.minimum,
        maximum=row.maximum,
        valid_from=row.valid_from,
        valid_to=cast("date | None", row.valid_to),  # Piccolo types a nullable column as if it were never null
        starts_on=cast("LegalFact | None", row.starts_on),  # same
    )


def _as_draft(row: RuleDraft) -> Draft:
    return Draft(
        source=row.source,
        article=row.article,
        title_zh=row.title_zh,
        title_en=row.title_en,
        minimum=row.minimum,
        maximum=row.maximum,
        unit=row.unit,
        moves_off_holidays=row.moves_off_holidays,
        valid_from=row.valid_from,
        doubt=row.doubt,
        doubt_zh=row.doubt_zh,
    )


def _refuse(problems: list[Problem]) -> None:
    if problems:
        raise DraftInvalid(*problems)

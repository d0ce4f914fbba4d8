"""复核 and 询问 Deeds: a request for review and how it goes on, an inquiry of the victim's side and its answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid4

from tipline.cases.determinations.errors import (
    DeterminationUnlawful,
    InquiryAnswered,
    InquiryNotFound,
    PartyNotFound,
    ReviewMovedOn,
    ReviewNotFound,
)
from tipline.cases.determinations.lawbook import articles_of, is_late
from tipline.cases.determinations.review_rules import (
    ReviewDates,
    progress_problems,
    request_problems,
)
from tipline.cases.determinations.service import standing_of
from tipline.cases.determinations.tables import (
    Determination,
    DeterminationReview,
    InquirerRelation,
    ReviewChannel,
    ReviewResult,
    VictimInquiry,
)
from tipline.cases.locks import case_locked, officer_of
from tipline.cases.rules import DOCUMENT_NUMBER_LIMIT, NAME_LIMIT, moment_problems, text_problems
from tipline.database import engine
from tipline.errors import Problem
from tipline.law.service import day_of

WORDS_LIMIT: Final = 2_000
PARTY: Final = """
SELECT d.id AS determination, d.made_at, s.served_at FROM determination_party q
JOIN determination d ON d.id = q.determination LEFT JOIN determination_service s ON s.party = q.id
WHERE d."case" = {} AND q.id = {}"""


@dataclass(frozen=True, kw_only=True, slots=True)
class RequestDraft:
    """A party's written request for review: when it was received, through whom it came, and its reasons.

    `is_refused`: it came late and was not accepted (71).
    """

    channel: ReviewChannel
    requested_at: datetime
    reasons: str
    is_refused: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class InquiryDraft:
    """What a victim or a relative asked, and when."""

    asked_by: str
    relation: InquirerRelation
    asked_at: datetime
    question: str


async def request_review(
    case_id: UUID, party_id: UUID, draft: RequestDraft, *, by: UUID, now: datetime
) -> DeterminationReview:
    """Record that a party asked for review of the document that stands.

    Raises:
        CaseNotFound, PartyNotFound: there is no such party of a document of the case.
        DeterminationUnlawful: a review was accepted before (71), a late request is accepted (71) or a timely one
            refused (73), or the document does not stand any more.
    """
    async with engine().transaction():
        await case_locked(case_id)
        found: list[dict[str, Any]] = await Determination.raw(PARTY, case_id, party_id)
        if not found:
            raise PartyNotFound(party_id)
        row, standing = found[0], await standing_of(case_id)
        served: datetime | None = row["served_at"]
        problems = request_problems(
            await articles_of(day_of(draft.requested_at)),
            is_late=served is not None and await is_late("review_request", start=served, done=draft.requested_at),
            is_refused=draft.is_refused,
            is_second=await DeterminationReview.exists().where(
                (DeterminationReview.case == case_id) & (DeterminationReview.is_refused.eq(False))
            ),
            stands=standing is not None and standing.id == row["determination"],
        )
        _refuse(
            [
                *problems,
                *moment_problems(
                    "requested_at", draft.requested_at, not_before=row["made_at"], now=now, code="too_early"
                ),
                *text_problems("reasons", draft.reasons, WORDS_LIMIT),
            ]
        )
        accepted = draft.channel == ReviewChannel.SUPERIOR and not draft.is_refused
        review = DeterminationReview(
            id=uuid4(),
            case=case_id,
            determination=row["determination"],
            party=party_id,
            channel=draft.channel,
            requested_at=draft.requested_at,
            reasons=draft.reasons.strip(),
            is_refused=draft.is_refused,
            forwarded_at=None,
            accepted_at=draft.requested_at if accepted else None,
            file_asked_at=None,
            file_submitted_at=None,
            result=None,
            conclusion_number="",
            concluded_at=None,
            conclusion_received_at=None,
            conclusion_served_at=None,
            steps=1,
            recorded_by=by,
            recorded_at=now,
        )
        await review.save()
    return review


async def carry_on_review(
    case_id: UUID,
    review_id: UUID,
    dates: ReviewDates,
    *,
    result: ReviewResult | None = None,
    conclusion_number: str = "",
    seen: int,
    by: UUID,
    now: datetime,
) -> None:
    """Record what has become of a review since; what stands already is left as it is.

    Raises:
        CaseNotFound, ReviewNotFound: there is no such review of the case.
        ReviewMovedOn: a colleague recorded more meanwhile; says who and when.
        DeterminationUnlawful: dates out of order, or a result without date, number or acceptance (73 to 79).
    """
    async with engine().transaction():
        await case_locked(case_id)
        review = (
            await DeterminationReview.objects()
            .where((DeterminationReview.id == review_id) & (DeterminationReview.case == case_id))
            .first()
        )
        if review is None:
            raise ReviewNotFound(review_id)
        if review.steps != seen:
            last = await officer_of(review.recorded_by)
            raise ReviewMovedOn(review_id, by_name=last.full_name, by_badge=last.badge_number, at=review.recorded_at)
        known = ReviewDates(**{name: getattr(review, name) for name in ReviewDates.__dataclass_fields__})
        merged = known.filled_by(dates)
        ended = ReviewResult(review.result) if review.result else result
        number = review.conclusion_number or conclusion_number.strip()
        _refuse(
            [
                *progress_problems(
                    merged,
                    await articles_of(day_of(now)),
                    requested_at=review.requested_at,
                    is_refused=review.is_refused,
                    result=ended,
                    has_number=bool(number),
                    now=now,
                ),
                *text_problems("conclusion_number", number, DOCUMENT_NUMBER_LIMIT, is_required=False),
            ]
        )
        await DeterminationReview.update(
            {
                **{getattr(DeterminationReview, name): value for name, value in merged.items()},
                DeterminationReview.result: ended,
                DeterminationReview.conclusion_number: number,
                DeterminationReview.steps: review.steps + 1,
                DeterminationReview.recorded_by: by,
                DeterminationReview.recorded_at: now,
            }
        ).where(DeterminationReview.id == review_id)


async def record_inquiry(case_id: UUID, draft: InquiryDraft, *, by: UUID, now: datetime) -> VictimInquiry:
    """Record that a victim or a relative asked how the case stands (47).

    Raises:
        CaseNotFound: there is no such case.
        DeterminationUnlawful: name or question is missing, or the time lies ahead or before the accident.
    """
    async with engine().transaction():
        case = await case_locked(case_id)
        _refuse(
            [
                *text_problems("asked_by", draft.asked_by, NAME_LIMIT),
                *text_problems("question", draft.question, WORDS_LIMIT),
                *moment_problems("asked_at", draft.asked_at, not_before=case.happened_from, now=now),
            ]
        )
        inquiry = VictimInquiry(
            id=uuid4(),
            case=case_id,
            asked_by=draft.asked_by.strip(),
            relation=draft.relation,
            asked_at=draft.asked_at,
            question=draft.question.strip(),
            recorded_by=by,
            recorded_at=now,
            answered_at=None,
            answered_by=None,
            answer="",
            withheld="",
        )
        await inquiry.save()
    return inquiry


async def answer_inquiry(
    case_id: UUID, inquiry_id: UUID, *, answered_at: datetime, answer: str, withheld: str, by: UUID, now: datetime
) -> None:
    """Record what was told in answer, and what the law did not let be told.

    Raises:
        CaseNotFound, InquiryNotFound: there is no such inquiry of the case.
        InquiryAnswered: a colleague answered it; says who and when.
        DeterminationUnlawful: the answer is missing, or dated before the question or ahead.
    """
    async with engine().transaction():
        await case_locked(case_id)
        inquiry = (
            await VictimInquiry.objects()
            .where((VictimInquiry.id == inquiry_id) & (VictimInquiry.case == case_id))
            .first()
        )
        if inquiry is None:
            raise InquiryNotFound(inquiry_id)
        if inquiry.answered_at is not None:
            who = await officer_of(inquiry.answered_by)
            raise InquiryAnswered(inquiry_id, by_name=who.full_name, by_badge=who.badge_number, at=inquiry.answered_at)
        problems = [
            *moment_problems("answered_at", answered_at, not_before=inquiry.asked_at, now=now, code="too_early"),
            *text_problems("withheld", withheld, WORDS_LIMIT, is_required=False),
        ]
        if not answer.strip():
            articles = await articles_of(day_of(now))
            problems.append(Problem("answer", "answer_missing", articles["victim_inquiry_answer"]))
        elif len(answer) > WORDS_LIMIT:
            problems.append(Problem("answer", "too_long", {"limit": WORDS_LIMIT}))
        _refuse(problems)
        await VictimInquiry.update(
            {
                VictimInquiry.answered_at: answered_at,
                VictimInquiry.answered_by: by,
                VictimInquiry.answer: answer.strip(),
                VictimInquiry.withheld: withheld.strip(),
            }
        ).where(VictimInquiry.id == inquiry_id)


def _refuse(problems: list[Problem]) -> None:
    if problems:
        raise DeterminationUnlawful(*problems)

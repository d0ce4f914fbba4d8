"""Staff pages of reviews and of inquiries by the victim's side."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from tipline.accounts.pages import signed_in
from tipline.cases.determinations import reviews
from tipline.cases.determinations.forms import inquiry_draft, progress_of, request_draft
from tipline.cases.determinations.pages import WRITERS, form_page, to_register
from tipline.cases.determinations.reads import inquiry_of, party_of, review_of
from tipline.cases.determinations.review_rules import ReviewDates
from tipline.cases.determinations.tables import InquirerRelation, ReviewChannel, ReviewResult
from tipline.clock import Clock
from tipline.errors import Overtaken, Refused, TiplineError
from tipline.web.answers import Answers, read_answers

UNDER: Final = "/cases/{case_id:uuid}/determinations"


@get(UNDER + "/parties/{party_id:uuid}/review", opt=WRITERS, include_in_schema=False)
async def request_form(request: Request[Any, Any, Any], case_id: FromPath[UUID], party_id: FromPath[UUID]) -> Template:
    """Ask for a party's request for review."""
    return await _request_form(request, case_id, party_id, Answers())


@post(UNDER + "/parties/{party_id:uuid}/review", opt=WRITERS, include_in_schema=False)
async def request_review(
    request: Request[Any, Any, Any],
    case_id: FromPath[UUID],
    party_id: FromPath[UUID],
    clock: NamedDependency[Clock],
) -> Template | Redirect:
    """Record a party's request for review."""
    answers = await read_answers(request)
    try:
        await reviews.request_review(case_id, party_id, request_draft(answers), by=signed_in(request).id, now=clock())
    except (Refused, Overtaken) as refusal:
        return await _request_form(request, case_id, party_id, answers, refusal)
    return to_register(case_id)


@get(UNDER + "/reviews/{review_id:uuid}", opt=WRITERS, include_in_schema=False)
async def review_form(request: Request[Any, Any, Any], case_id: FromPath[UUID], review_id: FromPath[UUID]) -> Template:
    """Ask what has become of a review."""
    return await _review_form(request, case_id, review_id, Answers())


@post(UNDER + "/reviews/{review_id:uuid}", opt=WRITERS, include_in_schema=False)
async def carry_on(
    request: Request[Any, Any, Any],
    case_id: FromPath[UUID],
    review_id: FromPath[UUID],
    clock: NamedDependency[Clock],
) -> Template | Redirect:
    """Record what has become of a review; 409 with who and when if a colleague recorded more meanwhile."""
    answers = await read_answers(request)
    try:
        dates, result, number, seen = progress_of(answers)
        await reviews.carry_on_review(
            case_id,
            review_id,
            dates,
            result=result,
            conclusion_number=number,
            seen=seen,
            by=signed_in(request).id,
            now=clock(),
        )
    except (Refused, Overtaken) as refusal:
        return await _review_form(request, case_id, review_id, answers, refusal)
    return to_register(case_id)


@get(UNDER + "/inquiries/new", opt=WRITERS, include_in_schema=False)
async def new_inquiry(request: Request[Any, Any, Any], case_id: FromPath[UUID]) -> Template:
    """Ask who asked how the case stands, and when."""
    return await _inquiry_form(request, case_id, Answers())


@post(UNDER + "/inquiries", opt=WRITERS, include_in_schema=False)
async def add_inquiry(
    request: Request[Any, Any, Any], case_id: FromPath[UUID], clock: NamedDependency[Clock]
) -> Template | Redirect:
    """Record an inquiry of the victim's side."""
    answers = await read_answers(request)
    try:
        await reviews.record_inquiry(case_id, inquiry_draft(answers), by=signed_in(request).id, now=clock())
    except (Refused, Overtaken) as refusal:
        return await _inquiry_form(request, case_id, answers, refusal)
    return to_register(case_id)


@get(UNDER + "/inquiries/{inquiry_id:uuid}", opt=WRITERS, include_in_schema=False)
async def answer_form(request: Request[Any, Any, Any], case_id: FromPath[UUID], inquiry_id: FromPath[UUID]) -> Template:
    """Ask what was told in answer."""
    return await _answer_form(request, case_id, inquiry_id, Answers())


@post(UNDER + "/inquiries/{inquiry_id:uuid}", opt=WRITERS, include_in_schema=False)
async def answer(
    request: Request[Any, Any, Any],
    case_id: FromPath[UUID],
    inquiry_id: FromPath[UUID],
    clock: NamedDependency[Clock],
) -> Template | Redirect:
    """Record the answer; 409 with who and when if a colleague answered first."""
    answers = await read_answers(request)
    try:
        answered_at = answers.needed_moment("answered_at")
        await reviews.answer_inquiry(
            case_id,
            inquiry_id,
            answered_at=answered_at,
            answer=answers.text("answer"),
            withheld=answers.text("withheld"),
            by=signed_in(request).id,
            now=clock(),
        )
    except (Refused, Overtaken) as refusal:
        return await _answer_form(request, case_id, inquiry_id, answers, refusal)
    return to_register(case_id)


async def _request_form(
    request: Request[Any, Any, Any],
    case_id: UUID,
    party_id: UUID,
    answers: Answers,
    refusal: TiplineError | None = None,
) -> Template:
    party = await party_of(case_id, party_id)
    return await form_page(
        request,
        case_id,
        "determinations/request.html",
        answers,
        refusal,
        party=party,
        channels=list(ReviewChannel),
    )


async def _review_form(
    request: Request[Any, Any, Any],
    case_id: UUID,
    review_id: UUID,
    answers: Answers,
    refusal: TiplineError | None = None,
) -> Template:
    return await form_page(
        request,
        case_id,
        "determinations/review.html",
        answers,
        refusal,
        review=await review_of(case_id, review_id),
        dates=list(ReviewDates.__dataclass_fields__),
        results=list(ReviewResult),
    )


async def _inquiry_form(
    request: Request[Any, Any, Any], case_id: UUID, answers: Answers, refusal: TiplineError | None = None
) -> Template:
    return await form_page(
        request,
        case_id,
        "determinations/inquiry.html",
        answers,
        refusal,
        relations=list(InquirerRelation),
    )


async def _answer_form(
    request: Request[Any, Any, Any],
    case_id: UUID,
    inquiry_id: UUID,
    answers: Answers,
    refusal: TiplineError | None = None,
) -> Template:
    return await form_page(
        request,
        case_id,
        "determinations/answer.html",
        answers,
        refusal,
        inquiry=await inquiry_of(case_id, inquiry_id),
    )


HANDLERS: Final = [
    request_form,
    request_review,
    review_form,
    carry_on,
    new_inquiry,
    add_inquiry,
    answer_form,
    answer,
]

"""Staff pages of the deeds on one measure: each has a form of its own, which shows the law it stands on."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Final
from uuid import UUID

from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from tipline.accounts.pages import signed_in
from tipline.accounts.rules import Right, roles_with
from tipline.cases.measures import duties, endings, forms, service
from tipline.cases.measures.errors import MeasureNotFound
from tipline.cases.measures.lawbook import EXTENSION, EXTENSION_SERIAL
from tipline.cases.measures.moves import Deed
from tipline.cases.measures.privacy import hidden_persons
from tipline.cases.measures.reads import measure_file
from tipline.cases.measures.tables import DutyKind, OutcomeStepKind
from tipline.cases.tabs import tab_page
from tipline.clock import Clock
from tipline.errors import Overtaken, Refused, TiplineError
from tipline.web.answers import Answers, answered, read_answers
from tipline.web.guards import serves

SEE_OTHER: Final = 303
WRITERS: Final = serves(*roles_with(Right.WRITE_CASES))
REVIEWERS: Final = serves(*roles_with(Right.REVIEW_MEASURES))
_ADDRESS: Final = "/cases/{case_id:uuid}/measures/{outcome_id:uuid}"


@get(f"{_ADDRESS}/review", opt=REVIEWERS, include_in_schema=False)
async def review_form(
    request: Request[Any, Any, Any], case_id: FromPath[UUID], outcome_id: FromPath[UUID], clock: NamedDependency[Clock]
) -> Template:
    """Ask a legal reviewer whether the measure may go on."""
    return await _form(request, case_id, outcome_id, Deed.REVIEW, Answers(), clock)


@post(f"{_ADDRESS}/review", opt=REVIEWERS, include_in_schema=False)
async def review(
    request: Request[Any, Any, Any], case_id: FromPath[UUID], outcome_id: FromPath[UUID], clock: NamedDependency[Clock]
) -> Template | Redirect:
    """Take the review."""
    return await _do(request, case_id, outcome_id, Deed.REVIEW, clock)


@get(f"{_ADDRESS}/{{deed:str}}", opt=WRITERS, include_in_schema=False)
async def deed_form(
    request: Request[Any, Any, Any],
    case_id: FromPath[UUID],
    outcome_id: FromPath[UUID],
    deed: FromPath[str],
    clock: NamedDependency[Clock],
) -> Template:
    """Ask for what a deed on the measure needs."""
    return await _form(request, case_id, outcome_id, _deed(deed, outcome_id), Answers(), clock)


@post(f"{_ADDRESS}/{{deed:str}}", opt=WRITERS, include_in_schema=False)
async def do_deed(
    request: Request[Any, Any, Any],
    case_id: FromPath[UUID],
    outcome_id: FromPath[UUID],
    deed: FromPath[str],
    clock: NamedDependency[Clock],
) -> Template | Redirect:
    """Do it."""
    return await _do(request, case_id, outcome_id, _deed(deed, outcome_id), clock)


async def _do(
    request: Request[Any, Any, Any], case_id: UUID, outcome_id: UUID, deed: Deed, clock: Clock
) -> Template | Redirect:
    answers = await read_answers(request)
    try:
        await DEEDS[deed](case_id, outcome_id, answers, signed_in(request).id, clock)
    except (Refused, Overtaken) as refusal:
        return await _form(request, case_id, outcome_id, deed, answers, clock, refusal)
    return Redirect(f"/cases/{case_id}/measures/{outcome_id}", status_code=SEE_OTHER)


async def _form(
    request: Request[Any, Any, Any],
    case_id: UUID,
    outcome_id: UUID,
    deed: Deed,
    answers: Answers,
    clock: Clock,
    refusal: TiplineError | None = None,
) -> Template:
    file = await measure_file(case_id, outcome_id, now=clock())
    return await tab_page(
        request,
        case_id,
        "measures",
        "measures/deed.html",
        **answered(answers, refusal),
        file=file,
        deed=deed.value,
        hidden=await hidden_persons(signed_in(request), [file.measure.row["person"]], now=clock()),
        extension=file.law.conditions.get(EXTENSION),
        extension_serial=file.law.conditions.get(EXTENSION_SERIAL),
        endings=[OutcomeStepKind.ENDED.value, OutcomeStepKind.CHANGED.value],
    )


def _deed(name: str, outcome_id: UUID) -> Deed:
    if name not in set(Deed):
        raise MeasureNotFound(outcome_id)
    return Deed(name)


async def _review(case_id: UUID, outcome_id: UUID, answers: Answers, by: UUID, clock: Clock) -> None:
    now = clock()
    reviewed_at = answers.moment("reviewed_at", is_required=False) or now
    answers.refuse_problems()
    await service.review(
        case_id,
        outcome_id,
        passes=answers.get("verdict") == "pass",
        reason=answers.text("reason"),
        reviewed_at=reviewed_at,
        by=by,
        now=now,
    )


async def _approve(case_id: UUID, outcome_id: UUID, answers: Answers, by: UUID, clock: Clock) -> None:
    await service.approve(case_id, outcome_id, forms.decision(answers), by=by, now=clock())


async def _refuse(case_id: UUID, outcome_id: UUID, answers: Answers, by: UUID, clock: Clock) -> None:
    refused_at = answers.needed_moment("refused_at")
    authority, reason = answers.text("authority"), answers.text("reason")
    await service.refuse(
        case_id, outcome_id, authority=authority, reason=reason, refused_at=refused_at, by=by, now=clock()
    )


async def _execute(case_id: UUID, outcome_id: UUID, answers: Answers, by: UUID, clock: Clock) -> None:
    await service.execute(case_id, outcome_id, executed_at=answers.needed_moment("executed_at"), by=by, now=clock())


async def _extend(case_id: UUID, outcome_id: UUID, answers: Answers, by: UUID, clock: Clock) -> None:
    days = answers.whole("days") or 0
    await endings.extend(
        case_id,
        outcome_id,
        forms.decision(answers),
        days=days,
        is_serial=bool(answers.get("is_serial")),
        reason=answers.text("reason"),
        by=by,
        now=clock(),
    )


async def _end(case_id: UUID, outcome_id: UUID, answers: Answers, by: UUID, clock: Clock) -> None:
    how = OutcomeStepKind.CHANGED if answers.get("how") == OutcomeStepKind.CHANGED else OutcomeStepKind.ENDED
    await _over(case_id, outcome_id, answers, by, clock, how)


async def _revoke(case_id: UUID, outcome_id: UUID, answers: Answers, by: UUID, clock: Clock) -> None:
    await _over(case_id, outcome_id, answers, by, clock, OutcomeStepKind.REVOKED)


async def _over(
    case_id: UUID, outcome_id: UUID, answers: Answers, by: UUID, clock: Clock, how: OutcomeStepKind
) -> None:
    await endings.end(
        case_id,
        outcome_id,
        how,
        ended_at=answers.needed_moment("ended_at"),
        document_number=answers.text("document_number"),
        reason=answers.text("reason"),
        by=by,
        now=clock(),
    )


async def _notice(case_id: UUID, outcome_id: UUID, answers: Answers, by: UUID, clock: Clock) -> None:
    await duties.give_notice(case_id, outcome_id, forms.notice(answers), by=by, now=clock())


async def _duty(case_id: UUID, outcome_id: UUID, answers: Answers, by: UUID, clock: Clock) -> None:
    duty = answers.choice("duty", DutyKind, DutyKind.FIRST_INTERROGATION)
    done_at = answers.moment("done_at", is_required=False)
    answers.refuse_problems()
    await duties.note_duty(
        case_id, outcome_id, duty, done_at=done_at, reason=answers.text("reason"), by=by, now=clock()
    )


DEEDS: Final[dict[Deed, Callable[[UUID, UUID, Answers, UUID, Clock], Awaitable[None]]]] = {
    Deed.REVIEW: _review,
    Deed.NOTICE: _notice,
    Deed.APPROVE: _approve,
    Deed.REFUSE: _refuse,
    Deed.EXECUTE: _execute,
    Deed.DUTY: _duty,
    Deed.EXTEND: _extend,
    Deed.END: _end,
    Deed.REVOKE: _revoke,
}
HANDLERS: Final = [review_form, review, deed_form, do_deed]

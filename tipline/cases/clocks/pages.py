"""Staff pages of clocks: one clock with its law, count and history; facts of procedure; a clock started by hand."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from tipline.accounts.pages import signed_in
from tipline.accounts.rules import Right, roles_with
from tipline.cases.clocks import service, steps
from tipline.cases.clocks.facts import BY_HAND_KINDS
from tipline.cases.clocks.reads import clock_rules, clock_shown, fact_shown
from tipline.cases.clocks.service import FactDraft
from tipline.cases.clocks.steps import StepDraft
from tipline.cases.clocks.tables import StepAct
from tipline.cases.file_reads import head_of
from tipline.cases.reads import persons_of
from tipline.cases.tabs import address_of, tab_page
from tipline.clock import Clock
from tipline.errors import Invalid, Overtaken, Refused, TiplineError
from tipline.law.tables import LegalFact
from tipline.web.answers import Answers, answer_page, read_answers
from tipline.web.errors import status_of
from tipline.web.guards import serves
from tipline.web.wording import sentence

SEE_OTHER: Final = 303
READERS: Final = serves(*roles_with(Right.READ_CASES))
WRITERS: Final = serves(*roles_with(Right.WRITE_CASES))
DECIDERS: Final = serves(*roles_with(Right.DECIDE_CLOCKS))
TAB: Final = "tasks"


@get("/cases/{case_id:uuid}/clocks/{clock_id:uuid}", opt=READERS, include_in_schema=False)
async def one_clock(
    request: Request[Any, Any, Any],
    case_id: FromPath[UUID],
    clock_id: FromPath[UUID],
    clock: NamedDependency[Clock],
) -> Template:
    """Show a clock: which article governs, how it was counted, and what may be done to it."""
    return await _clock_page(request, case_id, clock_id, clock, Answers())


@post("/cases/{case_id:uuid}/clocks/{clock_id:uuid}/done", opt=WRITERS, include_in_schema=False)
async def fulfil(
    request: Request[Any, Any, Any],
    case_id: FromPath[UUID],
    clock_id: FromPath[UUID],
    clock: NamedDependency[Clock],
) -> Template | Redirect:
    """Record that what the clock asks for was done."""
    answers = await read_answers(request)
    try:
        await service.fulfil(
            case_id,
            clock_id,
            answers.needed_moment("done_at"),
            document_number=answers.text("document_number"),
            note=answers.text("note"),
            by=signed_in(request).id,
            now=clock(),
        )
    except (Refused, Overtaken) as refusal:
        return await _clock_page(request, case_id, clock_id, clock, answers, refusal)
    return _to(case_id, TAB)


@post("/cases/{case_id:uuid}/clocks/{clock_id:uuid}/steps", opt=WRITERS, include_in_schema=False)
async def ask_for_step(
    request: Request[Any, Any, Any],
    case_id: FromPath[UUID],
    clock_id: FromPath[UUID],
    clock: NamedDependency[Clock],
) -> Template | Redirect:
    """Ask that the clock be paused, resumed or extended."""
    answers = await read_answers(request)
    try:
        act = answers.choice("act", StepAct, StepAct.PAUSE)
        draft = StepDraft(
            act=act,
            effective_at=answers.needed_moment("effective_at"),
            reason=answers.text("reason"),
            ground=answers.text("ground"),
            approval_number=answers.text("approval_number"),
        )
        answers.refuse_problems()
        await steps.request_step(case_id, clock_id, draft, by=signed_in(request).id, now=clock())
    except (Refused, Overtaken) as refusal:
        return await _clock_page(request, case_id, clock_id, clock, answers, refusal)
    return _to(case_id, f"clocks/{clock_id}")


@post("/cases/{case_id:uuid}/clocks/{clock_id:uuid}/steps/{step_id:uuid}", opt=DECIDERS, include_in_schema=False)
async def decide_step(
    request: Request[Any, Any, Any],
    case_id: FromPath[UUID],
    clock_id: FromPath[UUID],
    step_id: FromPath[UUID],
    clock: NamedDependency[Clock],
) -> Template | Redirect:
    """Approve or refuse what a colleague asked for."""
    answers = await read_answers(request)
    try:
        await steps.decide_step(
            case_id,
            clock_id,
            step_id,
            approves=answers.text("decision") == "approve",
            note=answers.text("decision_note"),
            by=signed_in(request).id,
            now=clock(),
        )
    except (Refused, Overtaken) as refusal:
        return await _clock_page(request, case_id, clock_id, clock, answers, refusal)
    return _to(case_id, f"clocks/{clock_id}")


@get("/cases/{case_id:uuid}/clocks/new", opt=WRITERS, include_in_schema=False)
async def new_clock(
    request: Request[Any, Any, Any], case_id: FromPath[UUID], clock: NamedDependency[Clock]
) -> Template:
    """Ask which clock is to be started by hand."""
    return await _new_clock_form(request, case_id, clock, Answers())


@post("/cases/{case_id:uuid}/clocks", opt=WRITERS, include_in_schema=False)
async def start_clock(
    request: Request[Any, Any, Any], case_id: FromPath[UUID], clock: NamedDependency[Clock]
) -> Template | Redirect:
    """Start a clock by hand."""
    answers = await read_answers(request)
    try:
        days = answers.whole("days")
        trigger_at = answers.needed_moment("trigger_at")
        answers.refuse_problems()
        await service.start_clock(
            case_id,
            answers.text("rule"),
            trigger_at,
            person=_chosen(answers, "person"),
            days=days,
            note=answers.text("note"),
            by=signed_in(request).id,
            now=clock(),
        )
    except (Refused, Overtaken) as refusal:
        return await _new_clock_form(request, case_id, clock, answers, refusal)
    return _to(case_id, TAB)


@get("/cases/{case_id:uuid}/facts/new", opt=WRITERS, include_in_schema=False)
async def new_fact(request: Request[Any, Any, Any], case_id: FromPath[UUID]) -> Template:
    """Ask which fact of procedure is to be recorded; `?kind=` chooses one beforehand."""
    return await _fact_form(request, case_id, Answers({"kind": request.query_params.get("kind", "")}))


@post("/cases/{case_id:uuid}/facts", opt=WRITERS, include_in_schema=False)
async def record_fact(
    request: Request[Any, Any, Any], case_id: FromPath[UUID], clock: NamedDependency[Clock]
) -> Template | Redirect:
    """Record a fact of procedure."""
    answers = await read_answers(request)
    try:
        kind = answers.choice("kind", LegalFact, LegalFact.CASE_RECORDED)
        happened_at = answers.needed_moment("happened_at")
        answers.refuse_problems()
        draft = FactDraft(
            kind=kind,
            happened_at=happened_at,
            person=_chosen(answers, "person"),
            document_number=answers.text("document_number"),
            note=answers.text("note"),
        )
        await service.record_fact(case_id, draft, by=signed_in(request).id, now=clock())
    except (Refused, Overtaken) as refusal:
        return await _fact_form(request, case_id, answers, refusal)
    return _to(case_id, TAB)


@get("/cases/{case_id:uuid}/facts/{fact_id:uuid}/withdraw", opt=WRITERS, include_in_schema=False)
async def withdraw_form(request: Request[Any, Any, Any], case_id: FromPath[UUID], fact_id: FromPath[UUID]) -> Template:
    """Ask why a fact is taken back."""
    return await _withdraw_form(request, case_id, fact_id, Answers())


@post("/cases/{case_id:uuid}/facts/{fact_id:uuid}/withdraw", opt=WRITERS, include_in_schema=False)
async def withdraw_fact(
    request: Request[Any, Any, Any],
    case_id: FromPath[UUID],
    fact_id: FromPath[UUID],
    clock: NamedDependency[Clock],
) -> Template | Redirect:
    """Take back a fact recorded by mistake."""
    answers = await read_answers(request)
    try:
        await service.withdraw_fact(case_id, fact_id, answers.text("reason"), by=signed_in(request).id, now=clock())
    except (Refused, Overtaken) as refusal:
        return await _withdraw_form(request, case_id, fact_id, answers, refusal)
    return _to(case_id, TAB)


async def _clock_page(
    request: Request[Any, Any, Any],
    case_id: UUID,
    clock_id: UUID,
    clock: Clock,
    answers: Answers,
    refusal: TiplineError | None = None,
) -> Template:
    problems = refusal.problems if isinstance(refusal, Invalid) else ()
    return await tab_page(
        request,
        case_id,
        TAB,
        "clocks/clock.html",
        status=200 if refusal is None else status_of(refusal),
        view=await clock_shown(case_id, clock_id, now=clock()),
        answers=answers,
        problems=problems,
        told=sentence(refusal) if refusal is not None and not problems else "",
        me=signed_in(request).id,
    )


async def _new_clock_form(
    request: Request[Any, Any, Any],
    case_id: UUID,
    clock: Clock,
    answers: Answers,
    refusal: TiplineError | None = None,
) -> Template:
    return answer_page(
        request,
        "clocks/new.html",
        answers=answers,
        refusal=refusal,
        case=await head_of(case_id),
        rules=await clock_rules(now=clock()),
        persons=await persons_of(case_id),
    )


async def _fact_form(
    request: Request[Any, Any, Any], case_id: UUID, answers: Answers, refusal: TiplineError | None = None
) -> Template:
    return answer_page(
        request,
        "clocks/fact.html",
        answers=answers,
        refusal=refusal,
        case=await head_of(case_id),
        kinds=BY_HAND_KINDS,
        persons=await persons_of(case_id),
    )


async def _withdraw_form(
    request: Request[Any, Any, Any],
    case_id: UUID,
    fact_id: UUID,
    answers: Answers,
    refusal: TiplineError | None = None,
) -> Template:
    return answer_page(
        request,
        "clocks/withdraw.html",
        answers=answers,
        refusal=refusal,
        case=await head_of(case_id),
        fact=await fact_shown(case_id, fact_id),
    )


def _chosen(answers: Answers, name: str) -> UUID | None:
    return answers.row(name) if answers.text(name) else None


def _to(case_id: UUID, name: str) -> Redirect:
    return Redirect(address_of(case_id, name), status_code=SEE_OTHER)


HANDLERS: Final = [
    one_clock,
    fulfil,
    ask_for_step,
    decide_step,
    new_clock,
    start_clock,
    new_fact,
    record_fact,
    withdraw_form,
    withdraw_fact,
]

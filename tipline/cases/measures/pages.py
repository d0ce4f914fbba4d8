"""Staff pages of measures: the tab of a case, one measure whole, the form of a proposal, the queue of the reviewers."""

from __future__ import annotations

import re
from typing import Any, Final
from uuid import UUID

from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from tipline.accounts.pages import signed_in
from tipline.accounts.rules import Right, roles_with
from tipline.cases.access import visible_cases
from tipline.cases.measures import forms, service
from tipline.cases.measures.lawbook import AUTHORITY, LIMIT, thresholds
from tipline.cases.measures.privacy import hidden_persons
from tipline.cases.measures.reads import measure_file, measures_of, review_queue
from tipline.cases.measures.threshold import Circumstance, Liability, ThresholdHint, threshold_hint
from tipline.cases.reads import persons_of
from tipline.cases.tables import OutcomeKind, PersonRole
from tipline.cases.tabs import tab_page
from tipline.clock import Clock
from tipline.errors import Invalid, Overtaken, Problem, Refused, TiplineError
from tipline.law.service import day_of, rule, rules_in_force
from tipline.law.tables import LegalRule, RuleKind
from tipline.web.answers import Answers, answered, read_answers
from tipline.web.guards import serves
from tipline.web.page import page

ITEM: Final = re.compile(r"（(.)）项")
NUMERALS: Final = "一二三四五六七八九十"
SEE_OTHER: Final = 303
READERS: Final = serves(*roles_with(Right.READ_CASES))
WRITERS: Final = serves(*roles_with(Right.WRITE_CASES))
REVIEWERS: Final = serves(*roles_with(Right.REVIEW_MEASURES))
TAB: Final = "measures"


@get("/cases/{case_id:uuid}/measures", opt=READERS, include_in_schema=False)
async def measures(request: Request[Any, Any, Any], case_id: FromPath[UUID], clock: NamedDependency[Clock]) -> Template:
    """Show the measures of the case by person, each with its chain and what comes next."""
    now = clock()
    return await tab_page(
        request,
        case_id,
        TAB,
        "measures/measures.html",
        groups=await measures_of(case_id, now=now),
        hidden=await _hidden(request, case_id, clock),
        kinds=list(OutcomeKind),
    )


@get("/cases/{case_id:uuid}/measures/new", opt=WRITERS, include_in_schema=False)
async def proposal_form(
    request: Request[Any, Any, Any], case_id: FromPath[UUID], clock: NamedDependency[Clock]
) -> Template:
    """Ask for a measure of the kind named in `?kind=`, administrative detention unless told otherwise."""
    kind = _kind(request.query_params.get("kind", ""))
    return await _proposal_form(request, case_id, kind, Answers(dict(request.query_params)), clock)


@post("/cases/{case_id:uuid}/measures", opt=WRITERS, include_in_schema=False)
async def propose(
    request: Request[Any, Any, Any], case_id: FromPath[UUID], clock: NamedDependency[Clock]
) -> Template | Redirect:
    """Take a proposal; the case stays as it is."""
    answers = await read_answers(request)
    kind = _kind(answers.get("kind"))
    try:
        draft = forms.proposal(answers, kind, now=clock())
        person = answers.row("person")
        outcome = await service.propose(case_id, person, draft, by=signed_in(request).id, now=clock())
    except (Refused, Overtaken) as refusal:
        return await _proposal_form(request, case_id, kind, answers, clock, refusal)
    return Redirect(f"/cases/{case_id}/measures/{outcome.id}", status_code=SEE_OTHER)


@get("/cases/{case_id:uuid}/measures/{outcome_id:uuid}", opt=READERS, include_in_schema=False)
async def measure(
    request: Request[Any, Any, Any], case_id: FromPath[UUID], outcome_id: FromPath[UUID], clock: NamedDependency[Clock]
) -> Template:
    """Show one measure: its chain, its law, what a reviewer must weigh, when it must end."""
    return await tab_page(
        request,
        case_id,
        TAB,
        "measures/measure.html",
        file=await measure_file(case_id, outcome_id, now=clock()),
        hidden=await _hidden(request, case_id, clock),
    )


@get("/cases/{case_id:uuid}/measures/threshold", opt=READERS, include_in_schema=False)
async def threshold(
    request: Request[Any, Any, Any], case_id: FromPath[UUID], clock: NamedDependency[Clock]
) -> Template:
    """Show what the facts typed into the address may mean for the crime of causing a traffic accident: a hint."""
    answers = Answers(dict(request.query_params))
    hint: ThresholdHint | None = None
    problems: tuple[Problem, ...] = ()
    law = await thresholds(on=day_of(clock()))
    if answers.typed:
        try:
            hint = threshold_hint(forms.accident_facts(answers), law)
        except Invalid as refusal:
            problems = refusal.problems
    return await tab_page(
        request,
        case_id,
        TAB,
        "measures/threshold.html",
        status=422 if problems else 200,
        answers=answers,
        hint=hint,
        problems=problems,
        law=law,
        liabilities=[one.value for one in Liability],
        circumstances=[one.value for one in Circumstance],
    )


@get("/measures/review", opt=REVIEWERS, include_in_schema=False)
async def queue(request: Request[Any, Any, Any], clock: NamedDependency[Clock]) -> Template:
    """Show every measure that waits for a legal review, the oldest first."""
    found = await review_queue(visible_cases(signed_in(request)), now=clock())
    return page(request, "measures/queue.html", measures=found)


async def _proposal_form(
    request: Request[Any, Any, Any],
    case_id: UUID,
    kind: OutcomeKind,
    answers: Answers,
    clock: Clock,
    refusal: TiplineError | None = None,
) -> Template:
    today = day_of(clock())
    return await tab_page(
        request,
        case_id,
        TAB,
        "measures/new.html",
        **answered(answers, refusal),
        persons=[row for row in await persons_of(case_id) if row["role"] != PersonRole.VICTIM],
        hidden=await _hidden(request, case_id, clock),
        kind=kind,
        kinds=list(OutcomeKind),
        bases=await rules_in_force(kind=RuleKind.MEASURE_BASIS, applies_to=kind, on=today),
        grounds=sorted(await rules_in_force(kind=RuleKind.DETENTION_GROUND, applies_to=kind, on=today), key=_place),
        limit=await rule(LIMIT[kind], on=today),
        authority=await rule(AUTHORITY[kind], on=today),
    )


async def _hidden(request: Request[Any, Any, Any], case_id: UUID, clock: Clock) -> frozenset[UUID]:
    rows = await persons_of(case_id)
    return await hidden_persons(signed_in(request), [row["id"] for row in rows], now=clock())


def _place(ground: LegalRule) -> tuple[str, int]:
    # Grounds are items of one article: in the order of the law an officer finds them at once.
    found = ITEM.search(ground.article)
    return (ground.article.partition("第（")[0], NUMERALS.find(found[1]) if found else -1)


def _kind(text: str) -> OutcomeKind:
    return OutcomeKind(text) if text in set(OutcomeKind) else OutcomeKind.ADMINISTRATIVE_DETENTION


HANDLERS: Final = [measures, proposal_form, propose, measure, threshold, queue]

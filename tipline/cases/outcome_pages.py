"""Staff pages of measures; that they never clear a case, they say."""

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
from tipline.cases import service
from tipline.cases.forms import outcome_draft
from tipline.cases.lawbook import AUTHORITY, LIMIT
from tipline.cases.reads import case_file
from tipline.cases.tables import OutcomeKind
from tipline.clock import Clock
from tipline.errors import Overtaken, Refused, TiplineError
from tipline.law.service import day_of, rule, rules_in_force
from tipline.law.tables import LegalRule, RuleKind
from tipline.web.answers import Answers, answer_page, read_answers
from tipline.web.guards import serves

ITEM: Final = re.compile(r"（(.)）项")
NUMERALS: Final = "一二三四五六七八九十"
SEE_OTHER: Final = 303
WRITERS: Final = serves(*roles_with(Right.WRITE_CASES))


@get("/cases/{case_id:uuid}/outcomes/new", opt=WRITERS, include_in_schema=False)
async def outcome_form(
    request: Request[Any, Any, Any], case_id: FromPath[UUID], clock: NamedDependency[Clock]
) -> Template:
    """Ask for a measure of the kind named in `?kind=`, administrative detention unless told otherwise."""
    kind = _kind(request.query_params.get("kind", ""))
    return await _outcome_form(request, case_id, kind, Answers(), clock)


@post("/cases/{case_id:uuid}/outcomes", opt=WRITERS, include_in_schema=False)
async def record_outcome(
    request: Request[Any, Any, Any], case_id: FromPath[UUID], clock: NamedDependency[Clock]
) -> Template | Redirect:
    """Record a measure against a person; the case stays as it is."""
    answers = await read_answers(request)
    kind = _kind(answers.get("kind"))
    try:
        answers.choice("kind", OutcomeKind, kind)
        draft = outcome_draft(answers, kind)
        person = answers.row("person")
        await service.record_outcome(case_id, person, draft, by=signed_in(request).id, now=clock())
    except (Refused, Overtaken) as refusal:
        return await _outcome_form(request, case_id, kind, answers, clock, refusal)
    return Redirect(f"/cases/{case_id}/measures", status_code=SEE_OTHER)


async def _outcome_form(
    request: Request[Any, Any, Any],
    case_id: UUID,
    kind: OutcomeKind,
    answers: Answers,
    clock: Clock,
    refusal: TiplineError | None = None,
) -> Template:
    file = await case_file(case_id)
    today = day_of(clock())
    return answer_page(
        request,
        "cases/outcome.html",
        answers=answers,
        refusal=refusal,
        case=file.case,
        persons=file.persons,
        kind=kind,
        kinds=list(OutcomeKind),
        bases=await rules_in_force(kind=RuleKind.MEASURE_BASIS, applies_to=kind, on=today),
        grounds=sorted(await rules_in_force(kind=RuleKind.DETENTION_GROUND, applies_to=kind, on=today), key=_place),
        limit=await rule(LIMIT[kind], on=today),
        authority=await rule(AUTHORITY[kind], on=today),
    )


def _place(ground: LegalRule) -> tuple[str, int]:
    # Grounds are items of one article: in the order of the law an officer finds them at once.
    found = ITEM.search(ground.article)
    return (ground.article.partition("第（")[0], NUMERALS.find(found[1]) if found else -1)


def _kind(text: str) -> OutcomeKind:
    return OutcomeKind(text) if text in set(OutcomeKind) else OutcomeKind.ADMINISTRATIVE_DETENTION


HANDLERS: Final = [outcome_form, record_outcome]

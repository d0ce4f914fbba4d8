"""Staff page of a person in the eye of the law: age and identity, rulings, and what protects a person under 18."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from tipline.accounts.pages import signed_in
from tipline.accounts.rules import Right, roles_with
from tipline.cases.measures import forms, persons
from tipline.cases.measures.concerns import is_juvenile
from tipline.cases.measures.identities import Identities
from tipline.cases.measures.lawbook import JUVENILE, rules_on
from tipline.cases.measures.person_reads import person_file
from tipline.cases.measures.privacy import hidden_persons
from tipline.cases.measures.tables import JuvenileFactKind, RulingKind
from tipline.cases.tabs import tab_page
from tipline.clock import Clock
from tipline.errors import Overtaken, Refused, TiplineError
from tipline.law.service import day_of
from tipline.web.answers import Answers, answered, read_answers
from tipline.web.guards import serves

SEE_OTHER: Final = 303
READERS: Final = serves(*roles_with(Right.READ_CASES))
WRITERS: Final = serves(*roles_with(Right.WRITE_CASES))
_ADDRESS: Final = "/cases/{case_id:uuid}/persons/{person_id:uuid}/law"


@get(_ADDRESS, opt=READERS, include_in_schema=False)
async def person(
    request: Request[Any, Any, Any], case_id: FromPath[UUID], person_id: FromPath[UUID], clock: NamedDependency[Clock]
) -> Template:
    """Show what is known of a person, and the forms to enter more."""
    return await _page(request, case_id, person_id, Answers(), clock)


@post(f"{_ADDRESS}/particulars", opt=WRITERS, include_in_schema=False)
async def record_particulars(
    request: Request[Any, Any, Any],
    case_id: FromPath[UUID],
    person_id: FromPath[UUID],
    identities: NamedDependency[Identities],
    clock: NamedDependency[Clock],
) -> Template | Redirect:
    """Enter birth, identity and circumstances."""
    answers = await read_answers(request)
    try:
        draft = forms.particulars(answers)
        await persons.record_particulars(
            case_id, person_id, draft, identities=identities, by=signed_in(request).id, now=clock()
        )
    except (Refused, Overtaken) as refusal:
        answers.typed.pop("identity_number", None)  # never shown again, not even to who typed it
        return await _page(request, case_id, person_id, answers, clock, refusal)
    return _back(case_id, person_id)


@post(f"{_ADDRESS}/rulings", opt=WRITERS, include_in_schema=False)
async def record_ruling(
    request: Request[Any, Any, Any], case_id: FromPath[UUID], person_id: FromPath[UUID], clock: NamedDependency[Clock]
) -> Template | Redirect:
    """Enter a ruling about the person's criminal liability."""
    answers = await read_answers(request)
    try:
        await persons.record_ruling(case_id, person_id, forms.ruling(answers), by=signed_in(request).id, now=clock())
    except (Refused, Overtaken) as refusal:
        return await _page(request, case_id, person_id, answers, clock, refusal)
    return _back(case_id, person_id)


@post(f"{_ADDRESS}/juvenile", opt=WRITERS, include_in_schema=False)
async def note_juvenile_fact(
    request: Request[Any, Any, Any], case_id: FromPath[UUID], person_id: FromPath[UUID], clock: NamedDependency[Clock]
) -> Template | Redirect:
    """Enter what was done to protect a person under 18."""
    answers = await read_answers(request)
    try:
        kind = answers.choice("fact", JuvenileFactKind, JuvenileFactKind.GUARDIAN_PRESENT)
        happened_at = answers.needed_moment("happened_at")
        answers.refuse_problems()
        await persons.note_juvenile_fact(
            case_id,
            person_id,
            kind,
            happened_at=happened_at,
            detail=answers.text("detail"),
            by=signed_in(request).id,
            now=clock(),
        )
    except (Refused, Overtaken) as refusal:
        return await _page(request, case_id, person_id, answers, clock, refusal)
    return _back(case_id, person_id)


async def _page(
    request: Request[Any, Any, Any],
    case_id: UUID,
    person_id: UUID,
    answers: Answers,
    clock: Clock,
    refusal: TiplineError | None = None,
) -> Template:
    now = clock()
    file = await person_file(case_id, person_id)
    law = await rules_on(JUVENILE, on=day_of(now))
    return await tab_page(
        request,
        case_id,
        "persons",
        "measures/person.html",
        **answered(answers, refusal),
        file=file,
        hidden=await hidden_persons(signed_in(request), [person_id], now=now),
        law=law,
        is_under_age=is_juvenile(file.known, law["juvenile_privacy"]),
        rulings=[one.value for one in RulingKind],
        facts=[one.value for one in JuvenileFactKind],
    )


def _back(case_id: UUID, person_id: UUID) -> Redirect:
    return Redirect(f"/cases/{case_id}/persons/{person_id}/law", status_code=SEE_OTHER)


HANDLERS: Final = [person, record_particulars, record_ruling, note_juvenile_fact]

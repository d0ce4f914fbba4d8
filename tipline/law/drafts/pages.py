"""Staff pages of the law: the rules with search, one rule with all its versions, new versions and their approval."""

from __future__ import annotations

from datetime import date
from typing import Any, Final
from uuid import UUID

from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from tipline.accounts.pages import signed_in
from tipline.accounts.rules import Right, roles_with
from tipline.clock import Clock
from tipline.errors import Overtaken, Problem, Refused, TiplineError
from tipline.law.drafts import service
from tipline.law.drafts.reads import draft_shown, drafts_of, rules_shown, versions_of
from tipline.law.drafts.rules import Draft, starts_backdated
from tipline.law.service import day_of
from tipline.law.tables import ClockUnit, RuleKind
from tipline.web.answers import Answers, answer_page, read_answers
from tipline.web.guards import serves
from tipline.web.page import page

SEE_OTHER: Final = 303
READERS: Final = serves(*roles_with(Right.READ_LAW))
WRITERS: Final = serves(*roles_with(Right.WRITE_LAW))
WORDS_MAXIMUM: Final = 60
SHOWN: Final = ("source", "article", "title_zh", "title_en", "unit", "doubt", "doubt_zh")


@get("/law", opt=READERS, include_in_schema=False)
async def law(request: Request[Any, Any, Any], clock: NamedDependency[Clock]) -> Template:
    """List the rules as they stand today, with search, and the new versions that wait for a second officer."""
    asked = request.query_params
    kind = asked.get("kind", RuleKind.STATUTORY_CLOCK)
    words = asked.get("q", "").strip()[:WORDS_MAXIMUM]
    return page(
        request,
        "drafts/rules.html",
        rules=await rules_shown(
            kind=RuleKind(kind) if kind in set(RuleKind) else None,
            words=words,
            only_doubtful=asked.get("doubtful") == "1",
            on=day_of(clock()),
        ),
        waiting=await drafts_of(only_waiting=True),
        kind=kind,
        kinds=list(RuleKind),
        words=words,
        only_doubtful=asked.get("doubtful") == "1",
    )


@get("/law/{code:str}", opt=READERS, include_in_schema=False)
async def one_rule(request: Request[Any, Any, Any], code: FromPath[str], clock: NamedDependency[Clock]) -> Template:
    """Show a rule with all its versions and what was entered for it."""
    return page(
        request,
        "drafts/rule.html",
        versions=await versions_of(code),
        drafts=await drafts_of(code),
        today=day_of(clock()),
    )


@get("/law/{code:str}/new", opt=WRITERS, include_in_schema=False)
async def new_version(request: Request[Any, Any, Any], code: FromPath[str]) -> Template:
    """Ask for a new version, beginning with what stands."""
    latest = (await versions_of(code))[0]
    typed = {name: str(getattr(latest, name) or "") for name in SHOWN}
    typed |= {name: "" if number is None else str(number) for name, number in _numbers(latest).items()}
    typed["moves_off_holidays"] = "yes" if latest.moves_off_holidays else ""
    return await _version_form(request, code, Answers(typed))


@post("/law/{code:str}", opt=WRITERS, include_in_schema=False)
async def enter_version(
    request: Request[Any, Any, Any], code: FromPath[str], clock: NamedDependency[Clock]
) -> Template | Redirect:
    """Enter a new version; another officer puts it in force."""
    answers = await read_answers(request)
    try:
        draft = await service.enter_draft(code, _draft(answers), by=signed_in(request).id, now=clock())
    except (Refused, Overtaken) as refusal:
        return await _version_form(request, code, answers, refusal)
    return Redirect(f"/law/drafts/{draft.id}", status_code=SEE_OTHER)


@get("/law/drafts/{draft_id:uuid}", opt=READERS, include_in_schema=False)
async def one_draft(
    request: Request[Any, Any, Any], draft_id: FromPath[UUID], clock: NamedDependency[Clock]
) -> Template:
    """Show a new version beside the one that stands."""
    return await _draft_page(request, draft_id, clock, Answers())


@post("/law/drafts/{draft_id:uuid}", opt=WRITERS, include_in_schema=False)
async def decide_draft(
    request: Request[Any, Any, Any], draft_id: FromPath[UUID], clock: NamedDependency[Clock]
) -> Template | Redirect:
    """Put a new version in force, or refuse it."""
    answers = await read_answers(request)
    by = signed_in(request).id
    try:
        if answers.text("decision") == "in_force":
            await service.put_in_force(draft_id, by=by, now=clock())
        else:
            await service.refuse_draft(draft_id, answers.text("note"), by=by, now=clock())
    except (Refused, Overtaken) as refusal:
        return await _draft_page(request, draft_id, clock, answers, refusal)
    return Redirect(f"/law/drafts/{draft_id}", status_code=SEE_OTHER)


async def _version_form(
    request: Request[Any, Any, Any], code: str, answers: Answers, refusal: TiplineError | None = None
) -> Template:
    return answer_page(
        request,
        "drafts/version.html",
        answers=answers,
        refusal=refusal,
        latest=(await versions_of(code))[0],
        units=list(ClockUnit),
    )


async def _draft_page(
    request: Request[Any, Any, Any],
    draft_id: UUID,
    clock: Clock,
    answers: Answers,
    refusal: TiplineError | None = None,
) -> Template:
    draft = await draft_shown(draft_id)
    return answer_page(
        request,
        "drafts/draft.html",
        answers=answers,
        refusal=refusal,
        draft=draft,
        versions=await versions_of(draft["code"]),
        is_backdated=starts_backdated(draft["valid_from"], day_of(clock())),
        me=signed_in(request).id,
    )


def _draft(answers: Answers) -> Draft:
    minimum, maximum = answers.whole("minimum"), answers.whole("maximum")
    try:
        valid_from = date.fromisoformat(answers.text("valid_from"))
    except ValueError:
        answers.problems.append(Problem("valid_from", "not_a_time"))
        valid_from = date.min
    answers.refuse_problems()
    return Draft(
        **{name: answers.text(name) for name in SHOWN},
        minimum=minimum,
        maximum=maximum,
        moves_off_holidays=answers.text("moves_off_holidays") == "yes",
        valid_from=valid_from,
    )


def _numbers(rule: Any) -> dict[str, int | None]:
    return {"minimum": rule.minimum, "maximum": rule.maximum}


HANDLERS: Final = [law, one_rule, new_version, enter_version, one_draft, decide_draft]

"""Staff pages of relief: the list with what waits, a matter with its steps, and the figures with their lists."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from tipline.accounts.pages import signed_in
from tipline.accounts.rules import Right, roles_with
from tipline.clock import SHANGHAI, Clock
from tipline.errors import NotAllowed, NotFound, Overtaken, Problem, Refused, TiplineError
from tipline.law.service import day_of, rules_in_force
from tipline.law.tables import RuleKind
from tipline.relief import service
from tipline.relief.figures import relief_figure
from tipline.relief.forms import recipient_draft, step_draft
from tipline.relief.reads import case_numbered, list_matters, read_matter, recipients_named, to_confirm, to_tell
from tipline.relief.rules import yuan
from tipline.relief.tables import Confirmation, ReliefKind, ReliefPurpose, ReliefStepKind
from tipline.web.answers import Answers, answer_page, read_answers
from tipline.web.guards import serves
from tipline.web.labels import label
from tipline.web.locale import gettext
from tipline.web.locale import lazy as _
from tipline.web.numbers import number_from, page_from
from tipline.web.page import page
from tipline.web.sheets import csv_answer
from tipline.web.times import day

SEE_OTHER: Final = 303
READERS: Final = serves(*roles_with(Right.READ_RELIEF))
WRITERS: Final = serves(*roles_with(Right.WRITE_RELIEF))
WORDS_MAXIMUM: Final = 60
EARLIEST_YEAR: Final = 2010
# Judicial assistance is told for three years together.
YEARS_OF_JUDICIAL_ASSISTANCE: Final = 3
HEADINGS: Final = (
    _("Paid on"),
    _("Recipient"),
    _("Accident number"),
    _("Purpose"),
    _("Sum (yuan)"),
    _("Body"),
    _("Document number"),
    _("Demo"),
)

Req = Request[Any, Any, Any]


@get("/relief", opt=READERS, include_in_schema=False)
async def matters(request: Req, clock: NamedDependency[Clock]) -> Template:
    """List matters, with the year's figures and what waits for somebody."""
    now, asked = clock(), request.query_params
    this_year = now.astimezone(SHANGHAI).year
    year = number_from(asked.get("year", ""), least=EARLIEST_YEAR, most=this_year, otherwise=this_year)
    kind = asked.get("kind", "") if asked.get("kind", "") in set(ReliefKind) else ""
    words = asked.get("q", "").strip()[:WORDS_MAXIMUM]
    return page(
        request,
        "relief/list.html",
        listed=await list_matters(kind=kind, words=words, page=page_from(asked.get("page", "1"))),
        kinds=[one.value for one in ReliefKind],
        kind=kind,
        words=words,
        year=year,
        this_year=this_year,
        fund=await relief_figure(ReliefKind.RESCUE_FUND, year, year, as_of=now),
        judicial=await relief_figure(
            ReliefKind.JUDICIAL_ASSISTANCE, year - YEARS_OF_JUDICIAL_ASSISTANCE + 1, year, as_of=now
        ),
        to_tell=await to_tell(),
        to_confirm=await to_confirm(),
        as_of=now,
        yuan=yuan,
        address=f"/relief?{urlencode({'kind': kind, 'q': words, 'year': year})}&page=",
    )


@get("/relief/new", opt=WRITERS, include_in_schema=False)
async def new_matter(request: Req, clock: NamedDependency[Clock]) -> Template:
    """Ask for a new matter; `?recipient=` takes one that is known, `?name=` looks whether somebody is."""
    return await _matter_form(request, Answers(dict(request.query_params)), clock)


@post("/relief", opt=WRITERS, include_in_schema=False)
async def open_matter(request: Req, clock: NamedDependency[Clock]) -> Template | Redirect:
    """Open a matter for a known or a new recipient."""
    answers, officer, now = await read_answers(request), signed_in(request), clock()
    try:
        kind = answers.choice("kind", ReliefKind, ReliefKind.RESCUE_FUND)
        purpose = answers.choice("purpose", ReliefPurpose, ReliefPurpose.EMERGENCY_CARE)
        if answers.text("recipient"):
            recipient = answers.row("recipient")
            answers.refuse_problems()
        else:
            number = answers.text("case_number")
            case_id = await case_numbered(officer, number) if number else None
            if number and case_id is None:
                answers.problems.append(Problem("case_number", "case_unknown"))
            draft = recipient_draft(answers, case_id)
            recipient = (await service.add_recipient(draft, unit=officer.unit, by=officer.id, now=now)).id
            answers.typed["recipient"] = str(recipient)
        matter = await service.open_matter(
            recipient, kind, purpose, ground=answers.text("ground") or None, by=officer.id, now=now
        )
    except Refused as refusal:
        return await _matter_form(request, answers, clock, refusal)
    return _to_matter(matter.id)


@get("/relief/matters/{matter_id:uuid}", opt=READERS, include_in_schema=False)
async def matter(request: Req, matter_id: FromPath[UUID], clock: NamedDependency[Clock]) -> Template:
    """Show a matter: its steps, sums, time limits, and the form for the next step."""
    return await _matter_page(request, matter_id, Answers(), clock)


@post("/relief/matters/{matter_id:uuid}/steps", opt=WRITERS, include_in_schema=False)
async def add_step(request: Req, matter_id: FromPath[UUID], clock: NamedDependency[Clock]) -> Template | Redirect:
    """Record the next step."""
    answers = await read_answers(request)
    try:
        await service.add_step(matter_id, step_draft(answers), by=signed_in(request).id, now=clock())
    except Refused as refusal:
        return await _matter_page(request, matter_id, answers, clock, refusal)
    return _to_matter(matter_id)


@post("/relief/matters/{matter_id:uuid}/steps/{step_id:uuid}/undo", opt=WRITERS, include_in_schema=False)
async def undo_step(
    request: Req, matter_id: FromPath[UUID], step_id: FromPath[UUID], clock: NamedDependency[Clock]
) -> Template | Redirect:
    """Ask that a wrong step count no more."""
    answers = await read_answers(request)
    try:
        await service.undo_step(step_id, answers.text("reason"), by=signed_in(request).id, now=clock())
    except Refused as refusal:
        return await _matter_page(request, matter_id, Answers(), clock, refusal)
    return _to_matter(matter_id)


@post("/relief/matters/{matter_id:uuid}/steps/{step_id:uuid}/decide", opt=WRITERS, include_in_schema=False)
async def decide_step(
    request: Req, matter_id: FromPath[UUID], step_id: FromPath[UUID], clock: NamedDependency[Clock]
) -> Template | Redirect:
    """Confirm or reject a step as the second officer."""
    answers = await read_answers(request)
    try:
        decision = answers.choice("decision", Confirmation, Confirmation.REJECTED)
        answers.refuse_problems()
        await service.decide_step(step_id, decision, answers.text("reason"), by=signed_in(request).id, now=clock())
    except (Refused, Overtaken, NotAllowed) as refusal:
        return await _matter_page(request, matter_id, Answers(), clock, refusal)
    return _to_matter(matter_id)


@get("/relief/figures/{kind:str}", opt=READERS, include_in_schema=False)
async def figure(request: Req, kind: FromPath[str], clock: NamedDependency[Clock]) -> Template:
    """Show the payments that a figure counts."""
    found = await _figure(request, kind, clock)
    return page(request, "relief/figure.html", figure=found, as_of=clock(), yuan=yuan)


@get("/relief/figures/{kind:str}/csv", opt=READERS, include_in_schema=False)
async def figure_csv(request: Req, kind: FromPath[str], clock: NamedDependency[Clock]) -> Response[bytes]:
    """Give the payments as a table for spreadsheets; names are masked, for a list travels further than a page."""
    found = await _figure(request, kind, clock)
    rows = (
        (
            day(row["happened_at"]),
            masked(row["full_name"]),
            row["accident_number"],
            label("ReliefPurpose", row["purpose"]),
            yuan(row["amount_fen"]).replace(",", ""),
            row["body"],
            row["document_number"],
            gettext("Demo") if row["is_demo"] else "",
        )
        for row in found.rows
    )
    return csv_answer(
        f"relief-{found.kind.replace('_', '-')}-{found.from_year}-{found.to_year}",
        [gettext(one) for one in HEADINGS],
        rows,
    )


def masked(name: str) -> str:
    """Return a name as lists show it: its first character, then a star for each other."""
    return name[:1] + "*" * (len(name) - 1)


async def _figure(request: Req, kind: str, clock: Clock) -> Any:
    if kind not in set(ReliefKind):
        raise NotFound
    this_year = clock().astimezone(SHANGHAI).year
    asked = request.query_params
    last = number_from(asked.get("to", ""), least=EARLIEST_YEAR, most=this_year, otherwise=this_year)
    first = number_from(asked.get("from", ""), least=EARLIEST_YEAR, most=last, otherwise=last)
    return await relief_figure(ReliefKind(kind), first, last, as_of=clock())


async def _matter_form(request: Req, answers: Answers, clock: Clock, refusal: TiplineError | None = None) -> Template:
    today = day_of(clock())
    return answer_page(
        request,
        "relief/new.html",
        answers=answers,
        refusal=refusal,
        kind_options=_options(ReliefKind),
        purpose_options=_options(ReliefPurpose),
        grounds=await rules_in_force(kind=RuleKind.RELIEF_GROUND, applies_to=ReliefKind.RESCUE_FUND, on=today),
        known=await recipients_named(answers.text("name")[:WORDS_MAXIMUM]),
    )


async def _matter_page(
    request: Req, matter_id: UUID, answers: Answers, clock: Clock, refusal: TiplineError | None = None
) -> Template:
    found = await read_matter(matter_id)
    return answer_page(
        request,
        "relief/matter.html",
        answers=answers,
        refusal=refusal,
        matter=found,
        step_options=_options(ReliefStepKind),
        now=clock(),
        yuan=yuan,
    )


def _options(enum: type[StrEnum]) -> list[tuple[str, str]]:
    return [(one.value, label(enum.__name__, one.value)) for one in enum]


def _to_matter(matter_id: UUID) -> Redirect:
    return Redirect(f"/relief/matters/{matter_id}", status_code=SEE_OTHER)


HANDLERS: Final = [
    matters,
    new_matter,
    open_matter,
    matter,
    add_step,
    undo_step,
    decide_step,
    figure,
    figure_csv,
]

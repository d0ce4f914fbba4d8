"""Staff pages of the screening: the table of a case, one candidate with its history, and the steps taken with it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from tipline.accounts.pages import signed_in
from tipline.accounts.rules import Right, roles_with
from tipline.cases.screening import service
from tipline.cases.screening.forms import TOLD, candidate_draft, step_of
from tipline.cases.screening.reads import candidate_of, leads_of, possible_bases, screening_of
from tipline.cases.screening.rules import acts_open
from tipline.cases.screening.sources import SourceRow, draft_from
from tipline.cases.screening.tables import CandidateKind, ScreeningAct, ScreeningMethod, ScreeningState
from tipline.cases.tabs import tab_page
from tipline.clock import SHANGHAI, Clock
from tipline.errors import Invalid, Overtaken, Refused, TiplineError
from tipline.intake.tables import VehicleColour, VehicleType
from tipline.web.answers import Answers, read_answers
from tipline.web.errors import status_of
from tipline.web.guards import serves
from tipline.web.wording import sentence

SEE_OTHER: Final = 303
READERS: Final = serves(*roles_with(Right.READ_CASES))
WRITERS: Final = serves(*roles_with(Right.WRITE_CASES))
TAB: Final = "screening"


@get("/cases/{case_id:uuid}/screening", opt=READERS, include_in_schema=False)
async def screening(request: Request[Any, Any, Any], case_id: FromPath[UUID]) -> Template:
    """Show the candidates of the case and how far each is worked through."""
    return await _table(request, case_id)


@get("/cases/{case_id:uuid}/screening/new", opt=WRITERS, include_in_schema=False)
async def new_candidate(request: Request[Any, Any, Any], case_id: FromPath[UUID]) -> Template:
    """Ask for a candidate that an officer found himself."""
    return await _candidate_form(request, case_id, Answers())


@post("/cases/{case_id:uuid}/screening", opt=WRITERS, include_in_schema=False)
async def add(
    request: Request[Any, Any, Any], case_id: FromPath[UUID], clock: NamedDependency[Clock]
) -> Template | Redirect:
    """Put the candidate that was typed into the table."""
    answers = await read_answers(request)
    try:
        candidate = await service.add_candidate(
            case_id, candidate_draft(answers), by=signed_in(request).id, now=clock()
        )
    except (Refused, Overtaken) as refusal:
        return await _candidate_form(request, case_id, answers, refusal)
    return _to(case_id, candidate.id)


@post("/cases/{case_id:uuid}/screening/from", opt=WRITERS, include_in_schema=False)
async def add_from(
    request: Request[Any, Any, Any], case_id: FromPath[UUID], clock: NamedDependency[Clock]
) -> Template | Redirect:
    """Put what a tip, a hint, a suggestion, a vehicle or a person of the file speaks of into the table."""
    answers = await read_answers(request)
    try:
        source = answers.choice("source", SourceRow, SourceRow.TIP)
        draft = await draft_from(case_id, source, answers.row("row"))
        candidate = await service.add_candidate(case_id, draft, by=signed_in(request).id, now=clock())
    except (Refused, Overtaken) as refusal:
        return await _table(request, case_id, refusal)
    return _to(case_id, candidate.id)


@get("/cases/{case_id:uuid}/screening/{candidate_id:uuid}", opt=READERS, include_in_schema=False)
async def candidate(
    request: Request[Any, Any, Any],
    case_id: FromPath[UUID],
    candidate_id: FromPath[UUID],
    clock: NamedDependency[Clock],
) -> Template:
    """Show one candidate with its history; `?step=` opens the form of a step."""
    answers = Answers(
        {
            "act": request.query_params.get("step", ""),
            "happened_at": _typed(clock()),
        }
    )
    return await _candidate_page(request, case_id, candidate_id, answers)


@post("/cases/{case_id:uuid}/screening/{candidate_id:uuid}/steps", opt=WRITERS, include_in_schema=False)
async def take_step(
    request: Request[Any, Any, Any],
    case_id: FromPath[UUID],
    candidate_id: FromPath[UUID],
    clock: NamedDependency[Clock],
) -> Template | Redirect:
    """Take a step; 409 with who and when if a colleague took one since the page was shown."""
    answers = await read_answers(request, lists=("evidence_item", "tip"))
    try:
        act, draft, seen, bases = step_of(answers)
        await service.take_step(
            case_id, candidate_id, act, draft, seen=seen, by=signed_in(request).id, now=clock(), bases=bases
        )
    except (Refused, Overtaken) as refusal:
        return await _candidate_page(request, case_id, candidate_id, answers, refusal)
    return _to(case_id, candidate_id)


async def _table(request: Request[Any, Any, Any], case_id: UUID, refusal: TiplineError | None = None) -> Template:
    return await tab_page(
        request,
        case_id,
        TAB,
        "screening/table.html",
        candidates=await screening_of(case_id),
        leads=await leads_of(case_id),
        **_told(refusal),
    )


async def _candidate_form(
    request: Request[Any, Any, Any], case_id: UUID, answers: Answers, refusal: TiplineError | None = None
) -> Template:
    return await tab_page(
        request,
        case_id,
        TAB,
        "screening/new.html",
        answers=answers,
        kinds=list(CandidateKind),
        types=list(VehicleType),
        colours=list(VehicleColour),
        **_told(refusal),
    )


async def _candidate_page(
    request: Request[Any, Any, Any],
    case_id: UUID,
    candidate_id: UUID,
    answers: Answers,
    refusal: TiplineError | None = None,
) -> Template:
    found = await candidate_of(case_id, candidate_id)
    acts = acts_open(
        ScreeningState(found["state"]),
        is_proposed=found["proposed_by"] is not None,
        is_proposer=found["proposed_by"] == signed_in(request).id,
    )
    chosen = answers.get("act")
    items, tips = await possible_bases(case_id) if chosen == ScreeningAct.LOCK_PROPOSED else ([], [])
    return await tab_page(
        request,
        case_id,
        TAB,
        "screening/candidate.html",
        candidate=found,
        acts=acts,
        act=chosen if chosen in acts else "",
        answers=answers,
        methods=list(ScreeningMethod),
        items=items,
        tips=[tip for tip in tips if tip["id"] != found["tip"]],
        told_bases=TOLD,
        **_told(refusal),
    )


def _told(refusal: TiplineError | None) -> dict[str, Any]:
    """Return what the page says of a refusal, and its status."""
    problems = refusal.problems if isinstance(refusal, Invalid) else ()
    return {
        "status": 200 if refusal is None else status_of(refusal),
        "problems": problems,
        "told": "" if problems or refusal is None else sentence(refusal),
    }


def _typed(moment: datetime) -> str:
    return moment.astimezone(SHANGHAI).strftime("%Y-%m-%dT%H:%M")


def _to(case_id: UUID, candidate_id: UUID) -> Redirect:
    return Redirect(f"/cases/{case_id}/screening/{candidate_id}", status_code=SEE_OTHER)


HANDLERS: Final = [screening, new_candidate, add, add_from, candidate, take_step]

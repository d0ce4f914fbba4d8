"""Staff pages of closing: clearance, exceptional clearance, an unfounded case, reopening, and a change of severity."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from tipline.accounts.pages import signed_in
from tipline.accounts.rules import Right, roles_with
from tipline.cases.closing import service
from tipline.cases.closing.forms import chosen_rows, exceptional_draft, stand_in
from tipline.cases.closing.reads import items_of
from tipline.cases.closing.tables import ExceptionalGround
from tipline.cases.file_reads import head_of
from tipline.cases.lawbook import CLEARANCE
from tipline.cases.reads import case_file, persons_of
from tipline.cases.tables import PersonRole, PersonState, Severity, VehicleGround, VehicleState
from tipline.cases.tabs import address_of
from tipline.clock import Clock
from tipline.errors import Overtaken, Refused, TiplineError
from tipline.law.service import day_of, rule
from tipline.web.answers import Answers, answer_page, read_answers
from tipline.web.guards import serves

SEE_OTHER: Final = 303
WRITERS: Final = serves(*roles_with(Right.WRITE_CASES))
APPROVERS: Final = serves(*roles_with(Right.CLEAR_CASES))
ACCIDENT_CLASS: Final = "accident_class"


@get("/cases/{case_id:uuid}/clearance", opt=APPROVERS, include_in_schema=False)
async def clearance_form(
    request: Request[Any, Any, Any], case_id: FromPath[UUID], clock: NamedDependency[Clock]
) -> Template:
    """Ask a commander for what clears the case."""
    return await _clearance_form(request, case_id, Answers(), clock)


@post("/cases/{case_id:uuid}/clearance", opt=APPROVERS, include_in_schema=False)
async def clear(
    request: Request[Any, Any, Any], case_id: FromPath[UUID], clock: NamedDependency[Clock]
) -> Template | Redirect:
    """Clear the case; the officer signed in approves it."""
    answers = await read_answers(request, lists=("useful", "items"))
    try:
        ground, useful = stand_in(answers), chosen_rows(answers, "useful")
        cleared_at = answers.needed_moment("cleared_at")
        vehicle_id, driver_id = answers.row("vehicle"), answers.row("driver")
        answers.refuse_problems()
        await service.clear_case(
            case_id,
            vehicle_id=vehicle_id,
            driver_id=driver_id,
            cleared_at=cleared_at,
            useful_links=useful,
            approved_by=signed_in(request).id,
            now=clock(),
            stand_in=ground,
        )
    except (Refused, Overtaken) as refusal:
        return await _clearance_form(request, case_id, answers, clock, refusal)
    return _to_overview(case_id)


@get("/cases/{case_id:uuid}/exceptional-clearance", opt=APPROVERS, include_in_schema=False)
async def exceptional_form(
    request: Request[Any, Any, Any], case_id: FromPath[UUID], clock: NamedDependency[Clock]
) -> Template:
    """Ask a commander for the four tests of an exceptional clearance."""
    return await _exceptional_form(request, case_id, Answers(), clock)


@post("/cases/{case_id:uuid}/exceptional-clearance", opt=APPROVERS, include_in_schema=False)
async def clear_exceptionally(
    request: Request[Any, Any, Any], case_id: FromPath[UUID], clock: NamedDependency[Clock]
) -> Template | Redirect:
    """Close the case without the driver; the officer signed in approves it."""
    answers = await read_answers(request)
    try:
        draft, person = exceptional_draft(answers), answers.row("person")
        await service.clear_exceptionally(case_id, person, draft, approved_by=signed_in(request).id, now=clock())
    except (Refused, Overtaken) as refusal:
        return await _exceptional_form(request, case_id, answers, clock, refusal)
    return _to_overview(case_id)


@get("/cases/{case_id:uuid}/unfounded", opt=APPROVERS, include_in_schema=False)
async def unfounded_form(request: Request[Any, Any, Any], case_id: FromPath[UUID]) -> Template:
    """Ask a commander why there was no such case."""
    return await _turn_form(request, case_id, "closing/unfounded.html", Answers())


@post("/cases/{case_id:uuid}/unfounded", opt=APPROVERS, include_in_schema=False)
async def declare_unfounded(
    request: Request[Any, Any, Any], case_id: FromPath[UUID], clock: NamedDependency[Clock]
) -> Template | Redirect:
    """Close the case because there was none."""
    answers = await read_answers(request)
    try:
        await service.declare_unfounded(
            case_id,
            reason=answers.text("reason"),
            found_at=answers.needed_moment("found_at"),
            approved_by=signed_in(request).id,
            now=clock(),
        )
    except (Refused, Overtaken) as refusal:
        return await _turn_form(request, case_id, "closing/unfounded.html", answers, refusal)
    return _to_overview(case_id)


@get("/cases/{case_id:uuid}/reopening", opt=APPROVERS, include_in_schema=False)
async def reopening_form(request: Request[Any, Any, Any], case_id: FromPath[UUID]) -> Template:
    """Ask a commander why the case is taken up again."""
    return await _turn_form(request, case_id, "closing/reopening.html", Answers())


@post("/cases/{case_id:uuid}/reopening", opt=APPROVERS, include_in_schema=False)
async def reopen(
    request: Request[Any, Any, Any], case_id: FromPath[UUID], clock: NamedDependency[Clock]
) -> Template | Redirect:
    """Take a cleared case up again."""
    answers = await read_answers(request)
    try:
        await service.reopen_case(
            case_id,
            reason=answers.text("reason"),
            reopened_at=answers.needed_moment("reopened_at"),
            by=signed_in(request).id,
            now=clock(),
        )
    except (Refused, Overtaken) as refusal:
        return await _turn_form(request, case_id, "closing/reopening.html", answers, refusal)
    return _to_overview(case_id)


@get("/cases/{case_id:uuid}/severity", opt=WRITERS, include_in_schema=False)
async def severity_form(
    request: Request[Any, Any, Any], case_id: FromPath[UUID], clock: NamedDependency[Clock]
) -> Template:
    """Ask what the accident has turned out to be."""
    return await _severity_form(request, case_id, Answers(), clock)


@post("/cases/{case_id:uuid}/severity", opt=WRITERS, include_in_schema=False)
async def reclassify(
    request: Request[Any, Any, Any], case_id: FromPath[UUID], clock: NamedDependency[Clock]
) -> Template | Redirect:
    """Change the severity of the case from a moment on."""
    answers = await read_answers(request)
    try:
        severity = answers.choice("severity", Severity, Severity.FATAL)
        happened_at = answers.needed_moment("happened_at")
        answers.refuse_problems()
        await service.reclassify(
            case_id,
            severity,
            reason=answers.text("reason"),
            happened_at=happened_at,
            by=signed_in(request).id,
            now=clock(),
        )
    except (Refused, Overtaken) as refusal:
        return await _severity_form(request, case_id, answers, clock, refusal)
    return _to_overview(case_id)


async def _clearance_form(
    request: Request[Any, Any, Any],
    case_id: UUID,
    answers: Answers,
    clock: Clock,
    refusal: TiplineError | None = None,
) -> Template:
    today, file = day_of(clock()), await case_file(case_id)
    return answer_page(
        request,
        "closing/clearance.html",
        answers=answers,
        refusal=refusal,
        file=file,
        vehicles=sorted(file.vehicles, key=lambda row: row["state"] != VehicleState.SEIZED),
        drivers=await _drivers(case_id),
        items=await items_of(case_id),
        grounds=list(VehicleGround),
        condition=await rule(CLEARANCE, on=today),
        stand_in=await rule(service.STAND_IN, on=today),
        useful=answers.get("useful").split(),
        proofs=answers.get("items").split(),
    )


async def _exceptional_form(
    request: Request[Any, Any, Any],
    case_id: UUID,
    answers: Answers,
    clock: Clock,
    refusal: TiplineError | None = None,
) -> Template:
    return answer_page(
        request,
        "closing/exceptional.html",
        answers=answers,
        refusal=refusal,
        case=await head_of(case_id),
        persons=await _drivers(case_id),
        grounds=list(ExceptionalGround),
        condition=await rule(service.EXCEPTIONAL, on=day_of(clock())),
    )


async def _severity_form(
    request: Request[Any, Any, Any],
    case_id: UUID,
    answers: Answers,
    clock: Clock,
    refusal: TiplineError | None = None,
) -> Template:
    return answer_page(
        request,
        "closing/severity.html",
        answers=answers,
        refusal=refusal,
        case=await head_of(case_id),
        severities=list(Severity),
        classes=await rule(ACCIDENT_CLASS, on=day_of(clock())),
    )


async def _turn_form(
    request: Request[Any, Any, Any],
    case_id: UUID,
    template: str,
    answers: Answers,
    refusal: TiplineError | None = None,
) -> Template:
    return answer_page(request, template, answers=answers, refusal=refusal, case=await head_of(case_id))


async def _drivers(case_id: UUID) -> list[dict[str, Any]]:
    """Return the drivers of a case, those in hand first."""
    drivers = [row for row in await persons_of(case_id) if row["role"] == PersonRole.DRIVER]
    return sorted(drivers, key=lambda row: row["state"] != PersonState.IN_HAND)


def _to_overview(case_id: UUID) -> Redirect:
    return Redirect(address_of(case_id), status_code=SEE_OTHER)


HANDLERS: Final = [
    clearance_form,
    clear,
    exceptional_form,
    clear_exceptionally,
    unfounded_form,
    declare_unfounded,
    reopening_form,
    reopen,
    severity_form,
    reclassify,
]

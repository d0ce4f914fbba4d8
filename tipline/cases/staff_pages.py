"""Staff pages of the case list and of finding out: vehicles and persons of a case, each step a form of its own."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from tipline.accounts.pages import signed_in
from tipline.accounts.rules import Right, roles_with
from tipline.accounts.service import list_case_officers
from tipline.cases import service
from tipline.cases.forms import case_draft, vehicle_draft
from tipline.cases.procedure.forms import taken_over
from tipline.cases.procedure.service import record_case
from tipline.cases.reads import case_file, list_cases
from tipline.cases.tables import CaseState, PersonRole, Severity
from tipline.cases.tabs import address_of
from tipline.clock import Clock
from tipline.errors import NotFound, Overtaken, Refused, TiplineError
from tipline.intake.tables import Datum, VehicleColour, VehicleType
from tipline.web.answers import Answers, answer_page, read_answers
from tipline.web.guards import serves
from tipline.web.numbers import page_from
from tipline.web.page import page

SEE_OTHER: Final = 303
READERS: Final = serves(*roles_with(Right.READ_CASES))
WRITERS: Final = serves(*roles_with(Right.WRITE_CASES))
ROWS_A_PAGE: Final = 50
WORDS_MAXIMUM: Final = 60


@get("/cases", opt=READERS, include_in_schema=False)
async def cases(request: Request[Any, Any, Any]) -> Template:
    """List cases, open ones unless another state was asked for, with search by number, place or plate."""
    asked = request.query_params
    state = asked.get("state", CaseState.OPEN)
    words = asked.get("q", "").strip()[:WORDS_MAXIMUM]
    listed = await list_cases(
        of=signed_in(request),
        state=CaseState(state) if state in set(CaseState) else None,
        words=words,
        page=page_from(asked.get("page", "1")),
        rows_a_page=ROWS_A_PAGE,
    )
    return page(
        request,
        "cases/list.html",
        listed=listed,
        state=state if state in set(CaseState) else "",
        words=words,
        address=f"/cases?{urlencode({'state': state, 'q': words})}&page=",
    )


@get("/cases/new", opt=WRITERS, include_in_schema=False)
async def new_case(request: Request[Any, Any, Any]) -> Template:
    """Ask for a new case."""
    return await _case_form(request, Answers({"lead_officer": str(signed_in(request).id)}))


@post("/cases", opt=WRITERS, include_in_schema=False)
async def open_case(request: Request[Any, Any, Any], clock: NamedDependency[Clock]) -> Template | Redirect:
    """Record a new case."""
    answers = await read_answers(request)
    units = {officer["id"]: officer["unit"] for officer in await list_case_officers()}
    try:
        transfer = taken_over(answers)
        draft = case_draft(answers, units=units, now=clock())
        case = await record_case(draft, transfer, by=signed_in(request).id, now=clock())
    except Refused as refusal:
        return await _case_form(request, answers, refusal)
    return _to_case(case.id)


@get("/cases/{case_id:uuid}/vehicles/new", opt=WRITERS, include_in_schema=False)
async def new_vehicle(request: Request[Any, Any, Any], case_id: FromPath[UUID]) -> Template:
    """Ask what is known of the fleeing vehicle."""
    return await _vehicle_form(request, case_id, None, Answers())


@post("/cases/{case_id:uuid}/vehicles", opt=WRITERS, include_in_schema=False)
async def add_vehicle(
    request: Request[Any, Any, Any], case_id: FromPath[UUID], clock: NamedDependency[Clock]
) -> Template | Redirect:
    """Describe the fleeing vehicle."""
    answers = await read_answers(request)
    try:
        await service.add_vehicle(case_id, vehicle_draft(answers), now=clock())
    except (Refused, Overtaken) as refusal:
        return await _vehicle_form(request, case_id, None, answers, refusal)
    return _to_case(case_id, "vehicles")


@get("/cases/{case_id:uuid}/vehicles/{vehicle_id:uuid}/identify", opt=WRITERS, include_in_schema=False)
async def identify_form(
    request: Request[Any, Any, Any], case_id: FromPath[UUID], vehicle_id: FromPath[UUID]
) -> Template:
    """Ask which vehicle it is, beginning with what is known."""
    vehicle = await _vehicle(case_id, vehicle_id)
    known = {name: str(vehicle[name]) for name in ("plate_text", "vehicle_type", "vehicle_colour", "features")}
    return await _vehicle_form(request, case_id, vehicle_id, Answers(known))


@post("/cases/{case_id:uuid}/vehicles/{vehicle_id:uuid}/identify", opt=WRITERS, include_in_schema=False)
async def identify(
    request: Request[Any, Any, Any],
    case_id: FromPath[UUID],
    vehicle_id: FromPath[UUID],
    clock: NamedDependency[Clock],
) -> Template | Redirect:
    """Say which vehicle it is."""
    await _vehicle(case_id, vehicle_id)
    answers = await read_answers(request)
    try:
        draft = vehicle_draft(answers)
        await service.vehicle_identified(
            vehicle_id,
            draft,
            identified_at=answers.needed_moment("identified_at"),
            by=signed_in(request).id,
            now=clock(),
        )
    except (Refused, Overtaken) as refusal:
        return await _vehicle_form(request, case_id, vehicle_id, answers, refusal)
    return _to_case(case_id, "vehicles")


@get("/cases/{case_id:uuid}/vehicles/{vehicle_id:uuid}/seize", opt=WRITERS, include_in_schema=False)
async def seize_form(request: Request[Any, Any, Any], case_id: FromPath[UUID], vehicle_id: FromPath[UUID]) -> Template:
    """Ask since when the vehicle is in police hands."""
    return await _moment_form(request, case_id, "seized_at", Answers(), vehicle=await _vehicle(case_id, vehicle_id))


@post("/cases/{case_id:uuid}/vehicles/{vehicle_id:uuid}/seize", opt=WRITERS, include_in_schema=False)
async def seize(
    request: Request[Any, Any, Any],
    case_id: FromPath[UUID],
    vehicle_id: FromPath[UUID],
    clock: NamedDependency[Clock],
) -> Template | Redirect:
    """Record that the vehicle is in police hands."""
    vehicle = await _vehicle(case_id, vehicle_id)
    answers = await read_answers(request)
    try:
        seized_at = answers.needed_moment("seized_at")
        await service.vehicle_seized(vehicle_id, seized_at=seized_at, by=signed_in(request).id, now=clock())
    except (Refused, Overtaken) as refusal:
        return await _moment_form(request, case_id, "seized_at", answers, refusal, vehicle=vehicle)
    return _to_case(case_id, "vehicles")


@get("/cases/{case_id:uuid}/persons/new", opt=WRITERS, include_in_schema=False)
async def new_person(request: Request[Any, Any, Any], case_id: FromPath[UUID]) -> Template:
    """Ask who was identified."""
    return await _person_form(request, case_id, Answers())


@post("/cases/{case_id:uuid}/persons", opt=WRITERS, include_in_schema=False)
async def add_person(
    request: Request[Any, Any, Any], case_id: FromPath[UUID], clock: NamedDependency[Clock]
) -> Template | Redirect:
    """Name a person of the case."""
    answers = await read_answers(request)
    try:
        role = answers.choice("role", PersonRole, PersonRole.OTHER)
        identified_at = answers.needed_moment("identified_at")
        answers.refuse_problems()
        await service.add_person(
            case_id,
            answers.text("full_name"),
            role=role,
            identified_at=identified_at,
            by=signed_in(request).id,
            now=clock(),
        )
    except (Refused, Overtaken) as refusal:
        return await _person_form(request, case_id, answers, refusal)
    return _to_case(case_id, "persons")


@get("/cases/{case_id:uuid}/persons/{person_id:uuid}/in-hand", opt=WRITERS, include_in_schema=False)
async def in_hand_form(request: Request[Any, Any, Any], case_id: FromPath[UUID], person_id: FromPath[UUID]) -> Template:
    """Ask since when the driver is in police hands."""
    return await _moment_form(request, case_id, "in_hand_at", Answers(), person=await _person(case_id, person_id))


@post("/cases/{case_id:uuid}/persons/{person_id:uuid}/in-hand", opt=WRITERS, include_in_schema=False)
async def in_hand(
    request: Request[Any, Any, Any],
    case_id: FromPath[UUID],
    person_id: FromPath[UUID],
    clock: NamedDependency[Clock],
) -> Template | Redirect:
    """Record that the driver is in police hands."""
    person = await _person(case_id, person_id)
    answers = await read_answers(request)
    try:
        in_hand_at = answers.needed_moment("in_hand_at")
        await service.driver_in_hand(person_id, in_hand_at=in_hand_at, by=signed_in(request).id, now=clock())
    except (Refused, Overtaken) as refusal:
        return await _moment_form(request, case_id, "in_hand_at", answers, refusal, person=person)
    return _to_case(case_id, "persons")


async def _case_form(
    request: Request[Any, Any, Any], answers: Answers, refusal: TiplineError | None = None
) -> Template:
    return answer_page(
        request,
        "cases/new.html",
        tip=None,
        answers=answers,
        refusal=refusal,
        severities=list(Severity),
        datums=list(Datum),
        officers=await list_case_officers(),
    )


async def _vehicle_form(
    request: Request[Any, Any, Any],
    case_id: UUID,
    vehicle_id: UUID | None,
    answers: Answers,
    refusal: TiplineError | None = None,
) -> Template:
    return answer_page(
        request,
        "cases/vehicle.html",
        answers=answers,
        refusal=refusal,
        case=(await case_file(case_id)).case,
        vehicle_id=vehicle_id,
        types=list(VehicleType),
        colours=list(VehicleColour),
    )


async def _person_form(
    request: Request[Any, Any, Any], case_id: UUID, answers: Answers, refusal: TiplineError | None = None
) -> Template:
    return answer_page(
        request,
        "cases/person.html",
        answers=answers,
        refusal=refusal,
        case=(await case_file(case_id)).case,
        roles=list(PersonRole),
    )


async def _moment_form(
    request: Request[Any, Any, Any],
    case_id: UUID,
    field: str,
    answers: Answers,
    refusal: TiplineError | None = None,
    *,
    vehicle: dict[str, Any] | None = None,
    person: dict[str, Any] | None = None,
) -> Template:
    return answer_page(
        request,
        "cases/moment.html",
        answers=answers,
        refusal=refusal,
        case=(await case_file(case_id)).case,
        field=field,
        vehicle=vehicle,
        person=person,
    )


async def _vehicle(case_id: UUID, vehicle_id: UUID) -> dict[str, Any]:
    return _of_case((await case_file(case_id)).vehicles, vehicle_id)


async def _person(case_id: UUID, person_id: UUID) -> dict[str, Any]:
    return _of_case((await case_file(case_id)).persons, person_id)


def _of_case(rows: list[dict[str, Any]], wanted: UUID) -> dict[str, Any]:
    for row in rows:
        if row["id"] == wanted:
            return row
    raise NotFound


def _to_case(case_id: UUID, tab: str = "") -> Redirect:
    return Redirect(address_of(case_id, tab), status_code=SEE_OTHER)


HANDLERS: Final = [
    cases,
    new_case,
    open_case,
    new_vehicle,
    add_vehicle,
    identify_form,
    identify,
    seize_form,
    seize,
    new_person,
    add_person,
    in_hand_form,
    in_hand,
]

"""Cases by program: list, read, record; official steps, vehicles, persons, clearance."""

from __future__ import annotations

from typing import Annotated, Any, Final
from uuid import UUID

from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from tipline.accounts.pages import signed_in
from tipline.accounts.rules import Right, roles_with
from tipline.accounts.service import list_case_officers
from tipline.accounts.tokens.tables import TokenScope
from tipline.cases import service
from tipline.cases.closing.forms import chosen_rows, stand_in
from tipline.cases.forms import case_draft
from tipline.cases.measures.privacy import hidden_persons
from tipline.cases.procedure.forms import step_draft
from tipline.cases.procedure.service import record_step
from tipline.cases.reads import case_file, list_cases
from tipline.cases.tables import CaseState
from tipline.clock import Clock
from tipline.console.api.answers import (
    CHANGING,
    READING,
    CaseOut,
    CaseRow,
    CasesOut,
    CaseStateOut,
    ClearanceOut,
    EventOut,
    LinkOut,
    MadeOut,
    OutcomeOut,
    PersonOut,
    VehicleOut,
    problems,
    told,
)
from tipline.console.api.bodies import CaseIn, ClearanceIn, StepIn
from tipline.console.api.tips import Page
from tipline.web.guards import serves_programs

TAG: Final = "cases"
ROWS_A_PAGE: Final = 50
WORDS_MAXIMUM: Final = 60
READERS: Final = serves_programs(TokenScope.CASES_READ, *roles_with(Right.READ_CASES))
WRITERS: Final = serves_programs(TokenScope.CASES_WRITE, *roles_with(Right.WRITE_CASES))
APPROVERS: Final = serves_programs(TokenScope.CLEARANCE_WRITE, *roles_with(Right.CLEAR_CASES))
Asked = Request[Any, Any, Any]
State = Annotated[CaseState | None, QueryParameter(name="state", description="Left out: all.")]
Words = Annotated[str, QueryParameter(name="q", description="Part of a number, place or plate.")]


@get("/cases", tags=[TAG], opt=READERS, summary="List cases", responses=problems(READING))
async def cases(request: Asked, standing: State = None, words: Words = "", page: Page = 1) -> CasesOut:
    """Give a page of the cases that the officer may read."""
    listed = await list_cases(
        of=signed_in(request), state=standing, words=words[:WORDS_MAXIMUM], page=page, rows_a_page=ROWS_A_PAGE
    )
    return CasesOut(
        cases=[told(CaseRow, row) for row in listed.rows], total=listed.total, page=listed.page, pages=listed.pages
    )


@get("/cases/{case_id:uuid}", tags=[TAG], opt=READERS, summary="Read a case", responses=problems(READING))
async def case(request: Asked, case_id: FromPath[UUID], clock: NamedDependency[Clock]) -> CaseOut:
    """Give a case whole; the look is entered in the audit."""
    file = await case_file(case_id)
    hidden = await hidden_persons(signed_in(request), [row["id"] for row in file.persons], now=clock())
    return told(
        CaseOut,
        file.case,
        vehicles=[told(VehicleOut, row) for row in file.vehicles],
        persons=[
            told(PersonOut, row, full_name=None if row["id"] in hidden else row["full_name"]) for row in file.persons
        ],
        links=[told(LinkOut, row) for row in file.links],
        outcomes=[told(OutcomeOut, row) for row in file.outcomes],
        events=[told(EventOut, row) for row in file.events],
        clearance=None if file.clearance is None else told(ClearanceOut, file.clearance),
    )


@post("/cases", tags=[TAG], opt=WRITERS, summary="Record a case", responses=problems(CHANGING))
async def open_case(request: Asked, data: JSONBody[CaseIn], clock: NamedDependency[Clock]) -> CaseStateOut:
    """Record a new case under its national number."""
    me, answers = signed_in(request), data.answers()
    answers.typed["lead_officer"] = answers.get("lead_officer") or str(me.id)
    units = {officer["id"]: officer["unit"] for officer in await list_case_officers()}
    made = await service.open_case(case_draft(answers, units=units, now=clock()), by=me.id, now=clock())
    return CaseStateOut(id=made.id, number=made.number, state=CaseState(made.state))


@post(
    "/cases/{case_id:uuid}/procedure",
    tags=[TAG],
    opt=WRITERS,
    summary="Record an official step",
    responses=problems(CHANGING),
)
async def step(
    request: Asked, case_id: FromPath[UUID], data: JSONBody[StepIn], clock: NamedDependency[Clock]
) -> MadeOut:
    """Record an official step (受案, 立案 ...) under its document's number."""
    draft = step_draft(data.answers(), data.kind)
    made = await record_step(case_id, draft, by=signed_in(request).id, now=clock())
    return MadeOut(id=made.id)


@post(
    "/cases/{case_id:uuid}/clearance", tags=[TAG], opt=APPROVERS, summary="Clear a case", responses=problems(CHANGING)
)
async def clear(
    request: Asked, case_id: FromPath[UUID], data: JSONBody[ClearanceIn], clock: NamedDependency[Clock]
) -> MadeOut:
    """Clear the case; the officer of the token approves it."""
    answers = data.answers()
    ground, useful = stand_in(answers), chosen_rows(answers, "useful")
    answers.refuse_problems()
    made = await service.clear_case(
        case_id,
        vehicle_id=data.vehicle,
        driver_id=data.driver,
        cleared_at=data.cleared_at,
        useful_links=useful,
        approved_by=signed_in(request).id,
        now=clock(),
        stand_in=ground,
    )
    return MadeOut(id=made.id)


HANDLERS: Final = [cases, case, open_case, step, clear]

"""Measures by program: proposed, reviewed, decided, carried out, ended; each deed is the page's."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from litestar import Request, post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody

from tipline.accounts.pages import signed_in
from tipline.accounts.rules import Right, roles_with
from tipline.accounts.tokens.tables import TokenScope
from tipline.cases.measures import forms, service
from tipline.cases.measures.deed_pages import DEEDS
from tipline.cases.measures.moves import Deed
from tipline.cases.reads import outcomes_of
from tipline.clock import Clock
from tipline.console.api.answers import CHANGING, OutcomeOut, problems, told
from tipline.console.api.bodies import (
    ApprovalIn,
    Body,
    EndIn,
    ExecutionIn,
    NoticeIn,
    ProposalIn,
    RefusalIn,
    ReviewIn,
)
from tipline.web.guards import serves_programs

TAG: Final = "measures"
WRITERS: Final = serves_programs(TokenScope.MEASURES_WRITE, *roles_with(Right.WRITE_CASES))
REVIEWERS: Final = serves_programs(TokenScope.MEASURES_WRITE, *roles_with(Right.REVIEW_MEASURES))
Asked = Request[Any, Any, Any]


@post(
    "/cases/{case_id:uuid}/measures", tags=[TAG], opt=WRITERS, summary="Ask for a measure", responses=problems(CHANGING)
)
async def propose(
    request: Asked, case_id: FromPath[UUID], data: JSONBody[ProposalIn], clock: NamedDependency[Clock]
) -> OutcomeOut:
    """Ask for a measure against a person of the case; the case stays as it is."""
    draft = forms.proposal(data.answers(), data.kind, now=clock())
    made = await service.propose(case_id, data.person, draft, by=signed_in(request).id, now=clock())
    return await _outcome(case_id, made.id)


def _deed(deed: Deed, body: type[Body], summary: str, opt: dict[str, Any]) -> HTTPRouteHandler:
    """Return the route of one deed on a measure, which does what the page's form of the same name does."""

    async def do(
        request: Asked,
        case_id: FromPath[UUID],
        outcome_id: FromPath[UUID],
        data: JSONBody[Body],
        clock: NamedDependency[Clock],
    ) -> OutcomeOut:
        await DEEDS[deed](case_id, outcome_id, data.answers(), signed_in(request).id, clock)
        return await _outcome(case_id, outcome_id)

    of_body: Any = JSONBody  # read at run time: a body for each deed
    do.__annotations__["data"] = of_body[body]
    do.__name__, do.__doc__ = deed.value, f"{summary}."
    return post(
        f"/cases/{{case_id:uuid}}/measures/{{outcome_id:uuid}}/{deed.value}",
        tags=[TAG],
        opt=opt,
        status_code=200,
        summary=summary,
        responses=problems(CHANGING),
    )(do)


async def _outcome(case_id: UUID, outcome_id: UUID) -> OutcomeOut:
    return next(told(OutcomeOut, row) for row in await outcomes_of(case_id) if row["id"] == outcome_id)


HANDLERS: Final = [
    propose,
    _deed(Deed.REVIEW, ReviewIn, "Review a measure", REVIEWERS),
    _deed(Deed.NOTICE, NoticeIn, "Tell the person before a penalty", WRITERS),
    _deed(Deed.APPROVE, ApprovalIn, "Enter the decision", WRITERS),
    _deed(Deed.REFUSE, RefusalIn, "Enter that it was not approved", WRITERS),
    _deed(Deed.EXECUTE, ExecutionIn, "Enter that it was carried out", WRITERS),
    _deed(Deed.END, EndIn, "Enter that it ended", WRITERS),
]

"""The administrator's screens of units."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from tipline.accounts.administration import units as service
from tipline.accounts.administration.reads import read_unit, read_units
from tipline.accounts.administration.units import UnitDraft
from tipline.accounts.pages import SEE_OTHER, signed_in
from tipline.accounts.rules import Right, roles_with
from tipline.accounts.tables import UnitKind
from tipline.clock import Clock
from tipline.errors import Refused, TiplineError
from tipline.web.answers import Answers, answer_page, read_answers
from tipline.web.guards import serves
from tipline.web.page import page

KEEPERS: Final = serves(*roles_with(Right.KEEP_ACCOUNTS))


@get("/accounts/units", opt=KEEPERS, include_in_schema=False)
async def units(request: Request[Any, Any, Any]) -> Template:
    """List the units, each below the one it belongs to."""
    return page(request, "administration/units.html", units=await read_units())


@get("/accounts/units/new", opt=KEEPERS, include_in_schema=False)
async def new_unit(request: Request[Any, Any, Any]) -> Template:
    """Ask for a new unit."""
    return await _form(request, None, Answers())


@post("/accounts/units", opt=KEEPERS, include_in_schema=False)
async def open_unit(request: Request[Any, Any, Any], clock: NamedDependency[Clock]) -> Template | Redirect:
    """Make a unit."""
    answers = await read_answers(request)
    try:
        await service.open_unit(_draft_of(answers), by=signed_in(request).id, now=clock())
    except Refused as refusal:
        return await _form(request, None, answers, refusal)
    return _back()


@get("/accounts/units/{unit_id:uuid}", opt=KEEPERS, include_in_schema=False)
async def unit(request: Request[Any, Any, Any], unit_id: FromPath[UUID]) -> Template:
    """Show one unit, to be changed."""
    row = await read_unit(unit_id)
    return await _form(
        request, row, Answers({"name": row["name"], "kind": row["kind"], "parent": str(row["parent"] or "")})
    )


@post("/accounts/units/{unit_id:uuid}", opt=KEEPERS, include_in_schema=False)
async def change_unit(
    request: Request[Any, Any, Any], unit_id: FromPath[UUID], clock: NamedDependency[Clock]
) -> Template | Redirect:
    """Change name, kind or the unit above."""
    answers = await read_answers(request)
    try:
        await service.change_unit(unit_id, _draft_of(answers), by=signed_in(request).id, now=clock())
    except Refused as refusal:
        return await _form(request, await read_unit(unit_id), answers, refusal)
    return _back()


@post("/accounts/units/{unit_id:uuid}/close", opt=KEEPERS, include_in_schema=False)
async def close_unit(
    request: Request[Any, Any, Any], unit_id: FromPath[UUID], clock: NamedDependency[Clock]
) -> Template | Redirect:
    """Let nobody be put into the unit any more."""
    try:
        await service.close_unit(unit_id, by=signed_in(request).id, now=clock())
    except Refused as refusal:
        row = await read_unit(unit_id)
        kept = Answers({"name": row["name"], "kind": row["kind"], "parent": str(row["parent"] or "")})
        return await _form(request, row, kept, refusal)
    return _back()


@post("/accounts/units/{unit_id:uuid}/reopen", opt=KEEPERS, include_in_schema=False)
async def reopen_unit(
    request: Request[Any, Any, Any], unit_id: FromPath[UUID], clock: NamedDependency[Clock]
) -> Redirect:
    """Open the unit again."""
    await service.reopen_unit(unit_id, by=signed_in(request).id, now=clock())
    return _back()


def _draft_of(answers: Answers) -> UnitDraft:
    kind = answers.choice("kind", UnitKind, UnitKind.SQUADRON)
    parent = answers.row("parent") if answers.text("parent") else None
    answers.refuse_problems()
    return UnitDraft(name=answers.text("name"), kind=kind, parent=parent)


async def _form(
    request: Request[Any, Any, Any],
    unit: dict[str, Any] | None,
    answers: Answers,
    refusal: TiplineError | None = None,
) -> Template:
    others = [row for row in await read_units() if unit is None or row["id"] != unit["id"]]
    return answer_page(
        request,
        "administration/unit.html",
        answers=answers,
        refusal=refusal,
        unit=unit,
        others=others,
        kinds=list(UnitKind),
    )


def _back() -> Redirect:
    return Redirect("/accounts/units", status_code=SEE_OTHER)


HANDLERS: Final = [units, new_unit, open_unit, unit, change_unit, close_unit, reopen_unit]

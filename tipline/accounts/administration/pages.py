"""The administrator's screens of accounts."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from tipline.accounts.administration import service
from tipline.accounts.administration.reads import read_account, read_units
from tipline.accounts.administration.service import Account
from tipline.accounts.pages import SEE_OTHER, signed_in
from tipline.accounts.rules import Right, roles_with
from tipline.accounts.tables import OfficerRole
from tipline.clock import Clock
from tipline.errors import Refused, TiplineError
from tipline.web.answers import Answers, answer_page, read_answers
from tipline.web.guards import serves
from tipline.web.locale import gettext, ngettext
from tipline.web.page import page

KEEPERS: Final = serves(*roles_with(Right.KEEP_ACCOUNTS))


@get("/accounts/new", opt=KEEPERS, include_in_schema=False)
async def new_account(request: Request[Any, Any, Any]) -> Template:
    """Ask for a new account."""
    return await _new_form(request, Answers())


@post("/accounts", opt=KEEPERS, include_in_schema=False)
async def open_account(request: Request[Any, Any, Any], clock: NamedDependency[Clock]) -> Template:
    """Make an account and show its temporary password, this once."""
    answers = await read_answers(request)
    try:
        account = _account_of(answers)
        officer, password = await service.open_account(
            answers.text("username"), account, by=signed_in(request).id, now=clock()
        )
    except Refused as refusal:
        return await _new_form(request, answers, refusal)
    return await _account_page(request, officer, clock, password=password)


@get("/accounts/{officer_id:uuid}", opt=KEEPERS, include_in_schema=False)
async def account(
    request: Request[Any, Any, Any], officer_id: FromPath[UUID], clock: NamedDependency[Clock]
) -> Template:
    """Show one account, to be changed."""
    return await _account_page(request, officer_id, clock)


@post("/accounts/{officer_id:uuid}", opt=KEEPERS, include_in_schema=False)
async def change_account(
    request: Request[Any, Any, Any], officer_id: FromPath[UUID], clock: NamedDependency[Clock]
) -> Template | Redirect:
    """Change badge number, name, role or unit."""
    answers = await read_answers(request)
    try:
        await service.change_account(officer_id, _account_of(answers), by=signed_in(request).id, now=clock())
    except Refused as refusal:
        return await _account_page(request, officer_id, clock, answers=answers, refusal=refusal)
    return _back(officer_id)


@post("/accounts/{officer_id:uuid}/disable", opt=KEEPERS, include_in_schema=False)
async def disable(
    request: Request[Any, Any, Any], officer_id: FromPath[UUID], clock: NamedDependency[Clock]
) -> Template | Redirect:
    """Put the account out of use."""
    try:
        await service.disable(officer_id, by=signed_in(request).id, now=clock())
    except Refused as refusal:
        return await _account_page(request, officer_id, clock, refusal=refusal)
    return _back(officer_id)


@post("/accounts/{officer_id:uuid}/enable", opt=KEEPERS, include_in_schema=False)
async def enable(
    request: Request[Any, Any, Any], officer_id: FromPath[UUID], clock: NamedDependency[Clock]
) -> Redirect:
    """Put the account into use again."""
    await service.enable(officer_id, by=signed_in(request).id, now=clock())
    return _back(officer_id)


@post("/accounts/{officer_id:uuid}/reset-password", opt=KEEPERS, include_in_schema=False)
async def reset_password(
    request: Request[Any, Any, Any], officer_id: FromPath[UUID], clock: NamedDependency[Clock]
) -> Template:
    """Give a temporary password and show it, this once."""
    password = await service.reset_password(officer_id, by=signed_in(request).id, now=clock())
    return await _account_page(request, officer_id, clock, password=password)


@post("/accounts/{officer_id:uuid}/reset-second-factor", opt=KEEPERS, include_in_schema=False)
async def reset_factors(
    request: Request[Any, Any, Any], officer_id: FromPath[UUID], clock: NamedDependency[Clock]
) -> Redirect:
    """Take off the second factors of an officer who lost them."""
    await service.reset_factors(officer_id, by=signed_in(request).id, now=clock())
    return _back(officer_id)


@post("/accounts/{officer_id:uuid}/sign-out", opt=KEEPERS, include_in_schema=False)
async def sign_out(
    request: Request[Any, Any, Any], officer_id: FromPath[UUID], clock: NamedDependency[Clock]
) -> Template | Redirect:
    """End every session of the account; an administrator's own end too."""
    me = signed_in(request)
    ended = await service.sign_out_everywhere(officer_id, by=me.id, now=clock())
    if officer_id == me.id:
        return Redirect("/sign-in", status_code=SEE_OTHER)
    notice = ngettext("%(num)s session was ended.", "%(num)s sessions were ended.", ended) % {"num": ended}
    return await _account_page(request, officer_id, clock, notice=notice)


def _account_of(answers: Answers) -> Account:
    role = answers.choice("role", OfficerRole, OfficerRole.INTAKE_OFFICER)
    unit = answers.row("unit")
    answers.refuse_problems()
    return Account(badge_number=answers.text("badge_number"), full_name=answers.text("full_name"), role=role, unit=unit)


async def _new_form(request: Request[Any, Any, Any], answers: Answers, refusal: TiplineError | None = None) -> Template:
    units = [unit for unit in await read_units() if unit["closed_at"] is None]
    return answer_page(
        request, "administration/new.html", answers=answers, refusal=refusal, units=units, roles=list(OfficerRole)
    )


async def _account_page(
    request: Request[Any, Any, Any],
    officer_id: UUID,
    clock: Clock,
    *,
    answers: Answers | None = None,
    refusal: TiplineError | None = None,
    password: str = "",
    notice: str | None = None,
) -> Template:
    account = await read_account(officer_id, now=clock())
    units = [unit for unit in await read_units() if unit["closed_at"] is None or unit["id"] == account["unit"]]
    kept = Answers({name: str(account[name]) for name in ("badge_number", "full_name", "role", "unit")})
    context: dict[str, Any] = {"account": account, "units": units, "roles": list(OfficerRole), "password": password}
    if password:
        notice = gettext("The temporary password stands below. It is shown this once.")
    if refusal is None:
        return page(request, "administration/account.html", answers=answers or kept, told="", notice=notice, **context)
    return answer_page(request, "administration/account.html", answers=answers or kept, refusal=refusal, **context)


def _back(officer_id: UUID) -> Redirect:
    return Redirect(f"/accounts/{officer_id}", status_code=SEE_OTHER)


HANDLERS: Final = [
    new_account,
    open_account,
    account,
    change_account,
    disable,
    enable,
    reset_password,
    reset_factors,
    sign_out,
]

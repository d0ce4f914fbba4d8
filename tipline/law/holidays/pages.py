"""Staff pages of the holiday table: the years, one year with its changes, and a notice entered with a preview."""

from __future__ import annotations

from typing import Any, Final

from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from tipline.accounts.pages import signed_in
from tipline.accounts.rules import Right, roles_with
from tipline.clock import SHANGHAI, Clock
from tipline.errors import Overtaken, Refused, TiplineError
from tipline.law.holidays import service
from tipline.law.holidays.reads import changes_of, days_of, marked, missing_year, years_shown
from tipline.law.holidays.rules import Notice, digest, read_notice
from tipline.law.tables import DayKind
from tipline.web.answers import Answers, answer_page, read_answers
from tipline.web.guards import serves
from tipline.web.numbers import number_from
from tipline.web.page import page

SEE_OTHER: Final = 303
READERS: Final = serves(*roles_with(Right.READ_LAW))
WRITERS: Final = serves(*roles_with(Right.WRITE_HOLIDAYS))
FIRST_YEAR, LAST_YEAR = 2008, 2100
TAKEN_OUT: Final = "none"


@get("/law/holidays", opt=READERS, include_in_schema=False)
async def years(request: Request[Any, Any, Any], clock: NamedDependency[Clock]) -> Template:
    """List the years of the table, and say which one is missing."""
    now = clock()
    return page(
        request,
        "holidays/years.html",
        years=await years_shown(),
        missing=await missing_year(now=now),
        next_year=now.astimezone(SHANGHAI).year + 1,
    )


@get("/law/holidays/{year:int}", opt=READERS, include_in_schema=False)
async def one_year(request: Request[Any, Any, Any], year: FromPath[int]) -> Template:
    """Show the days of a year, and who changed them."""
    return await _year_page(request, _in_range(year), Answers())


@post("/law/holidays/{year:int}/days", opt=WRITERS, include_in_schema=False)
async def set_day(
    request: Request[Any, Any, Any], year: FromPath[int], clock: NamedDependency[Clock]
) -> Template | Redirect:
    """Set one day off or worked, or take it out."""
    answers = await read_answers(request)
    try:
        day = answers.needed_moment("day").date()
        chosen = answers.text("kind")
        kind = None if chosen == TAKEN_OUT else answers.choice("kind", DayKind, DayKind.HOLIDAY)
        answers.refuse_problems()
        await service.set_day(
            day, kind, answers.text("name"), answers.text("source"), by=signed_in(request).id, now=clock()
        )
    except (Refused, Overtaken) as refusal:
        return await _year_page(request, _in_range(year), answers, refusal)
    return Redirect(f"/law/holidays/{day.year}", status_code=SEE_OTHER)


@get("/law/holidays/enter", opt=WRITERS, include_in_schema=False)
async def notice_form(request: Request[Any, Any, Any], clock: NamedDependency[Clock]) -> Template:
    """Ask for a year's notice."""
    otherwise = await missing_year(now=clock()) or clock().astimezone(SHANGHAI).year + 1
    asked = number_from(request.query_params.get("year", ""), least=FIRST_YEAR, most=LAST_YEAR, otherwise=otherwise)
    return _notice_page(request, Answers({"year": str(asked)}))


@post("/law/holidays/enter", opt=WRITERS, include_in_schema=False)
async def enter_notice(request: Request[Any, Any, Any], clock: NamedDependency[Clock]) -> Template | Redirect:
    """Show what the notice would change, or, sent again with that, put it into the table."""
    answers = await read_answers(request)
    year = number_from(answers.text("year"), least=FIRST_YEAR, most=LAST_YEAR, otherwise=FIRST_YEAR)
    notice = read_notice(answers.get("days"), year, year_before=marked(await days_of(year - 1)))
    changes = await service.preview(notice, year)
    seen = answers.text("seen")
    if not seen or notice.problems:
        return _notice_page(request, answers, notice=notice, changes=changes)
    try:
        await service.enter_notice(
            year, notice, answers.text("source"), seen=seen, by=signed_in(request).id, now=clock()
        )
    except (Refused, Overtaken) as refusal:
        return _notice_page(request, answers, refusal, notice=notice, changes=changes)
    return Redirect(f"/law/holidays/{year}", status_code=SEE_OTHER)


async def _year_page(
    request: Request[Any, Any, Any], year: int, answers: Answers, refusal: TiplineError | None = None
) -> Template:
    return answer_page(
        request,
        "holidays/year.html",
        answers=answers,
        refusal=refusal,
        year=year,
        days=await days_of(year),
        changes=await changes_of(year),
        kinds=list(DayKind),
    )


def _notice_page(
    request: Request[Any, Any, Any],
    answers: Answers,
    refusal: TiplineError | None = None,
    *,
    notice: Notice | None = None,
    changes: list[Any] | None = None,
) -> Template:
    return answer_page(
        request,
        "holidays/enter.html",
        answers=answers,
        refusal=refusal,
        read=notice,
        changes=changes or [],
        seen=digest(changes or []),
    )


def _in_range(year: int) -> int:
    return min(max(year, FIRST_YEAR), LAST_YEAR)


HANDLERS: Final = [years, one_year, set_day, notice_form, enter_notice]

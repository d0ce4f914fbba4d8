"""The public's pages: where to turn, tell us something, and later ask what became of it."""

from __future__ import annotations

import logging
from typing import Any, Final
from uuid import uuid4

from litestar import Request, get, post
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.response import Redirect, Template

from evidence.custody import Custody
from evidence.errors import StorageDown
from tipline.clock import Clock
from tipline.errors import Invalid, Problem, SlowDown
from tipline.intake import service
from tipline.intake.access import SESSION_LASTS, BySession, begin_session, end_session, show_code
from tipline.intake.errors import EmptyTip, ReceiptMistyped, ReceiptUnknown, RequestKeyReused, SessionOver
from tipline.intake.public_form import FormDoors, RefusedFile, Taken, take_files, take_form, told_files
from tipline.intake.receipts import Receipts, read_code
from tipline.intake.rules import LONGEST
from tipline.intake.service import OwnTip
from tipline.intake.tables import VehicleColour, VehicleType
from tipline.intake.uploads.access import begin_pass
from tipline.intake.words import HERE_NOW
from tipline.settings import Limits, Settings
from tipline.web.errors import status_of
from tipline.web.guards import open_to_all
from tipline.web.locale import gettext
from tipline.web.page import page
from tipline.web.wording import sentence

log = logging.getLogger(__name__)

SESSION_COOKIE: Final = "tl_public_session"
SEE_OTHER: Final = 303
OK: Final = 200
REFUSED: Final = 422

Req = Request[Any, Any, Any]


@get("/", opt=open_to_all(), include_in_schema=False)
async def start(request: Req) -> Template:
    """Say where to turn: emergency, own minor accident, a tip, a tip sent before."""
    return page(request, "intake/start.html")


@get("/privacy", opt=open_to_all(), include_in_schema=False)
async def privacy(request: Req) -> Template:
    """Tell what is kept of a tip, what for, and the sender's rights."""
    return page(request, "intake/privacy.html")


@get("/tips", opt=open_to_all(), include_in_schema=False)
async def to_the_form() -> Redirect:
    """Lead a reload or a change of language after sending back to the form."""
    return Redirect("/tips/new", status_code=SEE_OTHER)


@get("/tips/new", opt=open_to_all(), include_in_schema=False)
async def tip_form(request: Req, settings: NamedDependency[Settings]) -> Template:
    """Ask what happened."""
    return _form(request, settings.limits, Taken(fields={"form_key": str(uuid4())}))


@post("/tips", opt=open_to_all(), include_in_schema=False, request_max_body_size=None)
async def send_tip(
    request: Req,
    custody: NamedDependency[Custody],
    receipts: NamedDependency[Receipts],
    clock: NamedDependency[Clock],
    settings: NamedDependency[Settings],
) -> Template:
    """Take in the form, or show it again with everything typed and what is wrong."""
    taken = await take_form(request, FormDoors(custody, receipts, settings.limits, clock))
    _tell_operators(taken.refused)
    if taken.submitted is None:
        return _form(request, settings.limits, taken)
    session = await begin_session(taken.submitted.access, now=clock())
    tip = await service.own_tip(taken.submitted.access, now=clock())
    answer = page(
        request,
        "intake/receipt.html",
        path="/tips/mine",
        is_here_now=taken.fields.get("is_here_now") == "1",
        advice=gettext(HERE_NOW),
        code=taken.submitted.code.shown,
        tip=tip,
        form_key=str(uuid4()),
        refused=told_files(taken),
        limits=settings.limits,
    )
    answer.cookies.append(_cookie(session.token, settings))
    return answer


@get("/tips/mine", opt=open_to_all(), include_in_schema=False)
async def own_tip(
    request: Req, clock: NamedDependency[Clock], settings: NamedDependency[Settings]
) -> Template | Redirect:
    """Show how the own tip stands; without a session, ask for the code."""
    try:
        tip = await service.own_tip(_session(request), now=clock())
    except SessionOver:
        return Redirect("/follow-up", status_code=SEE_OTHER)
    return _keep_open(_mine(request, settings.limits, tip, Taken()), request, settings)


@get("/tips/mine/files", opt=open_to_all(), include_in_schema=False)
async def own_files(request: Req, clock: NamedDependency[Clock]) -> Template:
    """Give the list of files alone, for the script that waits until all are received."""
    try:
        tip = await service.own_tip(_session(request), now=clock())
    except SessionOver as problem:
        raise NotFoundException from problem
    return page(request, "intake/files.html", tip=tip)


@post("/tips/mine/files", opt=open_to_all(), include_in_schema=False, request_max_body_size=None)
async def send_files(
    request: Req,
    custody: NamedDependency[Custody],
    receipts: NamedDependency[Receipts],
    clock: NamedDependency[Clock],
    settings: NamedDependency[Settings],
) -> Template | Redirect:
    """Take in further files; what was refused is told on the page of the tip."""
    session = _session(request)
    try:
        await service.own_tip(session, now=clock())
        taken = await take_files(request, session, FormDoors(custody, receipts, settings.limits, clock))
        _tell_operators(taken.refused)
        if not taken.refused and not taken.is_broken_off:
            return Redirect("/tips/mine", status_code=SEE_OTHER)
        tip = await service.own_tip(session, now=clock())
    except SessionOver:
        return Redirect("/follow-up", status_code=SEE_OTHER)
    return _mine(request, settings.limits, tip, taken, status=REFUSED)


@post("/tips/mine/upload-pass", opt=open_to_all(), include_in_schema=False)
async def upload_pass(request: Req, clock: NamedDependency[Clock]) -> dict[str, str]:
    """Give the page's script a pass to begin uploads, because those take no cookie."""
    token = await begin_pass(_session(request), now=clock())
    return {"upload_pass": token.text}


@post("/tips/mine/leave", opt=open_to_all(), include_in_schema=False)
async def leave(request: Req, settings: NamedDependency[Settings]) -> Redirect:
    """End the browser's session, for people on a shared computer."""
    await end_session(_session(request))
    return Redirect("/", status_code=SEE_OTHER, cookies=[_cookie("", settings, lasts_s=0)])


@get("/follow-up", opt=open_to_all(), include_in_schema=False)
async def code_form(request: Req, clock: NamedDependency[Clock]) -> Template | Redirect:
    """Ask for the receipt code."""
    try:
        await service.own_tip(_session(request), now=clock())
    except SessionOver:
        was_open = SESSION_COOKIE in request.cookies
        return page(request, "intake/follow_up.html", told=sentence(SessionOver()) if was_open else "")
    return Redirect("/tips/mine", status_code=SEE_OTHER)


@post("/follow-up", opt=open_to_all(), include_in_schema=False)
async def open_by_code(
    request: Req,
    receipts: NamedDependency[Receipts],
    clock: NamedDependency[Clock],
    settings: NamedDependency[Settings],
) -> Template | Redirect:
    """Open the tip that the code belongs to, in this browser, for half an hour."""
    typed = str((await request.form()).get("code", ""))
    try:
        access = await show_code(read_code(typed), receipts=receipts, now=clock())
    except (ReceiptMistyped, ReceiptUnknown, SlowDown) as problem:
        codes = {ReceiptMistyped: "receipt_mistyped", ReceiptUnknown: "receipt_unknown"}
        code = codes.get(type(problem))
        answer = page(
            request,
            "intake/follow_up.html",
            status=status_of(problem),
            told="" if code else sentence(problem),
            problems=(Problem("code", code),) if code else (),
        )
        if isinstance(problem, SlowDown):
            answer.headers["Retry-After"] = str(problem.retry_after_s)
        return answer
    session = await begin_session(access, now=clock())
    return Redirect("/tips/mine", status_code=SEE_OTHER, cookies=[_cookie(session.token, settings)])


def _form(request: Req, limits: Limits, taken: Taken) -> Template:
    """Show the form: fresh, or with what was typed and what is wrong."""
    problem = taken.problem
    problems: tuple[Problem, ...] = ()
    fields = {"form_key": str(uuid4()), **taken.fields}
    if isinstance(problem, Invalid):
        problems = problem.problems
    elif isinstance(problem, EmptyTip):
        problems = (Problem("story", "empty_tip"),)
    elif isinstance(problem, RequestKeyReused):
        problems = (Problem("", "key_reused"),)
        fields["form_key"] = str(uuid4())
    return page(
        request,
        "intake/form.html",
        status=OK if problem is None else status_of(problem),
        path="/tips/new",
        typed=fields,
        told=sentence(problem) if problem is not None and not problems else "",
        problems=problems,
        refused=told_files(taken),
        limits=limits,
        longest={"story": limits.story_characters, **LONGEST},
        vehicle_types=list(VehicleType),
        vehicle_colours=list(VehicleColour),
    )


def _mine(request: Req, limits: Limits, tip: OwnTip, taken: Taken, *, status: int = OK) -> Template:
    return page(
        request,
        "intake/mine.html",
        status=status,
        path="/tips/mine",
        tip=tip,
        form_key=str(uuid4()),
        refused=told_files(taken),
        limits=limits,
    )


def _tell_operators(refused: list[RefusedFile]) -> None:
    for one in refused:
        if isinstance(one.reason, StorageDown):
            log.error("a file of a tip could not be kept: %s", one.reason)


def _session(request: Req) -> BySession:
    return BySession(request.cookies.get(SESSION_COOKIE, ""))


def _keep_open(answer: Template, request: Req, settings: Settings) -> Template:
    """Let the cookie live as long as the session, which each use prolongs."""
    answer.cookies.append(_cookie(request.cookies.get(SESSION_COOKIE, ""), settings))
    return answer


def _cookie(token: str, settings: Settings, *, lasts_s: int = int(SESSION_LASTS.total_seconds())) -> Cookie:
    return Cookie(
        key=SESSION_COOKIE,
        value=token,
        max_age=lasts_s,
        httponly=True,
        samesite="lax",
        secure=settings.has_tls,
        path="/",
    )


HANDLERS: Final = [
    start,
    privacy,
    to_the_form,
    tip_form,
    send_tip,
    own_tip,
    own_files,
    send_files,
    upload_pass,
    leave,
    code_form,
    open_by_code,
]

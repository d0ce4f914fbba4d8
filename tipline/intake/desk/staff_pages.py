"""The officer's form for a tip that was told, and the receipt to hand over: shown in this answer and never again."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID, uuid4

from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.response import Redirect, Template

from evidence.custody import Custody
from evidence.errors import StorageDown
from tipline.accounts.pages import signed_in
from tipline.accounts.rules import Right, roles_with
from tipline.clock import SHANGHAI, Clock
from tipline.errors import Invalid, Problem
from tipline.intake import service
from tipline.intake.desk.receipt_paper import receipt_link
from tipline.intake.desk.rules import TOLD_BY, Telling
from tipline.intake.desk.service import enter_tip
from tipline.intake.errors import EmptyTip, RequestKeyReused
from tipline.intake.public_form import FormDoors, Taken, moment_of, read_draft, take_form, told_files
from tipline.intake.receipts import Receipts
from tipline.intake.rules import LONGEST, TipDraft
from tipline.intake.service import Submitted
from tipline.intake.tables import TipChannel, VehicleColour, VehicleType
from tipline.settings import Settings
from tipline.web.errors import status_of
from tipline.web.guards import serves
from tipline.web.locale import current_language
from tipline.web.page import page
from tipline.web.wording import sentence

log = logging.getLogger(__name__)

SEE_OTHER: Final = 303
OK: Final = 200
ENTERERS: Final = serves(*roles_with(Right.DECIDE_TIPS))


class Told:
    """The officer's form: the accident as on the public's, and how and when it was told."""

    def __init__(self, officer: UUID) -> None:
        self._officer = officer
        self._telling = Telling(channel=None, told_at=None)

    def read(self, fields: Mapping[str, str]) -> TipDraft:
        """Return what was told of the accident.

        Raises:
            Invalid: values that no browser sends from this form, those of the telling too.
        """
        problems: list[Problem] = []
        channel = fields.get("channel", "")
        self._telling = Telling(
            channel=TipChannel(channel) if channel in set(TipChannel) else None,
            told_at=moment_of(fields, "told_at", problems),
            wants_secrecy=fields.get("wants_secrecy") == "1",
        )
        try:
            draft = read_draft(fields)
        except Invalid as refusal:
            raise Invalid(*problems, *refusal.problems) from refusal
        if problems:
            raise Invalid(*problems)
        return draft

    async def submit(
        self, draft: TipDraft, fields: Mapping[str, str], *, key: UUID, has_files: bool, doors: FormDoors
    ) -> Submitted:
        """Enter the tip for the person who told it."""
        del fields
        return await enter_tip(
            draft,
            self._telling,
            request_key=key,
            officer=self._officer,
            language=current_language(),
            receipts=doors.receipts,
            limits=doors.limits,
            now=doors.clock(),
            has_files=has_files,
        )


@get("/desk/tips/new", opt=ENTERERS, include_in_schema=False)
async def entry_form(
    request: Request[Any, Any, Any], clock: NamedDependency[Clock], settings: NamedDependency[Settings]
) -> Template:
    """Ask what was told, and how."""
    now = clock().astimezone(SHANGHAI)
    return _form(request, settings, Taken(fields={"form_key": str(uuid4()), "told_at": f"{now:%Y-%m-%dT%H:%M}"}))


@get("/desk/tips", opt=ENTERERS, include_in_schema=False)
async def to_the_form() -> Redirect:
    """Lead a reload or a change of language after entering to a fresh form: the code is not shown again."""
    return Redirect("/desk/tips/new", status_code=SEE_OTHER)


@post("/desk/tips", opt=ENTERERS, include_in_schema=False, request_max_body_size=None)
async def enter(
    request: Request[Any, Any, Any],
    custody: NamedDependency[Custody],
    receipts: NamedDependency[Receipts],
    clock: NamedDependency[Clock],
    settings: NamedDependency[Settings],
) -> Template:
    """Take in the tip and show its receipt once, or show the form again with what is wrong."""
    doors = FormDoors(custody, receipts, settings.limits, clock)
    taken = await take_form(request, doors, Told(signed_in(request).id))
    for one in taken.refused:
        if isinstance(one.reason, StorageDown):
            log.error("a file of a tip could not be kept: %s", one.reason)
    if taken.submitted is None:
        return _form(request, settings, taken)
    tip, code = await service.own_tip(taken.submitted.access, now=clock()), taken.submitted.code.shown
    return page(
        request,
        "desk/receipt.html",
        path="/desk/tips",
        code=code,
        tip_id=taken.submitted.tip,
        tip=tip,
        refused=told_files(taken),
        where=settings.public_url,
        paper=await receipt_link(code=code, where=settings.public_url, received_at=tip.received_at),
    )


def _form(request: Request[Any, Any, Any], settings: Settings, taken: Taken) -> Template:
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
        "desk/form.html",
        status=OK if problem is None else status_of(problem),
        path="/desk/tips/new",
        typed=fields,
        told=sentence(problem) if problem is not None and not problems else "",
        problems=problems,
        refused=told_files(taken),
        limits=settings.limits,
        longest={"story": settings.limits.story_characters, **LONGEST},
        channels=list(TOLD_BY),
        vehicle_types=list(VehicleType),
        vehicle_colours=list(VehicleColour),
    )


HANDLERS: Final = [entry_form, to_the_form, enter]

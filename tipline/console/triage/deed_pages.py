"""The deeds on one tip: each address parses its form, does one deed and answers how the tip stands."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from litestar import Request, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from tipline.accounts.pages import signed_in
from tipline.accounts.rules import Right, roles_with
from tipline.clock import Clock
from tipline.console.tip_pages import tip_page
from tipline.console.triage.answers import answered
from tipline.console.triage.undoing import tip_of_deed, undo_deed
from tipline.errors import Problem
from tipline.intake import decisions
from tipline.intake.tables import DeclineReason, TipState
from tipline.intake.triage.handling import assign_tip, snooze_tip
from tipline.intake.triage.remarks import add_note, add_tag, remove_tag
from tipline.intake.triage.rules import Snooze, snoozed_until
from tipline.web.answers import Answers, read_answers
from tipline.web.guards import serves

REFUSED: Final = 422
DECIDERS: Final = serves(*roles_with(Right.DECIDE_TIPS))
Asked = Request[Any, Any, Any]


@post("/tips/{tip_id:uuid}/accept", opt=DECIDERS, include_in_schema=False)
async def accept(request: Asked, tip_id: FromPath[UUID], clock: NamedDependency[Clock]) -> Template | Redirect:
    """Take the tip into work; 409 with who, when and what if a colleague was faster."""
    answers, officer = await read_answers(request), signed_in(request).id
    deed = decisions.accept_tip(tip_id, officer=officer, now=clock(), seen=_seen(answers))
    return await answered(request, tip_id, deed)


@post("/tips/{tip_id:uuid}/decline", opt=DECIDERS, include_in_schema=False)
async def decline(request: Asked, tip_id: FromPath[UUID], clock: NamedDependency[Clock]) -> Template | Redirect:
    """Leave the tip aside with a reason."""
    answers, officer = await read_answers(request), signed_in(request).id
    reason = answers.choice("reason", DeclineReason, DeclineReason.OTHER)
    if answers.problems:
        return await _not_a_choice(request, tip_id, "reason")
    deed = decisions.decline_tip(tip_id, reason, officer=officer, now=clock(), seen=_seen(answers))
    return await answered(request, tip_id, deed)


@post("/tips/{tip_id:uuid}/duplicate", opt=DECIDERS, include_in_schema=False)
async def duplicate(request: Asked, tip_id: FromPath[UUID], clock: NamedDependency[Clock]) -> Template | Redirect:
    """Say which other tip told the same."""
    answers, officer = await read_answers(request), signed_in(request).id
    other = _row_id(answers.text("of"))
    if other is None:
        return await _not_a_choice(request, tip_id, "tip_q")
    deed = decisions.mark_duplicate(tip_id, other, officer=officer, now=clock(), seen=_seen(answers))
    return await answered(request, tip_id, deed)


@post("/tips/{tip_id:uuid}/snooze", opt=DECIDERS, include_in_schema=False)
async def snooze(request: Asked, tip_id: FromPath[UUID], clock: NamedDependency[Clock]) -> Template | Redirect:
    """Put the tip off, for a while or until a moment."""
    answers, officer, now = await read_answers(request), signed_in(request).id, clock()
    wish = answers.text("for")
    until = snoozed_until(Snooze(wish), now) if wish in set(Snooze) else answers.moment("until")
    if until is None:
        return await _not_a_choice(request, tip_id, "until")
    return await answered(request, tip_id, snooze_tip(tip_id, until, officer=officer, now=now))


@post("/tips/{tip_id:uuid}/assign", opt=DECIDERS, include_in_schema=False)
async def assign(request: Asked, tip_id: FromPath[UUID], clock: NamedDependency[Clock]) -> Template | Redirect:
    """Put the tip into an officer's hands; no officer means nobody's."""
    answers, officer = await read_answers(request), signed_in(request).id
    deed = assign_tip(tip_id, _row_id(answers.text("officer")), officer=officer, now=clock())
    return await answered(request, tip_id, deed)


@post("/deeds/{deed_id:uuid}/undo", opt=DECIDERS, include_in_schema=False)
async def undo(request: Asked, deed_id: FromPath[UUID], clock: NamedDependency[Clock]) -> Template | Redirect:
    """Take one's own deed back; 409 with who, when and what if a colleague went on from it."""
    tip_id = await tip_of_deed(deed_id)
    return await answered(request, tip_id, undo_deed(deed_id, officer=signed_in(request).id, now=clock()))


@post("/tips/{tip_id:uuid}/tags", opt=DECIDERS, include_in_schema=False)
async def tag(request: Asked, tip_id: FromPath[UUID], clock: NamedDependency[Clock]) -> Template | Redirect:
    """Give the tip a tag, or take one off."""
    answers, officer = await read_answers(request), signed_in(request).id
    change = remove_tag if answers.get("off") else add_tag
    return await answered(
        request, tip_id, change(tip_id, answers.get("off") or answers.text("tag"), officer=officer, now=clock())
    )


@post("/tips/{tip_id:uuid}/notes", opt=DECIDERS, include_in_schema=False)
async def note(request: Asked, tip_id: FromPath[UUID], clock: NamedDependency[Clock]) -> Template | Redirect:
    """Write an internal note on the tip."""
    answers, officer = await read_answers(request), signed_in(request).id
    return await answered(request, tip_id, add_note(tip_id, answers.text("note"), officer=officer, now=clock()))


async def _not_a_choice(request: Asked, tip_id: UUID, field: str) -> Template:
    return await tip_page(request, tip_id, status=REFUSED, problems=(Problem(field, "not_a_choice"),))


def _seen(answers: Answers) -> TipState:
    seen = answers.text("seen")
    return TipState(seen) if seen in set(TipState) else TipState.RECEIVED


def _row_id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


HANDLERS: Final = [accept, decline, duplicate, snooze, assign, undo, tag, note]

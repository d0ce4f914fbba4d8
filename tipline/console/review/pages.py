"""The review page of one photo or video, its forms, and two files side by side."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Stream, Template

from evidence.custody import Custody
from tipline.accounts.pages import signed_in
from tipline.accounts.rules import Right, roles_with
from tipline.clock import Clock
from tipline.console.media import note_view
from tipline.console.review import reads
from tipline.console.review.export import export_of
from tipline.console.review.forms import (
    clip_of,
    clock_of,
    correction_of,
    crop_of,
    marker_of,
    moment_asked,
    moment_typed,
    typed_moment,
)
from tipline.console.review.frames import chosen_frame, in_order, moment_of
from tipline.errors import TiplineError
from tipline.intake.review import asking, service
from tipline.intake.review.asking import By
from tipline.intake.review.rules import PLATE_COLOURS, moment_words, true_time
from tipline.web.answers import Answers, answer_page, read_answers
from tipline.web.guards import serves

SEE_OTHER: Final = 303
PURPOSE: Final = "media review"
READERS: Final = roles_with(Right.READ_TIPS)
REVIEWERS: Final = roles_with(Right.DECIDE_TIPS)
BASE: Final = "/tips/{tip_id:uuid}/files/{position:int}/review"


@get(BASE, opt=serves(*READERS), include_in_schema=False)
async def review(
    request: Request[Any, Any, Any],
    tip_id: FromPath[UUID],
    position: FromPath[int],
    custody: NamedDependency[Custody],
    clock: NamedDependency[Clock],
) -> Template:
    """Show a file closely; `?at=` chooses the moment, `?order=time` the strip's order, `?view=frames` stills only."""
    return await _shown(request, tip_id, position, custody, clock)


@post(f"{BASE}/markers", opt=serves(*REVIEWERS), include_in_schema=False)
async def make_marker(
    request: Request[Any, Any, Any],
    tip_id: FromPath[UUID],
    position: FromPath[int],
    custody: NamedDependency[Custody],
    clock: NamedDependency[Clock],
) -> Template | Redirect:
    """Mark a moment with a note; its exact frame is asked for as a derived item."""
    answers = await read_answers(request)
    try:
        at_ms, note = marker_of(answers)
        await asking.mark(await asking.sealed_file(tip_id, position), at_ms, note, by=_by(request), now=clock())
    except TiplineError as refusal:
        return await _shown(request, tip_id, position, custody, clock, answers=answers, refusal=refusal)
    return _back(tip_id, position, "markers", at_ms)


@post(f"{BASE}/clips", opt=serves(*REVIEWERS), include_in_schema=False)
async def make_clip(
    request: Request[Any, Any, Any],
    tip_id: FromPath[UUID],
    position: FromPath[int],
    custody: NamedDependency[Custody],
    clock: NamedDependency[Clock],
) -> Template | Redirect:
    """Ask for a stretch of the video as a derived item."""
    answers = await read_answers(request)
    try:
        from_ms, to_ms = clip_of(answers)
        await asking.ask_clip(await asking.sealed_file(tip_id, position), from_ms, to_ms, by=_by(request), now=clock())
    except TiplineError as refusal:
        return await _shown(request, tip_id, position, custody, clock, answers=answers, refusal=refusal)
    return _back(tip_id, position, "pieces", from_ms)


@post(f"{BASE}/crops", opt=serves(*REVIEWERS), include_in_schema=False)
async def make_crop(
    request: Request[Any, Any, Any],
    tip_id: FromPath[UUID],
    position: FromPath[int],
    custody: NamedDependency[Custody],
    clock: NamedDependency[Clock],
) -> Template | Redirect:
    """Ask for a part of one frame as a derived item."""
    answers = await read_answers(request)
    try:
        at_ms, sides = crop_of(answers)
        await asking.ask_crop(await asking.sealed_file(tip_id, position), at_ms, sides, by=_by(request), now=clock())
    except TiplineError as refusal:
        return await _shown(request, tip_id, position, custody, clock, answers=answers, refusal=refusal)
    return _back(tip_id, position, "pieces", at_ms)


@post(f"{BASE}/preview", opt=serves(*REVIEWERS), include_in_schema=False)
async def make_preview(
    request: Request[Any, Any, Any],
    tip_id: FromPath[UUID],
    position: FromPath[int],
    clock: NamedDependency[Clock],
) -> Redirect:
    """Ask for a copy of the video that browsers play."""
    await asking.ask_preview(await asking.sealed_file(tip_id, position), by=_by(request), now=clock())
    return _back(tip_id, position, "pieces", None)


@post(f"{BASE}/corrections", opt=serves(*REVIEWERS), include_in_schema=False)
async def correct(
    request: Request[Any, Any, Any],
    tip_id: FromPath[UUID],
    position: FromPath[int],
    custody: NamedDependency[Custody],
    clock: NamedDependency[Clock],
) -> Template | Redirect:
    """Correct, reject or restore a reading; 409 with who and when if a colleague was faster."""
    answers = await read_answers(request)
    try:
        said = correction_of(answers)
        await service.correct_hint(
            await asking.sealed_file(tip_id, position), said, officer=signed_in(request).id, now=clock()
        )
    except TiplineError as refusal:
        return await _shown(request, tip_id, position, custody, clock, answers=answers, refusal=refusal)
    return _back(tip_id, position, "hints", moment_asked(answers.get("at")))


@post(f"{BASE}/clock", opt=serves(*REVIEWERS), include_in_schema=False)
async def set_clock(
    request: Request[Any, Any, Any],
    tip_id: FromPath[UUID],
    position: FromPath[int],
    custody: NamedDependency[Custody],
    clock: NamedDependency[Clock],
) -> Template | Redirect:
    """Write down what the recorder's clock shows at a moment and what the time truly was."""
    answers = await read_answers(request)
    try:
        read = clock_of(answers)
        await service.set_clock(
            await asking.sealed_file(tip_id, position), read, officer=signed_in(request).id, now=clock()
        )
    except TiplineError as refusal:
        return await _shown(request, tip_id, position, custody, clock, answers=answers, refusal=refusal)
    return _back(tip_id, position, "clock", read.at_ms)


@post(f"{BASE}/seen/{{frame:uuid}}", opt=serves(*READERS), include_in_schema=False)
async def seen(
    request: Request[Any, Any, Any],
    tip_id: FromPath[UUID],
    position: FromPath[int],
    frame: FromPath[UUID],
    clock: NamedDependency[Clock],
) -> Response[None]:
    """Remember that this officer has looked at a frame; a script tells when one is shown large."""
    file = await asking.sealed_file(tip_id, position)
    await service.note_seen(file, frame, officer=signed_in(request).id, now=clock())
    return Response(None, status_code=204)


@get(f"{BASE}/export/{{item_id:uuid}}", opt=serves(*READERS), include_in_schema=False)
async def export(
    request: Request[Any, Any, Any],
    tip_id: FromPath[UUID],
    position: FromPath[int],
    item_id: FromPath[UUID],
    custody: NamedDependency[Custody],
    clock: NamedDependency[Clock],
) -> Stream:
    """Give out the original or a piece of it as a file to keep; each time is entered into the ledger."""
    file = await asking.sealed_file(tip_id, position)
    out = await export_of(file, item_id, badge_number=signed_in(request).badge_number, custody=custody, now=clock())
    headers = {
        "Content-Disposition": f'attachment; filename="{out.name}"',
        "Content-Length": str(out.size_bytes),
    }
    return Stream(out.blocks, media_type="application/octet-stream", headers=headers)


async def _shown(
    request: Request[Any, Any, Any],
    tip_id: UUID,
    position: int,
    custody: Custody,
    clock: Clock,
    *,
    answers: Answers | None = None,
    refusal: TiplineError | None = None,
) -> Template:
    officer, asked = signed_in(request), request.query_params
    head = await reads.read_head(tip_id, position)
    if head.is_sealed:
        item = await custody.sealed_item(head.row["item"])
        await note_view(item, badge_number=officer.badge_number, custody=custody, now=clock(), purpose=PURPOSE)
    view = await reads.read_review(head, officer=officer.id)
    at_ms = moment_asked(asked.get("at", moment_typed(answers) if answers else ""))
    frame = chosen_frame(view.frames, at_ms)
    plays = view.film is not None and asked.get("view") != "frames"
    strip = view.frames
    if frame is not None and not plays and head.is_sealed:
        file = await asking.sealed_file(tip_id, position)
        await service.note_seen(file, frame.item, officer=officer.id, now=clock())
        strip = [replace(one, is_seen=one.is_seen or one.item == frame.item) for one in strip]
    is_by_time = asked.get("order") == "time"
    moment_ms = at_ms if at_ms is not None else (frame.at_ms if frame else 0)
    return answer_page(
        request,
        "review/page.html",
        answers=answers or Answers(),
        refusal=refusal,
        view=view,
        strip=in_order(strip, is_by_time=is_by_time),
        is_by_time=is_by_time,
        frame=frame,
        plays=plays,
        moment_ms=moment_ms,
        moment=moment_words(moment_ms),
        true_now=true_time(view.clocks[0], moment_ms) if view.clocks else None,
        colours=PLATE_COLOURS,
        moment_words=moment_words,
        moment_of=moment_of,
        typed=typed_moment,
    )


def _by(request: Request[Any, Any, Any]) -> By:
    officer = signed_in(request)
    return By(officer.id, officer.badge_number)


def _back(tip_id: UUID, position: int, section: str, at_ms: int | None) -> Redirect:
    query = "" if at_ms is None else "?" + urlencode({"at": moment_words(at_ms)})
    return Redirect(f"/tips/{tip_id}/files/{position}/review{query}#{section}", status_code=SEE_OTHER)


HANDLERS: Final = [review, make_marker, make_clip, make_crop, make_preview, correct, set_clock, seen, export]

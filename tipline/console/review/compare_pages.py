"""Two photos or videos side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from litestar import Request, get
from litestar.di import NamedDependency
from litestar.response import Template

from evidence.custody import Custody
from tipline.accounts.audit.service import enter
from tipline.accounts.audit.tables import AuditAct, AuditSubject
from tipline.accounts.pages import signed_in
from tipline.accounts.rules import Right, roles_with
from tipline.clock import Clock
from tipline.console.media import note_view
from tipline.console.review import reads
from tipline.console.review.compare_reads import files_beside
from tipline.console.review.forms import moment_asked
from tipline.console.review.frames import FrameView, chosen_frame
from tipline.intake.review.rules import moment_words
from tipline.web.guards import serves
from tipline.web.page import page

PURPOSE: Final = "comparison in the media review"


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two: `name` is `left` or `right`; `film` is what a player plays, `frame` the still shown large."""

    name: str
    head: reads.FileHead
    film: UUID | None
    frames: list[FrameView]
    frame: FrameView | None
    at: str


@get("/review/compare", opt=serves(*roles_with(Right.READ_TIPS)), include_in_schema=False)
async def compare(
    request: Request[Any, Any, Any], custody: NamedDependency[Custody], clock: NamedDependency[Clock]
) -> Template:
    """Show two files beside each other; `?left=` and `?right=` name them, `left_at` and `right_at` their moments."""
    officer, asked = signed_in(request), request.query_params
    wanted = {name: _id(asked.get(name, "")) for name in ("left", "right")}
    heads = await reads.read_heads([one for one in wanted.values() if one is not None])
    sides = []
    for name, file in wanted.items():
        head = heads.get(file) if file is not None else None
        if head is None:
            continue
        await enter(
            AuditAct.VIEWED, AuditSubject.TIP, head.row["tip"], by=officer.id, purpose="/review/compare", now=clock()
        )
        if head.is_sealed:
            item = await custody.sealed_item(head.row["item"])
            await note_view(item, badge_number=officer.badge_number, custody=custody, now=clock(), purpose=PURPOSE)
        view = await reads.read_review(head, officer=officer.id)
        frame = chosen_frame(view.frames, moment_asked(asked.get(f"{name}_at", "")))
        at = moment_words(frame.at_ms) if frame else ""
        sides.append(Side(name, head, view.film, view.frames, frame, at))
    first = sides[0].head.row["id"] if sides else None
    return page(
        request,
        "review/compare.html",
        sides=sides,
        wanted=wanted,
        beside=await files_beside(first, of=officer) if first else [],
        moment_words=moment_words,
    )


def _id(words: str) -> UUID | None:
    try:
        return UUID(words)
    except ValueError:
        return None


HANDLERS: Final = [compare]

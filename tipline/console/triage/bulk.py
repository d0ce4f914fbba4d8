"""One decision on many tips: each is a deed of its own, so that one that was overtaken holds none of the others up."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from tipline.errors import Overtaken, Refused, TiplineError
from tipline.intake.decisions import accept_tip, decline_tip
from tipline.intake.tables import DeclineReason, Tip, TipState
from tipline.intake.triage.errors import TipNotFound
from tipline.intake.triage.handling import assign_tip, snooze_tip
from tipline.intake.triage.remarks import add_tag
from tipline.intake.triage.rules import Snooze, snoozed_until

MOST_AT_ONCE: Final = 200


class BulkDeed(StrEnum):
    """What can be done with many tips at once."""

    ACCEPT = "accept"
    DECLINE = "decline"
    SNOOZE = "snooze"
    ASSIGN = "assign"
    TAG = "tag"


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkWish:
    """The deed and what it needs; what it does not need is left alone."""

    deed: BulkDeed
    reason: DeclineReason = DeclineReason.OTHER
    snooze: Snooze = Snooze.TOMORROW
    assignee: UUID | None = None
    tag: str = ""


@dataclass(frozen=True, slots=True)
class Picked:
    """A tip that was ticked, and the state in which the officer saw it."""

    tip: UUID
    seen: TipState


@dataclass(frozen=True, slots=True)
class BulkResult:
    """What became of one tip; `refusal` is None where the deed was done."""

    tip: UUID
    alias: str
    refusal: TiplineError | None


async def decide_many(picked: Sequence[Picked], wish: BulkWish, *, officer: UUID, now: datetime) -> list[BulkResult]:
    """Do one deed on up to 200 tips, one after the other, and return what became of each, in the order given."""
    asked = list(dict.fromkeys(picked))[:MOST_AT_ONCE]
    names = {
        row["id"]: row["alias"]
        for row in await Tip.select(Tip.id, Tip.alias).where(Tip.id.is_in([one.tip for one in asked] or [officer]))
    }
    results = []
    for one in asked:
        refusal: TiplineError | None = None
        try:
            await _deed(one, wish, officer=officer, now=now)
        except (Overtaken, Refused, TipNotFound) as problem:
            refusal = problem
        results.append(BulkResult(one.tip, names.get(one.tip, ""), refusal))
    return results


def _deed(one: Picked, wish: BulkWish, *, officer: UUID, now: datetime) -> Awaitable[object]:
    deeds: dict[BulkDeed, Callable[[], Awaitable[object]]] = {
        BulkDeed.ACCEPT: lambda: accept_tip(one.tip, officer=officer, now=now, seen=one.seen),
        BulkDeed.DECLINE: lambda: decline_tip(one.tip, wish.reason, officer=officer, now=now, seen=one.seen),
        BulkDeed.SNOOZE: lambda: snooze_tip(one.tip, snoozed_until(wish.snooze, now), officer=officer, now=now),
        BulkDeed.ASSIGN: lambda: assign_tip(one.tip, wish.assignee, officer=officer, now=now),
        BulkDeed.TAG: lambda: add_tag(one.tip, wish.tag, officer=officer, now=now),
    }
    return deeds[wish.deed]()

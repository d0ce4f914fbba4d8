from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from piccolo.columns import Column

from tests import make
from tests.make import NOON
from tests.platform import Platform, as_role
from tipline.accounts.tables import OfficerRole
from tipline.intake.decisions import accept_tip, decline_tip
from tipline.intake.tables import DeclineReason, Tip, TipState
from tipline.intake.triage.handling import snooze_tip
from tipline.intake.triage.likeness import Likeness
from tipline.intake.triage.resurfacing import resurface_like
from tipline.intake.triage.similar import similar_tips
from tipline.intake.triage.tables import TipEvent
from tipline.settings import Role

LATER = NOON + timedelta(hours=1)
TOMORROW = NOON + timedelta(days=1)


async def told(received_at: Any = NOON, **more: Any) -> Tip:
    tip = await make.tip(received_at=received_at)
    if more:
        await Tip.update(dict[Column | str, Any](more.items())).where(Tip.id == tip.id)
    return tip


async def with_file(tip: Tip, sha256: str) -> None:
    item = await make.item(tip.id, sha256=sha256)
    file = await make.tip_file(tip, item)
    await make.hint(file, item, "鲁P77777")


async def surfaced(tip: Tip) -> Any:
    return (await Tip.select(Tip.surfaced_at, Tip.state).where(Tip.id == tip.id))[0]


async def test_tips_alike_are_found_by_file_plate_reading_and_place(database: Platform) -> None:
    tip = await told(plate_text="鲁P12345", happened_from=NOON, place_text="人和路与金城路口")
    await with_file(tip, "a" * 64)
    fits = await told(plate_text="1?345")
    near = await told(happened_from=LATER, place_text="人和路与金城路口")
    await with_file(same_file := await told(), "a" * 64)
    read = await told(plate_text="鲁P77777")
    await told(plate_text="鲁P12399", happened_from=TOMORROW, place_text="人和路与金城路口")
    as_role(database, Role.STAFF)

    found = await similar_tips(tip.id)

    assert [(one.row["id"], one.likenesses) for one in found] == [
        (same_file.id, [Likeness.SAME_FILE, Likeness.SAME_PLATE]),
        (read.id, [Likeness.SAME_PLATE]),
        (fits.id, [Likeness.PLATE_FITS]),
        (near.id, [Likeness.NEAR]),
    ]
    assert await similar_tips(UUID(int=5)) == []


async def test_a_new_tip_brings_back_what_is_like_it_and_was_put_off_or_declined(database: Platform) -> None:
    officer = await make.officer(role=OfficerRole.INTAKE_OFFICER)
    snoozed, declined, accepted, unlike = [await told(plate_text="鲁P12345") for _ in range(3)] + [await told()]
    for one in (snoozed, unlike):
        await snooze_tip(one.id, TOMORROW, officer=officer.id, now=NOON)
    await decline_tip(declined.id, DeclineReason.OTHER, officer=officer.id, now=NOON)
    await accept_tip(accepted.id, officer=officer.id, now=NOON)
    new = await told(received_at=LATER, plate_text="鲁P1?345")
    as_role(database, Role.WORKER)

    brought = await resurface_like(new.id, now=LATER)
    again = await resurface_like(new.id, now=LATER)

    as_role(database, Role.STAFF)
    assert (set(brought), again) == ({snoozed.id, declined.id}, [])
    assert await surfaced(snoozed) == {"surfaced_at": LATER, "state": "received"}
    assert await surfaced(declined) == {"surfaced_at": LATER, "state": "declined"}
    assert (await surfaced(unlike))["surfaced_at"] == TOMORROW
    events = await TipEvent.select(TipEvent.officer).where(TipEvent.deed == "resurfaced")
    assert events == [{"officer": None}, {"officer": None}]


async def test_what_came_up_again_is_declined_again_and_stays_down(database: Platform) -> None:
    officer = await make.officer(role=OfficerRole.INTAKE_OFFICER)
    declined = await told(plate_text="鲁P12345")
    await decline_tip(declined.id, DeclineReason.OTHER, officer=officer.id, now=NOON)
    new = await told(received_at=LATER, plate_text="鲁P12345")
    await resurface_like(new.id, now=LATER)

    await decline_tip(declined.id, DeclineReason.OTHER, officer=officer.id, now=TOMORROW, seen=TipState.DECLINED)
    brought = await resurface_like(new.id, now=TOMORROW)

    assert brought == []
    assert await surfaced(declined) == {"surfaced_at": None, "state": "declined"}


async def test_a_tip_that_came_before_the_decision_brings_nothing_back(database: Platform) -> None:
    officer = await make.officer(role=OfficerRole.INTAKE_OFFICER)
    old, declined = await told(plate_text="鲁P12345"), await told(plate_text="鲁P12345")
    await decline_tip(declined.id, DeclineReason.OTHER, officer=officer.id, now=LATER)

    assert await resurface_like(old.id, now=TOMORROW) == []

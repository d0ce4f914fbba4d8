from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests import make
from tests.make import NOON
from tests.platform import Platform, as_role
from tipline.accounts.tables import Officer, OfficerRole
from tipline.intake.decisions import accept_tip, decline_tip, mark_duplicate
from tipline.intake.tables import DeclineReason, Tip, TipState
from tipline.intake.triage.errors import (
    AssigneeUnknown,
    DeedNotFound,
    DeedOfAnother,
    DeedOvertaken,
    DeedStays,
    DuplicateOfItself,
    NoteUnfit,
    SnoozeEnded,
    TagUnfit,
    TipDecided,
    TipNotFound,
)
from tipline.intake.triage.handling import assign_tip, snooze_tip, undo
from tipline.intake.triage.remarks import add_note, add_tag, remove_tag
from tipline.intake.triage.tables import TipDeed, TipEvent, TipNote, TipTag
from tipline.settings import Role

LATER = NOON + timedelta(minutes=5)


async def standing(tip: Tip) -> dict[str, Any]:
    row = await Tip.select().where(Tip.id == tip.id).first()
    assert row is not None
    return row


async def deeds_on(tip: Tip) -> list[str]:
    return (
        await TipEvent.select(TipEvent.deed)
        .where(TipEvent.tip == tip.id)
        .order_by(TipEvent.number)
        .output(as_list=True)
    )


async def intake_officer() -> Officer:
    return await make.officer(role=OfficerRole.INTAKE_OFFICER)


async def test_every_deed_is_one_row_with_who_when_and_from_what_to_what(database: Platform) -> None:
    officer, tip = await intake_officer(), await make.tip()
    as_role(database, Role.STAFF)

    await decline_tip(tip.id, DeclineReason.OTHER, officer=officer.id, now=NOON)
    await accept_tip(tip.id, officer=officer.id, now=LATER, seen=TipState.DECLINED)
    await add_tag(tip.id, " #夜间 ", officer=officer.id, now=LATER)
    await add_note(tip.id, "已致电核实", officer=officer.id, now=LATER)
    await remove_tag(tip.id, "夜间", officer=officer.id, now=LATER)

    assert await deeds_on(tip) == ["declined", "accepted", "tagged", "noted", "untagged"]
    second = (await TipEvent.select().where((TipEvent.tip == tip.id) & (TipEvent.number == 2)))[0]
    before, after = json.loads(second["changed_from"]), json.loads(second["changed_to"])
    assert (second["officer"], second["happened_at"]) == (officer.id, LATER)
    assert (before["state"], before["decline_reason"], after["state"]) == ("declined", "other", "accepted")
    assert await TipTag.count() == 0
    assert await TipNote.select(TipNote.text, TipNote.author) == [{"text": "已致电核实", "author": officer.id}]


@pytest.mark.parametrize("statement", ["UPDATE tip_event SET number = 9", "DELETE FROM tip_event"])
async def test_a_deed_can_be_changed_or_removed_by_nobody(database: Platform, statement: str) -> None:
    officer, tip = await intake_officer(), await make.tip()
    await accept_tip(tip.id, officer=officer.id, now=NOON)

    with pytest.raises(Exception, match="append-only"):
        await TipEvent.raw(statement)
    as_role(database, Role.STAFF)
    with pytest.raises(Exception, match="permission denied"):
        await TipEvent.raw(statement)


async def test_a_duplicate_stays_kept_and_names_the_tip_that_speaks_for_it(database: Platform) -> None:
    officer = await intake_officer()
    first, second, third = [await make.tip() for _ in range(3)]
    as_role(database, Role.STAFF)

    await mark_duplicate(second.id, first.id, officer=officer.id, now=NOON)
    await mark_duplicate(third.id, second.id, officer=officer.id, now=LATER)
    with pytest.raises(DuplicateOfItself):
        await mark_duplicate(first.id, third.id, officer=officer.id, now=LATER)
    with pytest.raises(DuplicateOfItself):
        await mark_duplicate(first.id, first.id, officer=officer.id, now=LATER)
    with pytest.raises(TipNotFound):
        await mark_duplicate(first.id, uuid4(), officer=officer.id, now=LATER)

    assert [(await standing(one))["duplicate_of"] for one in (second, third)] == [first.id, first.id]
    assert (await standing(first))["state"] == "received"


async def test_tips_marked_as_duplicates_of_each_other_at_once_close_no_circle(database: Platform) -> None:
    officer = await intake_officer()
    tips = [await make.tip() for _ in range(4)]
    as_role(database, Role.STAFF)

    await asyncio.gather(
        *(
            mark_duplicate(tip.id, other.id, officer=officer.id, now=NOON)
            for tip, other in zip(tips, [*tips[1:], tips[0]], strict=True)
        ),
        return_exceptions=True,
    )

    states = [(await standing(tip))["state"] for tip in tips]
    assert states.count("duplicate") == 3


async def test_a_snooze_ends_at_its_moment_and_only_an_open_tip_is_put_off(database: Platform) -> None:
    officer = await intake_officer()
    tip, decided = await make.tip(), await make.tip()
    as_role(database, Role.STAFF)
    await accept_tip(decided.id, officer=officer.id, now=NOON)

    await snooze_tip(tip.id, LATER, officer=officer.id, now=NOON)
    with pytest.raises(SnoozeEnded):
        await snooze_tip(tip.id, NOON, officer=officer.id, now=NOON)
    with pytest.raises(TipDecided) as late:
        await snooze_tip(decided.id, LATER, officer=officer.id, now=NOON)

    assert (await standing(tip))["surfaced_at"] == LATER
    assert (late.value.by_badge, late.value.state) == (officer.badge_number, TipState.ACCEPTED)


async def test_a_tip_is_put_into_the_hands_of_an_officer_who_decides_on_tips(database: Platform) -> None:
    officer, auditor = await intake_officer(), await make.officer(role=OfficerRole.AUDITOR)
    tip = await make.tip()
    as_role(database, Role.STAFF)

    await assign_tip(tip.id, officer.id, officer=officer.id, now=NOON)
    for nobody in (auditor.id, uuid4()):
        with pytest.raises(AssigneeUnknown):
            await assign_tip(tip.id, nobody, officer=officer.id, now=NOON)

    assert (await standing(tip))["assigned_to"] == officer.id


@pytest.mark.parametrize("deed", ["accept", "decline", "duplicate", "snooze", "assign"])
async def test_taking_a_deed_back_is_a_deed_and_leaves_the_tip_as_before(database: Platform, deed: str) -> None:
    officer, tip, other = await intake_officer(), await make.tip(), await make.tip()
    as_role(database, Role.STAFF)
    before = await standing(tip)
    done: UUID = await {
        "accept": lambda: accept_tip(tip.id, officer=officer.id, now=NOON),
        "decline": lambda: decline_tip(tip.id, DeclineReason.OTHER, officer=officer.id, now=NOON),
        "duplicate": lambda: mark_duplicate(tip.id, other.id, officer=officer.id, now=NOON),
        "snooze": lambda: snooze_tip(tip.id, LATER, officer=officer.id, now=NOON),
        "assign": lambda: assign_tip(tip.id, officer.id, officer=officer.id, now=NOON),
    }[deed]()
    changed = await standing(tip)

    await undo(done, officer=officer.id, now=LATER)
    with pytest.raises(DeedOvertaken) as twice:
        await undo(done, officer=officer.id, now=LATER)

    assert changed != before
    assert await standing(tip) == before
    assert (await deeds_on(tip))[-1] == "undone"
    assert twice.value.state == TipDeed.UNDONE


async def test_a_deed_that_a_colleague_went_on_from_is_not_taken_back(database: Platform) -> None:
    officer, colleague, tip = await intake_officer(), await intake_officer(), await make.tip()
    as_role(database, Role.STAFF)
    declined = await decline_tip(tip.id, DeclineReason.OTHER, officer=officer.id, now=NOON)
    await assign_tip(tip.id, colleague.id, officer=colleague.id, now=NOON)
    accepted = await accept_tip(tip.id, officer=colleague.id, now=LATER, seen=TipState.DECLINED)

    with pytest.raises(DeedOvertaken) as late:
        await undo(declined, officer=officer.id, now=LATER)
    with pytest.raises(DeedOfAnother):
        await undo(accepted, officer=officer.id, now=LATER)
    await undo(accepted, officer=colleague.id, now=LATER)
    await undo(declined, officer=officer.id, now=LATER)

    assert (late.value.by_badge, late.value.at, late.value.state) == (colleague.badge_number, LATER, TipDeed.ACCEPTED)
    assert ((await standing(tip))["state"], (await standing(tip))["assigned_to"]) == ("received", colleague.id)


async def test_a_note_or_an_unknown_deed_is_not_taken_back(database: Platform) -> None:
    officer, tip = await intake_officer(), await make.tip()
    await add_note(tip.id, "备注", officer=officer.id, now=NOON)
    [noted] = await TipEvent.select(TipEvent.id).output(as_list=True)

    with pytest.raises(DeedStays):
        await undo(noted, officer=officer.id, now=NOON)
    with pytest.raises(DeedNotFound):
        await undo(uuid4(), officer=officer.id, now=NOON)


async def test_of_an_undo_and_a_colleagues_decision_at_the_same_moment_nothing_is_lost(database: Platform) -> None:
    officer, colleague, tip = await intake_officer(), await intake_officer(), await make.tip()
    as_role(database, Role.STAFF)
    declined = await decline_tip(tip.id, DeclineReason.OTHER, officer=officer.id, now=NOON)

    undone, accepted = await asyncio.gather(
        undo(declined, officer=officer.id, now=LATER),
        accept_tip(tip.id, officer=colleague.id, now=LATER, seen=TipState.DECLINED),
        return_exceptions=True,
    )

    won = [one for one in (undone, accepted) if isinstance(one, UUID)]
    told = [one for one in (undone, accepted) if isinstance(one, DeedOvertaken | TipDecided)]
    assert (len(won), len(told)) == (1, 1)
    assert told[0].by_badge == (colleague if isinstance(accepted, UUID) else officer).badge_number
    assert (await standing(tip))["state"] == ("accepted" if isinstance(accepted, UUID) else "received")
    assert len(await deeds_on(tip)) == 2


async def test_many_deeds_at_once_get_each_a_number_of_its_own(database: Platform) -> None:
    officer, tip = await intake_officer(), await make.tip()
    as_role(database, Role.STAFF)

    await asyncio.gather(*(add_tag(tip.id, f"标签{number}", officer=officer.id, now=NOON) for number in range(8)))

    numbers = await TipEvent.select(TipEvent.number).order_by(TipEvent.number).output(as_list=True)
    assert numbers == [1, 2, 3, 4, 5, 6, 7, 8]


@pytest.mark.parametrize("text", ["", " # ", "长" * 41])
async def test_what_is_no_tag_and_no_note_is_refused(database: Platform, text: str) -> None:
    officer, tip = await intake_officer(), await make.tip()

    with pytest.raises(TagUnfit):
        await add_tag(tip.id, text, officer=officer.id, now=NOON)
    with pytest.raises(NoteUnfit):
        await add_note(tip.id, "" if len(text) < 40 else text * 200, officer=officer.id, now=NOON)

    assert await TipEvent.count() == 0

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from evidence.tables import EvidenceItem
from tests import make
from tests.make import NOON
from tests.platform import Platform, as_role
from tests.tipline.staff import LATER, desk_of
from tests.tipline.visitor import rows
from tipline.accounts.tables import Officer
from tipline.cases.screening.reads import possible_bases
from tipline.console.cases import media_of_tips
from tipline.errors import Invalid
from tipline.intake.errors import FileDecided, FileUnknown
from tipline.intake.file_decisions import decide_file
from tipline.intake.review.reads import hints_that_count
from tipline.intake.tables import FileDecision, FileDeclineReason, Tip, TipFile
from tipline.settings import Role


async def tip_with_a_photo() -> tuple[Officer, Tip, TipFile]:
    officer = await make.officer()
    tip = await make.tip()
    return officer, tip, await make.tip_file(tip, await make.item(tip.id))


async def decide(
    tip: UUID, file: UUID, decision: FileDecision, by: Officer, seen: FileDecision = FileDecision.UNDECIDED
) -> None:
    reason = FileDeclineReason.NOTHING_TO_SEE if decision == FileDecision.DECLINED else None
    await decide_file(tip, file, decision, officer=by.id, seen=seen, now=LATER, reason=reason)


async def test_a_file_left_aside_stays_sealed_but_stands_in_no_case(database: Platform) -> None:
    officer, tip, file = await tip_with_a_photo()
    other = await make.tip_file(tip, await make.item(tip.id), position=2)
    for of, value in ((file, "鲁P39K51"), (other, "鲁P39K52")):
        item = await EvidenceItem.objects().get(EvidenceItem.id == of.item)
        assert item is not None
        await make.hint(of, await make.derived(item), value)
    case = await make.case(lead=officer)
    await make.link(tip, case, by=officer)
    as_role(database, Role.STAFF)

    await decide(tip.id, file.id, FileDecision.DECLINED, officer)

    counting = await hints_that_count(tip.id)
    items, _ = await possible_bases(case.id)
    media = await media_of_tips([tip.id])
    [kept] = await rows(database, "SELECT state FROM evidence_item WHERE id = $1", file.item)
    assert [one["id"] for one in items] == [one["item"] for one in media[tip.id]] == [other.item]
    assert kept["state"] == "sealed"
    assert [one["value"] for one in counting] == ["鲁P39K52"]
    [row] = await rows(database, "SELECT * FROM tip_file WHERE id = $1", file.id)
    assert (row["decision"], row["decline_reason"], row["decided_by"], row["decided_at"]) == (
        *("declined", "nothing_to_see"),
        *(officer.id, LATER),
    )
    assert [one["job"] for one in await rows(database, "SELECT job FROM work")] == ["workers.linking.suggest_cases"]
    [entry] = await rows(database, "SELECT subject, facts FROM audit_entry")
    assert entry["subject"] == file.item
    assert '"to": "declined"' in entry["facts"]


async def test_of_two_officers_the_second_is_told_who_decided(database: Platform) -> None:
    officer, tip, file = await tip_with_a_photo()
    second = await make.officer()
    as_role(database, Role.STAFF)
    await decide(tip.id, file.id, FileDecision.ACCEPTED, officer)

    with pytest.raises(FileDecided) as told:
        await decide(tip.id, file.id, FileDecision.DECLINED, second)

    assert (told.value.state, told.value.by_badge, told.value.at) == ("accepted", officer.badge_number, LATER)
    assert await rows(database, "SELECT 1 FROM tip_file WHERE decision = 'declined'") == []


async def test_a_decision_is_changed_and_opened_again_by_who_sees_it(database: Platform) -> None:
    officer, tip, file = await tip_with_a_photo()
    as_role(database, Role.STAFF)

    await decide(tip.id, file.id, FileDecision.ACCEPTED, officer)
    await decide(tip.id, file.id, FileDecision.DECLINED, officer, seen=FileDecision.ACCEPTED)
    await decide(tip.id, file.id, FileDecision.UNDECIDED, officer, seen=FileDecision.DECLINED)

    [row] = await rows(database, "SELECT decision, decline_reason, decided_by, decided_at FROM tip_file")
    assert tuple(row.values()) == ("undecided", None, None, None)
    assert len(await rows(database, "SELECT id FROM audit_entry")) == 3


async def test_a_file_of_another_tip_and_no_reason_are_refused(database: Platform) -> None:
    officer, tip, file = await tip_with_a_photo()
    as_role(database, Role.STAFF)

    with pytest.raises(FileUnknown):
        await decide(uuid4(), file.id, FileDecision.ACCEPTED, officer)
    with pytest.raises(Invalid):
        await decide_file(
            tip.id, file.id, FileDecision.DECLINED, officer=officer.id, seen=FileDecision.UNDECIDED, now=NOON
        )


async def test_the_page_decides_shows_who_and_answers_a_stale_decision_with_409(database: Platform) -> None:
    officer, tip, file = await tip_with_a_photo()
    address = f"/tips/{tip.id}/files/{file.id}/decision"

    async with desk_of(database, officer) as desk:
        no_reason = await desk.post(address, {"seen": "undecided", "decision": "declined"})
        taken = await desk.post(address, {"seen": "undecided", "decision": "accepted"})
        page = (await desk.get(f"/tips/{tip.id}")).text
        stale = await desk.post(address, {"seen": "undecided", "decision": "accepted"})
        nonsense = await desk.post(address, {"seen": "undecided", "decision": "eaten"})

    assert [one.status_code for one in (no_reason, taken, stale, nonsense)] == [422, 303, 409, 422]
    assert f'href="#reason-{file.id}"' in no_reason.text
    assert "采用为证据材料" in page
    assert officer.badge_number in page
    assert "先行审定" in stale.text

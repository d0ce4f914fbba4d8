from __future__ import annotations

import re
from datetime import timedelta

import pytest

from tests import make
from tests.make import NOON
from tests.platform import Platform, as_role
from tests.tipline.staff import LATER, desk_of, session
from tipline.accounts.tables import OfficerRole
from tipline.console.triage.reads import read_inbox, read_searches, searches_of
from tipline.console.triage.wishes import InboxWish, wish_of_query
from tipline.database import engine
from tipline.intake.decisions import accept_tip, decline_tip, mark_duplicate
from tipline.intake.tables import DeclineReason, Tip
from tipline.intake.triage.errors import SearchUnfit
from tipline.intake.triage.handling import assign_tip, snooze_tip
from tipline.intake.triage.own import forget_search, mark_seen, save_search
from tipline.intake.triage.remarks import add_tag
from tipline.intake.triage.tables import TipSeen
from tipline.settings import Role

OF = make.READS_EVERY_CASE


async def ids(wish: InboxWish) -> list[object]:
    page = await read_inbox(wish, of=OF, now=LATER)
    assert page.found == len(page.tips)
    return [row["id"] for row in page.tips]


async def test_what_is_put_off_leaves_the_queue_until_its_moment_and_then_comes_first(database: Platform) -> None:
    officer = await make.officer(role=OfficerRole.INTAKE_OFFICER)
    older, newer, off = [await make.tip(received_at=NOON + timedelta(minutes=minute)) for minute in (1, 2, 0)]
    await snooze_tip(off.id, LATER + timedelta(hours=1), officer=officer.id, now=NOON)
    await snooze_tip(older.id, LATER - timedelta(minutes=1), officer=officer.id, now=NOON)

    assert await ids(InboxWish()) == [older.id, newer.id]
    assert await ids(InboxWish(state="snoozed")) == [off.id]


async def test_a_declined_tip_that_came_up_again_stands_in_the_queue_and_among_the_declined(database: Platform) -> None:
    officer = await make.officer(role=OfficerRole.INTAKE_OFFICER)
    declined, quiet = await make.tip(), await make.tip()
    for tip in (declined, quiet):
        await decline_tip(tip.id, DeclineReason.OTHER, officer=officer.id, now=NOON)
    await Tip.update({Tip.surfaced_at: LATER}).where(Tip.id == declined.id)

    assert await ids(InboxWish()) == [declined.id]
    assert set(await ids(InboxWish(state="declined"))) == {declined.id, quiet.id}


async def test_tags_hands_and_what_one_has_not_looked_at_narrow_the_list(database: Platform) -> None:
    officer = await make.officer(role=OfficerRole.INTAKE_OFFICER)
    tagged, mine, plain = [await make.tip() for _ in range(3)]
    await add_tag(tagged.id, "夜间", officer=officer.id, now=NOON)
    await Tip.update({Tip.assigned_to: officer.id}).where(Tip.id == mine.id)
    await mark_seen(plain.id, officer=officer.id, now=LATER)
    await mark_seen(tagged.id, officer=(await make.officer()).id, now=LATER)

    async def of_officer(wish: InboxWish) -> set[object]:
        return {
            row["id"]
            for row in (await read_inbox(wish, of=make.Reads(officer.role, officer.id, officer.unit), now=LATER)).tips
        }

    assert await of_officer(InboxWish(tag="夜间")) == {tagged.id}
    assert await of_officer(InboxWish(is_mine=True)) == {mine.id}
    assert await of_officer(InboxWish(is_unread=True)) == {tagged.id, mine.id}


async def test_files_of_a_duplicate_count_with_the_tip_that_speaks_for_it(database: Platform) -> None:
    officer = await make.officer(role=OfficerRole.INTAKE_OFFICER)
    first, second = await make.tip(), await make.tip()
    for tip in (first, second):
        await make.tip_file(tip, await make.item(tip.id))
    await mark_duplicate(second.id, first.id, officer=officer.id, now=NOON)
    await make.link(second, case := await make.case(), by=officer)

    [row] = (await read_inbox(InboxWish(), of=OF, now=LATER)).tips

    assert (row["id"], row["photos"], row["duplicates"], row["linked_number"]) == (first.id, 2, 1, case.number)
    async with desk_of(database, officer) as desk:
        shown = await desk.get(f"/tips/{first.id}")
        duplicate = await desk.get(f"/tips/{second.id}")
    assert f'href="/tips/{second.id}"' in shown.text
    assert f'href="/tips/{first.id}"' in duplicate.text


async def test_saved_searches_are_an_officers_own_with_their_counts(database: Platform) -> None:
    officer, other = await make.officer(), await make.officer()
    await make.tip("白色货车")
    await make.tip("黑色轿车")
    for name, query in (("货车", "state=&q=货车"), ("待办", "state=received")):
        await save_search(name, query, officer=officer.id, now=NOON)
    with pytest.raises(SearchUnfit):
        await save_search("货车", "state=", officer=officer.id, now=NOON)
    [theirs] = [await searches_of(other.id)]
    rows = await searches_of(officer.id)
    wishes = {row["id"]: wish_of_query(row["query"]) for row in rows}

    found = await read_searches(wishes, officer=officer.id, now=LATER)
    await forget_search(rows[0]["id"], officer=other.id)

    assert theirs == []
    assert {row["name"]: found[row["id"]] for row in rows} == {"货车": 1, "待办": 2}
    assert len(await searches_of(officer.id)) == 2


async def test_looking_at_a_preview_marks_the_tip_as_seen_by_that_officer_alone(database: Platform) -> None:
    officer, colleague = await make.officer(), await make.officer()
    tip = await make.tip()
    token = await session(colleague)

    async with desk_of(database, officer) as desk:
        before = await desk.get("/inbox")
        shown = await desk.get(f"/tips/{tip.id}/preview")
        after = await desk.get("/inbox")
        desk.sign_in(token)
        theirs = await desk.get("/inbox")

    assert shown.status_code == 200
    assert [page.text.count('class="unread"') for page in (before, after, theirs)] == [1, 0, 1]
    assert await TipSeen.select(TipSeen.officer, TipSeen.seen_at) == [{"officer": officer.id, "seen_at": LATER}]


async def test_the_page_of_the_inbox_asks_the_database_as_often_for_fifty_tips_as_for_one(
    database: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    officer, case = await make.officer(), await make.case()
    await save_search("全部", "state=", officer=officer.id, now=NOON)
    asked: list[str] = []
    run = engine().run_querystring

    async def counted(querystring: object, *, in_pool: bool = True) -> object:
        asked.append(str(querystring))
        return await run(querystring, in_pool=in_pool)  # type: ignore[arg-type]  # passed on as it came

    async def full_tip() -> None:
        tip = await make.tip()
        await make.suggestion(tip, case)
        await make.tip_file(tip, await make.item(tip.id))
        await add_tag(tip.id, "夜间", officer=officer.id, now=NOON)

    async def queries() -> int:
        async with desk_of(database, officer) as desk:
            asked.clear()
            monkeypatch.setattr(engine(), "run_querystring", counted)
            page = await desk.get("/inbox?q=货车")
            monkeypatch.undo()
        assert page.status_code == 200
        assert len(re.findall("<tr data-tip", page.text)) == await Tip.count()
        return len(asked)

    await full_tip()
    for_one = await queries()
    as_role(database, Role.OWNER)
    for _ in range(49):
        await full_tip()

    assert for_one == await queries()
    assert for_one < 20


async def test_a_tip_accepted_meanwhile_is_told_in_the_row_with_who_when_and_what(database: Platform) -> None:
    officer, colleague = await make.officer(), await make.officer(role=OfficerRole.INTAKE_OFFICER)
    tip = await make.tip()
    await accept_tip(tip.id, officer=colleague.id, now=NOON)

    async with desk_of(database, officer) as desk:
        late = await desk.post(
            f"/tips/{tip.id}/decline", {"seen": "received", "reason": "other"}, headers={"X-Fragment": "row"}
        )

    assert late.status_code == 409
    for fact in (colleague.full_name, colleague.badge_number, "2021年6月1日 12:00", "受理该线索"):
        assert fact in late.text
    assert 'data-state="accepted"' in late.text


async def test_each_deed_of_the_inbox_answers_with_its_row_and_is_taken_back_by_its_officer(
    database: Platform,
) -> None:
    officer = await make.officer()
    tip, other, case = await make.tip(), await make.tip(), await make.case(lead=officer)
    forms = {
        "accept": {"seen": "received"},
        "decline": {"seen": "received", "reason": "other"},
        "duplicate": {"seen": "received", "of": str(other.id)},
        "snooze": {"for": "tomorrow"},
        "assign": {"officer": str(officer.id)},
        "links": {"case": str(case.id)},
    }
    done, undone = {}, {}

    async with desk_of(database, officer) as desk:
        for deed, form in forms.items():
            answer = await desk.post(f"/tips/{tip.id}/{deed}", form, headers={"X-Fragment": "row"})
            done[deed] = answer.status_code
            [event] = re.findall(r'data-undo="([0-9a-f-]+)"', answer.text)
            back = await desk.post(f"/deeds/{event}/undo", headers={"X-Fragment": "row"})
            undone[deed] = (back.status_code, re.findall(r'data-state="(\w+)"', back.text))

    assert set(done.values()) == {200}
    assert set(map(str, undone.values())) == {str((200, ["received"]))}


async def test_a_snooze_into_the_past_is_refused_in_words_and_without_a_script_on_the_page(database: Platform) -> None:
    officer, tip = await make.officer(), await make.tip()
    past = {"for": "", "until": "2020-01-01T08:00"}

    async with desk_of(database, officer) as desk:
        by_script = await desk.post(f"/tips/{tip.id}/snooze", past, headers={"X-Fragment": "row"})
        by_form = await desk.post(f"/tips/{tip.id}/snooze", past)
        no_other = await desk.post(f"/tips/{tip.id}/duplicate", {"of": "nonsense"})

    assert [one.status_code for one in (by_script, by_form, no_other)] == [422, 422, 422]
    assert "请选择将来的时间" in by_script.text
    assert "请选择将来的时间" in by_form.text


async def test_many_tips_are_decided_at_once_and_each_is_told_by_itself(database: Platform) -> None:
    officer, colleague = await make.officer(), await make.officer(role=OfficerRole.INTAKE_OFFICER)
    tips = [await make.tip() for _ in range(3)]
    await decline_tip(tips[0].id, DeclineReason.OTHER, officer=colleague.id, now=NOON)
    ticked = [f"{tip.id}:received" for tip in tips] + ["nonsense"]

    async with desk_of(database, officer) as desk:
        accepted = await desk.post("/inbox/bulk", {"tip": ticked, "deed": "accept"})
        tagged = await desk.post("/inbox/bulk", {"tip": ticked, "deed": "tag", "tag": "成批"})
        no_reason = await desk.post("/inbox/bulk", {"tip": ticked, "deed": "decline", "reason": ""})

    assert accepted.status_code == tagged.status_code == 200
    assert colleague.full_name in accepted.text
    states = await Tip.select(Tip.state).where(Tip.id.is_in([tip.id for tip in tips])).output(as_list=True)
    assert sorted(states) == ["accepted", "accepted", "declined"]
    assert await ids(InboxWish(state="accepted", tag="成批")) != []
    assert no_reason.status_code == 422


async def test_single_keys_are_switched_off_for_one_officer(database: Platform) -> None:
    officer, colleague = await make.officer(), await make.officer()
    await make.tip()
    token = await session(colleague)

    async with desk_of(database, officer) as desk:
        off = await desk.post("/inbox/keys", {"keys": "off"})
        mine = await desk.get("/inbox")
        desk.sign_in(token)
        theirs = await desk.get("/inbox")

    assert off.status_code == 303
    assert ('data-keys="off"' in mine.text, 'data-keys="on"' in theirs.text) == (True, True)


async def test_the_tip_page_shows_its_history_and_takes_notes_that_the_public_never_sees(database: Platform) -> None:
    officer, tip = await make.officer(), await make.tip()
    await assign_tip(tip.id, officer.id, officer=officer.id, now=NOON)

    async with desk_of(database, officer) as desk:
        noted = await desk.post(f"/tips/{tip.id}/notes", {"note": "已致电核实"})
        empty = await desk.post(f"/tips/{tip.id}/notes", {"note": " "})
        tagged = await desk.post(f"/tips/{tip.id}/tags", {"tag": "夜间"})
        shown = await desk.get(f"/tips/{tip.id}?tip_q=货车")

    assert [one.status_code for one in (noted, empty, tagged)] == [303, 422, 303]
    for words in ("已致电核实", "夜间", "分派", "写备注"):
        assert words in shown.text

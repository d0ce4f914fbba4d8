from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from evidence.tables import ItemState
from tests import make
from tests.make import NOON
from tests.platform import Platform
from tests.tipline.staff import LATER, desk_of
from tipline.accounts.tables import OfficerRole
from tipline.console.triage.reads import Inbox, read_inbox
from tipline.console.triage.wishes import InboxWish, wish_from, wish_of_query
from tipline.intake.tables import ExaminationState, TipState


async def seen_by_all(wish: InboxWish) -> Inbox:
    return await read_inbox(wish, of=make.READS_EVERY_CASE, now=LATER)


async def test_the_inbox_shows_a_new_tip_and_opens_its_page(database: Platform) -> None:
    officer = await make.officer(role=OfficerRole.INTAKE_OFFICER)
    tip = await make.tip("一辆白色货车撞人后逃逸")

    async with desk_of(database, officer) as desk:
        start = await desk.get("/")
        inbox = await desk.get("/inbox")
        opened = await desk.get(f"/tips/{tip.id}")

    assert start.headers["location"] == "/inbox"
    assert inbox.status_code == 200
    assert f'href="/tips/{tip.id}"' in inbox.text
    assert opened.status_code == 200
    assert "一辆白色货车撞人后逃逸" in opened.text


async def test_an_empty_inbox_says_what_to_do(database: Platform) -> None:
    officer = await make.officer(role=OfficerRole.INTAKE_OFFICER)

    async with desk_of(database, officer) as desk:
        inbox = await desk.get("/inbox")
        nothing_found = await desk.get("/inbox?q=无此车")

    assert "线索已全部处理" in inbox.text
    assert "没有符合筛选条件的线索" in nothing_found.text


async def test_tips_come_newest_first_fifty_a_page(database: Platform) -> None:
    tips = [await make.tip(received_at=NOON + timedelta(minutes=minute)) for minute in range(53)]

    first, second = [await seen_by_all(InboxWish(page=page)) for page in (1, 2)]

    assert [row["id"] for row in (*first.tips, *second.tips)] == [tip.id for tip in reversed(tips)]
    assert (len(first.tips), len(second.tips), first.found, first.page_count) == (50, 3, 53, 2)


async def test_a_tip_shows_its_strongest_suggestion_and_how_its_files_stand(database: Platform) -> None:
    tip = await make.tip()
    weak, strong = await make.case(), await make.case()
    await make.suggestion(tip, weak, match_weight=2.0)
    await make.suggestion(tip, strong, match_weight=11.5)
    await make.tip_file(tip, await make.item(tip.id), examination=ExaminationState.EXAMINED)
    await make.tip_file(tip, await make.item(tip.id), position=2, examination=ExaminationState.UNREADABLE)
    await make.tip_file(tip, await make.item(tip.id, state=ItemState.CHECKING), position=3)

    [row] = (await seen_by_all(InboxWish())).tips

    assert (row["case_number"], row["match_weight"], row["proposed"]) == (strong.number, 11.5, 2)
    assert (row["photos"], row["waiting"], row["unreadable"], row["damaged"]) == (3, 1, 1, 0)


async def test_filters_by_state_suggestion_and_words_narrow_and_count(database: Platform) -> None:
    plain, suggested = await make.tip("桥头的三轮车"), await make.tip("白色面包车")
    await make.suggestion(suggested, await make.case())

    with_suggestion = await seen_by_all(InboxWish(has_suggestion=True))
    by_words = await seen_by_all(InboxWish(words="三轮"))
    by_wildcard = await seen_by_all(InboxWish(words="%"))
    declined = await seen_by_all(InboxWish(state=TipState.DECLINED))

    assert [row["id"] for row in with_suggestion.tips] == [suggested.id]
    assert [row["id"] for row in by_words.tips] == [plain.id]
    assert (by_wildcard.tips, by_wildcard.found) == ([], 0)
    assert (declined.tips, declined.counts[TipState.RECEIVED]) == ([], 2)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, InboxWish()),
        ({"state": ""}, InboxWish(state="")),
        ({"state": "nonsense", "suggested": "yes", "q": " 鲁P ", "page": "-3"}, InboxWish(words="鲁P")),
        (
            {"state": "declined", "suggested": "1", "mine": "1", "unread": "1", "tag": "#夜间", "page": "7"},
            InboxWish(state="declined", has_suggestion=True, is_mine=True, is_unread=True, tag="夜间", page=7),
        ),
    ],
)
def test_an_address_that_cannot_be_understood_falls_back(asked: dict[str, str], expected: InboxWish) -> None:
    assert wish_from(asked) == expected
    assert wish_of_query(expected.query) == replace(expected, page=1)

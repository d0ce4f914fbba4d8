"""Asking again with the receipt code, and guessing at codes."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.make import NOON
from tests.platform import Platform
from tests.tipline.visitor import Visitor, code_in, photo, public_face, rows
from tipline.intake import access
from tipline.intake.receipts import with_check_digits


def another_code(code: str, number: int = 1) -> str:
    """Return a well-formed code of the same locator that nobody has."""
    first = int(code.replace("-", "")[:14])
    return with_check_digits(first // 10**10 * 10**10 + (first + number) % 10**10).shown


async def test_the_code_opens_the_tip_in_another_browser(database: Platform) -> None:
    async with public_face(database) as first:
        code = code_in(await first.send())
    async with public_face(database) as second:
        opened = await second.open_tip(f" {code.replace('-', ' ')} ")
        page = await second.get("/tips/mine")

    assert opened.status_code == 303
    assert opened.headers["location"] == "/tips/mine"
    assert code not in str(opened.headers)
    assert page.status_code == 200
    assert "我的线索" in page.text


async def test_a_typo_is_told_apart_from_no_such_tip(database: Platform, visitor: Visitor) -> None:
    code = code_in(await visitor.send())
    await visitor.get("/")
    visitor.client.cookies.delete("tl_public_session")

    typo = await visitor.open_tip(code[:-1] + str((int(code[-1]) + 1) % 10))
    unknown = await visitor.open_tip(another_code(code))

    assert (typo.status_code, unknown.status_code) == (422, 404)
    assert "查询码有误" in typo.text
    assert "没有与此查询码对应的线索" in unknown.text
    assert [row["spent"] for row in await rows(database, "SELECT spent FROM try_budget")] == [1, 1]


async def test_wrong_codes_of_one_locator_run_out_and_come_back_after_an_hour(
    database: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access, "TRIES_A_LOCATOR", 3)
    now = NOON

    def clock() -> datetime:
        return now

    async with public_face(database, clock=clock) as visitor:
        code = code_in(await visitor.send_json({"story": "白色货车"}))
        wrong = [(await visitor.own(another_code(code, number))).status_code for number in range(1, 5)]
        right = await visitor.own(code)
        now = NOON + timedelta(minutes=61)
        later = await visitor.own(code)

    assert wrong == [404, 404, 404, 429]
    assert right.status_code == 429
    assert 0 < int(right.headers["retry-after"]) <= 3600
    assert later.status_code == 200


async def test_the_whole_system_has_a_budget_too(database: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "TRIES_IN_ALL", 2)
    async with public_face(database) as visitor:
        told = [
            (await visitor.own(with_check_digits(locator * 10**10 + 7).shown)).status_code for locator in (11, 22, 33)
        ]

    assert told == [404, 404, 429]


async def test_right_codes_use_no_budget(database: Platform, visitor: Visitor) -> None:
    code = code_in(await visitor.send_json({"story": "白色货车"}))

    answers = {(await visitor.own(code)).status_code for _ in range(access.TRIES_A_LOCATOR + 2)}

    assert answers == {200}
    assert {row["spent"] for row in await rows(database, "SELECT spent FROM try_budget")} == {0}


async def test_a_session_that_is_used_stays_open_and_one_left_alone_ends(database: Platform) -> None:
    now = NOON

    def clock() -> datetime:
        return now

    async with public_face(database, clock=clock) as visitor:
        await visitor.send()
        token = visitor.client.cookies["tl_public_session"]
        stays = []
        for minutes in (25, 50, 75, 106):
            now = NOON + timedelta(minutes=minutes)
            visitor.client.cookies.set("tl_public_session", token)
            stays.append((await visitor.get("/tips/mine")).status_code)

    assert stays == [200, 200, 200, 303]


async def test_the_status_of_the_investigators_is_told_in_four_words_only(database: Platform, visitor: Visitor) -> None:
    code = code_in(await visitor.send_json({"story": "白色货车"}))
    told = []
    admin = await database.admin()
    for state in ("received", "accepted", "declined"):
        await admin.execute("UPDATE tip SET state = $1", state)
        told.append((await visitor.own(code)).json()["status"])
    await admin.close()

    assert told == ["received", "in_work", "closed"]


async def test_the_sender_of_a_duplicate_is_told_how_the_tip_stands_that_speaks_for_it(
    database: Platform, visitor: Visitor
) -> None:
    codes = [code_in(await visitor.send_json({"story": f"白色货车 {number}"})) for number in range(2)]
    admin = await database.admin()
    await admin.execute("UPDATE tip SET state = 'accepted' WHERE story = '白色货车 0'")
    await admin.execute(
        "UPDATE tip SET state = 'duplicate', duplicate_of = (SELECT id FROM tip WHERE story = '白色货车 0')"
        " WHERE story = '白色货车 1'"
    )
    await admin.close()

    told = [(await visitor.own(code)).json()["status"] for code in codes]

    assert told == ["in_work", "in_work"]


async def test_a_file_is_received_only_once_it_is_sealed(database: Platform, visitor: Visitor) -> None:
    code = code_in(await visitor.send(None, [("photos", ("a.jpg", photo(), "image/jpeg"))]))
    before = await visitor.own(code)
    admin = await database.admin()
    await admin.execute(
        "UPDATE evidence_item SET state = 'sealed', sha256 = repeat('ab', 32), sm3 = repeat('ab', 32), sealed_at = $1",
        NOON,
    )
    await admin.execute("UPDATE tip_file SET examination = 'unreadable', problem = 'truncated_picture'")
    await admin.close()

    after = await visitor.own(code)
    page = await visitor.get("/tips/mine")

    assert [(file["state"], file["sha256"]) for file in before.json()["files"]] == [("checking", None)]
    assert [(file["state"], file["sha256"]) for file in after.json()["files"]] == [("sealed", "ab" * 32)]
    assert after.json()["files"][0]["is_unreadable"] is True
    assert "已收到" in page.text
    assert "文件已收到，但无法打开" in page.text
    assert "data-refresh" not in page.text

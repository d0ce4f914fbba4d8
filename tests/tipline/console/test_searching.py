"""Search: by part of a plate, by words, within what the officer may see."""

from __future__ import annotations

import re

import pytest

from tests import make
from tests.platform import Platform
from tests.tipline.staff import desk_of
from tipline.accounts.audit.tables import AuditEntry, AuditSubject
from tipline.accounts.tables import OfficerRole, UnitKind
from tipline.console.searching.rules import plate_pattern, wish_from


@pytest.mark.parametrize(
    ("words", "plate"),
    [
        ("鲁P582", "鲁P582K"),
        ("8?2", "鲁P?8?2K"),
        ("P58", "鲁P?8?2K"),
        ("鲁p·58k2", "鲁P58K2?"),
    ],
)
def test_part_of_a_plate_finds_it_whatever_was_not_seen(words: str, plate: str) -> None:
    pattern = plate_pattern(words)

    assert pattern is not None
    assert re.search(pattern, plate)


@pytest.mark.parametrize("words", ["", "?", "??????", "人和路", "a", "白色 货车", "鲁", "(P58", "P58|鲁"])
def test_what_can_be_no_plate_is_not_looked_for_as_one(words: str) -> None:
    assert plate_pattern(words) is None


def test_every_word_is_looked_for_as_it_stands() -> None:
    assert wish_from(" 100%  a_b ").likes == ("%100\\%%", "%a\\_b%")
    assert wish_from("  ").is_empty


async def test_one_search_finds_every_kind_of_row_and_is_entered(database: Platform) -> None:
    officer = await make.officer(role=OfficerRole.COMMANDER)
    case = await make.case()
    await make.vehicle(case, plate_text="鲁P58K2?")
    await make.tip(story="看到鲁P58K21往东开")
    await make.person(case, full_name="张三演")

    async with desk_of(database, officer) as desk:
        by_plate = (await desk.get("/search?q=58K2")).text
        by_name = (await desk.get("/search?q=张三")).text
        nothing = (await desk.get("/search?q=没有这样的词")).text
        empty = await desk.get("/search")
    entries = await AuditEntry.objects().where(AuditEntry.subject_kind == AuditSubject.SEARCH)

    assert "鲁P58K2?" in by_plate
    assert "看到鲁P58K21往东开" in by_plate
    assert "张三演" in by_name
    assert "没有符合的内容" in nothing
    assert empty.status_code == 200
    assert [one.purpose for one in entries] == ["58K2", "张三", "没有这样的词"]


async def test_a_case_of_another_unit_is_not_found(database: Platform) -> None:
    stranger = await make.officer(
        role=OfficerRole.INVESTIGATOR, in_unit=await make.unit("演示外县中队", kind=UnitKind.SQUADRON)
    )
    case = await make.case()
    await make.vehicle(case, plate_text="鲁P58K21")

    async with desk_of(database, stranger) as desk:
        found = (await desk.get("/search?q=58K21")).text

    assert 'href="/cases/' not in found

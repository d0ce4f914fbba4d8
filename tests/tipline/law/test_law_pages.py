"""The screens of the law: a notice of holidays with its preview, and a new version put in force by a second officer."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import date, datetime

import pytest

from tests import make
from tests.platform import Platform, as_role
from tests.tipline.staff import Desk, session, staff_face
from tipline.accounts.tables import OfficerRole
from tipline.clock import SHANGHAI
from tipline.law.clockbook import load_seed_holidays
from tipline.law.holidays.rules import read_notice, year_needed
from tipline.law.service import load_seed_rules
from tipline.law.tables import Holiday, HolidayChange, LegalRule
from tipline.settings import Role

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=SHANGHAI)
NOTICE = """2027-01-01,放假,元旦
2027-01-02,放假,元旦
2027-01-03,放假,元旦
2027-01-30,调休上班,春节
2027-02-05,放假,春节
2027-02-06,放假,春节
2027-05-01,放假,劳动节
2027-10-01,放假,国庆节
"""


@pytest.fixture
async def lawful(database: Platform) -> AsyncIterator[Platform]:
    """Load the law and the holidays; take out what a test adds to the law."""
    await load_seed_rules()
    await load_seed_holidays()
    yield database
    admin = await database.admin()
    await admin.execute("DELETE FROM legal_rule WHERE source = '测试规定'")
    await admin.execute("ALTER TABLE legal_rule DISABLE TRIGGER legal_rule_versions_stay")
    await admin.execute("UPDATE legal_rule SET valid_to = NULL WHERE code = 'review_forward'")
    await admin.execute("ALTER TABLE legal_rule ENABLE TRIGGER legal_rule_versions_stay")
    await admin.close()
    as_role(database, Role.OWNER)


def test_a_notice_is_read_from_csv_and_json_alike() -> None:
    as_json = '[{"day": "2027-01-01", "kind": "holiday", "name": "元旦"}]'

    assert len(read_notice("日期,类别,名称\n" + NOTICE, 2027).days) == 8
    assert read_notice(NOTICE, 2027).problems == ()
    assert read_notice(as_json, 2027).days == read_notice("2027-01-01,放假,元旦", 2027).days


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "required"),
        ("[{", "not_json"),
        (NOTICE + "2027-13-01,放假,元旦", "not_a_day"),
        (NOTICE + "2027-04-05,假,清明节", "not_a_kind_of_day"),
        (NOTICE + "2027-04-05,放假", "day_needs_three"),
        (NOTICE + "2027-04-05,放假,", "day_needs_name"),
        (NOTICE + "2027-01-01,放假,元旦", "day_stands_twice"),
        (NOTICE + "2026-10-01,放假,国庆节", "day_of_another_year"),
        (NOTICE + "2027-02-03,调休上班,春节", "worked_day_is_a_weekday"),
        (NOTICE.replace("2027-05-01,放假,劳动节\n", ""), "fixed_day_missing"),
    ],
)
def test_a_wrong_notice_is_refused_with_what_is_wrong(text: str, code: str) -> None:
    assert code in [one.code for one in read_notice(text, 2027).problems]


@pytest.mark.parametrize(
    ("known", "today", "needed"),
    [
        ({2026}, date(2026, 10, 31), None),
        ({2026}, date(2026, 11, 1), 2027),
        ({2026, 2027}, date(2026, 11, 25), None),
        ({2025}, date(2026, 3, 1), 2026),
    ],
)
def test_the_next_years_notice_is_asked_for_from_november_on(known: set[int], today: date, needed: int | None) -> None:
    assert year_needed(known, today) == needed


async def signed_in(desk: Desk, token: str, address: str) -> str:
    desk.sign_in(token)
    return (await desk.get(address, headers={"Accept": "text/html"})).text


async def test_a_notice_is_previewed_entered_and_ends_the_alarm(lawful: Platform) -> None:
    administrator = await make.officer(role=OfficerRole.ADMINISTRATOR)
    token = await session(administrator, at=NOW)

    async with staff_face(lawful, now=NOW) as desk:
        alarmed = await signed_in(desk, token, "/law/holidays")
        typed = {"year": "2027", "source": "国务院办公厅关于2027年部分节假日安排的通知", "days": NOTICE}
        wrong = await desk.post("/law/holidays/enter", typed | {"days": "x"})
        preview = await desk.post("/law/holidays/enter", typed)
        seen = re.search(r'name="seen" value="([0-9a-f]+)"', preview.text)
        assert seen, preview.text
        other = await desk.post("/law/holidays/enter", typed | {"seen": "0" * 64})
        entered = await desk.post("/law/holidays/enter", typed | {"seen": seen[1]})
        calm = await signed_in(desk, token, "/law/holidays")
        moved = await desk.post(
            "/law/holidays/2027/days",
            {"day": "2027-01-03", "kind": "none", "name": "", "source": "更正通知"},
        )

    assert "alarm-strip" in alarmed
    assert "alarm-strip" not in calm
    assert "第1行" in wrong.text
    assert (other.status_code, entered.status_code, moved.status_code) == (409, 303, 303)
    as_role(lawful, Role.OWNER)
    days = [row["day"] for row in await Holiday.select(Holiday.day).where(Holiday.day >= date(2027, 1, 1))]
    assert len(days) == 7
    changes = await HolidayChange.select(HolidayChange.changed_by)
    assert [row["changed_by"] for row in changes] == [administrator.id] * 9


async def test_a_version_entered_by_one_is_put_in_force_by_another_and_ends_the_one_before(lawful: Platform) -> None:
    reviewer = await make.officer(role=OfficerRole.LEGAL_REVIEWER)
    administrator = await make.officer(role=OfficerRole.ADMINISTRATOR)
    tokens = [await session(one, at=NOW) for one in (reviewer, administrator)]
    version = {
        "source": "测试规定",
        "article": "第一条",
        "title_zh": "三日内转交",
        "title_en": "Forward within three days",
        "maximum": "3",
        "unit": "working_day",
        "valid_from": "2027-01-01",
    }

    async with staff_face(lawful, now=NOW) as desk:
        form = await signed_in(desk, tokens[0], "/law/review_forward/new")
        early = await desk.post("/law/review_forward", version | {"valid_from": "2018-05-01"})
        entered = await desk.post("/law/review_forward", version)
        address = entered.headers["location"]
        own = await desk.post(address, {"decision": "in_force"})
        shown = await signed_in(desk, tokens[1], address)
        put = await desk.post(address, {"decision": "in_force"})
        late = await desk.post(address, {"decision": "refuse", "note": "不妥"})
        rule = await desk.get("/law/review_forward")

    assert 'value="2"' in form
    assert (early.status_code, own.status_code, put.status_code, late.status_code) == (422, 403, 303, 409)
    assert "三日内转交" in shown
    assert "测试规定" in rule.text
    as_role(lawful, Role.OWNER)
    rows = await LegalRule.objects().where(LegalRule.code == "review_forward").order_by(LegalRule.valid_from)
    assert [(row.maximum, row.valid_to) for row in rows] == [(2, date(2026, 12, 31)), (3, None)]

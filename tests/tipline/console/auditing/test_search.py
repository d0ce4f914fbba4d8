from __future__ import annotations

import csv
import io
import json
from datetime import date, timedelta
from uuid import uuid4

import pytest

from tests import make
from tests.make import NOON
from tests.platform import Platform, as_role
from tests.tipline.console.test_media import kept
from tests.tipline.staff import LATER, desk_of
from tipline.accounts.audit.service import enter
from tipline.accounts.audit.tables import AuditAct, AuditEntry, AuditSubject
from tipline.accounts.tables import Officer, OfficerRole
from tipline.cases.audit_reads import audit_of_case
from tipline.console.auditing.reads import search_audit
from tipline.console.auditing.wish import wish_from
from tipline.doors import open_custody
from tipline.settings import Role

DAYS = {"from": "2021-05-31", "to": "2021-06-02"}


async def look(officer: Officer, kind: AuditSubject, subject: object, *, purpose: str = "look") -> None:
    await enter(AuditAct.VIEWED, kind, subject, by=officer.id, purpose=purpose, now=NOON)  # type: ignore[arg-type]  # a column's value


async def found(**asked: str) -> list[tuple[str, str]]:
    """Badge number and subject's name of what a search finds, in order."""
    page = await search_audit(wish_from({**DAYS, **asked}, now=LATER), page=1)
    return [(row["badge_number"], row["subject_name"]) for row in page.rows]


async def test_looks_are_found_by_officer_subject_kind_and_day(database: Platform) -> None:
    one, other = await make.officer(), await make.officer()
    case, tip = await make.case("高公交逃字〔2021〕第0007号", lead=one), await make.tip()
    await look(one, AuditSubject.CASE, case.id)
    await look(other, AuditSubject.TIP, tip.id)
    as_role(database, Role.STAFF)

    by_badge = await found(officer=str(one.badge_number))
    by_name = await found(officer=str(other.full_name))
    by_number = await found(subject="第0007号")
    by_alias = await found(subject=str(tip.alias))
    by_id = await found(subject=str(case.id))
    by_kind = await found(kind="tip")
    nobody = await found(officer="%")
    earlier = await search_audit(wish_from({"from": "2021-01-01", "to": "2021-05-31"}, now=LATER), page=1)

    of_case, of_tip = [(one.badge_number, case.number)], [(other.badge_number, tip.alias)]
    assert (by_badge, by_number, by_id) == (of_case, of_case, of_case)
    assert (by_name, by_alias, by_kind) == (of_tip, of_tip, of_tip)
    assert (nobody, earlier.total) == ([], 0)


async def test_looks_at_originals_are_found_in_the_same_list_from_the_ledger(database: Platform) -> None:
    officer, auditor = await make.officer(), await make.officer(role=OfficerRole.AUDITOR)
    tip, case = await make.tip(), await make.case(lead=officer)
    item = await kept(database)
    await make.link(tip, case, by=officer)
    row = await open_custody(database.settings).item(item)
    await make.tip_file(tip, row)
    await open_custody(database.settings).viewed(
        item, actor=str(officer.badge_number), purpose="assessment in the console", now=NOON
    )
    await look(auditor, AuditSubject.CASE, case.id)
    as_role(database, Role.STAFF)

    page = await search_audit(wish_from({**DAYS, "kind": "medium"}, now=LATER), page=1)
    by_tip = await found(subject=str(tip.alias), officer=str(officer.badge_number))
    of_case = await audit_of_case(case.id)

    assert [(entry["badge_number"], entry["subject"], entry["purpose"]) for entry in page.rows] == [
        (officer.badge_number, item, "assessment in the console")
    ]
    assert by_tip == [(officer.badge_number, tip.alias)]
    assert {(entry["subject_kind"], entry["badge_number"]) for entry in of_case} == {
        ("medium", officer.badge_number),
        ("case", auditor.badge_number),
        ("case", officer.badge_number),  # who linked the tip
    }


async def test_fifty_a_page_newest_first(database: Platform) -> None:
    officer = await make.officer()
    for minute in range(53):
        await enter(
            AuditAct.VIEWED,
            AuditSubject.TIP,
            uuid4(),
            by=officer.id,
            purpose=f"{minute}",
            now=NOON + timedelta(minutes=minute),
        )

    first, second, beyond = [await search_audit(wish_from(DAYS, now=LATER), page=number) for number in (1, 2, 9)]

    assert [row["purpose"] for row in (*first.rows, *second.rows)] == [str(minute) for minute in range(52, -1, -1)]
    assert (len(first.rows), first.total, first.page_count, beyond.rows, beyond.total) == (50, 53, 2, [], 53)


async def test_an_export_is_safe_for_spreadsheets_and_is_entered_itself(database: Platform) -> None:
    auditor, officer = await make.officer(role=OfficerRole.AUDITOR), await make.officer()
    await look(officer, AuditSubject.TIP, uuid4(), purpose="=HYPERLINK()")
    address = "from=2021-06-01&to=2021-06-01"

    async with desk_of(database, auditor) as desk:
        shown = await desk.get(f"/audit?{address}")
        sheet = await desk.get(f"/audit/csv?{address}")
        data = await desk.get(f"/audit/json?{address}")

    assert officer.badge_number in shown.text
    assert sheet.content.startswith(b"\xef\xbb\xbf")
    [_, first] = list(csv.reader(io.StringIO(sheet.content.decode("utf-8-sig"))))
    assert first[1] == officer.badge_number
    assert "'=HYPERLINK()" in first
    told = json.loads(data.content)
    # The export before this one is found by it.
    assert [entry["act"] for entry in told["entries"]] == ["exported", "viewed"]
    exports = await AuditEntry.select().where(AuditEntry.act == "exported").order_by(AuditEntry.purpose)
    assert [(row["officer"], row["subject_kind"], row["purpose"]) for row in exports] == [
        (auditor.id, "audit", "csv"),
        (auditor.id, "audit", "json"),
    ]
    assert json.loads(exports[0]["facts"])["entries"] == 1


@pytest.mark.parametrize(
    "asked",
    [{"from": "x", "to": "y"}, {"from": "0001-01-01", "to": "9999-12-31"}, {"kind": "z", "act": "z"}, {"from": ""}],
)
def test_an_address_that_cannot_be_understood_falls_back(asked: dict[str, str]) -> None:
    wish = wish_from(asked, now=LATER)

    assert (wish.kind, wish.act, wish.last_day) == ("", "", date(2021, 6, 1))
    assert wish.begins_at < wish.ends_before


async def test_only_auditors_search_and_the_case_tab_is_for_commanders_too(database: Platform) -> None:
    commander = await make.officer(role=OfficerRole.COMMANDER)
    case = await make.case(lead=commander)

    async with desk_of(database, commander) as desk:
        everywhere = await desk.get("/audit")
        await desk.get(f"/cases/{case.id}")
        of_case = await desk.get(f"/cases/{case.id}/audit")

    assert everywhere.status_code == 403
    assert of_case.status_code == 200
    assert commander.badge_number in of_case.text

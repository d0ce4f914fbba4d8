from __future__ import annotations

import asyncio
import json
import re
from uuid import uuid4

import pytest

from tests import make
from tests.make import NOON
from tests.platform import Platform, as_role
from tests.tipline.accounts.factors import with_app
from tests.tipline.staff import LATER, desk_of, session, staff_face
from tipline.accounts.administration import service, units
from tipline.accounts.administration.errors import LastAdministrator, UnitInUse
from tipline.accounts.administration.reads import read_units
from tipline.accounts.administration.service import Account
from tipline.accounts.administration.units import UnitDraft
from tipline.accounts.audit.tables import AuditEntry
from tipline.accounts.errors import AccountRefused
from tipline.accounts.factors.proofs import has_factor
from tipline.accounts.service import officer_of_session
from tipline.accounts.tables import KnownDevice, Officer, OfficerRole, Unit, UnitKind
from tipline.settings import Role


async def administrator() -> Officer:
    return await make.officer(role=OfficerRole.ADMINISTRATOR)


def account_in(unit: Unit, *, role: OfficerRole = OfficerRole.INVESTIGATOR, badge: str = "1500901") -> Account:
    return Account(badge_number=badge, full_name="新民警", role=role, unit=unit.id)


async def test_an_administrator_makes_an_account_whose_owner_must_choose_a_password_first(database: Platform) -> None:
    admin, unit = await administrator(), await make.unit("城区中队")
    form = {
        "username": "xin.jing",
        "full_name": "新民警",
        "badge_number": "1500901",
        "role": "investigator",
        "unit": str(unit.id),
    }

    async with desk_of(database, admin) as desk:
        made = await desk.post("/accounts", form)
        again = await desk.post("/accounts", form)
        found = re.search(r'id="temporary-password">([^<]+)<', made.text)
        assert found
        desk.client.cookies.clear()
        await desk.post("/sign-in", {"username": "xin.jing", "password": found[1]})
        held_up = await desk.get("/inbox")
        same = await desk.post("/account/password", {"old": found[1], "new": found[1], "again": found[1]})
        own = "a sentence of one's own"
        await desk.post("/account/password", {"old": found[1], "new": own, "again": own})
        inside = await desk.get("/inbox")

    assert made.status_code == 200
    assert again.status_code == 422
    assert held_up.headers["location"] == "/account/password"
    assert same.status_code == 422
    assert inside.status_code == 200
    [entry] = await AuditEntry.select()
    assert (entry["act"], entry["subject_kind"], entry["officer"]) == ("created", "officer", admin.id)
    assert found[1] not in str(entry)


async def test_what_changed_is_entered_old_and_new(database: Platform) -> None:
    admin, unit, other = await administrator(), await make.unit("甲"), await make.unit("乙")
    as_role(database, Role.STAFF)
    officer, _ = await service.open_account("xin.jing", account_in(unit), by=admin.id, now=NOON)

    changed = account_in(other, role=OfficerRole.COMMANDER)
    await service.change_account(officer, changed, by=admin.id, now=LATER)
    await service.change_account(officer, changed, by=admin.id, now=LATER)

    entries = await AuditEntry.select().where(AuditEntry.act == "changed")
    assert [json.loads(row["facts"]) for row in entries] == [
        {"role": ["investigator", "commander"], "unit": [str(unit.id), str(other.id)]}
    ]


async def test_the_last_administrator_can_neither_be_disabled_nor_become_something_else(database: Platform) -> None:
    admin, colleague = await administrator(), await administrator()
    as_role(database, Role.STAFF)

    # Both put the other out of use in the same moment: one of them must stay.
    answers = await asyncio.gather(
        service.disable(admin.id, by=colleague.id, now=NOON),
        service.disable(colleague.id, by=admin.id, now=NOON),
        return_exceptions=True,
    )
    [last] = await Officer.objects().where(Officer.is_active.eq(True))
    with pytest.raises(LastAdministrator):
        await service.disable(last.id, by=admin.id, now=NOON)
    other_role = Account(badge_number=last.badge_number, full_name="新", role=OfficerRole.AUDITOR, unit=last.unit)
    with pytest.raises(LastAdministrator):
        await service.change_account(last.id, other_role, by=admin.id, now=NOON)

    assert sorted(type(answer).__name__ for answer in answers) == ["LastAdministrator", "NoneType"]


async def test_disabling_ends_the_sessions_and_enabling_brings_the_account_back(database: Platform) -> None:
    admin, officer = await administrator(), await make.officer()
    token = await session(officer)
    as_role(database, Role.STAFF)

    await service.disable(officer.id, by=admin.id, now=LATER)
    after = await officer_of_session(token, now=LATER)
    await service.enable(officer.id, by=admin.id, now=LATER)

    assert after is None
    assert await officer_of_session(token, now=LATER) is None
    entries = await AuditEntry.select().order_by(AuditEntry.act)
    assert [row["act"] for row in entries] == ["disabled", "enabled"]


async def test_a_reset_ends_sessions_forgets_browsers_and_factors_only_when_asked(database: Platform) -> None:
    admin, officer = await administrator(), await make.officer()
    token = await session(officer)
    await with_app(database, officer.id, since=NOON)
    known = KnownDevice(
        id=uuid4(), officer=officer.id, token_sha256="0" * 64, first_seen_at=NOON, last_seen_at=NOON, forgotten_at=None
    )
    await known.save()
    as_role(database, Role.STAFF)

    await service.reset_password(officer.id, by=admin.id, now=LATER)
    kept = await has_factor(officer.id)
    await service.reset_factors(officer.id, by=admin.id, now=LATER)

    assert (kept, await has_factor(officer.id)) == (True, False)
    assert await officer_of_session(token, now=LATER) is None
    assert not await KnownDevice.exists().where(KnownDevice.forgotten_at.is_null())


async def test_forced_sign_out_ends_every_session_at_once(database: Platform) -> None:
    admin, officer = await administrator(), await make.officer()
    tokens = [await session(officer) for _ in range(3)]

    async with desk_of(database, admin) as desk:
        told = await desk.post(f"/accounts/{officer.id}/sign-out")
        desk.sign_in(tokens[0])
        out = await desk.get("/inbox")

    assert "已结束 3 个会话" in told.text
    assert out.headers["location"] == "/sign-in"


async def test_units_are_made_moved_closed_and_never_set_in_a_circle(database: Platform) -> None:
    admin, top = await administrator(), await make.brigade()
    as_role(database, Role.STAFF)
    section = await units.open_unit(
        UnitDraft(name="事故科", kind=UnitKind.ACCIDENT_SECTION, parent=top.id), by=admin.id, now=NOON
    )

    with pytest.raises(AccountRefused) as circle:
        await units.change_unit(
            top.id, UnitDraft(name=str(top.name), kind=UnitKind.BRIGADE, parent=section), by=admin.id, now=NOON
        )
    with pytest.raises(AccountRefused) as taken:
        await units.open_unit(UnitDraft(name="事故科", kind=UnitKind.SQUADRON, parent=None), by=admin.id, now=NOON)
    with pytest.raises(UnitInUse):
        await units.close_unit(top.id, by=admin.id, now=NOON)
    await units.close_unit(section, by=admin.id, now=NOON)
    with pytest.raises(AccountRefused) as closed:
        await service.open_account(
            "xin.jing",
            Account(badge_number="1", full_name="新", role=OfficerRole.AUDITOR, unit=section),
            by=admin.id,
            now=NOON,
        )
    await units.reopen_unit(section, by=admin.id, now=NOON)

    told = [error.value.problems[0] for error in (circle, taken, closed)]
    assert [(problem.field, problem.code) for problem in told] == [
        ("parent", "unit_below_itself"),
        ("name", "taken"),
        ("unit", "not_a_choice"),
    ]
    assert [row["depth"] for row in await read_units() if row["id"] in {top.id, section}] == [0, 1]
    entries = await AuditEntry.select().order_by(AuditEntry.happened_at)
    assert sorted(row["act"] for row in entries) == ["created", "disabled", "enabled"]


async def test_the_staff_face_can_remove_neither_an_account_nor_a_unit(database: Platform) -> None:
    officer = await make.officer()
    as_role(database, Role.STAFF)

    for row in (Officer.delete().where(Officer.id == officer.id), Unit.delete().where(Unit.id == officer.unit)):
        with pytest.raises(Exception, match="permission denied"):
            await row
    with pytest.raises(Exception, match="permission denied"):
        await Officer.update({Officer.username: "other"}, force=True)


async def test_an_officer_sees_the_own_sessions_and_can_end_them_but_nobody_elses(database: Platform) -> None:
    officer, colleague = await make.officer(), await make.officer()
    elsewhere = await session(officer)
    await session(colleague)
    token = await session(officer)

    async with staff_face(database) as desk:
        desk.sign_in(token)
        listed = await desk.get("/account/sessions")
        found = re.findall(r"/account/sessions/([0-9a-f-]{36})/end", listed.text)
        ended = await desk.post(f"/account/sessions/{found[0]}/end")
        unknown = await desk.post(f"/account/sessions/{uuid4()}/end")
        desk.sign_in(elsewhere)
        out = await desk.get("/inbox")

    assert len(found) == 1
    assert (ended.status_code, unknown.status_code) == (303, 404)
    assert out.headers["location"] == "/sign-in"

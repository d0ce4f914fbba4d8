from __future__ import annotations

from uuid import UUID

import pytest

from tests import make
from tests.make import NOON
from tests.platform import Platform, as_role
from tests.tipline.staff import LATER, desk_of
from tipline.accounts.audit.service import enter
from tipline.accounts.audit.tables import AuditAct, AuditEntry, AuditSubject
from tipline.accounts.tables import OfficerRole
from tipline.settings import Role


async def test_each_look_at_a_tip_and_a_case_is_entered_with_who_when_and_the_request(database: Platform) -> None:
    officer = await make.officer()
    tip, case = await make.tip(), await make.case(lead=officer)

    async with desk_of(database, officer) as desk:
        answers = [await desk.get(f"/tips/{tip.id}"), await desk.get(f"/cases/{case.id}")]
        await desk.get("/inbox")

    entries = await AuditEntry.select().order_by(AuditEntry.subject_kind, ascending=False)
    assert [answer.status_code for answer in answers] == [200, 200]
    assert [(row["act"], row["subject_kind"], row["subject"]) for row in entries] == [
        ("viewed", "tip", tip.id),
        ("viewed", "case", case.id),
    ]
    assert {(row["officer"], row["happened_at"]) for row in entries} == {(officer.id, LATER)}
    assert [row["request_id"] for row in entries] == [answer.headers["x-request-id"] for answer in answers]
    assert [row["purpose"] for row in entries] == ["/tips/{tip_id}", "/cases/{case_id}"]


async def test_a_look_that_was_refused_is_no_look(database: Platform) -> None:
    administrator = await make.officer(role=OfficerRole.ADMINISTRATOR)
    tip = await make.tip()

    async with desk_of(database, administrator) as desk:
        refused = await desk.get(f"/tips/{tip.id}")

    assert refused.status_code == 403
    assert await AuditEntry.count() == 0


@pytest.mark.parametrize("statement", ["UPDATE audit_entry SET purpose = ''", "DELETE FROM audit_entry"])
async def test_an_entry_can_be_changed_or_removed_by_nobody(database: Platform, statement: str) -> None:
    officer = await make.officer()
    await enter(AuditAct.VIEWED, AuditSubject.TIP, UUID(int=7), by=officer.id, purpose="look", now=NOON)

    with pytest.raises(Exception, match="append-only"):
        await AuditEntry.raw(statement)
    as_role(database, Role.STAFF)
    with pytest.raises(Exception, match="permission denied"):
        await AuditEntry.raw(statement)
    for other in (Role.PUBLIC, Role.WORKER):
        as_role(database, other)
        with pytest.raises(Exception, match="permission denied"):
            await AuditEntry.count()

from __future__ import annotations

import re

from tests import make
from tests.platform import Platform
from tests.tipline.staff import desk_of, session
from tipline.accounts.audit.tables import AuditEntry
from tipline.accounts.tables import OfficerRole, UnitKind
from tipline.cases.assignments.tables import CaseAssignment


async def test_the_lead_puts_an_officer_of_another_squadron_on_the_case_and_takes_them_off(database: Platform) -> None:
    own, other = await make.unit(kind=UnitKind.SQUADRON), await make.unit(kind=UnitKind.SQUADRON)
    lead, helper = await make.officer(in_unit=own), await make.officer(in_unit=other)
    case = await make.case(lead=lead)
    lead_token, helper_token = await session(lead), await session(helper)
    address = f"/cases/{case.id}/assignments"

    async with desk_of(database, lead) as desk:
        before = await desk.get(address)
        put_on = await desk.post(address, {"officer": str(helper.id)})
        again = await desk.post(address, {"officer": str(helper.id)})
        desk.sign_in(helper_token)
        read = await desk.get(f"/cases/{case.id}")
        helpers_own = await desk.post(address, {"officer": str(lead.id)})
        desk.sign_in(lead_token)
        found = re.search(rf"{address}/[0-9a-f-]{{36}}/end", (await desk.get(address)).text)
        assert found
        taken_off = await desk.post(found[0])
        desk.sign_in(helper_token)
        afterwards = await desk.get(f"/cases/{case.id}")

    assert "尚未指派其他民警参办" in before.text
    assert (put_on.status_code, again.status_code) == (303, 409)
    assert (read.status_code, helpers_own.status_code) == (200, 403)
    assert (taken_off.status_code, afterwards.status_code) == (303, 404)
    [row] = await CaseAssignment.select()
    assert (row["officer"], row["assigned_by"], row["ended_by"]) == (helper.id, lead.id, lead.id)
    deeds = await AuditEntry.select().where(AuditEntry.purpose == "assignment")
    assert {entry["act"] for entry in deeds} == {"assigned", "released"}


async def test_a_commander_may_and_who_works_on_no_cases_cannot_be_put_on_one(database: Platform) -> None:
    commander = await make.officer(role=OfficerRole.COMMANDER)
    auditor, investigator = await make.officer(role=OfficerRole.AUDITOR), await make.officer()
    case = await make.case()

    async with desk_of(database, commander) as desk:
        refused = await desk.post(f"/cases/{case.id}/assignments", {"officer": str(auditor.id)})
        done = await desk.post(f"/cases/{case.id}/assignments", {"officer": str(investigator.id)})

    assert (refused.status_code, done.status_code) == (422, 303)

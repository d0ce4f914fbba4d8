"""Relief as officers see it."""

from __future__ import annotations

import re
from datetime import timedelta

from tests import make
from tests.platform import Platform
from tests.tipline.staff import LATER, desk_of
from tipline.accounts.tables import OfficerRole
from tipline.law.service import load_seed_rules

MATTER = {
    "full_name": "李四",
    "accident_number": "事故1",
    "accident_at": "2021-05-30T10:00",
    "kind": "rescue_fund",
    "purpose": "emergency_care",
    "ground": "rescue_fund_flight",
}


async def test_a_matter_runs_from_the_form_to_the_figure_with_two_officers(database: Platform) -> None:
    await load_seed_rules()
    clerk = await make.officer(role=OfficerRole.INVESTIGATOR)
    second = await make.officer(role=OfficerRole.COMMANDER)
    year = LATER.year

    async with desk_of(database, clerk) as desk:
        opened = await desk.post("/relief", MATTER)
        address = opened.headers["location"]
        empty = await desk.post(f"{address}/steps", {"kind": "granted", "happened_at": "2021-05-31T10:00"})
        granted = {"kind": "granted", "happened_at": "2021-05-31T10:00", "amount": "26,667", "document_number": "决1"}
        await desk.post(f"{address}/steps", {**granted, "body": "基金管理机构"})
        shown = (await desk.get(address)).text
    step = re.search(r'id="step-([0-9a-f-]{36})"', shown)
    assert step
    async with desk_of(database, second) as desk:
        await desk.post(f"{address}/steps/{step[1]}/decide", {"decision": "confirmed"})
        paid = {"kind": "paid", "happened_at": "2021-06-01T10:00", "amount": "26667", "body": "基金管理机构"}
        await desk.post(f"{address}/steps", paid)
        own = re.findall(r'id="step-([0-9a-f-]{36})"', (await desk.get(address)).text)[-1]
        refused = await desk.post(f"{address}/steps/{own}/decide", {"decision": "confirmed"})
    async with desk_of(database, clerk) as desk:
        await desk.post(f"{address}/steps/{own}/decide", {"decision": "confirmed"})
        listed = (await desk.get(f"/relief?year={year}")).text
        figure = (await desk.get(f"/relief/figures/rescue_fund?from={year}&to={year}")).text
        sheet = (await desk.get(f"/relief/figures/rescue_fund/csv?from={year}&to={year}")).content.decode()

    assert opened.status_code == 303
    assert empty.status_code == 422
    assert empty.text.count("请填写") >= 3
    assert refused.status_code == 403
    assert "须由另一名民警复核" in refused.text
    assert "1 人" in listed
    assert "26,667 元" in figure
    assert "李*" in figure
    assert "李四" not in sheet
    assert "26667" in sheet


async def test_a_wrong_form_keeps_what_was_typed(database: Platform) -> None:
    await load_seed_rules()
    clerk = await make.officer(role=OfficerRole.INVESTIGATOR)

    async with desk_of(database, clerk) as desk:
        answer = await desk.post("/relief", {**MATTER, "accident_number": "", "case_number": "没有此案", "ground": ""})
        later = (LATER + timedelta(days=400)).strftime("%Y-%m-%dT%H:%M")
        ahead = await desk.post("/relief", {**MATTER, "accident_at": later})

    assert answer.status_code == 422
    assert 'value="李四"' in answer.text
    assert "没有该案件" in answer.text
    assert ahead.status_code == 422


async def test_intake_officers_and_administrators_do_not_see_relief(database: Platform) -> None:
    officers = [await make.officer(role=role) for role in (OfficerRole.INTAKE_OFFICER, OfficerRole.ADMINISTRATOR)]

    for officer in officers:
        async with desk_of(database, officer) as desk:
            assert (await desk.get("/relief")).status_code == 403


async def test_an_auditor_reads_and_does_not_write(database: Platform) -> None:
    auditor = await make.officer(role=OfficerRole.AUDITOR)

    async with desk_of(database, auditor) as desk:
        shown = await desk.get("/relief")
        form = await desk.get("/relief/new")

    assert shown.status_code == 200
    assert "尚无救助事项" in shown.text
    assert form.status_code == 403

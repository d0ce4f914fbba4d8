"""Official steps on the real database: what other rooms read of them, two officers at once, and the pages."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from tests import make
from tests.make import NOON
from tests.platform import Platform, as_role
from tests.tipline.staff import desk_of
from tipline.accounts.tables import Officer
from tipline.cases.errors import CaseClosed
from tipline.cases.procedure.errors import ReceiptAlreadyNoted, StepAlreadyRevoked, StepUnlawful
from tipline.cases.procedure.reads import filing_of, registration_of, steps_of, taken_over_at
from tipline.cases.procedure.rules import StepDraft
from tipline.cases.procedure.service import note_receipt, record_step, revoke_step
from tipline.cases.procedure.tables import ProcedureKind, ProcedureStep, TransferDirection
from tipline.cases.tables import Case, CaseEvent, CaseEventType, CaseState
from tipline.settings import Role

LATER = NOON + timedelta(days=30)
BUREAU = "高唐县公安局"


def draft(kind: ProcedureKind, number: str, *, days: float, **changes: Any) -> StepDraft:
    words: dict[str, Any] = {
        "kind": kind,
        "document_number": number,
        "authority": BUREAU,
        "approver": "局长 测试",
        "decided_at": NOON + timedelta(days=days),
        "reason": "犯罪嫌疑人死亡",
        "counterpart": "禹城市公安局",
        "direction": TransferDirection.OUT if kind == ProcedureKind.TRANSFER_OF_JURISDICTION else None,
    }
    return StepDraft(**(words | changes))


REGISTRATION = draft(ProcedureKind.REGISTRATION, "高公（交）受案字〔2021〕1号", days=0)
FILING = draft(ProcedureKind.FILING, "高公（刑）立字〔2021〕12号", days=2)
WITHDRAWAL = draft(ProcedureKind.WITHDRAWAL, "高公（刑）撤案字〔2021〕3号", days=9)
TRANSFER = draft(ProcedureKind.TRANSFER_OF_JURISDICTION, "高公（交）移字〔2021〕4号", days=5)


async def taken(case: Case, officer: Officer, *drafts: StepDraft) -> list[ProcedureStep]:
    return [await record_step(case.id, one, by=officer.id, now=LATER) for one in drafts]


async def codes(case: Case, officer: Officer, step: StepDraft) -> set[str]:
    with pytest.raises(StepUnlawful) as refused:
        await record_step(case.id, step, by=officer.id, now=LATER)
    return {problem.code for problem in refused.value.problems}


async def test_measures_find_the_filing_that_stands_until_the_case_is_withdrawn(lawful: Platform) -> None:
    officer, case = await make.officer(), await make.case()
    as_role(lawful, Role.STAFF)

    before = await filing_of(case.id)
    await taken(case, officer, REGISTRATION, FILING)
    registration, filing = await registration_of(case.id), await filing_of(case.id)
    await taken(case, officer, WITHDRAWAL)

    assert before is None
    assert registration is not None
    assert registration.decided_at == NOON
    assert filing is not None
    assert (filing.document_number, filing.authority, filing.approver, filing.decided_at) == (
        FILING.document_number,
        BUREAU,
        "局长 测试",
        NOON + timedelta(days=2),
    )
    assert await filing_of(case.id) is None
    assert [row["basis_article"] for row in await steps_of(case.id)] == [
        "第六十一条第一款第（一）项",
        "第一百七十八条第一款",
        "第一百八十六条第一款、第一百八十七条",
    ]


async def test_what_was_entered_by_mistake_is_taken_back_and_gives_its_number_free(lawful: Platform) -> None:
    officer, case = await make.officer(), await make.case()
    as_role(lawful, Role.STAFF)
    [registration, filing] = await taken(case, officer, REGISTRATION, FILING)

    with pytest.raises(StepUnlawful) as refused:
        await revoke_step(case.id, registration.id, reason="误录", by=officer.id, now=LATER)
    taken_number = await codes(case, officer, FILING)
    await revoke_step(case.id, filing.id, reason="误录", by=officer.id, now=LATER)
    standing = await filing_of(case.id)
    with pytest.raises(StepAlreadyRevoked) as overtaken:
        await revoke_step(case.id, filing.id, reason="误录", by=officer.id, now=LATER)
    await taken(case, officer, FILING)

    assert [problem.code for problem in refused.value.problems] == ["another_step_rests_on_it"]
    assert taken_number == {"document_number_taken", "filed_already"}
    assert standing is None
    assert overtaken.value.by_badge == officer.badge_number
    assert sorted(row["revoked_reason"] for row in await steps_of(case.id)) == ["", "", "误录"]


async def test_a_transfer_of_jurisdiction_closes_the_case_here_and_is_received_elsewhere(lawful: Platform) -> None:
    officer, case = await make.officer(), await make.case()
    suggestion = await make.suggestion(await make.tip(), case)
    as_role(lawful, Role.STAFF)

    [_, transfer] = await taken(case, officer, REGISTRATION, TRANSFER)
    await note_receipt(case.id, transfer.id, received_at=NOON + timedelta(days=6), now=LATER)
    with pytest.raises(ReceiptAlreadyNoted):
        await note_receipt(case.id, transfer.id, received_at=NOON + timedelta(days=7), now=LATER)
    with pytest.raises(CaseClosed) as closed:
        await taken(case, officer, FILING)

    row = await Case.objects().get(Case.id == case.id)
    assert row is not None
    assert row.state == closed.value.state == CaseState.TRANSFERRED_OUT
    event = await CaseEvent.objects().get(CaseEvent.type == CaseEventType.TRANSFERRED_OUT)
    assert event is not None
    assert (event.case, event.happened_at) == (case.id, TRANSFER.decided_at)
    await suggestion.refresh()
    assert suggestion.state == "withdrawn"


async def test_of_two_officers_who_file_at_once_one_is_told(lawful: Platform) -> None:
    first, second, case = await make.officer(), await make.officer(), await make.case()
    as_role(lawful, Role.STAFF)
    await taken(case, first, REGISTRATION)

    ends = await asyncio.gather(
        record_step(case.id, FILING, by=first.id, now=LATER),
        record_step(case.id, draft(ProcedureKind.FILING, "另一号", days=2), by=second.id, now=LATER),
        return_exceptions=True,
    )

    refused = [end for end in ends if isinstance(end, StepUnlawful)]
    assert [[problem.code for problem in one.problems] for one in refused] == [["filed_already"]]
    assert await ProcedureStep.count().where(ProcedureStep.kind == ProcedureKind.FILING) == 1


async def test_steps_are_entered_and_shown_by_forms_and_a_refusal_names_the_article(lawful: Platform) -> None:
    officer = await make.officer()
    case = await make.case(lead=officer)
    at = f"/cases/{case.id}"
    typed = {
        "kind": "filing",
        "document_number": "高公（刑）立字〔2021〕12号",
        "authority": BUREAU,
        "approver": "局长 测试",
        "decided_at": "2021-06-02T12:00",
    }
    registration = typed | {"kind": "registration", "document_number": "受1", "decided_at": "2021-06-01T12:30"}

    async with desk_of(lawful, officer, now=LATER) as desk:
        form = await desk.get(f"{at}/procedure/new?kind=transfer_for_prosecution")
        early = await desk.post(f"{at}/procedure", typed)
        done = [await desk.post(f"{at}/procedure", one) for one in (registration, typed)]
        page = await desk.get(at)

    assert "移送审查起诉" in form.text
    assert early.status_code == 422
    assert "第一百七十八条第一款" in early.text
    assert 'value="局长 测试"' in early.text
    assert [one.status_code for one in done] == [303, 303]
    assert "高公（刑）立字〔2021〕12号" in page.text


async def test_procedure_11_a_case_taken_over_begins_when_it_was_received(lawful: Platform) -> None:
    officer = await make.officer()
    typed = {
        "number": "高公交逃字〔2021〕第0701号",
        "severity": "fatal",
        "happened_from": "2021-06-01T07:15",
        "lead_officer": str(officer.id),
        "place_text": "人和路",
        "from_body": "禹城市公安局交通警察大队",
        "transfer_number": "禹公（交）移字〔2021〕9号",
        "transfer_decided_at": "2021-06-03T09:00",
    }

    async with desk_of(lawful, officer, now=LATER) as desk:
        unreceived = await desk.post("/cases", typed)
        done = await desk.post("/cases", typed | {"received_at": "2021-06-04T10:00"})
        page = await desk.get(done.headers.get("location", "/"))

    assert unreceived.status_code == 422
    assert done.status_code == 303
    assert "禹公（交）移字〔2021〕9号" in page.text
    case = await Case.objects().first()
    assert case is not None
    event = await CaseEvent.objects().first()
    assert event is not None
    assert event.type == CaseEventType.TRANSFERRED_IN
    assert event.happened_at == case.recorded_at == await taken_over_at(case.id)

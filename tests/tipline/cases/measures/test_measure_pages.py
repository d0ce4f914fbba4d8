"""The pages of measures, over HTTP: the whole chain, what is refused, the queue, the hint, and whose name is hidden."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests import make
from tests.make import NOON
from tests.platform import Platform
from tests.tipline.cases.measures.chain import Desk as CaseDesk
from tests.tipline.cases.measures.chain import desk as case_desk
from tests.tipline.staff import Desk, session, staff_face
from tipline.accounts.tables import Officer, OfficerRole
from tipline.cases.measures.tables import OutcomeStep, PersonIdentity, PersonParticulars
from tipline.cases.tables import Case, CaseState, Clearance, Outcome, OutcomeStage

NOW = NOON + timedelta(days=3)
ASKED = {"kind": "administrative_detention", "basis": "administrative_detention_for_flight", "days": "10"}
DECIDED = {
    "authority": "高唐县公安局",
    "document_number": "高公（交）行罚决字〔2021〕77号",
    "approved_at": "2021-06-04T12:00",
}


class Room:
    """One case at the staff face, with a session for each officer around it."""

    def __init__(self, face: Desk, at: CaseDesk, tokens: dict[str, str]) -> None:
        self.face, self.at, self.tokens = face, at, tokens
        self.case = f"/cases/{at.case.id}"

    async def post(self, who: str, address: str, **typed: Any) -> Any:
        self.face.sign_in(self.tokens[who])
        return await self.face.post(self.case + address, typed)

    async def get(self, who: str, address: str) -> str:
        self.face.sign_in(self.tokens[who])
        return (await self.face.get(address if address == "/measures/review" else self.case + address)).text


async def tokens_of(**officers: Officer) -> dict[str, str]:
    return {name: await session(officer, at=NOW) for name, officer in officers.items()}


async def test_a_measure_goes_from_proposal_to_its_end_and_never_clears_the_case(lawful: Platform) -> None:
    at = await case_desk()
    tokens = await tokens_of(investigator=at.investigator, reviewer=at.reviewer)

    async with staff_face(lawful, now=NOW) as face:
        room = Room(face, at, tokens)
        form = await room.get("investigator", "/measures/new?kind=administrative_detention")
        asked = await room.post("investigator", "/measures", person=str(at.driver.id), **ASKED)
        one = asked.headers["location"].removeprefix(room.case)
        queue = await room.get("reviewer", "/measures/review")
        early = await room.post("investigator", f"{one}/approve", **DECIDED)
        own = await room.post("investigator", f"{one}/review", verdict="pass", reason="同意")
        told = await room.post("investigator", f"{one}/notice", informed_at="2021-06-04T09:00")
        silent = await room.post("reviewer", f"{one}/review", verdict="pass", reason="")
        passed = await room.post("reviewer", f"{one}/review", verdict="pass", reason="年龄已另行核实")
        brigade = await room.post(
            "investigator", f"{one}/approve", **DECIDED | {"authority": "高唐县公安局交通警察大队"}
        )
        decided = await room.post("investigator", f"{one}/approve", **DECIDED)
        done = await room.post("investigator", f"{one}/execute", executed_at="2021-06-04T12:00")
        page = await room.get("investigator", one)
        tab = await room.get("investigator", "/measures")

    assert "采取措施不等于案件侦破" in form
    assert [answer.status_code for answer in (asked, told, passed, decided, done)] == [303] * 5
    assert (early.status_code, own.status_code, silent.status_code, brigade.status_code) == (409, 403, 422, 422)
    assert str(at.case.number) in queue
    assert "第一百一十一条" in brigade.text
    assert "2021年6月14日 23:59" in page
    assert "第九十九条" in tab
    row = await Outcome.select(Outcome.stage, Outcome.days_to_serve).first()
    assert row == {"stage": OutcomeStage.EXECUTED, "days_to_serve": 10}
    assert await OutcomeStep.count() == 4
    state = await Case.select(Case.state).first()
    assert state == {"state": CaseState.OPEN}
    assert await Clearance.count() == 0


@pytest.mark.parametrize(
    ("change", "article"),
    [
        ({"days": "16"}, "第九十九条第二款"),
        ({"days": ""}, "第九十九条第二款"),
        ({"kind": "criminal_detention", "basis": "criminal_detention_of_suspect", "days": ""}, "第八十二条"),
        ({"kind": "fine", "basis": "fine_for_flight", "days": "", "amount_yuan": "2001"}, "第九十九条第一款"),
    ],
)
async def test_what_may_not_be_asked_for_is_refused_by_its_article_and_what_was_typed_is_kept(
    lawful: Platform, change: dict[str, str], article: str
) -> None:
    at = await case_desk()
    tokens = await tokens_of(investigator=at.investigator)

    async with staff_face(lawful, now=NOW) as face:
        room = Room(face, at, tokens)
        typed = ASKED | {"person": str(at.driver.id), "reason": "驾车逃离现场"} | change
        answer = await room.post("investigator", "/measures", **typed)

    summary = answer.text[answer.text.index("error-summary") :][:2500]
    assert answer.status_code == 422
    assert article in summary
    assert "驾车逃离现场" in answer.text
    assert await Outcome.count() == 0


async def test_a_person_under_18_is_known_by_name_to_the_team_reviewers_and_commanders_only(lawful: Platform) -> None:
    at = await case_desk()
    auditor = await make.officer(role=OfficerRole.AUDITOR)
    tokens = await tokens_of(investigator=at.investigator, reviewer=at.reviewer, auditor=auditor)
    law = f"/persons/{at.driver.id}/law"

    async with staff_face(lawful, now=NOW) as face:
        room = Room(face, at, tokens)
        wrong = await room.post("investigator", f"{law}/particulars", identity_number="371526200501010010")
        right = await room.post("investigator", f"{law}/particulars", identity_number="371526200501010015")
        shown = {who: await room.get(who, "/persons") for who in tokens}
        kept = {who: await room.get(who, law) for who in tokens}

    assert (wrong.status_code, right.status_code) == (422, 303)
    assert "371526200501010010" not in wrong.text
    assert {who for who, page in shown.items() if at.driver.full_name in page} == {"investigator", "reviewer"}
    assert "未成年人" in shown["auditor"]
    assert {who for who, page in kept.items() if "371526**********15" in page} == {"investigator", "reviewer"}
    identity = await PersonIdentity.select().first()
    assert identity is not None
    assert "20050101" not in str(identity)
    assert (await PersonParticulars.select(PersonParticulars.born_on).first()) is not None


async def test_the_threshold_is_a_hint_for_the_legal_review(lawful: Platform) -> None:
    at = await case_desk()
    tokens = await tokens_of(investigator=at.investigator)
    asked = "/measures/threshold?serious_injuries=1&liability=full&has_fled=1"

    async with staff_face(lawful, now=NOW) as face:
        room = Room(face, at, tokens)
        page = await room.get("investigator", asked)

    assert "供法制审核参考" in page
    assert "第二条第二款" in page
    assert "不得再作为加重情节重复评价" in page
    assert "应当先剔除逃逸" in page

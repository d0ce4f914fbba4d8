"""The register on real rows: versions, service, review in time, inquiries, and what it tells other rooms."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import asyncpg
import pytest

from tests import make
from tests.make import NOON
from tests.platform import Platform, as_role
from tipline.accounts.tables import Officer
from tipline.cases.clocks.keeping import clocks_of, keep
from tipline.cases.determinations.errors import (
    AlreadyServed,
    DeterminationReplaced,
    DeterminationUnlawful,
    InquiryAnswered,
    ReviewMovedOn,
)
from tipline.cases.determinations.reads import register_of, responsibilities_of
from tipline.cases.determinations.review_rules import ReviewDates
from tipline.cases.determinations.reviews import (
    InquiryDraft,
    RequestDraft,
    answer_inquiry,
    carry_on_review,
    record_inquiry,
    request_review,
)
from tipline.cases.determinations.rules import DeterminationDraft, PartyDraft
from tipline.cases.determinations.service import (
    DisclosureDraft,
    ServiceDraft,
    record_application,
    record_disclosure,
    register,
    serve,
)
from tipline.cases.determinations.tables import (
    CauseShare,
    Determination,
    DeterminationKind,
    InquirerRelation,
    ReplacementGround,
    Responsibility,
    ResponsibilityBasis,
    ReviewChannel,
    ReviewResult,
    ServiceMethod,
)
from tipline.cases.determinations.triggers import blocks_closing, determination_triggers, inquiry_facts
from tipline.cases.tables import Case, CaseState, Person, PersonRole, PersonState, VehicleState
from tipline.law.clockbook import load_seed_holidays
from tipline.settings import Role

DAY = timedelta(days=1)
NOW = NOON + 60 * DAY
FLED = PartyDraft(
    described_as="逃逸车辆驾驶人",
    responsibility=Responsibility.FULL,
    basis=ResponsibilityBasis.FLIGHT,
    cause_share=CauseShare.NOT_APPRAISED,
)
SERVED = ServiceDraft(
    method=ServiceMethod.DIRECT,
    served_at=NOON + 12 * DAY,
    received_by="王演",
    tells_review=True,
    tells_mediation=True,
    tells_litigation=True,
)


async def codes(deed: Any) -> list[tuple[str, object]]:
    with pytest.raises(DeterminationUnlawful) as refused:
        await deed
    return [(problem.code, problem.facts.get("article")) for problem in refused.value.problems]


async def file() -> tuple[Case, Officer, Person]:
    """Make a case with a victim, and the holidays."""
    await load_seed_holidays()
    officer = await make.officer()
    case = await make.case(lead=officer)
    return case, officer, await make.person(case, "王演", role=PersonRole.VICTIM)


def document(
    victim: Person, number: str, *, made_at: datetime = NOON + 10 * DAY, driver: Person | None = None, **more: Any
) -> DeterminationDraft:
    fled = FLED if driver is None else replace(FLED, person=driver.id, described_as="")
    hurt = PartyDraft(person=victim.id, responsibility=Responsibility.NONE, basis=ResponsibilityBasis.FAULT)
    return DeterminationDraft(
        number=number,
        kind=more.pop("kind", DeterminationKind.LIABILITY),
        made_at=made_at,
        authority="高唐县公安局交通警察大队（演示）",
        content="事故经过及成因",
        parties=(fled, hurt),
        **more,
    )


async def found(case: Case) -> Person:
    await make.vehicle(case, state=VehicleState.SEIZED, at=NOON + 20 * DAY)
    return await make.person(case, "张演", state=PersonState.IN_HAND, at=NOON + 21 * DAY)


async def test_an_article_66_document_is_replaced_after_solving_and_holds_the_case_open_until_then(
    lawful: Platform,
) -> None:
    case, officer, victim = await file()
    as_role(lawful, Role.STAFF)
    asked = await record_application(case.id, applicant=victim.id, received_at=NOON + DAY, by=officer.id, now=NOW)
    first = document(victim, "认字1号", kind=DeterminationKind.UNSOLVED_FLIGHT, application=asked.id)
    old = await register(case.id, first, by=officer.id, now=NOW)
    as_role(lawful, Role.OWNER)
    driver = await found(case)
    before = await blocks_closing(case.id)
    await Case.update({Case.state: CaseState.CLEARED}).where(Case.id == case.id)
    as_role(lawful, Role.STAFF)
    made_at = NOON + 25 * DAY
    new = document(victim, "认字2号", made_at=made_at, driver=driver)

    held = await blocks_closing(case.id)
    silent = await codes(register(case.id, new, by=officer.id, now=NOW))
    new = replace(new, replaces=old.id, replacement_ground=ReplacementGround.SOLVED, states_revocation=True)
    second = await register(case.id, new, by=officer.id, now=NOW)

    assert (before, [row["number"] for row in held]) == ([], ["认字1号"])
    assert silent == [("must_replace_what_stands", "道路交通事故处理程序规定（2017修订） 第六十六条第二款")]
    assert await blocks_closing(case.id) == []
    assert (old.version, second.version) == (1, 2)
    told = {(row["full_name"], row["basis"], row["cause_share"]) for row in await responsibilities_of(case.id)}
    assert told == {("张演", "flight", "not_appraised"), ("王演", "fault", "not_appraised")}
    clocks = {one.rule_code: (one.trigger_at, one.done_at) for one in await determination_triggers(case.id)}
    assert clocks["liability_determination_unsolved_flight"] == (NOON + DAY, NOON + 10 * DAY)
    assert clocks["liability_determination_flight"] == (NOON + 21 * DAY, made_at)


async def test_of_two_officers_who_register_at_once_one_is_told_which_document_took_its_place(lawful: Platform) -> None:
    case, officer, victim = await file()
    second = await make.officer()
    asked = await record_application(case.id, applicant=victim.id, received_at=NOON + DAY, by=officer.id, now=NOW)
    first = document(victim, "认字1号", kind=DeterminationKind.UNSOLVED_FLIGHT, application=asked.id)
    old = await register(case.id, first, by=officer.id, now=NOW)
    driver = await found(case)
    new = replace(
        document(victim, "认字2号", made_at=NOON + 25 * DAY, driver=driver),
        replaces=old.id,
        replacement_ground=ReplacementGround.SOLVED,
        states_revocation=True,
    )
    as_role(lawful, Role.STAFF)

    ends = await asyncio.gather(
        register(case.id, new, by=officer.id, now=NOW),
        register(case.id, replace(new, number="认字3号"), by=second.id, now=NOW),
        return_exceptions=True,
    )

    lost = [end for end in ends if isinstance(end, DeterminationReplaced)]
    won = [end for end in ends if isinstance(end, Determination)]
    assert (len(lost), len(won)) == (1, 1)
    assert lost[0].number == won[0].number
    assert lost[0].by_name in {officer.full_name, second.full_name}


async def test_a_fatal_accident_wants_the_evidence_shown_before_the_document(lawful: Platform) -> None:
    case, officer, victim = await file()
    await Case.update({Case.severity: "fatal"}).where(Case.id == case.id)
    driver = await found(case)
    draft = document(victim, "认字1号", made_at=NOON + 25 * DAY, driver=driver)
    as_role(lawful, Role.STAFF)

    refused = await codes(register(case.id, draft, by=officer.id, now=NOW))
    shown = DisclosureDraft(held_at=NOON + 24 * DAY, place_text="大队事故科", present="王演\n民警", absent="张演")
    await record_disclosure(case.id, shown, by=officer.id, now=NOW)
    await register(case.id, draft, by=officer.id, now=NOW)

    assert [code for code, _ in refused] == ["evidence_not_shown"]
    assert [row["absent"] for row in (await register_of(case.id)).disclosures] == ["张演"]


async def test_service_review_in_time_and_a_redetermination_run_their_clocks(lawful: Platform) -> None:
    case, officer, victim = await file()
    driver = await found(case)
    as_role(lawful, Role.STAFF)
    made = NOON + 25 * DAY  # a Saturday; the three working days after service on Monday 28 June end on 1 July
    await register(case.id, document(victim, "认字1号", made_at=made, driver=driver), by=officer.id, now=NOW)
    parties = {row["full_name"]: row["id"] for row in (await register_of(case.id)).determinations[0]["parties"]}
    served = replace(SERVED, served_at=made + 2 * DAY)
    for one in parties.values():
        await serve(case.id, one, served, by=officer.id, now=NOW)
    with pytest.raises(AlreadyServed):
        await serve(case.id, parties["王演"], served, by=officer.id, now=NOW)
    late = RequestDraft(channel=ReviewChannel.THROUGH_UNIT, requested_at=made + 6 * DAY, reasons="责任过重")

    refused = await codes(request_review(case.id, parties["张演"], late, by=officer.id, now=NOW))
    timely = replace(late, requested_at=made + 5 * DAY)
    review = await request_review(case.id, parties["张演"], timely, by=officer.id, now=NOW)
    again = await codes(request_review(case.id, parties["王演"], timely, by=officer.id, now=NOW))
    ended = ReviewDates(
        forwarded_at=made + 6 * DAY,
        accepted_at=made + 7 * DAY,
        concluded_at=made + 20 * DAY,
        conclusion_received_at=made + 21 * DAY,
    )
    order = {"result": ReviewResult.REDETERMINATION_ORDERED, "conclusion_number": "聊公交复字〔2021〕2号"}
    await carry_on_review(case.id, review.id, ended, **order, seen=1, by=officer.id, now=NOW)  # type: ignore[arg-type]  # a dict of both
    with pytest.raises(ReviewMovedOn):
        await carry_on_review(case.id, review.id, ended, seen=1, by=officer.id, now=NOW)

    assert refused == [("review_comes_late", "道路交通事故处理程序规定（2017修订） 第七十一条第一款")]
    assert [code for code, _ in again] == ["review_is_once"]
    clocks = {one.rule_code: (one.trigger_at, one.done_at) for one in await determination_triggers(case.id)}
    assert clocks["determination_service"] == (made, made + 2 * DAY)
    assert clocks["review_forward"] == (made + 5 * DAY, made + 6 * DAY)
    assert clocks["review_conclusion"] == (made + 7 * DAY, made + 20 * DAY)
    assert clocks["review_redetermination"] == (made + 21 * DAY, None)


async def test_an_inquiry_of_the_victims_side_is_recorded_and_answered_once(lawful: Platform) -> None:
    case, officer, _ = await file()
    second = await make.officer()
    as_role(lawful, Role.STAFF)
    draft = InquiryDraft(
        asked_by="王演之子", relation=InquirerRelation.FAMILY, asked_at=NOON + DAY, question="查到了吗？"
    )
    inquiry = await record_inquiry(case.id, draft, by=officer.id, now=NOW)

    def answer(by: Officer, words: str = "正在侦办") -> Any:
        return answer_inquiry(
            case.id, inquiry.id, answered_at=NOON + 2 * DAY, answer=words, withheld="侦查措施", by=by.id, now=NOW
        )

    empty = await codes(answer(officer, " "))
    ends = await asyncio.gather(answer(officer), answer(second), return_exceptions=True)

    assert empty == [("answer_missing", "道路交通事故处理程序规定（2017修订） 第四十七条")]
    assert sorted(type(end).__name__ for end in ends) == ["InquiryAnswered", "NoneType"]
    lost = next(end for end in ends if isinstance(end, InquiryAnswered))
    assert lost.by_name in {officer.full_name, second.full_name}
    assert [row["answered_at"] for row in await inquiry_facts(case.id)] == [NOON + 2 * DAY]


async def test_what_a_document_says_is_never_changed(lawful: Platform) -> None:
    case, officer, victim = await file()
    driver = await found(case)
    await register(case.id, document(victim, "认字1号", made_at=NOON + 25 * DAY, driver=driver), by=officer.id, now=NOW)

    with pytest.raises(asyncpg.RaiseError, match="new version"):
        await Determination.update({Determination.content: "改"}).where(Determination.case == case.id)


async def test_the_clocks_of_the_case_run_and_end_by_the_register(lawful: Platform) -> None:
    case, officer, victim = await file()
    asked = await record_application(case.id, applicant=victim.id, received_at=NOON + DAY, by=officer.id, now=NOW)
    first = document(victim, "认字1号", kind=DeterminationKind.UNSOLVED_FLIGHT, application=asked.id)
    await register(case.id, first, by=officer.id, now=NOW)
    to_serve = next(
        row for row in (await register_of(case.id)).determinations[0]["parties"] if row["role"] == PersonRole.VICTIM
    )
    as_role(lawful, Role.WORKER)
    await keep(case.id, now=NOW)
    before = {one.rule_code: one.state for one in (await clocks_of([case.id]))[case.id]}
    as_role(lawful, Role.STAFF)
    await serve(case.id, to_serve["id"], SERVED, by=officer.id, now=NOW)
    as_role(lawful, Role.WORKER)

    await keep(case.id, now=NOW)

    after = {one.rule_code: (one.state, one.trigger_at) for one in (await clocks_of([case.id]))[case.id]}
    assert before["liability_determination_unsolved_flight"] == "done"
    assert before["determination_service"] == "running"
    assert after["determination_service"] == ("done", NOON + 10 * DAY)
    assert after["review_request"] == ("running", SERVED.served_at)

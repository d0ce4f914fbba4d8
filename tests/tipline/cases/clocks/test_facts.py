"""What other rooms of the case file record is found by the clocks without a word from them."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

from tests import make
from tests.platform import Platform, as_role
from tipline.cases.clocks import keeping
from tipline.cases.clocks.tables import CaseClock, ClockState
from tipline.cases.determinations.tables import (
    CauseShare,
    Determination,
    DeterminationKind,
    DeterminationParty,
    DeterminationService,
    InquirerRelation,
    Responsibility,
    ResponsibilityBasis,
    ServiceMethod,
    UnsolvedApplication,
    VictimInquiry,
)
from tipline.cases.measures.tables import CustodyDuty, DutyKind
from tipline.cases.tables import Case, Outcome, OutcomeKind, OutcomeStage, PersonRole, Severity
from tipline.cases.tasks.keeping import keep
from tipline.cases.tasks.tables import CaseTask, TaskState
from tipline.clock import SHANGHAI
from tipline.law.clockbook import load_seed_holidays
from tipline.law.service import load_seed_rules, rule
from tipline.settings import Role

THEN = datetime(2026, 3, 2, 10, 0, tzinfo=SHANGHAI)
NOW = THEN + timedelta(days=10)


async def states(case: Case) -> dict[str, str]:
    return {row.rule_code: row.state for row in await CaseClock.objects().where(CaseClock.case == case.id)}


async def test_an_application_runs_until_the_determination_and_its_service_on_all(database: Platform) -> None:
    await load_seed_rules()
    await load_seed_holidays()
    officer, case = await make.officer(), await make.case(severity=Severity.PROPERTY, happened_at=THEN)
    victim = await make.person(case, "受害人", role=PersonRole.VICTIM)
    application = UnsolvedApplication(
        id=uuid4(), case=case.id, applicant=victim.id, received_at=THEN, recorded_by=officer.id, recorded_at=THEN
    )
    await application.save()
    await keeping.keep(case.id, now=NOW)
    before = await states(case)
    determination = Determination(
        id=uuid4(),
        case=case.id,
        number="第371526120260001号",
        version=1,
        kind=DeterminationKind.UNSOLVED_FLIGHT,
        made_at=THEN + timedelta(days=5),
        authority="高唐县公安局交通警察大队",
        content="逃逸车辆未查获",
        is_complex=False,
        application=application.id,
        replaces=None,
        replacement_ground=None,
        replacement_document="",
        states_revocation=False,
        recorded_by=officer.id,
        recorded_at=NOW,
    )
    await determination.save()
    party = DeterminationParty(
        id=uuid4(),
        determination=determination.id,
        person=victim.id,
        described_as="",
        responsibility=Responsibility.NONE,
        basis=ResponsibilityBasis.FAULT,
        cause_share=CauseShare.NOT_APPRAISED,
        cause_words="",
    )
    await party.save()
    await keeping.keep(case.id, now=NOW)
    made = await states(case)
    service = DeterminationService(
        id=uuid4(),
        party=party.id,
        method=ServiceMethod.DIRECT,
        served_at=THEN + timedelta(days=6),
        served_by=officer.id,
        received_by="受害人",
        tells_review=True,
        tells_mediation=True,
        tells_litigation=True,
        recorded_at=NOW,
    )
    await service.save()
    as_role(database, Role.WORKER)

    await keeping.keep_all(now=NOW)

    as_role(database, Role.OWNER)
    served = await states(case)
    assert before == {"liability_determination_unsolved_flight": ClockState.RUNNING}
    assert made["liability_determination_unsolved_flight"] == ClockState.DONE
    assert made["determination_service"] == ClockState.RUNNING
    assert served["determination_service"] == ClockState.DONE
    assert served["review_request"] == ClockState.RUNNING


async def test_each_inquiry_is_a_task_until_its_own_answer(database: Platform) -> None:
    await load_seed_rules()
    await load_seed_holidays()
    officer, case = await make.officer(), await make.case(severity=Severity.PROPERTY, happened_at=THEN)
    for answered in (THEN + timedelta(days=2), None):
        inquiry = VictimInquiry(
            id=uuid4(),
            case=case.id,
            asked_by="受害人家属",
            relation=InquirerRelation.FAMILY,
            asked_at=THEN,
            question="查到车了吗",
            recorded_by=officer.id,
            recorded_at=THEN,
            answered_at=answered,
            answered_by=officer.id if answered else None,
            answer="正在查缉" if answered else "",
            withheld="",
        )
        await inquiry.save()

    for _ in range(2):
        await keep(case.id, now=NOW)

    rows = await CaseTask.objects().where(CaseTask.rule_code == "task_answer_inquiry")
    assert sorted(row.state for row in rows) == [TaskState.DONE, TaskState.OPEN]


async def test_a_detention_starts_its_duties_and_the_measures_own_entries_fulfil_them(database: Platform) -> None:
    await load_seed_rules()
    await load_seed_holidays()
    officer, case = await make.officer(), await make.case(severity=Severity.PROPERTY, happened_at=THEN)
    driver = await make.person(case)
    basis = await rule("criminal_detention_of_suspect", on=THEN.date())
    ground = await rule("ground_fled", on=THEN.date())
    outcome = Outcome(
        id=uuid4(),
        case=case.id,
        person=driver.id,
        kind=OutcomeKind.CRIMINAL_DETENTION,
        stage=OutcomeStage.EXECUTED,
        document_number="高公拘字〔2026〕1号",
        basis=basis.id,
        ground=ground.id,
        days=None,
        days_to_serve=None,
        amount_yuan=None,
        authority="高唐县公安局",
        approved_at=THEN,
        executed_at=THEN,
        due_at=None,
        ended_at=None,
        recorded_by=officer.id,
        recorded_at=THEN,
    )
    await outcome.save()
    await keeping.keep(case.id, now=NOW)
    begun = await states(case)
    await CustodyDuty(
        id=uuid4(),
        outcome=outcome.id,
        kind=DutyKind.FIRST_INTERROGATION,
        done_at=THEN + timedelta(hours=5),
        reason="",
        recorded_by=officer.id,
        recorded_at=NOW,
    ).save()

    await keeping.keep(case.id, now=NOW)

    assert set(begun) == {"detention_to_custody", "first_interrogation", "family_notice", "arrest_request"}
    assert {code for code, state in (await states(case)).items() if state == ClockState.DONE} == {"first_interrogation"}

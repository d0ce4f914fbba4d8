"""A measure taken by the book: a case with its papers, and the steps up to where a test wants them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import uuid4

from tests import make
from tests.make import NOON
from tipline.accounts.tables import Officer, OfficerRole
from tipline.cases.measures.duties import give_notice
from tipline.cases.measures.kinds import PENALTIES
from tipline.cases.measures.procedure import Notice
from tipline.cases.measures.service import Decision, Proposal, approve, execute, propose, review
from tipline.cases.procedure.tables import ProcedureKind, ProcedureStep
from tipline.cases.tables import Case, Outcome, OutcomeKind, Person
from tipline.law.tables import LegalRule

LATER = NOON + timedelta(days=9)


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A whole measure as a test thinks of it: what is asked for, what is decided, when it is carried out."""

    kind: OutcomeKind
    basis: str
    document_number: str
    authority: str
    approved_at: datetime
    executed_at: datetime | None = None
    ground: str | None = None
    days: int | None = None
    amount_yuan: int | None = None
    has_notice: bool = True
    notice: Notice | None = None
    review_reason: str = "事实清楚，证据充分"


@dataclass
class Desk:
    """A case with a driver, and the officers around it."""

    case: Case
    driver: Person
    investigator: Officer
    reviewer: Officer
    now: datetime = field(default=LATER)


ADMINISTRATIVE = Draft(
    kind=OutcomeKind.ADMINISTRATIVE_DETENTION,
    document_number="高公（交）行罚决字〔2021〕12号",
    basis="administrative_detention_for_flight",
    authority="高唐县公安局",
    days=12,
    approved_at=NOON + timedelta(days=2),
    executed_at=NOON + timedelta(days=2, hours=3),
)
CRIMINAL = Draft(
    kind=OutcomeKind.CRIMINAL_DETENTION,
    document_number="高公（刑）拘字〔2021〕7号",
    basis="criminal_detention_of_suspect",
    ground="ground_fled",
    authority="高唐县公安局",
    approved_at=NOON + timedelta(days=1),
    executed_at=NOON + timedelta(days=1, hours=2),
)
ARREST = replace(
    CRIMINAL,
    kind=OutcomeKind.ARREST,
    basis="arrest_on_evidence",
    ground=None,
    authority="高唐县人民检察院",
    document_number="高检批捕〔2021〕3号",
)
BAIL = replace(
    CRIMINAL, kind=OutcomeKind.BAIL, basis="bail_no_danger", ground=None, document_number="高公取保字〔2021〕4号"
)
SURVEILLANCE = replace(
    BAIL,
    kind=OutcomeKind.RESIDENTIAL_SURVEILLANCE,
    basis="surveillance_special_case",
    document_number="高公监居字〔2021〕5号",
)
TRANSFER = replace(
    BAIL,
    kind=OutcomeKind.TRANSFER_FOR_PROSECUTION,
    basis="transfer_after_investigation",
    document_number="高公诉字〔2021〕6号",
)
FINE = replace(
    ADMINISTRATIVE,
    kind=OutcomeKind.FINE,
    basis="fine_for_flight",
    authority="高唐县公安局交通警察大队",
    days=None,
    amount_yuan=1_500,
)
REVOCATION = replace(
    ADMINISTRATIVE,
    kind=OutcomeKind.LICENCE_REVOCATION,
    basis="licence_revocation_for_crime",
    authority="聊城市公安局交通警察支队",
    days=None,
)


async def paper(
    case: Case, kind: ProcedureKind, *, at: datetime, by: Officer, authority: str = "高唐县公安局"
) -> ProcedureStep:
    """Enter an official step of a case."""
    basis = await LegalRule.objects().where(LegalRule.code == f"procedure_{kind.value}").first()
    assert basis is not None
    row = ProcedureStep(
        id=uuid4(),
        case=case.id,
        kind=kind,
        document_number=f"高公{kind.value}〔2021〕{uuid4().hex[:8]}号",
        authority=authority,
        approver="局长",
        basis=basis.id,
        decided_at=at,
        reason="",
        counterpart="",
        direction=None,
        received_at=None,
        recorded_by=by.id,
        recorded_at=at,
        revoked_at=None,
        revoked_by=None,
        revoked_reason="",
    )
    await row.save()
    return row


async def desk(
    *, happened_at: datetime = NOON, is_registered: bool = True, is_filed: bool = True, driver: Person | None = None
) -> Desk:
    """Make a case with a driver, or take the driver's, registered and filed at once unless told otherwise."""
    investigator, reviewer = await make.officer(), await make.officer(role=OfficerRole.LEGAL_REVIEWER)
    if driver is None:
        driver = await make.person(await make.case(happened_at=happened_at, lead=investigator), at=happened_at)
    case = await Case.objects().get(Case.id == driver.case)
    assert case is not None
    happened_at = case.happened_from
    if is_registered:
        await paper(case, ProcedureKind.REGISTRATION, at=happened_at, by=investigator)
    if is_filed:
        await paper(case, ProcedureKind.FILING, at=happened_at, by=investigator)
    return Desk(case, driver, investigator, reviewer)


async def proposed(draft: Draft, at: Desk) -> Outcome:
    """Ask for the measure."""
    asked = Proposal(
        kind=draft.kind,
        basis=draft.basis,
        ground=draft.ground,
        days=draft.days,
        amount_yuan=draft.amount_yuan,
        proposed_at=at.case.happened_from,
        reason="肇事后驾车逃离现场",
    )
    return await propose(at.case.id, at.driver.id, asked, by=at.investigator.id, now=at.now)


async def reviewed(draft: Draft, at: Desk) -> Outcome:
    """Ask for the measure, tell the person where it is a penalty, and pass the review."""
    outcome = await proposed(draft, at)
    if draft.has_notice and draft.kind in PENALTIES:
        notice = draft.notice or Notice(informed_at=at.case.happened_from, is_hearing_offered=True)
        await give_notice(at.case.id, outcome.id, notice, by=at.investigator.id, now=at.now)
    return await review(
        at.case.id,
        outcome.id,
        passes=True,
        reason=draft.review_reason,
        reviewed_at=at.case.happened_from,
        by=at.reviewer.id,
        now=at.now,
    )


async def approved(draft: Draft, at: Desk) -> Outcome:
    """Go as far as the decision."""
    outcome = await reviewed(draft, at)
    decision = Decision(authority=draft.authority, document_number=draft.document_number, decided_at=draft.approved_at)
    return await approve(at.case.id, outcome.id, decision, by=at.investigator.id, now=at.now)


async def taken(draft: Draft, at: Desk) -> Outcome:
    """Go the whole way, as far as `executed_at` says."""
    outcome = await approved(draft, at)
    if draft.executed_at is None:
        return outcome
    return await execute(at.case.id, outcome.id, executed_at=draft.executed_at, by=at.investigator.id, now=at.now)

"""The chain of a measure on the database: of two officers one wins, custody is set off, revoked ones do not count."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import asyncpg
import pytest

from tests import make
from tests.make import NOON
from tests.platform import Platform, as_role
from tests.tipline.cases.measures.chain import (
    ADMINISTRATIVE,
    BAIL,
    CRIMINAL,
    Desk,
    approved,
    desk,
    paper,
    proposed,
    reviewed,
    taken,
)
from tipline.accounts.tables import OfficerRole
from tipline.cases.measures.endings import end, extend
from tipline.cases.measures.errors import MeasureMovedOn, OutcomeUnlawful, ReviewedByProposer
from tipline.cases.measures.identities import Identities
from tipline.cases.measures.persons import ParticularsDraft, record_particulars
from tipline.cases.measures.service import Decision, approve, execute, review
from tipline.cases.measures.tables import OutcomeStep, OutcomeStepKind
from tipline.cases.procedure.tables import ProcedureKind
from tipline.cases.tables import Outcome, OutcomeKind, OutcomeStage
from tipline.dashboard.figures import FIGURES, count_all, read_list
from tipline.settings import Role

SAME = "371526198503120031"


async def over(outcome: Outcome, at: Desk, how: OutcomeStepKind, *, days: int) -> None:
    await end(
        at.case.id,
        outcome.id,
        how,
        ended_at=outcome.executed_at + timedelta(days=days),
        document_number="",
        reason="不再需要",
        by=at.investigator.id,
        now=at.now,
    )


async def detained_in_2021(kind: str) -> int:
    return (await count_all(2021))[kind].number


async def test_of_two_officers_who_approve_at_once_one_wins_and_the_other_is_told(lawful: Platform) -> None:
    at = await desk()
    outcome = await reviewed(CRIMINAL, at)
    as_role(lawful, Role.STAFF)

    answers = await asyncio.gather(
        *(
            approve(
                at.case.id,
                outcome.id,
                Decision(authority="高唐县公安局", document_number=f"{number}号", decided_at=CRIMINAL.approved_at),
                by=at.investigator.id,
                now=at.now,
            )
            for number in (1, 2)
        ),
        return_exceptions=True,
    )

    [told] = [one for one in answers if isinstance(one, BaseException)]
    assert isinstance(told, MeasureMovedOn)
    assert told.stage == OutcomeStage.APPROVED
    assert told.by_badge == at.investigator.badge_number
    as_role(lawful, Role.OWNER)
    assert await OutcomeStep.count().where(OutcomeStep.kind == OutcomeStepKind.APPROVED) == 1


async def test_nobody_reviews_what_they_proposed(lawful: Platform) -> None:
    at = await desk()
    at.investigator = at.reviewer
    outcome = await proposed(CRIMINAL, at)

    with pytest.raises(ReviewedByProposer) as refused:
        await review(
            at.case.id, outcome.id, passes=True, reason="同意", reviewed_at=NOON, by=at.reviewer.id, now=at.now
        )

    assert "第五十八条" in refused.value.article or "第三十八条" in refused.value.article


async def test_a_concern_needs_a_word_of_the_reviewer(lawful: Platform) -> None:
    at = await desk()

    with pytest.raises(OutcomeUnlawful) as refused:
        await reviewed(replace(CRIMINAL, review_reason=""), at)

    assert [problem.code for problem in refused.value.problems] == ["review_reason_missing"]


async def test_a_warrant_for_a_driver_at_large_detains_nobody(lawful: Platform) -> None:
    await approved(CRIMINAL, await desk())

    assert await detained_in_2021("criminal_detention") == 0


async def test_a_revoked_detention_counts_no_longer_and_an_ended_one_does(lawful: Platform) -> None:
    at = await desk()
    outcome = await taken(CRIMINAL, at)
    await over(outcome, at, OutcomeStepKind.ENDED, days=2)
    ended = await detained_in_2021("criminal_detention")

    await over(outcome, at, OutcomeStepKind.REVOKED, days=3)

    assert (ended, await detained_in_2021("criminal_detention")) == (1, 0)


async def test_one_human_being_in_two_cases_is_one_detained_person(lawful: Platform) -> None:
    identities, first, second = Identities("a key of the tests"), await desk(), await desk()
    for at in (first, second):
        await record_particulars(
            at.case.id,
            at.driver.id,
            ParticularsDraft(identity_number=SAME),
            identities=identities,
            by=at.investigator.id,
            now=at.now,
        )
    await taken(CRIMINAL, first)
    await taken(replace(CRIMINAL, document_number="高公（刑）拘字〔2021〕8号"), second)

    [row] = await read_list(FIGURES["criminal_detention"], 2021, of=make.READS_EVERY_CASE)

    assert await detained_in_2021("criminal_detention") == 1
    assert row["documents"].count("号") == 2


async def test_custody_is_set_off_and_the_term_follows_from_what_is_left(lawful: Platform) -> None:
    at = await desk()
    custody = await taken(CRIMINAL, at)
    await over(custody, at, OutcomeStepKind.ENDED, days=3)
    await paper(at.case, ProcedureKind.WITHDRAWAL, at=NOON + timedelta(days=4, hours=12), by=at.investigator)
    begins = NOON + timedelta(days=5)
    late = replace(ADMINISTRATIVE, days=10, approved_at=begins, executed_at=begins)

    outcome = await taken(late, at)

    assert outcome.days_to_serve == 7
    assert outcome.due_at.date() == (begins + timedelta(days=7)).date()


async def test_a_detention_that_custody_has_used_up_is_not_carried_out(lawful: Platform) -> None:
    at = await desk()
    custody = await taken(CRIMINAL, at)
    await over(custody, at, OutcomeStepKind.ENDED, days=3)
    begins = NOON + timedelta(days=5)
    outcome = await approved(replace(ADMINISTRATIVE, days=3, approved_at=begins), at)

    with pytest.raises(OutcomeUnlawful) as refused:
        await execute(at.case.id, outcome.id, executed_at=begins, by=at.investigator.id, now=at.now)

    [problem] = refused.value.problems
    assert problem.code == "nothing_left_to_serve"


async def test_a_release_ends_the_custody(lawful: Platform) -> None:
    at = await desk()
    custody = await taken(CRIMINAL, at)
    freed = NOON + timedelta(days=3)
    draft = replace(
        BAIL,
        kind=OutcomeKind.RELEASE,
        basis="release_detained_wrongly",
        document_number="高公释字〔2021〕1号",
        approved_at=freed,
        executed_at=freed,
    )

    await taken(draft, at)

    row = await Outcome.select(Outcome.stage, Outcome.ended_at).where(Outcome.id == custody.id).first()
    assert row == {"stage": OutcomeStage.ENDED, "ended_at": freed}


@pytest.mark.parametrize(
    ("days", "ground", "code"),
    [
        (4, "ground_fled", ""),
        (5, "ground_fled", "days_outside_limit"),
        (0, "ground_fled", "days_outside_limit"),
        (None, "ground_serial_offender", ""),
        (None, "ground_fled", "ground_not_serial"),
    ],
)
async def test_criminal_procedure_law_91_custody_is_extended_by_four_days_or_for_serial_offences(
    lawful: Platform, days: int | None, ground: str, code: str
) -> None:
    at = await desk()
    outcome = await taken(replace(CRIMINAL, ground=ground), at)
    decision = Decision(
        authority="高唐县公安局", document_number="延1号", decided_at=outcome.executed_at + timedelta(days=1)
    )
    deed = extend(
        at.case.id,
        outcome.id,
        decision,
        days=days or 0,
        is_serial=days is None,
        reason="案情复杂",
        by=at.investigator.id,
        now=at.now,
    )

    if not code:
        longer = await deed
        assert longer.due_at > outcome.due_at
        return
    with pytest.raises(OutcomeUnlawful) as refused:
        await deed

    [problem] = refused.value.problems
    assert problem.code == code
    assert "第九十一条" in str(problem.facts["article"])


async def test_steps_only_grow_and_officers_cannot_remove_them(lawful: Platform) -> None:
    await proposed(CRIMINAL, await desk())

    with pytest.raises(asyncpg.RaiseError):
        await OutcomeStep.update({OutcomeStep.reason: "改"}).where(OutcomeStep.reason != "改")
    as_role(lawful, Role.STAFF)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await OutcomeStep.delete(force=True)


async def test_the_public_face_and_workers_read_nothing_of_a_persons_identity(lawful: Platform) -> None:
    await make.officer(role=OfficerRole.COMMANDER)
    for role in (Role.PUBLIC, Role.WORKER):
        as_role(lawful, role)
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await Outcome.raw("SELECT digest FROM person_identity")

"""Relief on the real database: two officers for every sum, undone steps, figures as they were known."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import asyncpg
import pytest

from tests import make
from tests.make import NOON
from tests.platform import Platform, as_role
from tipline.accounts.tables import Officer
from tipline.law.service import load_seed_rules
from tipline.relief import service
from tipline.relief.errors import OwnStep, ReliefInvalid, ReliefNotFound, StepDecided
from tipline.relief.figures import relief_figure
from tipline.relief.reads import read_matter, to_confirm, to_tell
from tipline.relief.rules import MatterState, StepDraft
from tipline.relief.service import RecipientDraft
from tipline.relief.tables import Confirmation, ReliefKind, ReliefMatter, ReliefPurpose, ReliefStep, ReliefStepKind
from tipline.settings import Role

PAID_AT = NOON + timedelta(days=3)
LATER = NOON + timedelta(days=10)


class Desk:
    """Two officers and one matter that the fund granted 5,000 yuan in."""

    def __init__(self, clerk: Officer, second: Officer, matter: UUID) -> None:
        self.clerk, self.second, self.matter = clerk.id, second.id, matter

    async def step(self, kind: ReliefStepKind, fen: int | None = None, *, at: datetime = NOON) -> ReliefStep:
        draft = StepDraft(kind=kind, happened_at=at, amount_fen=fen, document_number="文1", body="基金管理机构")
        return await service.add_step(self.matter, draft, by=self.clerk, now=LATER)

    async def confirm(self, step: ReliefStep, *, now: datetime = LATER, by: UUID | None = None) -> None:
        await service.decide_step(step.id, Confirmation.CONFIRMED, "", by=by or self.second, now=now)

    async def pay(self, fen: int, *, now: datetime = LATER) -> ReliefStep:
        paid = await self.step(ReliefStepKind.PAID, fen, at=PAID_AT)
        await self.confirm(paid, now=now)
        return paid


@pytest.fixture
async def desk(database: Platform) -> AsyncIterator[Desk]:
    """Make the rows as the owner, then sit down as the staff face."""
    await load_seed_rules()
    clerk, second = await make.officer(), await make.officer()
    as_role(database, Role.STAFF)
    draft = RecipientDraft(full_name="李四", accident_number="事故1", accident_at=NOON - timedelta(days=1))
    recipient = await service.add_recipient(draft, unit=clerk.unit, by=clerk.id, now=NOON)
    matter = await service.open_matter(
        recipient.id,
        ReliefKind.RESCUE_FUND,
        ReliefPurpose.EMERGENCY_CARE,
        ground="rescue_fund_flight",
        by=clerk.id,
        now=NOON,
    )
    found = Desk(clerk, second, matter.id)
    await found.confirm(await found.step(ReliefStepKind.GRANTED, 5_000_00))
    yield found
    as_role(database, Role.OWNER)


async def test_a_sum_counts_once_a_second_officer_has_confirmed_it(desk: Desk) -> None:
    paid = await desk.step(ReliefStepKind.PAID, 3_000_00, at=PAID_AT)

    before = await read_matter(desk.matter)
    waiting = await to_confirm()
    await desk.confirm(paid)
    after = await read_matter(desk.matter)

    assert (before.sums.paid, before.state) == (0, MatterState.GRANTED)
    assert [row["step_kind"] for row in waiting] == ["paid"]
    assert (after.sums.paid, after.state) == (3_000_00, MatterState.PAID)
    assert await to_confirm() == []


async def test_nobody_confirms_their_own_step_not_even_past_the_service(desk: Desk) -> None:
    paid = await desk.step(ReliefStepKind.PAID, 100, at=PAID_AT)

    with pytest.raises(OwnStep):
        await desk.confirm(paid, by=desk.clerk)
    with pytest.raises(asyncpg.RaiseError):
        await ReliefMatter.raw(
            "INSERT INTO relief_confirmation (id, step, decision, reason, decided_by, decided_at)"
            " VALUES ({}, {}, 'confirmed', '', {}, {})",
            uuid4(),
            paid.id,
            desk.clerk,
            LATER,
        )


async def test_of_two_officers_who_confirm_at_once_one_is_told(desk: Desk) -> None:
    paid = await desk.step(ReliefStepKind.PAID, 100, at=PAID_AT)

    results = await asyncio.gather(desk.confirm(paid), desk.confirm(paid), return_exceptions=True)

    assert sorted(type(one).__name__ for one in results) == ["NoneType", "StepDecided"]
    assert isinstance(next(one for one in results if one is not None), StepDecided)


async def test_two_payments_at_once_never_exceed_what_was_granted(desk: Desk) -> None:
    results = await asyncio.gather(
        *(desk.step(ReliefStepKind.PAID, 3_000_00, at=PAID_AT) for _ in range(2)), return_exceptions=True
    )

    assert sorted(type(one).__name__ for one in results) == ["ReliefInvalid", "ReliefStep"]


async def test_an_undone_payment_leaves_the_sums_but_not_the_record(desk: Desk) -> None:
    paid = await desk.pay(3_000_00)

    undoing = await service.undo_step(paid.id, "金额填错", by=desk.clerk, now=LATER)
    still = await read_matter(desk.matter)
    await desk.confirm(undoing)
    undone = await read_matter(desk.matter)

    assert still.sums.paid == 3_000_00
    assert (undone.sums.paid, undone.state) == (0, MatterState.GRANTED)
    assert [step["kind"] for step in undone.steps].count("paid") == 2
    with pytest.raises(ReliefInvalid):
        await service.undo_step(paid.id, "再来一次", by=desk.clerk, now=LATER)


async def test_a_rejected_step_needs_a_reason_and_counts_for_nothing(desk: Desk) -> None:
    paid = await desk.step(ReliefStepKind.PAID, 100, at=PAID_AT)

    with pytest.raises(ReliefInvalid):
        await service.decide_step(paid.id, Confirmation.REJECTED, " ", by=desk.second, now=LATER)
    await service.decide_step(paid.id, Confirmation.REJECTED, "无拨付凭证", by=desk.second, now=LATER)

    assert (await read_matter(desk.matter)).sums.paid == 0


async def test_a_figure_is_what_was_known_then(desk: Desk) -> None:
    paid = await desk.pay(3_000_00, now=LATER)
    undoing = await service.undo_step(paid.id, "重复", by=desk.clerk, now=LATER)
    await desk.confirm(undoing, now=LATER + timedelta(days=2))

    known = [
        await relief_figure(ReliefKind.RESCUE_FUND, PAID_AT.year, PAID_AT.year, as_of=LATER + timedelta(days=days))
        for days in (-1, 1, 3)
    ]

    assert [(one.people, one.amount_yuan) for one in known] == [(0, 0), (1, 3000), (0, 0)]


async def test_a_matter_of_the_fund_needs_a_ground_in_force_and_no_hardship(desk: Desk) -> None:
    recipient = (await read_matter(desk.matter)).row["recipient"]

    for purpose, ground in ((ReliefPurpose.EMERGENCY_CARE, "no_such"), (ReliefPurpose.HARDSHIP, "rescue_fund_flight")):
        with pytest.raises(ReliefInvalid):
            await service.open_matter(
                recipient, ReliefKind.RESCUE_FUND, purpose, ground=ground, by=desk.clerk, now=LATER
            )
    with pytest.raises(ReliefNotFound):
        await service.open_matter(
            uuid4(), ReliefKind.JUDICIAL_ASSISTANCE, ReliefPurpose.HARDSHIP, ground=None, by=desk.clerk, now=LATER
        )


async def test_the_limits_of_review_and_payment_follow_from_the_steps(desk: Desk) -> None:
    await desk.step(ReliefStepKind.NOTICE_TO_FUND)

    limits = (await read_matter(desk.matter)).limits

    assert [limit.rule for limit in limits] == ["fund_review", "fund_payment"]


async def test_steps_are_added_and_never_changed(desk: Desk, database: Platform) -> None:
    as_role(database, Role.OWNER)

    for statement in ("UPDATE relief_step SET amount_fen = 1", "DELETE FROM relief_confirmation"):
        with pytest.raises(asyncpg.RaiseError):
            await ReliefMatter.raw(statement)


@pytest.mark.parametrize("role", [Role.PUBLIC, Role.WORKER])
async def test_only_officers_read_relief(desk: Desk, database: Platform, role: Role) -> None:
    del desk
    as_role(database, role)

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await ReliefMatter.raw("SELECT 1 FROM relief_recipient")


async def test_the_fund_is_to_be_told_who_drove_once_the_case_is_cleared(database: Platform) -> None:
    await load_seed_rules()
    clerk, second, case = await make.officer(), await make.officer(), await make.case()
    await make.clearance(case, by=second)
    await case.update_self({"state": "cleared"})
    as_role(database, Role.STAFF)
    draft = RecipientDraft(
        full_name="王五", accident_number="事故2", accident_at=case.happened_from, case=case.id, care_began_at=None
    )
    recipient = await service.add_recipient(draft, unit=clerk.unit, by=clerk.id, now=LATER)
    matter = await service.open_matter(
        recipient.id, ReliefKind.RESCUE_FUND, ReliefPurpose.FUNERAL, ground="rescue_fund_flight", by=clerk.id, now=LATER
    )
    desk = Desk(clerk, second, matter.id)
    await desk.confirm(await desk.step(ReliefStepKind.GRANTED, 100, at=PAID_AT))

    before = await to_tell()
    await desk.pay(100)
    due = await to_tell()
    await desk.step(ReliefStepKind.DRIVER_NAMED_TO_FUND, at=PAID_AT)
    done = await to_tell()
    as_role(database, Role.OWNER)

    assert [len(one) for one in (before, due, done)] == [0, 1, 0]

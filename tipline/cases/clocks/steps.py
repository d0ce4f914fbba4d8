"""Pauses, resumptions and extensions of clocks: asked for by one officer on a ground of law, decided by another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from tipline.cases.clocks import keeping
from tipline.cases.clocks.errors import (
    ClockInvalid,
    ClockMovedOn,
    ClockStepDecided,
    ClockStepNotFound,
    ClockStepWaiting,
    OwnRequest,
)
from tipline.cases.clocks.lawbook import clock_book, extensions, pause_grounds, rule_row
from tipline.cases.clocks.rules import BY_HAND, LIBERTY, LIVE, Clock, counted, day_of
from tipline.cases.clocks.service import NOTE_LIMIT, REASON_LIMIT, clock_of, insert, reason_problems, text_problems
from tipline.cases.clocks.tables import CaseClock, ClockState, ClockStep, StepAct, StepState
from tipline.cases.locks import case_locked, officer_of
from tipline.database import engine
from tipline.errors import Problem


@dataclass(frozen=True, kw_only=True, slots=True)
class StepDraft:
    """What is asked to be done to a clock. `ground` is the code of a rule: of a pause, or the clock that extends."""

    act: StepAct
    effective_at: datetime
    reason: str
    ground: str = ""
    approval_number: str = ""


async def request_step(case_id: UUID, clock_id: UUID, draft: StepDraft, *, by: UUID, now: datetime) -> ClockStep:
    """Ask that a clock be paused, resumed or extended; another officer decides.

    Raises:
        CaseNotFound, ClockNotFound: not there, or another case's.
        ClockMovedOn: the clock does not stand as the request needs.
        ClockStepWaiting: a request waits already.
        ClockInvalid: the law names no such ground for this clock, or a time or text does not hold.
    """
    async with engine().transaction():
        await keeping.hold(case_id)
        await case_locked(case_id)
        clock = await clock_of(case_id, clock_id)
        needed = ClockState.PAUSED if draft.act == StepAct.RESUME else ClockState.RUNNING
        if clock.state != needed:
            raise ClockMovedOn(clock_id, state=clock.state)
        if await ClockStep.exists().where((ClockStep.clock == clock_id) & (ClockStep.state == StepState.WAITING)):
            raise ClockStepWaiting(clock_id)
        ground, problems = await _ground_of(clock, draft)
        problems += [
            *reason_problems(draft.reason, NOTE_LIMIT),
            *text_problems(approval_number=draft.approval_number),
        ]
        problems += await _effect_problems(clock, draft, now=now)
        if problems:
            raise ClockInvalid(*problems)
        step = ClockStep(
            id=uuid4(),
            clock=clock_id,
            act=draft.act,
            ground=ground,
            effective_at=draft.effective_at,
            reason=draft.reason.strip(),
            approval_number=draft.approval_number.strip(),
            state=StepState.WAITING,
            requested_by=by,
            requested_at=now,
            decided_by=None,
            decided_at=None,
            decision_note="",
        )
        await step.save()
    return step


async def decide_step(
    case_id: UUID, clock_id: UUID, step_id: UUID, *, approves: bool, note: str, by: UUID, now: datetime
) -> None:
    """Approve or refuse what another officer asked for; an approved step moves the clock at once.

    Raises:
        CaseNotFound, ClockNotFound, ClockStepNotFound: not there.
        OwnRequest: whoever asked does not decide.
        ClockStepDecided: a colleague was faster.
        ClockMovedOn: the clock is done or superseded by now; only a refusal is left.
        ClockInvalid: a refusal needs a reason.
    """
    problems = [] if approves else reason_problems(note, REASON_LIMIT, field="note")
    if problems:
        raise ClockInvalid(*problems)
    async with engine().transaction():
        await keeping.hold(case_id)
        await case_locked(case_id)
        clock = await clock_of(case_id, clock_id)
        step = await ClockStep.objects().where((ClockStep.id == step_id) & (ClockStep.clock == clock_id)).first()
        if step is None:
            raise ClockStepNotFound(step_id)
        if step.state != StepState.WAITING:
            decider = await officer_of(step.decided_by)
            raise ClockStepDecided(
                step_id, by_name=decider.full_name, by_badge=decider.badge_number, at=step.decided_at
            )
        if step.requested_by == by:
            raise OwnRequest(step_id)
        if approves and clock.state not in LIVE:
            raise ClockMovedOn(clock_id, state=clock.state)
        state = StepState.APPROVED if approves else StepState.REFUSED
        await ClockStep.update(
            {
                ClockStep.state: state,
                ClockStep.decided_by: by,
                ClockStep.decided_at: now,
                ClockStep.decision_note: note.strip(),
            }
        ).where(ClockStep.id == step_id)
        if approves and step.act == StepAct.EXTEND:
            await _extend(case_id, clock, step, by=by, now=now)
        await keeping.keep(case_id, now=now)


async def _ground_of(clock: CaseClock, draft: StepDraft) -> tuple[UUID | None, list[Problem]]:
    """Return the row of law that allows the step; a clock of custody has none for a pause."""
    if draft.act == StepAct.RESUME:
        return None, []
    on = day_of(draft.effective_at)
    if draft.act == StepAct.EXTEND:
        offered = await extensions(clock.rule_code, on=on)
    elif (await rule_row(clock.rule)).starts_on in LIBERTY:
        return None, [Problem("ground", "custody_never_pauses")]
    else:
        offered = await pause_grounds(clock.rule_code, on=on)
    chosen = [row for row in offered if row.code == draft.ground]
    if not chosen:
        return None, [Problem("ground", "no_such_ground")]
    return chosen[0].id, []


async def _effect_problems(clock: CaseClock, draft: StepDraft, *, now: datetime) -> list[Problem]:
    if draft.effective_at > now:
        return [Problem("effective_at", "in_the_future")]
    earliest = clock.trigger_at
    if draft.act == StepAct.RESUME:
        begun: list[dict[str, Any]] = (
            await ClockStep.select(ClockStep.effective_at)
            .where((ClockStep.clock == clock.id) & (ClockStep.state == StepState.APPROVED))
            .where(ClockStep.act == StepAct.PAUSE)
        )
        earliest = max([earliest, *(row["effective_at"] for row in begun)])
    return [Problem("effective_at", "too_early", {"earliest": earliest})] if draft.effective_at < earliest else []


async def _extend(case_id: UUID, clock: CaseClock, step: ClockStep, *, by: UUID, now: datetime) -> None:
    """Start the longer clock from the same trigger; keeping then takes the shorter one as superseded."""
    row = await rule_row(step.ground)
    book = await clock_book()
    law = book.by_id(row.code, row.id)
    found, is_provisional = counted(law, book.calendar, clock.trigger_at, None, ())
    longer = Clock(
        id=uuid4(),
        rule=law.id,
        rule_code=law.code,
        source_key=f"{BY_HAND}{step.id}",
        person=clock.person,
        trigger_at=clock.trigger_at,
        days=None,
        due_at=found.due,
        due_date=found.due_date,
        is_provisional=is_provisional,
        state=ClockState.RUNNING,
    )
    await insert(case_id, longer, by=by, now=now, note=step.approval_number)

"""Raising an alarm with its tip, calling one after the other until someone answers, and answering it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from tipline.database import engine
from tipline.intake.alarms.errors import AlarmAcknowledged, AlarmUnknown
from tipline.intake.alarms.rules import PATIENCE, Call, due_at, next_call
from tipline.intake.alarms.tables import AlarmCall, AlarmPatience, CallKind, DeskAlarm
from tipline.work.service import ask
from tipline.work.tables import Job

_PATIENCE: Final = "SELECT patience_s FROM alarm_patience ORDER BY set_at DESC, id LIMIT 1"
_ON_DUTY: Final = """
SELECT d.officer FROM duty_turn d JOIN officer o ON o.id = d.officer
WHERE d.cancelled_at IS NULL AND d.begins_at <= {} AND d.ends_at > {} AND o.is_active
ORDER BY d.place, d.begins_at, d.id"""
_ANSWER: Final = """
UPDATE desk_alarm SET acknowledged_by = {}, acknowledged_at = {} WHERE id = {} AND acknowledged_at IS NULL
RETURNING tip"""
_ANSWERED: Final = """
SELECT a.acknowledged_at, o.full_name, o.badge_number FROM desk_alarm a JOIN officer o ON o.id = a.acknowledged_by
WHERE a.id = {}"""


async def raise_alarm(tip: UUID, *, now: datetime) -> UUID:
    """Raise the alarm of a tip whose sender says that the vehicle is here now, and return its id.

    Joins the caller's transaction, in which the tip was made: no tip, no alarm.
    """
    alarm = uuid4()
    # Without RETURNING: the public role may add the alarm of its own tip and read none.
    await DeskAlarm.raw("INSERT INTO desk_alarm (id, tip, raised_at) VALUES ({}, {}, {})", alarm, tip, now)
    await ask(Job.CALL_DESK, alarm, now=now)
    return alarm


async def call_desk(alarm_id: UUID, *, now: datetime) -> list[Call]:
    """Make the calls of an open alarm that are due, ask to be run again when the next one is, and return those made.

    Safe to repeat and to run twice at once; an answered alarm calls nobody.

    Raises:
        AlarmUnknown: there is none.
    """
    async with engine().transaction():
        await DeskAlarm.raw("SELECT pg_advisory_xact_lock(hashtextextended({}, 0))", f"alarm {alarm_id}")
        alarm = await (
            DeskAlarm.select(DeskAlarm.raised_at, DeskAlarm.acknowledged_at).where(DeskAlarm.id == alarm_id).first()
        )
        if alarm is None:
            raise AlarmUnknown(alarm_id)
        if alarm["acknowledged_at"] is not None:
            return []
        patience = await patience_now()
        on_duty = await officers_on_duty(now=now)
        made = await calls_of(alarm_id)
        fresh: list[Call] = []
        while (call := next_call(made, on_duty)) and due_at(alarm["raised_at"], len(made), patience) <= now:
            made.append(call)
            fresh.append(call)
            await AlarmCall(
                id=uuid4(), alarm=alarm_id, number=len(made), kind=call.kind, officer=call.officer, called_at=now
            ).save()
        if call is not None:
            await ask(Job.CALL_DESK, alarm_id, now=now, due_at=due_at(alarm["raised_at"], len(made), patience))
    return fresh


async def acknowledge(alarm_id: UUID, *, officer: UUID, now: datetime) -> UUID:
    """Record that an officer answers the alarm, and return its tip. Of two officers the first answers.

    Raises:
        AlarmUnknown: there is none.
        AlarmAcknowledged: a colleague was faster.
    """
    answered = await DeskAlarm.raw(_ANSWER, officer, now, alarm_id)
    if answered:
        tip: UUID = answered[0]["tip"]
        return tip
    rows: list[dict[str, Any]] = await DeskAlarm.raw(_ANSWERED, alarm_id)
    if not rows:
        raise AlarmUnknown(alarm_id)
    raise AlarmAcknowledged(
        alarm_id, by_name=rows[0]["full_name"], by_badge=rows[0]["badge_number"], at=rows[0]["acknowledged_at"]
    )


async def patience_now() -> timedelta:
    """Return how long an alarm waits for each call."""
    rows = await AlarmPatience.raw(_PATIENCE)
    return timedelta(seconds=rows[0]["patience_s"]) if rows else PATIENCE


async def officers_on_duty(*, now: datetime) -> list[UUID]:
    """Return the officers on duty at a moment, in the order in which they are called."""
    return list(dict.fromkeys(row["officer"] for row in await DeskAlarm.raw(_ON_DUTY, now, now)))


async def calls_of(alarm_id: UUID) -> list[Call]:
    """Return the calls of an alarm in their order."""
    rows = await (
        AlarmCall.select(AlarmCall.kind, AlarmCall.officer)
        .where(AlarmCall.alarm == alarm_id)
        .order_by(AlarmCall.number)
    )
    return [Call(CallKind(row["kind"]), row["officer"]) for row in rows]

"""在场警报: the job that calls the next one while an alarm is not answered."""

from __future__ import annotations

from uuid import UUID

from tipline.intake.alarms import service
from workers.doors import doors


async def call_desk(subject: str) -> None:
    """Make the calls of the alarm `subject` that are due; asks for itself again for the next one. Safe to repeat.

    Raises:
        AlarmUnknown: there is no such alarm.
    """
    await service.call_desk(UUID(subject), now=doors().now())

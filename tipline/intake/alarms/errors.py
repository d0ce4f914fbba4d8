"""What can be wrong with a deed on an alarm or on the roster; each names facts, none a sentence."""

from datetime import datetime
from uuid import UUID

from tipline.errors import NotFound, Overtaken


class AlarmUnknown(NotFound):
    """There is no such alarm."""

    def __init__(self, alarm_id: UUID) -> None:
        super().__init__(f"no alarm {alarm_id}")
        self.alarm_id = alarm_id


class AlarmAcknowledged(Overtaken):
    """A colleague has answered the alarm; the facts say who and when."""

    def __init__(self, alarm_id: UUID, *, by_name: str, by_badge: str, at: datetime) -> None:
        super().__init__(f"alarm {alarm_id} was acknowledged by {by_badge} at {at}")
        self.alarm_id, self.by_name, self.by_badge, self.at = alarm_id, by_name, by_badge, at


class TurnUnknown(NotFound):
    """There is no such turn of duty, or it was cancelled before."""

    def __init__(self, turn_id: UUID) -> None:
        super().__init__(f"no turn of duty {turn_id}")
        self.turn_id = turn_id

"""What can go wrong around a running clock. Errors carry facts; the words for them are chosen elsewhere."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from tipline.errors import Invalid, NotAllowed, NotFound, Overtaken


class ClockNotFound(NotFound):
    """There is no such clock, or it is another case's."""

    def __init__(self, clock_id: UUID) -> None:
        super().__init__(f"no clock {clock_id}")
        self.clock_id = clock_id


class FactNotFound(NotFound):
    """There is no such fact, or it is another case's."""

    def __init__(self, fact_id: UUID) -> None:
        super().__init__(f"no fact {fact_id}")
        self.fact_id = fact_id


class ClockStepNotFound(NotFound):
    """There is no such request on this clock."""

    def __init__(self, step_id: UUID) -> None:
        super().__init__(f"no step {step_id}")
        self.step_id = step_id


class ClockInvalid(Invalid):
    """What was written for a clock or a fact does not hold; each problem names its field."""


class ClockMovedOn(Overtaken):
    """The clock is done, superseded or withdrawn by now, or stands otherwise than the deed needs."""

    def __init__(self, clock_id: UUID, *, state: str) -> None:
        super().__init__(f"clock {clock_id} is {state}")
        self.clock_id, self.state = clock_id, state


class ClockStepWaiting(Overtaken):
    """Another request on this clock waits for a decision."""

    def __init__(self, clock_id: UUID) -> None:
        super().__init__(f"a request on clock {clock_id} waits already")
        self.clock_id = clock_id


class ClockStepDecided(Overtaken):
    """The request was decided meanwhile; says by whom and when."""

    def __init__(self, step_id: UUID, *, by_name: str, by_badge: str, at: datetime | None) -> None:
        super().__init__(f"step {step_id} was decided by {by_badge} at {at}")
        self.step_id, self.by_name, self.by_badge, self.at = step_id, by_name, by_badge, at


class FactWithdrawn(Overtaken):
    """The fact was withdrawn already."""

    def __init__(self, fact_id: UUID, *, at: datetime) -> None:
        super().__init__(f"fact {fact_id} was withdrawn at {at}")
        self.fact_id, self.at = fact_id, at


class OwnRequest(NotAllowed):
    """Whoever asked for a pause, resumption or extension does not decide on it."""

    def __init__(self, step_id: UUID) -> None:
        super().__init__(f"step {step_id} is the officer's own")
        self.step_id = step_id

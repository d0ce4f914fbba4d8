"""What can go wrong around relief. Errors carry facts; the words for them are chosen elsewhere."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from tipline.errors import Invalid, NotAllowed, NotFound, Overtaken
from tipline.relief.tables import Confirmation


class ReliefNotFound(NotFound):
    """There is no such matter, step or recipient."""

    def __init__(self, row: UUID) -> None:
        super().__init__(f"no relief row {row}")
        self.row = row


class ReliefInvalid(Invalid):
    """A recipient, matter or step does not hold."""


class OwnStep(NotAllowed):
    """A step is confirmed by another officer than the one who recorded it."""


class StepDecided(Overtaken):
    """The step was confirmed or rejected already; the facts say by whom, when and how."""

    def __init__(self, *, decision: Confirmation, by_name: str, by_badge: str, at: datetime) -> None:
        super().__init__(f"step {decision} by {by_badge} at {at}")
        self.state = decision
        self.by_name, self.by_badge, self.at = by_name, by_badge, at

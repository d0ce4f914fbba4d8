"""What can go wrong in the screening. Errors carry facts; the words for them are chosen elsewhere."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from tipline.cases.screening.tables import ScreeningState
from tipline.errors import Invalid, NotAllowed, NotFound, Overtaken


class CandidateNotFound(NotFound):
    """There is no such candidate, or it is another case's."""

    def __init__(self, candidate_id: UUID) -> None:
        super().__init__(f"no candidate {candidate_id}")
        self.candidate_id = candidate_id


class SourceNotFound(NotFound):
    """What a candidate shall come from does not exist or has nothing to do with the case."""

    def __init__(self, source_id: UUID) -> None:
        super().__init__(f"no source {source_id} of this case")
        self.source_id = source_id


class ScreeningInvalid(Invalid):
    """A step does not hold; each problem names its field."""


class AlreadyScreened(Overtaken):
    """The plate, vehicle or person stands in the case's table already; says by whom and since when."""

    def __init__(self, candidate_id: UUID, *, by_name: str, by_badge: str, at: datetime) -> None:
        super().__init__(f"candidate {candidate_id} was added by {by_badge} at {at}")
        self.candidate_id, self.by_name, self.by_badge, self.at = candidate_id, by_name, by_badge, at


class CandidateMovedOn(Overtaken):
    """A colleague took a step with the candidate meanwhile; says who, when and how it stands."""

    def __init__(self, candidate_id: UUID, *, state: ScreeningState, by_name: str, by_badge: str, at: datetime) -> None:
        super().__init__(f"candidate {candidate_id} is {state} by {by_badge} at {at}")
        self.candidate_id, self.state = candidate_id, state
        self.by_name, self.by_badge, self.at = by_name, by_badge, at


class SecondOfficerNeeded(NotAllowed):
    """Who proposed a lock cannot confirm it."""

    def __init__(self, candidate_id: UUID, officer_id: UUID) -> None:
        super().__init__(f"officer {officer_id} proposed the lock of {candidate_id}")
        self.candidate_id, self.officer_id = candidate_id, officer_id

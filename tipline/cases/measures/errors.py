"""What can go wrong around a measure. Errors carry facts; the words for them are chosen in `words.py`."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from tipline.cases.tables import OutcomeKind, OutcomeStage
from tipline.errors import Invalid, NotAllowed, NotFound, Overtaken, Problem, Refused


class MeasureNotFound(NotFound):
    """There is no such measure, or it is another case's."""

    def __init__(self, outcome_id: UUID) -> None:
        super().__init__(f"no measure {outcome_id}")
        self.outcome_id = outcome_id


class OutcomeUnlawful(Invalid):
    """A measure does not hold in law; the facts of each problem of law name `rule` and `article`."""

    def __init__(self, kind: OutcomeKind, *problems: Problem) -> None:
        super().__init__(*problems)
        self.kind = kind


class ParticularsInvalid(Invalid):
    """What was written about a person, a notice or a verdict does not hold; each problem names its field."""


class MeasureMovedOn(Overtaken):
    """The measure stands elsewhere by now; says who moved it, when, and where it stands."""

    def __init__(self, outcome_id: UUID, *, stage: OutcomeStage, by_name: str, by_badge: str, at: datetime) -> None:
        super().__init__(f"measure {outcome_id} is {stage} since {at}, by {by_badge}")
        self.outcome_id, self.stage = outcome_id, stage
        self.by_name, self.by_badge, self.at = by_name, by_badge, at


class ReviewedByProposer(Refused):
    """Nobody reviews a measure that they proposed; `article` asks for the review."""

    def __init__(self, outcome_id: UUID, *, article: str) -> None:
        super().__init__(f"measure {outcome_id} was proposed by its reviewer")
        self.outcome_id, self.article = outcome_id, article


class ReviewerNotLegal(NotAllowed):
    """Only an active legal reviewer reviews a measure."""

    def __init__(self, officer_id: UUID, role: str) -> None:
        super().__init__(f"officer {officer_id} is {role}")
        self.officer_id, self.role = officer_id, role

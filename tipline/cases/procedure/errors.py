"""What can go wrong with an official step. Errors carry facts; the words for them are chosen elsewhere."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from tipline.cases.procedure.tables import ProcedureKind
from tipline.errors import Invalid, NotFound, Overtaken


class StepUnlawful(Invalid):
    """A step does not hold in law or breaks the order of steps; the problems of law name `rule` and `article`."""


class StepNotFound(NotFound):
    """There is no such step, or it is another case's."""

    def __init__(self, step_id: UUID) -> None:
        super().__init__(f"no step {step_id}")
        self.step_id = step_id


class StepAlreadyRevoked(Overtaken):
    """A colleague revoked the step meanwhile; says who and when."""

    def __init__(self, step_id: UUID, *, by_name: str, by_badge: str, at: datetime) -> None:
        super().__init__(f"step {step_id} was revoked by {by_badge} at {at}")
        self.step_id, self.by_name, self.by_badge, self.at = step_id, by_name, by_badge, at


class ReceiptAlreadyNoted(Overtaken):
    """The receipt of a transferred case is noted already, since `at`."""

    def __init__(self, step_id: UUID, kind: ProcedureKind, *, at: datetime) -> None:
        super().__init__(f"{kind} {step_id} was received at {at}")
        self.step_id, self.kind, self.at = step_id, kind, at

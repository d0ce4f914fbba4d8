"""What can go wrong when a case is closed or reopened. Errors carry facts; the words for them are chosen elsewhere."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from tipline.errors import Invalid, NotFound, Overtaken


class TurnUnlawful(Invalid):
    """A case cannot be closed, reopened or reclassified so; problems of law name `rule` and `article`."""


class EvidenceNotOfCase(NotFound):
    """An item named as proof is no sealed item of a tip linked to the case."""

    def __init__(self, item_id: UUID) -> None:
        super().__init__(f"item {item_id} is no sealed item of the case")
        self.item_id = item_id


class CaseNotCleared(Overtaken):
    """The case is open: never cleared, or reopened by a colleague meanwhile; says by whom and when."""

    def __init__(self, case_id: UUID, *, by_name: str, by_badge: str, at: datetime | None) -> None:
        super().__init__(f"case {case_id} is open, reopened by {by_badge or 'nobody'} at {at}")
        self.case_id, self.by_name, self.by_badge, self.at = case_id, by_name, by_badge, at
        self.state = "reopened" if by_badge else "never_cleared"

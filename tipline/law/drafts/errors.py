"""What can go wrong around a new version of a rule."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from tipline.errors import Invalid, NotAllowed, NotFound, Overtaken


class DraftNotFound(NotFound):
    """There is no such new version."""

    def __init__(self, draft_id: UUID) -> None:
        super().__init__(f"no draft {draft_id}")
        self.draft_id = draft_id


class DraftInvalid(Invalid):
    """The new version does not hold; each problem names its field."""


class DraftDecided(Overtaken):
    """It was decided meanwhile; says by whom and when."""

    def __init__(self, draft_id: UUID, *, by_name: str, by_badge: str, at: datetime) -> None:
        super().__init__(f"draft {draft_id} was decided by {by_badge} at {at}")
        self.draft_id, self.by_name, self.by_badge, self.at = draft_id, by_name, by_badge, at


class OwnDraft(NotAllowed):
    """Whoever entered a version does not put it in force."""

    def __init__(self, draft_id: UUID) -> None:
        super().__init__(f"draft {draft_id} is the officer's own")
        self.draft_id = draft_id

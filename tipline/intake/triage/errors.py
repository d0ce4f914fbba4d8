"""What can be wrong with a deed on a tip; each names facts, none a sentence."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from tipline.errors import NotAllowed, NotFound, Overtaken, Refused
from tipline.intake.tables import TipState
from tipline.intake.triage.tables import TipDeed


class TipNotFound(NotFound):
    """There is no such tip."""

    def __init__(self, tip_id: UUID) -> None:
        super().__init__(f"no tip {tip_id}")
        self.tip_id = tip_id


class TipDecided(Overtaken):
    """The tip no longer stands as the officer saw it: another decided it; the facts say who, when and what."""

    def __init__(self, tip_id: UUID, *, state: TipState, by_name: str, by_badge: str, at: datetime | None) -> None:
        super().__init__(f"tip {tip_id} is {state}, decided by {by_badge or 'nobody'} at {at}")
        self.tip_id, self.state = tip_id, state
        self.by_name, self.by_badge, self.at = by_name, by_badge, at


class DuplicateOfItself(Refused):
    """A tip cannot be a duplicate of itself, nor of one that is its own duplicate."""


class SnoozeEnded(Refused):
    """A tip can be put off until a moment to come only."""


class AssigneeUnknown(Refused):
    """A tip is assigned to an officer in office whose role decides on tips."""


class TagUnfit(Refused):
    """A tag is a word of 1 to 40 characters."""


class NoteUnfit(Refused):
    """A note has words, and not more than a page of them."""


class SearchUnfit(Refused):
    """A saved search has a name of 1 to 40 characters, and an officer has a dozen of them at most."""


class DeedNotFound(NotFound):
    """There is no such deed."""

    def __init__(self, deed_id: UUID) -> None:
        super().__init__(f"no deed {deed_id}")
        self.deed_id = deed_id


class DeedOfAnother(NotAllowed):
    """Only who did a deed takes it back; others decide anew."""


class DeedStays(Refused):
    """A deed of this kind is not taken back: tags are taken off, notes are followed by notes."""


class DeedOvertaken(Overtaken):
    """A later deed rests on this one, or it was taken back before; the facts say who, when and what."""

    def __init__(self, deed_id: UUID, *, state: TipDeed, by_name: str, by_badge: str, at: datetime) -> None:
        super().__init__(f"deed {deed_id} was followed by {state} of {by_badge or 'the platform'} at {at}")
        self.deed_id, self.state = deed_id, state
        self.by_name, self.by_badge, self.at = by_name, by_badge, at

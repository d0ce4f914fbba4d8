"""What can go wrong in the media review."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from tipline.errors import NotFound, Overtaken, Refused


class FileNotFound(NotFound):
    """The tip has no file at this position, or there is no such tip."""

    def __init__(self, tip_id: UUID, position: int) -> None:
        super().__init__(f"tip {tip_id} has no file {position}")
        self.tip_id, self.position = tip_id, position


class DerivationNotFound(NotFound):
    """Nobody asked for such a derived item."""

    def __init__(self, derivation_id: UUID) -> None:
        super().__init__(f"derivation {derivation_id} is not known")
        self.derivation_id = derivation_id


class NotOfThisFile(NotFound):
    """The evidence item is neither the file's original nor derived from it."""

    def __init__(self, item_id: UUID) -> None:
        super().__init__(f"item {item_id} does not belong to the file")
        self.item_id = item_id


class ReadingNotFound(NotFound):
    """The file has no such reading (any more): it was examined again, and read otherwise."""

    def __init__(self, value: str) -> None:
        super().__init__(f"no hint reads {value!a}")
        self.value = value


class ReadingCorrected(Overtaken):
    """A colleague has corrected, rejected or restored the reading meanwhile."""

    def __init__(self, standing: str, full_name: str, corrected_at: datetime) -> None:
        super().__init__(f"reading stands as {standing!a} since {corrected_at:%Y-%m-%dT%H:%M}")
        self.standing, self.full_name, self.corrected_at = standing, full_name, corrected_at


class NothingChanged(Refused):
    """The corrected value is the one that stands already."""

"""What can be wrong with a search of the audit."""

from __future__ import annotations

from tipline.errors import TooMuch


class ExportTooLarge(TooMuch):
    """More entries than one export holds; a shorter time holds fewer."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"more than {limit} entries")
        self.limit = limit

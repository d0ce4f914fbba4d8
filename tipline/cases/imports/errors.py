"""What can be wrong with a file of cases as a whole."""

from __future__ import annotations

from tipline.errors import Refused


class SheetUnreadable(Refused):
    """The file is neither UTF-8 CSV nor XLSX, or its first row does not name the columns."""


class SheetTooLarge(Refused):
    """The file has more rows or bytes than one import takes."""

    def __init__(self, *, rows: int) -> None:
        super().__init__(f"more than {rows} rows, or too many bytes")
        self.rows = rows

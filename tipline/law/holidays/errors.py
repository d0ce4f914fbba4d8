"""What can go wrong around the holiday table."""

from __future__ import annotations

from tipline.errors import Invalid, Overtaken


class NoticeInvalid(Invalid):
    """The notice cannot be entered as it stands; each problem names what."""


class HolidaysMovedOn(Overtaken):
    """A colleague changed the table since the preview was shown."""

    def __init__(self, year: int) -> None:
        super().__init__(f"the holidays of {year} were changed meanwhile")
        self.year = year

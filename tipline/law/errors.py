"""What can be wrong with a question of law: the rule is unknown, or was not in force on the day."""

from datetime import date

from tipline.errors import NotFound, Refused


class RuleUnknown(NotFound):
    """No version of this rule is recorded; `code` says which was asked for."""

    def __init__(self, code: str) -> None:
        super().__init__(f"no legal rule {code!r}")
        self.code = code


class RuleNotInForce(Refused):
    """The rule exists, but none of its versions was in force on the day.

    `article` and the dates are those of the nearest version: the latest that began before the day, else the first.
    """

    def __init__(self, code: str, on: date, *, article: str, valid_from: date, valid_to: date | None) -> None:
        super().__init__(f"rule {code} ({article}) is in force {valid_from} to {valid_to or 'now'}, not on {on}")
        self.code, self.on, self.article = code, on, article
        self.valid_from, self.valid_to = valid_from, valid_to

    def facts(self) -> dict[str, object]:
        """Return the year of the day that was asked for."""
        return {"year": self.on.year}


class HolidaysUnknown(Refused):
    """The holiday table lacks a year that the term reaches; a guess could be days wrong."""

    def __init__(self, year: int) -> None:
        super().__init__(f"the holidays of {year} are not in the table: enter the State Council's notice for that year")
        self.year = year

    def facts(self) -> dict[str, object]:
        """Return the year that is missing."""
        return {"year": self.year}


class DaysOutOfBounds(Refused):
    """The decision names more or fewer days than the law allows."""

    def __init__(self, code: str, *, days: int, minimum: int, maximum: int) -> None:
        super().__init__(f"a decision may name {minimum} to {maximum} days for {code}, not {days}")
        self.code, self.days, self.minimum, self.maximum = code, days, minimum, maximum

    def facts(self) -> dict[str, object]:
        """Return the bounds."""
        return {"minimum": self.minimum, "maximum": self.maximum}

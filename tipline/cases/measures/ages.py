"""How old a person was, as the law counts years. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, kw_only=True, slots=True)
class Circumstances:
    """What is known of a person in the eye of the law; `age` is in whole years at the act, None while not known.

    `born_on` tells the age on any other day, too. The notes are for the legal review only.
    """

    age: int | None = None
    born_on: date | None = None
    is_nursing: bool = False
    is_gravely_ill: bool = False

    def age_on(self, day: date) -> int | None:
        """Return the age on a day; without a day of birth the age at the act stands in for it."""
        return self.age if self.born_on is None else full_years(self.born_on, day)


def full_years(born_on: date, day: date) -> int:
    """Return the whole years (周岁) somebody is on a day; a year is full on the day after the birthday.

    Source: the Supreme People's Court on minors (法释〔2006〕1号, article 2): counted from the second day.
    """
    years = day.year - born_on.year
    return years if (day.month, day.day) > (born_on.month, born_on.day) else years - 1

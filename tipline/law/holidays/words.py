"""Holiday table: what its errors and problems are called (tipline/web/words_of_rooms.py gathers them)."""

from __future__ import annotations

from typing import Final

from tipline.web.locale import lazy as _

SENTENCES: Final[dict[str, str]] = {
    "HolidaysMovedOn": _(
        "A colleague changed the days of {year} meanwhile, or other days were typed. Look at what changes once more."
    ),
}

PROBLEMS: Final[dict[str, str]] = {
    "not_json": _("This begins like JSON and cannot be read as such."),
    "too_many_days": _("A notice has at most {limit} days."),
    "day_needs_three": _("Row {row}: day, kind and name are needed."),
    "not_a_day": _("Row {row}: the day must look like 2027-01-01."),
    "not_a_kind_of_day": _("Row {row}: the kind must be holiday or workday, or their Chinese names."),
    "day_needs_name": _("Row {row}: a name of at most {limit} characters is needed."),
    "day_stands_twice": _("{day} stands twice."),
    "day_of_another_year": _("{day} does not belong to the notice of {year}."),
    "worked_day_is_a_weekday": _("{day} is a weekday and cannot be an exchanged working day."),
    "fixed_day_missing": _("{day} is missing, which is off in every year."),
    "balance_of_days": _(
        "{found} weekdays are given in all, {before} were the year before. Please compare it with the notice once more."
    ),
}

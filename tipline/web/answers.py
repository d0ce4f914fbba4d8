"""Reads the answers of a form into values; every wrong one is told at once, and what was typed is kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, TypeVar
from uuid import UUID

from litestar import Request
from litestar.response import Template

from tipline.clock import SHANGHAI
from tipline.errors import Invalid, Problem, TiplineError
from tipline.texts import clean
from tipline.web.errors import status_of
from tipline.web.page import page
from tipline.web.wording import sentence

Choice = TypeVar("Choice", bound=StrEnum)
LONGEST_ANSWER: Final = 20_000
# No file of ours is older: an earlier year is a slip of the keyboard (0021 for 2021).
EARLIEST: Final = datetime(1949, 10, 1, tzinfo=SHANGHAI)


class Answers:
    """The answers of one form as typed, and the problems found while reading them."""

    def __init__(self, typed: Mapping[str, str] | None = None) -> None:
        self.typed = dict(typed or {})
        self.problems: list[Problem] = []

    def get(self, name: str, default: str = "") -> str:
        """Return what was typed into a field, for showing it again."""
        return self.typed.get(name, default)

    def text(self, name: str) -> str:
        """Return a text without surrounding blanks, control or reordering characters."""
        return clean(self.get(name))

    def moment(self, name: str, *, is_required: bool = True) -> datetime | None:
        """Return a moment typed in Asia/Shanghai (`2021-03-05T14:07`); None, with a problem noted, when it is none."""
        words = self.text(name)
        if not words:
            if is_required:
                self.problems.append(Problem(name, "required"))
            return None
        try:
            read = datetime.fromisoformat(words)
        except ValueError:
            self.problems.append(Problem(name, "not_a_time"))
            return None
        moment = read if read.tzinfo else read.replace(tzinfo=SHANGHAI)
        if moment < EARLIEST:
            self.problems.append(Problem(name, "not_a_time"))
            return None
        return moment

    def needed_moment(self, name: str) -> datetime:
        """Return a moment that must be there.

        Raises:
            Invalid: it is missing or none, told together with every problem noted so far.
        """
        moment = self.moment(name)
        if moment is None:
            raise Invalid(*self.problems)
        return moment

    def choice(self, name: str, options: type[Choice], default: Choice) -> Choice:
        """Return one of an enum's values; `default`, with a problem noted, when it is none of them."""
        words = self.text(name)
        if words in set(options):
            return options(words)
        self.problems.append(Problem(name, "not_a_choice" if words else "required"))
        return default

    def whole(self, name: str) -> int | None:
        """Return a whole number; None when nothing was typed, and with a problem noted when it is no number."""
        words = self.text(name)
        if not words:
            return None
        if not words.isdecimal() or len(words) > 6:  # noqa: PLR2004  no count of ours has more digits
            self.problems.append(Problem(name, "not_a_number"))
            return None
        return int(words)

    def decimal(self, name: str) -> float | None:
        """Return a decimal number; None when nothing was typed, and with a problem noted when it is no number."""
        words = self.text(name)
        if not words:
            return None
        try:
            return float(words)
        except ValueError:
            self.problems.append(Problem(name, "not_a_number"))
            return None

    def row(self, name: str) -> UUID:
        """Return the id of a row that was chosen.

        Raises:
            Invalid: none was chosen, told together with every problem noted so far.
        """
        try:
            return UUID(self.text(name))
        except ValueError:
            self.problems.append(Problem(name, "required"))
            raise Invalid(*self.problems) from None

    def refuse_problems(self) -> None:
        """Stop here if anything was wrong.

        Raises:
            Invalid: with every problem noted.
        """
        if self.problems:
            raise Invalid(*self.problems)


async def read_answers(request: Request[Any, Any, Any], *, lists: Iterable[str] = ()) -> Answers:
    """Return the answers of an urlencoded form; names in `lists` keep all their values, joined by spaces."""
    form = await request.form()
    typed = {name: str(value)[:LONGEST_ANSWER] for name, value in form.items()}
    for name in lists:
        typed[name] = " ".join(str(value) for value in form.getall(name, []))
    return Answers(typed)


def answer_page(
    request: Request[Any, Any, Any],
    name: str,
    *,
    answers: Answers,
    refusal: TiplineError | None = None,
    **context: Any,
) -> Template:
    """Answer with a form: fresh, or with what was typed and why it was refused, under the refusal's status."""
    return page(request, name, **answered(answers, refusal), **context)


def answered(answers: Answers, refusal: TiplineError | None = None) -> dict[str, Any]:
    """Return what a form's template knows of an attempt: `answers`, `problems`, `told`, and the answer's `status`."""
    if refusal is None:
        return {"answers": answers, "problems": (), "told": "", "status": 200}
    problems = refusal.problems if isinstance(refusal, Invalid) else ()
    told = "" if problems else sentence(refusal)
    return {"answers": answers, "problems": problems, "told": told, "status": status_of(refusal)}

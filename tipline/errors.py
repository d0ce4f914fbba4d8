"""The roots of the platform's errors: each says what must follow, never a sentence or an HTTP number.

`tipline/web/errors.py` gives every error its answer and `tipline/web/wording.py` its sentence; rooms derive their own.
"""

import dataclasses
from dataclasses import dataclass


class TiplineError(Exception):
    """Something the platform foresaw."""

    def facts(self) -> dict[str, object]:
        """Return what the command line's JSON tells beside code and sentence; nothing unless an error has more."""
        return {}


class Refused(TiplineError):
    """The person can put it right: what was sent does not hold."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with one field of a form; `code` names its sentence, `facts` fill it."""

    field: str
    code: str
    facts: dict[str, object] = dataclasses.field(default_factory=dict)


class Invalid(Refused):
    """Fields of a form do not hold; every problem is told at once, what was typed is kept."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(", ".join(f"{problem.field}: {problem.code}" for problem in problems))
        self.problems = problems


class TooMuch(TiplineError):
    """More than the limit; nothing of the surplus was kept."""


class NotFound(TiplineError):
    """It does not exist, or it is not yours: the answer is the same."""


class NotSignedIn(TiplineError):
    """A staff page was asked for without a valid session."""


class NotAllowed(TiplineError):
    """The officer's role does not include this deed."""


class NotSettled(NotAllowed):
    """The officer has something to do first, at `address`: a password of their own, a second factor."""

    def __init__(self, address: str) -> None:
        super().__init__(f"first {address}")
        self.address = address


class Overtaken(TiplineError):
    """Someone was faster; look again and decide anew."""


class SlowDown(TiplineError):
    """Too many tries; `retry_after_s` seconds later it may go on."""

    def __init__(self, retry_after_s: int) -> None:
        super().__init__(f"retry after {retry_after_s} s")
        self.retry_after_s = retry_after_s


class NeighbourDown(TiplineError):
    """A service beside us does not answer; what was typed is kept and it may be tried again."""

    def __init__(self, neighbour: str) -> None:
        super().__init__(f"{neighbour} does not answer")
        self.neighbour = neighbour

"""Reads the forms of the review page into what the services take; every wrong answer is told at once."""

from __future__ import annotations

from typing import Final

from tipline.clock import SHANGHAI
from tipline.console.review.frames import moment_of
from tipline.errors import Invalid, Problem
from tipline.intake.review.rules import moment_ms
from tipline.intake.review.service import ClockReading, Correction
from tipline.intake.review.tables import CorrectionAct
from tipline.intake.tables import HintKind
from tipline.web.answers import Answers

# A percent typed with two digits behind the point is a whole number of ten-thousandths.
PARTS_OF_A_PERCENT: Final = 100
SIDES: Final = ("left", "top", "width", "height")


def moment_asked(words: str) -> int | None:
    """Return a moment of an address in milliseconds; None when it names none."""
    return moment_ms(words) if words else None


def moment_typed(answers: Answers) -> str:
    """Return the moment that a refused form was about, as typed; empty when it names none."""
    return next((words for name in ("at", "crop_at", "from", "clock_at") if (words := answers.text(name))), "")


def typed_moment(value: str) -> str:
    """Return an ISO 8601 time as a field for date and time takes it, in Asia/Shanghai; empty when it is none."""
    moment = moment_of(value)
    return "" if moment is None else moment.astimezone(SHANGHAI).strftime("%Y-%m-%dT%H:%M:%S")


def marker_of(answers: Answers) -> tuple[int, str]:
    """Return moment and note of a marker.

    Raises:
        Invalid: the moment is none.
    """
    at_ms = _moment(answers, "at")
    answers.refuse_problems()
    return at_ms, answers.text("note")


def clip_of(answers: Answers) -> tuple[int, int]:
    """Return both ends of a clip in milliseconds.

    Raises:
        Invalid: one of them is no moment.
    """
    ends = _moment(answers, "from"), _moment(answers, "to")
    answers.refuse_problems()
    return ends


def crop_of(answers: Answers) -> tuple[int, tuple[int, int, int, int]]:
    """Return the moment, and left, top, width and height in ten-thousandths; typed as percent of the picture.

    Raises:
        Invalid: one of them is no number.
    """
    at_ms = _moment(answers, "crop_at")
    typed = {side: answers.decimal(side) for side in SIDES}
    answers.problems += [
        Problem(side, "required")
        for side, value in typed.items()
        if value is None and not any(problem.field == side for problem in answers.problems)
    ]
    answers.refuse_problems()
    left, top, width, height = (_parts(typed[side]) for side in SIDES)
    return at_ms, (left, top, width, height)


def correction_of(answers: Answers) -> Correction:
    """Return what an officer says of a reading.

    Raises:
        Invalid: it names no kind of hint or no act.
    """
    kind = answers.choice("kind", HintKind, HintKind.PLATE)
    act = answers.choice("act", CorrectionAct, CorrectionAct.CORRECTED)
    answers.refuse_problems()
    return Correction(
        kind=kind,
        raw_value=answers.get("raw_value"),
        act=act,
        seen=answers.get("seen"),
        value=answers.text("value"),
        reason=answers.text("reason"),
    )


def clock_of(answers: Answers) -> ClockReading:
    """Return what a recorder's clock shows at a moment, and the true time there.

    Raises:
        Invalid: a time, the moment or the error is none.
    """
    at_ms = _moment(answers, "clock_at")
    error_s = answers.decimal("error_s")
    if error_s is None and not any(problem.field == "error_s" for problem in answers.problems):
        answers.problems.append(Problem("error_s", "required"))
    shown_at, true_at = answers.moment("shown_at"), answers.moment("true_at")
    if shown_at is None or true_at is None or error_s is None or answers.problems:
        raise Invalid(*answers.problems)
    return ClockReading(
        at_ms=at_ms,
        shown_at=shown_at,
        true_at=true_at,
        error_s=error_s,
        covers_file_time=answers.get("covers_file_time") == "1",
        reason=answers.text("clock_reason"),
    )


def _moment(answers: Answers, name: str) -> int:
    words = answers.text(name)
    at_ms = moment_ms(words)
    if at_ms is None:
        answers.problems.append(Problem(name, "not_a_moment" if words else "required"))
        return 0
    return at_ms


def _parts(percent: float | None) -> int:
    # What is no number at all (nan, inf) lies outside every picture and is refused as that.
    return round(percent * PARTS_OF_A_PERCENT) if percent is not None and -1e6 < percent < 1e6 else -1  # noqa: PLR2004

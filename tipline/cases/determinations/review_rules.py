"""Pure rules of the review: once an accident, in time, and its dates in order (道路交通事故处理程序规定 71 to 79)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from tipline.cases.determinations.rules import Articles
from tipline.cases.determinations.tables import ReviewResult
from tipline.errors import Problem


@dataclass(frozen=True, kw_only=True, slots=True)
class ReviewDates:
    """When a review went from step to step; None for what has not happened, or is not known, yet."""

    forwarded_at: datetime | None = None
    accepted_at: datetime | None = None
    file_asked_at: datetime | None = None
    file_submitted_at: datetime | None = None
    concluded_at: datetime | None = None
    conclusion_received_at: datetime | None = None
    conclusion_served_at: datetime | None = None

    def items(self) -> Iterator[tuple[str, datetime | None]]:
        """Yield each date with its name."""
        for name in ReviewDates.__dataclass_fields__:
            yield name, getattr(self, name)

    def filled_by(self, later: ReviewDates) -> ReviewDates:
        """Return these dates, what is missing taken from `later`."""
        return ReviewDates(**{name: known or getattr(later, name) for name, known in self.items()})


def request_problems(
    articles: Articles, *, is_late: bool, is_refused: bool, is_second: bool, stands: bool
) -> list[Problem]:
    """Check a request for review.

    Args:
        articles: of the day of the request.
        is_late: it came after the end of the term that began with service on this party.
        is_refused: it was not accepted.
        is_second: a review of the same accident was accepted before.
        stands: it is about the document that stands.
    """
    problems = []
    if not stands:
        problems.append(Problem("party", "not_the_standing_one"))
    if is_second and not is_refused:
        problems.append(Problem("party", "review_is_once", articles["review_once"]))
    if is_late and not is_refused:
        problems.append(Problem("requested_at", "review_comes_late", articles["review_within_term"]))
    if is_refused and not is_late and not is_second:
        problems.append(Problem("is_refused", "timely_request_refused", articles["review_acceptance"]))
    return problems


def progress_problems(
    dates: ReviewDates,
    articles: Articles,
    *,
    requested_at: datetime,
    is_refused: bool,
    result: ReviewResult | None,
    has_number: bool,
    now: datetime,
) -> list[Problem]:
    """Check how a review went on: nothing ahead of time, each date after the one it follows from, the end complete."""
    if is_refused:
        return [Problem("result", "refused_review_goes_no_further", articles["review_within_term"])]
    problems = [Problem(name, "in_the_future") for name, at in dates.items() if at is not None and at > now]
    follows = (
        ("forwarded_at", requested_at),
        ("accepted_at", dates.forwarded_at or requested_at),
        ("file_submitted_at", dates.file_asked_at),
        ("concluded_at", dates.accepted_at),
        ("conclusion_received_at", dates.concluded_at),
        ("conclusion_served_at", dates.concluded_at),
    )
    for name, earliest in follows:
        at = getattr(dates, name)
        if at is not None and earliest is not None and at < earliest:
            problems.append(Problem(name, "too_early", {"earliest": earliest}))
    problems += _end_problems(dates, articles, result=result, has_number=has_number)
    return problems


def _end_problems(
    dates: ReviewDates, articles: Articles, *, result: ReviewResult | None, has_number: bool
) -> Iterator[Problem]:
    if result is None:
        if dates.concluded_at or dates.conclusion_received_at or dates.conclusion_served_at:
            yield Problem("result", "result_missing", articles["review_result"])
        return
    if dates.concluded_at is None:
        yield Problem("concluded_at", "required")
    if dates.accepted_at is None:
        yield Problem("accepted_at", "not_accepted_yet", articles["review_acceptance"])
    if result != ReviewResult.TERMINATED and not has_number:
        yield Problem("conclusion_number", "document_number_missing", articles["review_result"])

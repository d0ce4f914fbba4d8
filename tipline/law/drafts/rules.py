"""When a new version of a rule holds: pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from tipline.errors import Problem
from tipline.law.tables import ClockUnit, LegalFact, RuleKind

LIMITS: Final = {"source": 120, "article": 60, "title_zh": 200, "title_en": 200, "doubt": 2000, "doubt_zh": 2000}
REQUIRED: Final = ("source", "article", "title_zh", "title_en")
LONGEST: Final = 10_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """What an officer may say anew about a rule; name, kind, what it applies to and its facts stay as they are."""

    source: str
    article: str
    title_zh: str
    title_en: str
    minimum: int | None
    maximum: int | None
    unit: str
    moves_off_holidays: bool
    valid_from: date
    doubt: str
    doubt_zh: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Before:
    """The latest version that stands."""

    kind: RuleKind
    minimum: int | None
    maximum: int | None
    valid_from: date
    valid_to: date | None
    starts_on: LegalFact | None


def draft_problems(draft: Draft, before: Before) -> list[Problem]:
    """Say what is wrong with a new version: it begins after the latest one, and counts as its kind is counted."""
    return [*_text_problems(draft), *_day_problems(draft, before), *_number_problems(draft, before)]


def starts_backdated(valid_from: date, today: date) -> bool:
    """Return True when a version is to govern days that have passed: clocks of those days are counted anew."""
    return valid_from < today


def _text_problems(draft: Draft) -> Iterator[Problem]:
    for name, limit in LIMITS.items():
        text = getattr(draft, name)
        if name in REQUIRED and not text:
            yield Problem(name, "required")
        elif len(text) > limit:
            yield Problem(name, "too_long", {"limit": limit})


def _day_problems(draft: Draft, before: Before) -> Iterator[Problem]:
    if draft.valid_from <= before.valid_from:
        yield Problem("valid_from", "version_not_later", {"earliest": before.valid_from.isoformat()})
    elif before.valid_to is not None and draft.valid_from <= before.valid_to:
        yield Problem("valid_from", "version_not_later", {"earliest": before.valid_to.isoformat()})


def _number_problems(draft: Draft, before: Before) -> Iterator[Problem]:
    numbers: Sequence[tuple[str, int | None, int | None]] = (
        ("minimum", draft.minimum, before.minimum),
        ("maximum", draft.maximum, before.maximum),
    )
    for name, number, stood in numbers:
        if (number is None) != (stood is None):
            yield Problem(name, "number_as_before")
        elif number is not None and not 0 < number <= LONGEST:
            yield Problem(name, "not_a_number")
    if draft.minimum is not None and draft.maximum is not None and draft.minimum > draft.maximum:
        yield Problem("minimum", "least_above_most")
    if before.kind == RuleKind.STATUTORY_CLOCK and draft.unit not in set(ClockUnit):
        yield Problem("unit", "not_a_choice")

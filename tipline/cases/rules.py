"""Pure rules of the case file: what a number is, what order facts come in, and who may decide.

The law itself is passed in as `Rule` values taken from its rows; nothing here knows an article by heart.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from matching.plates import Anchor, parse_plate
from tipline.cases.tables import PersonRole, PersonState, VehicleState
from tipline.errors import Problem
from tipline.law.tables import RuleKind

CASE_NUMBER: Final = re.compile(r"[0-9A-Za-z\u4e00-\u9fff〔〕\[\]()（）【】/_.\-—]{4,40}")
DOCUMENT_NUMBER_LIMIT: Final = 60
AUTHORITY_LIMIT: Final = 80
NAME_LIMIT: Final = 80
PLACE_LIMIT: Final = 200
FEATURES_LIMIT: Final = 300

_BRACKETED: Final = re.compile(r"[(（【\[〔].*?[)）】\]〕]")
_BUREAU: Final = re.compile(r"(?:公安(?:厅|局|分局)|公安局\w*分局)$|public security (?:sub-?)?bureau", re.IGNORECASE)
_DEPARTMENT: Final = re.compile(
    r"总队|支队|大队|中队|派出所|交警|交通警察|交通管理|brigade|squadron|detachment|police station|traffic",
    re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """One version of a rule of law as the checks need it; `article` is how it is cited, `doubt` what is uncertain."""

    code: str
    kind: RuleKind
    applies_to: str
    article: str
    minimum: int | None = None
    maximum: int | None = None
    doubt: str = ""
    doubt_zh: str = ""

    @property
    def facts(self) -> dict[str, object]:
        """What a refusal says about this rule."""
        return {"rule": self.code, "article": self.article}


@dataclass(frozen=True, kw_only=True, slots=True)
class FoundVehicle:
    """How far a vehicle is found."""

    state: VehicleState
    seized_at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class FoundPerson:
    """How far a person is found."""

    role: PersonRole
    state: PersonState
    in_hand_at: datetime | None


def number_problems(number: str) -> list[Problem]:
    """Say what is wrong with a case number: 4 to 40 letters, digits, Chinese characters, brackets and dashes."""
    if not number:
        return [Problem("number", "required")]
    return [] if CASE_NUMBER.fullmatch(number) else [Problem("number", "not_a_case_number")]


def text_problems(field: str, text: str, limit: int, *, is_required: bool = True) -> list[Problem]:
    """Say whether a text is missing or longer than its column."""
    if is_required and not text.strip():
        return [Problem(field, "required")]
    return [Problem(field, "too_long", {"limit": limit})] if len(text) > limit else []


def moment_problems(
    field: str, moment: datetime, *, not_before: datetime, now: datetime, code: str = "before_the_accident"
) -> list[Problem]:
    """Say whether a fact lies in the future, or before what must come first; `code` says what that is."""
    if moment > now:
        return [Problem(field, "in_the_future")]
    return [Problem(field, code, {"earliest": not_before})] if moment < not_before else []


def plate_problems(plate: str, *, is_full: bool) -> list[Problem]:
    """Say whether a plate can be read as one; of an identified vehicle it must be whole. Empty: it bears none."""
    if not plate:
        return []
    pattern = parse_plate(plate)
    if pattern is None:
        return [Problem("plate_text", "not_a_plate")]
    return [Problem("plate_text", "plate_not_whole")] if is_full and not pattern.is_full else []


def stored_plate(plate: str) -> str:
    """Return a plate in the form that is stored: upper case, half width, `?` for places not seen."""
    pattern = parse_plate(plate)
    if pattern is None or pattern.anchor is not Anchor.WHOLE:
        return plate.strip().upper()
    return pattern.text


def is_county_bureau(authority: str) -> bool:
    """Tell a public security bureau of county rank or above from its departments, by name.

    A traffic police brigade, a squadron or a police station prepares a detention; the bureau decides it.
    """
    name = _BRACKETED.sub("", authority).strip()
    return bool(_BUREAU.search(name)) and not _DEPARTMENT.search(name)

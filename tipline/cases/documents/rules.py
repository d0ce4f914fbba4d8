"""Pure rules of the papers: which fields each kind asks for, and what is wrong with what was typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from tipline.cases.documents.tables import DocumentKind
from tipline.errors import Problem

NUMBER_LIMIT: Final = 60
SHORT: Final = 200
LONG: Final = 3_000


@dataclass(frozen=True, slots=True)
class Field:
    """One thing an officer says on a paper: how long it may be, and whether the law or sense asks for it."""

    name: str
    limit: int
    is_required: bool = True


# 道路交通事故处理程序规定 44: a request tells the basic facts, the vehicle and its features, and where it fled to.
FIELDS: Final[dict[DocumentKind, tuple[Field, ...]]] = {
    DocumentKind.ASSISTANCE_REQUEST: (
        Field("recipients", SHORT),
        Field("basic_facts", LONG),
        Field("flight_direction", SHORT),
        Field("asked_for", LONG),
        Field("contact", SHORT),
    ),
    DocumentKind.ASSISTANCE_WITHDRAWAL: (Field("reason", LONG), Field("contact", SHORT)),
    DocumentKind.EVIDENCE_LIST: (Field("purpose", SHORT),),
    DocumentKind.CASE_REPORT: (Field("assessment", LONG, is_required=False),),
    DocumentKind.RIGHTS_NOTICE: (Field("remark", LONG, is_required=False),),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class DocumentDraft:
    """A paper as it was asked for; `subject` only of a rights notice, `has_no_number` that none was issued yet."""

    kind: DocumentKind
    fields: Mapping[str, str]
    official_number: str = ""
    has_no_number: bool = False
    subject: UUID | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """What the case knows: whether it is open, whom the standing request went to, numbers the system has issued."""

    is_open: bool
    requested_of: str = ""
    known_number: str = ""
    has_subject: bool = True


def draft_problems(draft: DocumentDraft, standing: Standing) -> list[Problem]:
    """Return everything that is wrong with a paper as it was asked for."""
    problems: list[Problem] = []
    if draft.kind == DocumentKind.ASSISTANCE_REQUEST and not standing.is_open:
        problems.append(Problem("", "request_needs_open_case"))
    if draft.kind == DocumentKind.ASSISTANCE_WITHDRAWAL and not standing.requested_of:
        problems.append(Problem("", "nothing_to_withdraw"))
    if draft.kind == DocumentKind.RIGHTS_NOTICE and not standing.has_subject:
        problems.append(Problem("subject", "required"))
    problems += _number_problems(draft, standing)
    for field in FIELDS[draft.kind]:
        typed = draft.fields.get(field.name, "")
        if field.is_required and not typed:
            problems.append(Problem(field.name, "required"))
        elif len(typed) > field.limit:
            problems.append(Problem(field.name, "too_long", {"limit": field.limit}))
    return problems


def _number_problems(draft: DocumentDraft, standing: Standing) -> list[Problem]:
    number = draft.official_number
    if len(number) > NUMBER_LIMIT:
        return [Problem("official_number", "too_long", {"limit": NUMBER_LIMIT})]
    if not draft.has_no_number:
        return [] if number else [Problem("official_number", "number_or_none")]
    if number:
        return [Problem("official_number", "number_and_none")]
    if standing.known_number:
        return [Problem("official_number", "number_is_known", {"number": standing.known_number})]
    return []


def concealed(text: str, names: Mapping[str, str]) -> str:
    """Return `text` with every name in `names` replaced by what may be said instead, longest first."""
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, names[name])
    return text

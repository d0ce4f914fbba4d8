"""Reads the form of a paper into a draft, and says what a new one begins with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from tipline.cases.documents.rules import FIELDS, DocumentDraft
from tipline.cases.documents.service import Known
from tipline.cases.documents.tables import DocumentKind
from tipline.web.answers import Answers

# Papers are Chinese: what is asked of other forces, as a first draft for the officer.
ASKED_FOR: Final = "请接报单位立即布置堵截或者排查；发现上述车辆的，依法予以扣留并及时通知我单位。"


def kind_of(given: Mapping[str, str]) -> DocumentKind:
    """Return the kind that an address or form names; a case report when it names none."""
    kind = given.get("kind", "")
    return DocumentKind(kind) if kind in set(DocumentKind) else DocumentKind.CASE_REPORT


def subject_of(given: Mapping[str, str]) -> UUID | None:
    """Return what a record of rights told is about; None where nothing was chosen."""
    try:
        return UUID(given.get("subject", ""))
    except ValueError:
        return None


def document_draft(answers: Answers) -> DocumentDraft:
    """Return the paper that was typed; what is missing is the rules' to say."""
    kind = kind_of(answers.typed)
    return DocumentDraft(
        kind=kind,
        fields={field.name: answers.text(field.name) for field in FIELDS[kind]},
        official_number=answers.text("official_number"),
        has_no_number=answers.get("has_no_number") == "1",
        subject=subject_of(answers.typed) if kind == DocumentKind.RIGHTS_NOTICE else None,
    )


def begun(
    kind: DocumentKind, case: Mapping[str, Any], known: Known, last: Mapping[str, str], subject: UUID | None
) -> dict[str, str]:
    """Return the fields a new paper begins with: those of its last version, else what the case knows."""
    typed = {
        "kind": kind.value,
        "subject": "" if subject is None else str(subject),
        "basic_facts": case["summary"],
        "asked_for": ASKED_FOR,
        "contact": case["lead_name"],
    } | dict(last)
    return typed | {"official_number": known.number or typed.get("official_number", "")}

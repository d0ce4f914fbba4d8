"""What a paper must have before it is made."""

from __future__ import annotations

import pytest

from tipline.cases.documents.rules import FIELDS, DocumentDraft, Standing, concealed, draft_problems
from tipline.cases.documents.tables import DocumentKind

WHOLE = {field.name: "字" for fields in FIELDS.values() for field in fields}
OPEN = Standing(is_open=True)


def draft(
    kind: DocumentKind = DocumentKind.CASE_REPORT, *, number: str = "1号", has_none: bool = False
) -> DocumentDraft:
    return DocumentDraft(kind=kind, fields=WHOLE, official_number=number, has_no_number=has_none)


def codes(one: DocumentDraft, standing: Standing = OPEN) -> list[tuple[str, str]]:
    return [(problem.field, problem.code) for problem in draft_problems(one, standing)]


@pytest.mark.parametrize(
    ("asked", "known", "code"),
    [
        (draft(number="1号"), "", None),
        (draft(number="1号"), "2号", None),  # the officer may know of a later one
        (draft(number="", has_none=True), "", None),
        (draft(number=""), "", "number_or_none"),
        (draft(number="1号", has_none=True), "", "number_and_none"),
        (draft(number="", has_none=True), "2号", "number_is_known"),
        (draft(number="号" * 61), "", "too_long"),
    ],
)
def test_a_paper_carries_the_official_number_where_one_exists(
    asked: DocumentDraft, known: str, code: str | None
) -> None:
    found = codes(asked, Standing(is_open=True, known_number=known))

    assert found == ([] if code is None else [("official_number", code)])


def test_a_request_tells_what_article_44_asks_and_only_of_an_open_case() -> None:
    empty = DocumentDraft(kind=DocumentKind.ASSISTANCE_REQUEST, fields={}, official_number="1号")

    assert codes(empty, Standing(is_open=False)) == [
        ("", "request_needs_open_case"),
        ("recipients", "required"),
        ("basic_facts", "required"),
        ("flight_direction", "required"),
        ("asked_for", "required"),
        ("contact", "required"),
    ]
    assert codes(draft(DocumentKind.ASSISTANCE_REQUEST)) == []


def test_only_a_request_that_was_made_is_withdrawn_from_whom_it_went_to() -> None:
    withdrawal = draft(DocumentKind.ASSISTANCE_WITHDRAWAL)

    assert codes(withdrawal) == [("", "nothing_to_withdraw")]
    assert codes(withdrawal, Standing(is_open=False, requested_of="各大队")) == []


def test_a_record_of_rights_is_about_something_that_was_told() -> None:
    assert codes(draft(DocumentKind.RIGHTS_NOTICE), Standing(is_open=True, has_subject=False)) == [
        ("subject", "required")
    ]


def test_masked_names_are_replaced_in_free_words_the_longest_first() -> None:
    assert concealed("王小明和王小明明", {"王小明": "甲", "王小明明": "乙"}) == "甲和乙"

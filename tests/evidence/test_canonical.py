"""Records have one spelling: that of RFC 8785."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.canonical import canonical_json

text = st.text(st.characters(exclude_categories=["Cs"]))
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | text,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(text, inner, max_size=4),
    max_leaves=20,
)


def test_keys_are_sorted_as_in_the_example_of_the_standard() -> None:
    """RFC 8785, 3.2.3: by UTF-16 code units, so the smiling face comes before the Hebrew ligature."""
    record = {
        "\u20ac": "Euro Sign",
        "\r": "Carriage Return",
        "\ufb33": "Hebrew Letter Dalet With Dagesh",
        "1": "One",
        "\U0001f600": "Emoji: Grinning Face",
        "\u0080": "Control",
        "\u00f6": "Latin Small Letter O With Diaeresis",
    }

    found = list(json.loads(canonical_json(record)).values())

    assert found == [
        "Carriage Return",
        "One",
        "Control",
        "Latin Small Letter O With Diaeresis",
        "Euro Sign",
        "Emoji: Grinning Face",
        "Hebrew Letter Dalet With Dagesh",
    ]


def test_text_and_literals_are_spelled_as_in_the_example_of_the_standard() -> None:
    """RFC 8785, 3.2.2, without its numbers."""
    record = {"string": "\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"/", "literals": [None, True, False]}

    found = canonical_json(record)

    assert found == '{"literals":[null,true,false],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'.encode()


def test_nothing_but_the_needed_is_escaped() -> None:
    found = canonical_json("白色货车 \u007f\u2028/<>&\b\f\t\x00\x1f")

    assert found == '"白色货车 \u007f\u2028/<>&\\b\\f\\t\\u0000\\u001f"'.encode()


@given(values)
def test_a_record_reads_back_and_has_one_spelling(value: Any) -> None:
    spelled = canonical_json(value)

    assert json.loads(spelled) == value
    assert canonical_json(json.loads(spelled)) == spelled


@given(st.permutations(["a", "b", "c", "甲", "乙"]))
def test_the_order_of_writing_does_not_matter(keys: list[str]) -> None:
    assert canonical_json(dict.fromkeys(keys, 1)) == canonical_json(dict.fromkeys(sorted(keys), 1))


@pytest.mark.parametrize("value", [1.5, 2**53, -(2**53), {1: "number as key"}, b"bytes", {"a": {1, 2}}, "half \ud83d"])
def test_what_has_no_single_spelling_is_refused(value: Any) -> None:
    with pytest.raises((ValueError, TypeError)):
        canonical_json(value)

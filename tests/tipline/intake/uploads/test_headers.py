"""The headers of the protocol under whatever anybody may send."""

from __future__ import annotations

import base64
import hashlib
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tipline.intake.uploads.errors import HeaderMalformed
from tipline.intake.uploads.rules import Checksum, checksum, metadata, whole_number

PRINTABLE = st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=60)
KEYS = st.text(st.characters(min_codepoint=33, max_codepoint=126, exclude_characters=","), min_size=1, max_size=20)


def coded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


@given(st.dictionaries(KEYS, PRINTABLE, max_size=8))
def test_what_a_client_writes_is_read_back(told: dict[str, str]) -> None:
    header = ",".join(f"{key} {coded(value)}" if value else key for key, value in told.items())

    assert metadata(header) == told


@given(st.text(max_size=200))
def test_any_metadata_is_read_or_refused_and_never_holds_a_control_character(header: str) -> None:
    try:
        found = metadata(header)
    except HeaderMalformed:
        return
    assert not any(unicodedata.category(one) == "Cc" for value in found.values() for one in value)


@given(st.text(st.characters(max_codepoint=31), min_size=1, max_size=5), PRINTABLE)
def test_a_value_cannot_smuggle_a_line(control: str, text: str) -> None:
    with pytest.raises(HeaderMalformed):
        metadata(f"filename {coded(text + control)}")


@pytest.mark.parametrize(
    "header",
    [
        "a YQ==,a YQ==",
        ",",
        "a YQ",
        "a Y Q==",
        "a \u0661",
        "é YQ==",
        "a //79",
        "x" * 5000,
        ",".join("abcdefghijklmnopq"),
    ],
)
def test_crooked_metadata_is_refused(header: str) -> None:
    with pytest.raises(HeaderMalformed):
        metadata(header)


@given(st.text(max_size=120))
def test_any_checksum_is_read_or_refused(header: str) -> None:
    try:
        found = checksum(header)
    except HeaderMalformed:
        return
    assert found is not None
    assert len(found.digest) == hashlib.new(found.algorithm).digest_size


@given(st.binary(max_size=100), st.sampled_from(["sha1", "sha256"]))
def test_a_checksum_recognises_its_bytes(content: bytes, algorithm: str) -> None:
    digest = hashlib.new(algorithm, content).digest()
    found = checksum(f"{algorithm} {base64.b64encode(digest).decode()}")

    assert found == Checksum(algorithm, digest)
    running = found.begin()
    running.update(content)
    assert running.digest() == digest


@given(st.integers(min_value=0, max_value=10**18 - 1))
def test_a_plain_number_is_read(number: int) -> None:
    assert whole_number("Upload-Length", str(number)) == number


@given(st.text(max_size=30).filter(lambda text: not (text.isascii() and text.isdecimal())))
def test_nothing_else_is_a_number(text: str) -> None:
    with pytest.raises(HeaderMalformed):
        whole_number("Upload-Offset", text)


@pytest.mark.parametrize("text", [None, "", "00", "01", "+1", "-0", "1_0", "1" * 19, "\u0663", "1\n"])
def test_crooked_numbers_are_refused(text: str | None) -> None:
    with pytest.raises(HeaderMalformed):
        whole_number("Upload-Offset", text)

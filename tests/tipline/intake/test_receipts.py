"""Receipt codes: derived, checked, and never shown by accident."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tipline.errors import SlowDown
from tipline.intake import receipts as room
from tipline.intake.errors import ReceiptMistyped
from tipline.intake.receipts import Receipts, read_code, with_check_digits

SALT = bytes(16)
numbers = st.integers(min_value=0, max_value=10**14 - 1)


@given(numbers)
def test_a_code_is_read_back_however_it_is_written(number: int) -> None:
    code = with_check_digits(number)
    full_width = code.shown.translate({ord("0") + digit: ord("０") + digit for digit in range(10)})

    for typed in (code.shown, code.digits, code.shown.replace("-", " "), f" {code.shown} \n", full_width):
        assert read_code(typed) == code


@given(numbers, st.integers(0, 15), st.integers(1, 9))
def test_one_wrong_digit_is_found(number: int, place: int, by: int) -> None:
    digits = with_check_digits(number).digits
    wrong = digits[:place] + str((int(digits[place]) + by) % 10) + digits[place + 1 :]

    with pytest.raises(ReceiptMistyped):
        read_code(wrong)


@given(numbers, st.integers(0, 14))
def test_two_neighbours_swapped_are_found(number: int, place: int) -> None:
    digits = with_check_digits(number).digits
    if digits[place] == digits[place + 1]:
        return
    swapped = digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :]

    with pytest.raises(ReceiptMistyped):
        read_code(swapped)


@pytest.mark.parametrize(
    "typed", ["", "1234", "abcd-efgh-ijkl-mnop", "1" * 17, "٠١٢٣-٠١٢٣-٠١٢٣-٠١٢٣", "1234-5678-9012-34\x00"]
)
def test_what_is_no_code_is_mistyped(typed: str) -> None:
    with pytest.raises(ReceiptMistyped):
        read_code(typed)


def test_a_code_never_shows_itself() -> None:
    code = with_check_digits(12_345_678_901_234)

    assert code.digits not in repr(code)
    assert code.digits not in str(code)
    assert code.locator == "1234"


def test_the_code_hangs_on_pepper_key_and_content() -> None:
    codes = {
        Receipts(pepper).code_for(key, content).digits
        for pepper, key, content in [("p", "k", b"c"), ("q", "k", b"c"), ("p", "l", b"c"), ("p", "k", b"d")]
    }

    assert len(codes) == 4
    assert Receipts("p").code_for("k", b"c") == Receipts("p").code_for("k", b"c")


async def test_the_verifier_hangs_on_code_salt_and_pepper() -> None:
    code = with_check_digits(1)

    made = {
        await Receipts("p").verifier(code, SALT),
        await Receipts("q").verifier(code, SALT),
        await Receipts("p").verifier(code, bytes([1]) * 16),
        await Receipts("p").verifier(with_check_digits(2), SALT),
    }

    assert len(made) == 4
    assert {len(one) for one in made} == {32}


async def test_too_many_codes_at_once_are_told_to_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "LONGEST_QUEUE", 2)
    press = Receipts("p")

    told = await asyncio.gather(
        *(press.verifier(with_check_digits(number), SALT) for number in range(4)), return_exceptions=True
    )

    assert [isinstance(one, SlowDown) for one in told] == [False, False, True, True]
    assert await press.verifier(with_check_digits(9), SALT)

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from tipline.accounts.device_words import device_words
from tipline.accounts.factors.keeping import CODES, FactorKey, FactorKeyWrong, fresh_codes
from tipline.accounts.factors.site import PasskeySite, site_of
from tipline.accounts.factors.totp import app_address, code_at, matching_step, step_of

# RFC 6238, appendix B, SHA-1: the secret, and what it shows at these seconds.
SECRET = b"12345678901234567890"
OFFICER = UUID(int=15)
NOON = datetime(2026, 11, 25, 4, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "94287082"),
        (1111111109, "07081804"),
        (1111111111, "14050471"),
        (1234567890, "89005924"),
        (2000000000, "69279037"),
        (20000000000, "65353130"),
    ],
)
def test_codes_are_those_of_the_rfc(seconds: int, code: str) -> None:
    assert code_at(SECRET, step_of(datetime.fromtimestamp(seconds, UTC)), digits=8) == code


@pytest.mark.parametrize(("steps", "is_taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_code_may_be_one_step_early_or_late(steps: int, *, is_taken: bool) -> None:
    code = code_at(SECRET, step_of(NOON) + steps)

    assert (matching_step(SECRET, code, now=NOON, last_step=0) is not None) is is_taken


def test_a_code_is_never_taken_twice_nor_an_older_one_after_it() -> None:
    used = matching_step(SECRET, code_at(SECRET, step_of(NOON)), now=NOON, last_step=0)
    assert used

    again = matching_step(SECRET, code_at(SECRET, used), now=NOON, last_step=used)
    older = matching_step(SECRET, code_at(SECRET, used - 1), now=NOON, last_step=used)
    newer = matching_step(SECRET, code_at(SECRET, used + 1), now=NOON + timedelta(seconds=30), last_step=used)

    assert (again, older, newer) == (None, None, used + 1)


@pytest.mark.parametrize("typed", ["", "12345", "abcdef", "１２３４５６", "0000000"])
def test_what_is_no_code_is_wrong_and_no_error(typed: str) -> None:
    assert matching_step(SECRET, typed, now=NOON, last_step=0) is None


def test_the_apps_address_holds_secret_and_account() -> None:
    address = app_address(SECRET, issuer="tipline", account="li.ming")

    assert address == (
        "otpauth://totp/tipline:li.ming?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=tipline&digits=6&period=30"
    )


def test_a_sealed_secret_opens_only_with_its_key_and_for_its_officer() -> None:
    sealed = FactorKey("key").sealed(SECRET, OFFICER)

    assert SECRET not in sealed
    assert FactorKey("key").opened(sealed, OFFICER) == SECRET
    for key, officer in ((FactorKey("other"), OFFICER), (FactorKey("key"), UUID(int=16))):
        with pytest.raises(FactorKeyWrong):
            key.opened(sealed, officer)


def test_recovery_codes_are_ten_different_ones_and_typing_habits_do_not_count() -> None:
    codes = fresh_codes()
    key = FactorKey("key")

    assert len(set(codes)) == CODES
    assert key.hashed(codes[0], OFFICER) == key.hashed(f" {codes[0].upper().replace('-', ' ')} ", OFFICER)
    assert key.hashed(codes[0], OFFICER) != key.hashed(codes[0], UUID(int=16))
    assert codes[0].replace("-", "") not in key.hashed(codes[0], OFFICER)


@pytest.mark.parametrize(
    ("staff_url", "site"),
    [
        ("https://desk.example.cn", PasskeySite("desk.example.cn", "https://desk.example.cn")),
        ("https://desk.example.cn:8443", PasskeySite("desk.example.cn", "https://desk.example.cn:8443")),
        ("http://localhost:8001", PasskeySite("localhost", "http://localhost:8001")),
        ("http://desk.example.cn", None),
        ("https://10.0.0.5", None),
        ("http://127.0.0.1:8001", None),
    ],
)
def test_passkeys_need_a_secure_address_with_a_name(staff_url: str, site: PasskeySite | None) -> None:
    assert site_of(staff_url) == site


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36", "Chrome, Windows"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge, Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox, Linux"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Safari/604.1", "Safari, iPhone"),
        ("Mozilla/5.0 (Linux; Android 15; PLA-AL10) Chrome/132.0 MicroMessenger/8.0", "WeChat, Android"),
        ("curl/8.5.0", ""),
    ],
)
def test_a_browser_is_called_by_two_words(header: str, words: str) -> None:
    assert device_words(header) == words

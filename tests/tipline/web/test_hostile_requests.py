"""What a browser never sends gets a plain answer, never a 500, and never much of the server's time."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from uuid import uuid4

import asyncpg
import pytest

from matching.plates import parse_plate
from tests import make
from tests.platform import Platform
from tests.tipline.staff import desk_of, staff_face
from tests.tipline.visitor import Visitor, public_face
from tipline.accounts.tables import OfficerRole
from tipline.database import engine
from tipline.intake.errors import ReceiptMistyped
from tipline.intake.receipts import read_code
from tipline.intake.rules import clean_plate
from tipline.law.service import load_seed_rules
from tipline.web.answers import Answers
from tipline.web.numbers import number_from, page_from

MANY_DIGITS = "9" * 5000
# Two marks of different class in turn: the worst case of Unicode's canonical ordering.
NO_FILE = ("photos", ("", b"", "application/octet-stream"))
MARKS = "\u0301\u0323" * 100_000


@pytest.fixture
async def visitor(database: Platform) -> AsyncIterator[Visitor]:
    """Give a browser at the public face over an empty database."""
    async with public_face(database) as face:
        yield face


@pytest.mark.parametrize("address", ["/", "/tips/new", "/api/v1/nothing", "/static/%00", f"/static/{'a' * 3000}"])
async def test_a_cookie_that_is_none_of_ours_and_a_wrong_address_are_answered(visitor: Visitor, address: str) -> None:
    answer = await visitor.get(address, headers={"Cookie": "a/b=1; tl_language=en"})

    assert answer.status_code in {200, 404}
    assert answer.headers["content-language"] == "en"
    assert answer.headers["x-request-id"]


async def test_a_token_of_other_letters_is_a_forged_one(visitor: Visitor) -> None:
    await visitor.open_form()

    answer = await visitor.client.post("/tips?csrf=%C3%A9", data={"story": "x"})

    assert answer.status_code == 422


@pytest.mark.parametrize(("site", "is_taken"), [("cross-site", False), ("same-site", False), ("same-origin", True)])
async def test_a_change_that_another_site_asks_for_is_refused_even_with_a_token(
    visitor: Visitor, site: str, *, is_taken: bool
) -> None:
    action, key = await visitor.open_form()
    words = {"form_key": key, "story": "一辆白色货车向东逃逸"}

    answer = await visitor.client.post(
        action, data=words, files=[NO_FILE], headers={"Sec-Fetch-Site": site}, follow_redirects=False
    )

    assert (answer.status_code == 200) == is_taken
    assert ("查询码" in answer.text) == is_taken


@pytest.mark.parametrize("address", ["/", "/tips/new", "/nothing"])
async def test_a_page_answers_head_as_it_answers_get_but_without_a_body(visitor: Visitor, address: str) -> None:
    shown = await visitor.get(address)

    told = await visitor.client.head(address)

    assert (told.status_code, told.content) == (shown.status_code, b"")
    assert told.headers["content-type"] == shown.headers["content-type"]
    assert told.headers["content-security-policy"]


@pytest.mark.parametrize("body", [b"[" * 50_000, b'{"story":' + b"[" * 50_000, b'{"story":"\xff"}', b'"\\ud800"', b""])
async def test_json_that_cannot_be_decoded_is_the_senders_fault(visitor: Visitor, body: bytes) -> None:
    headers = {"Idempotency-Key": str(uuid4()), "Content-Type": "application/json"}

    answer = await visitor.client.post("/api/v1/tips", content=body, headers=headers)

    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["request_id"]


async def test_an_unknown_address_of_the_api_is_a_problem_document(visitor: Visitor) -> None:
    answer = await visitor.get("/api/v1/nothing")

    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["title"] == "NotFound"


async def test_a_form_without_its_key_is_shown_again_with_what_was_typed(visitor: Visitor) -> None:
    action, _ = await visitor.open_form()

    answer = await visitor.client.post(
        action, data={"place_text": "路口", "happened_from": "0001-01-01T00:00"}, files=[NO_FILE]
    )

    assert answer.status_code == 422
    assert "路口" in answer.text
    assert 'name="form_key" value="' in answer.text


async def test_numbers_and_words_in_staff_addresses_are_never_an_error(database: Platform) -> None:
    officer = await make.officer(role=OfficerRole.COMMANDER)
    addresses = [
        f"/inbox?page={MANY_DIGITS}",
        f"/cases?page={MANY_DIGITS}",
        f"/dashboard?year={MANY_DIGITS}",
        f"/dashboard/list/cleared?page={MANY_DIGITS}",
        "/inbox?q=%ff%ed%a0%80",
    ]

    async with desk_of(database, officer) as desk:
        answers = [(address[:40], (await desk.get(address)).status_code) for address in addresses]
        nul = await desk.get("/cases?q=%00")

    assert [one for one in answers if one[1] != 200] == []
    assert nul.status_code == 400
    assert "Traceback" not in nul.text


@pytest.mark.parametrize(
    "trouble",
    [
        ConnectionRefusedError(),
        asyncpg.DiskFullError("no space left"),
        asyncpg.AdminShutdownError("terminating"),
        asyncpg.PostgresIOError("could not read"),
        asyncpg.ConnectionDoesNotExistError("closed in the middle"),
    ],
    ids=lambda one: type(one).__name__,
)
async def test_a_session_that_cannot_be_looked_up_gets_a_page_and_its_request_id(
    database: Platform, monkeypatch: pytest.MonkeyPatch, trouble: Exception
) -> None:
    async with staff_face(database) as desk:
        desk.sign_in("some-token")

        async def refuse(*_values: object, **_more: object) -> None:
            raise trouble

        monkeypatch.setattr(engine(), "run_querystring", refuse)
        answer = await desk.get("/inbox", headers={"Accept-Language": "en"})

    assert answer.status_code == 503
    assert answer.headers["retry-after"]
    assert answer.headers["x-request-id"] in answer.text
    assert answer.headers["content-security-policy"]


async def test_a_measure_of_no_known_kind_is_not_recorded_as_another(database: Platform) -> None:
    officer = await make.officer(role=OfficerRole.INVESTIGATOR)
    case = await make.case()
    await load_seed_rules()

    async with desk_of(database, officer) as desk:
        answer = await desk.post(f"/cases/{case.id}/measures", {"kind": "x", "proposed_at": "2021-06-02T10:00"})

    assert answer.status_code == 422


def test_a_long_run_of_combining_marks_costs_nothing() -> None:
    began = time.process_time()

    plate = clean_plate(MARKS)
    parsed = parse_plate(MARKS)
    with pytest.raises(ReceiptMistyped):
        read_code(MARKS)

    assert len(plate) == len(MARKS)
    assert parsed is None
    assert time.process_time() - began < 2


def test_an_officers_answer_holds_no_character_that_turns_text_around() -> None:
    answers = Answers({"full_name": " \u202e张三\x00\u2066 ", "at": "0021-03-05T14:07", "before": "0001-01-01T00:00"})

    name, at, before = answers.text("full_name"), answers.moment("at"), answers.moment("before")

    assert name == "张三"
    assert (at, before) == (None, None)
    assert [(one.field, one.code) for one in answers.problems] == [("at", "not_a_time"), ("before", "not_a_time")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("7", 7), ("0", 1), ("", 1), ("-3", 1), ("x", 1), ("²", 1), (MANY_DIGITS, 1), ("٣", 3), ("123456", 100_000)],
)
def test_a_page_number_is_read_or_is_the_first(text: str, expected: int) -> None:
    page = page_from(text)

    assert page == expected


def test_a_number_outside_its_bounds_is_the_other_one() -> None:
    years = [number_from(text, least=2000, most=2100, otherwise=2026) for text in ("2021", "1999", "2101", "2_02")]

    assert years == [2021, 2026, 2026, 2026]

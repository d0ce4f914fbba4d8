"""The public JSON API: what programs send, and what they are told."""

from __future__ import annotations

import asyncio
import json
import logging
import tracemalloc
from typing import Any
from uuid import uuid4

import pytest

from tests.bombs import png_bomb
from tests.platform import Platform
from tests.tipline.visitor import STORY, Sender, Visitor, code_in, photo, public_face, rows, video
from tipline.intake.receipts import with_check_digits
from tipline.settings import Limits

FILES_URL = "/api/v1/tips/mine/files"
WHOLE: dict[str, Any] = {
    "story": STORY,
    "happened_from": "2021-06-01T11:00:00+08:00",
    "happened_to": "2021-06-01T11:20:00+08:00",
    "place_text": "人和路与金城路口",
    "latitude": 36.8662,
    "longitude": 116.2301,
    "datum": "gcj02",
    "plate_text": "鲁P·?8?2K",
    "vehicle_type": "light_truck",
    "vehicle_colour": "white",
    "damage": "左前大灯",
    "direction": "向东",
}


async def test_a_tip_is_taken_and_answered_with_its_code(database: Platform, visitor: Visitor) -> None:
    answer = await visitor.send_json(WHOLE)

    assert answer.status_code == 201
    assert set(answer.json()) == {"receipt_code", "status", "received_at", "files_url", "advice"}
    assert answer.json()["advice"] is None
    assert answer.json()["status"] == "received"
    tip = (await rows(database, "SELECT * FROM tip"))[0]
    assert (tip["channel"], tip["datum"], tip["plate_text"]) == ("api", "gcj02", "鲁P?8?2K")
    assert "tl_" not in answer.headers.get("set-cookie", "")


async def test_the_same_request_gives_the_same_code_and_other_content_is_a_conflict(
    database: Platform, visitor: Visitor
) -> None:
    key = str(uuid4())

    first, second = [await visitor.send_json(WHOLE, key=key) for _ in range(2)]
    other = await visitor.send_json({"story": "别的"}, key=key)

    assert first.json() == second.json()
    assert other.status_code == 409
    assert other.json()["title"] == "RequestKeyReused"
    assert len(await rows(database, "SELECT * FROM tip")) == 1


async def test_the_same_request_many_times_at_once_is_one_tip(database: Platform, visitor: Visitor) -> None:
    key = str(uuid4())

    answers = await asyncio.gather(*(visitor.send_json(WHOLE, key=key) for _ in range(6)))

    assert len({code_in(answer) for answer in answers}) == 1
    assert len(await rows(database, "SELECT * FROM receipt")) == 1


@pytest.mark.parametrize(
    ("body", "status", "title", "fields"),
    [
        ({}, 422, "EmptyTip", []),
        ({"story": "  "}, 422, "EmptyTip", []),
        ({"story": "一" * 5001}, 422, "Invalid", ["story"]),
        ({"story": STORY, "latitude": 36.8}, 422, "Invalid", ["latitude"]),
        ({"story": 7}, 400, "Validation", ["story"]),
        ({"storey": STORY}, 400, "Validation", []),
        ({"story": STORY, "vehicle_colour": "pink"}, 400, "Validation", ["vehicle_colour"]),
        ({"story": STORY, "happened_from": "2021-06-01T11:00:00"}, 400, "Validation", ["happened_from"]),
    ],
)
async def test_a_wrong_body_is_told_by_problem_json(
    visitor: Visitor, body: dict[str, Any], status: int, title: str, fields: list[str]
) -> None:
    answer = await visitor.send_json(body)

    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("application/problem+json")
    told = answer.json()
    assert (told["status"], told["title"]) == (status, title)
    assert [problem["field"] for problem in told.get("problems", [])] == fields
    assert "Traceback" not in answer.text
    assert "msgspec" not in answer.text


@pytest.mark.parametrize("body", [b"", b"{", b"[1]", b"\xff\xfe", b'{"story": "\\ud800"}', b"null", b"{" * 100_000])
async def test_what_is_no_json_is_told_in_the_asked_language(visitor: Visitor, body: bytes) -> None:
    headers = {"Idempotency-Key": str(uuid4()), "Content-Type": "application/json"}

    chinese = await visitor.client.post("/api/v1/tips", content=body, headers=headers)
    english = await visitor.client.post("/api/v1/tips", content=body, headers={**headers, "Accept-Language": "en"})

    assert chinese.status_code == english.status_code == 400
    assert chinese.json()["detail"] == "无法识别所发送的内容。"
    assert english.json()["detail"] == "What was sent could not be understood."


async def test_a_body_beyond_all_words_is_too_much(visitor: Visitor) -> None:
    answer = await visitor.send_json({"story": "x" * 300_000})

    assert answer.status_code == 413


@pytest.mark.parametrize("key", [None, "", "7"])
async def test_a_tip_needs_a_key(visitor: Visitor, key: str | None) -> None:
    headers = {} if key is None else {"Idempotency-Key": key}

    answer = await visitor.client.post("/api/v1/tips", json=WHOLE, headers=headers)

    assert answer.status_code == 422
    assert answer.json()["title"] == "RequestKeyMissing"


async def test_a_file_is_streamed_in_and_listed(database: Platform, visitor: Visitor) -> None:
    code = code_in(await visitor.send_json(WHOLE))

    answer = await visitor.send_bytes(code, video(5_000), **{"Tipline-File-Name": "%E5%BD%95%E5%83%8F.mp4"})

    assert answer.status_code == 201
    file = answer.json()
    assert (file["role"], file["state"], file["size_bytes"], file["sha256"]) == ("video", "checking", 5_024, None)
    own = (await visitor.own(code)).json()
    assert own["files"] == [file]
    assert [row["file_name"] for row in await rows(database, "SELECT file_name FROM tip_file")] == ["录像.mp4"]


async def test_a_file_of_unknown_length_is_cut_off_at_the_limit_and_not_read_on(database: Platform) -> None:
    endless = Sender([video(), *[bytes(65_536)] * 1_000])

    async with public_face(database, limits=Limits(file_bytes=1_000_000)) as visitor:
        code = code_in(await visitor.send_json(WHOLE))
        status, body = await endless.post(visitor.app, FILES_URL, {"Tipline-Receipt": code})

    assert status == 413
    assert json.loads(body)["title"] == "TooLarge"
    assert endless.taken < 50
    assert await rows(database, "SELECT * FROM evidence_item") == []


async def test_a_text_is_refused_at_its_beginning(visitor: Visitor) -> None:
    code = code_in(await visitor.send_json(WHOLE))
    text = Sender([b"text " * 10_000] * 500)

    status, body = await text.post(visitor.app, FILES_URL, {"Tipline-Receipt": code})

    assert (status, json.loads(body)["title"]) == (422, "NotAMedium")
    assert text.taken <= 2


async def test_a_connection_that_breaks_off_leaves_no_row(database: Platform, visitor: Visitor) -> None:
    code = code_in(await visitor.send_json(WHOLE))
    phone = Sender([video(), bytes(65_536)], breaks_off=True)

    await phone.post(visitor.app, FILES_URL, {"Tipline-Receipt": code})

    assert await rows(database, "SELECT * FROM evidence_item") == []
    assert (await visitor.send_bytes(code, video())).status_code == 201


async def test_a_file_is_never_whole_in_memory(visitor: Visitor) -> None:
    code = code_in(await visitor.send_json(WHOLE))
    block = bytes(1024 * 1024)  # one object, handed over a hundred times
    long = Sender([video(), *[block] * 100])
    tracemalloc.start()

    status, _ = await long.post(visitor.app, FILES_URL, {"Tipline-Receipt": code})
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert status == 201
    assert peak < 30 * 1024 * 1024


async def test_an_announced_length_over_the_limit_is_refused_before_a_byte_is_kept(database: Platform) -> None:
    async with public_face(database, limits=Limits(file_bytes=1_000)) as visitor:
        code = code_in(await visitor.send_json(WHOLE))
        answer = await visitor.send_bytes(code, video(1_000))

    assert answer.status_code == 413
    assert "1000 B" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("content", "query", "status", "title"),
    [
        (b"", "", 422, "EmptyFile"),
        ("这是一段文字".encode(), "", 422, "NotAMedium"),
        (png_bomb(), "", 422, "TooManyPixels"),
        (photo(), "?role=video", 422, "OtherMedium"),
        (photo(), "?role=document", 400, "Validation"),
    ],
)
async def test_a_wrong_file_is_refused(
    database: Platform, visitor: Visitor, content: bytes, query: str, status: int, title: str
) -> None:
    code = code_in(await visitor.send_json(WHOLE))

    answer = await visitor.client.post(
        f"/api/v1/tips/mine/files{query}", content=content, headers={"Tipline-Receipt": code}
    )

    assert (answer.status_code, answer.json()["title"]) == (status, title)
    assert await rows(database, "SELECT * FROM evidence_item") == []
    assert len(await rows(database, "SELECT * FROM tip")) == 1


async def test_a_file_sent_again_under_its_key_is_not_kept_twice(database: Platform, visitor: Visitor) -> None:
    code = code_in(await visitor.send_json(WHOLE))
    key = {"Idempotency-Key": str(uuid4())}

    first, second = [await visitor.send_bytes(code, photo(), **key) for _ in range(2)]
    third = await visitor.send_bytes(code, photo())

    assert first.json() == second.json()
    assert third.json()["id"] != first.json()["id"]
    assert len(await rows(database, "SELECT * FROM tip_file")) == 2


@pytest.mark.parametrize(
    ("code", "status", "title"),
    [
        (None, 422, "ReceiptMissing"),
        ("1234", 422, "ReceiptMistyped"),
        ("0000-0000-0000-0097", 422, "ReceiptMistyped"),
        (with_check_digits(12_340_000_000_000).shown, 404, "ReceiptUnknown"),
    ],
)
async def test_a_code_that_opens_nothing_is_told(visitor: Visitor, code: str | None, status: int, title: str) -> None:
    headers = {} if code is None else {"Tipline-Receipt": code}

    seen = await visitor.client.get("/api/v1/tips/mine", headers=headers)
    sent = await visitor.client.post("/api/v1/tips/mine/files", content=photo(), headers=headers)

    assert (seen.status_code, seen.json()["title"]) == (status, title)
    assert (sent.status_code, sent.json()["title"]) == (status, title)


async def test_one_code_never_shows_another_tip(visitor: Visitor) -> None:
    mine, other = [code_in(await visitor.send_json(WHOLE)) for _ in range(2)]
    await visitor.send_bytes(other, photo())

    assert (await visitor.own(mine)).json()["files"] == []


async def test_the_session_cookie_opens_nothing_here(visitor: Visitor) -> None:
    await visitor.send()
    assert visitor.client.cookies.get("tl_public_session")

    answer = await visitor.client.get("/api/v1/tips/mine")

    assert answer.status_code == 422


async def test_the_code_is_in_no_log(visitor: Visitor, caplog: pytest.LogCaptureFixture) -> None:
    logging.getLogger().addHandler(caplog.handler)  # after the application has set up its own logging
    caplog.set_level(logging.DEBUG)

    code = code_in(await visitor.send_json(WHOLE))
    await visitor.own(code)
    await visitor.open_tip(code)
    visitor.client.cookies.clear()
    await visitor.open_tip(code[:-1])
    await visitor.send_bytes(code, b"")

    ours = "\n".join(record.getMessage() for record in caplog.records if not record.name.startswith("httpx"))
    assert "POST /api/v1/tips" in ours
    assert code not in ours
    assert code.replace("-", "") not in ours


async def test_the_description_names_every_address_header_and_answer(visitor: Visitor) -> None:
    described = (await visitor.client.get("/api/v1/openapi.json")).json()

    assert set(described["paths"]) == {
        *("/api/v1/tips", "/api/v1/tips/mine", "/api/v1/tips/mine/files"),
        *("/api/v1/uploads", "/api/v1/uploads/{secret}"),
    }
    upload = described["paths"]["/api/v1/tips/mine/files"]["post"]
    assert upload["requestBody"]["content"] == {
        "application/octet-stream": {"schema": {"type": "string", "format": "binary"}}
    }
    headers = {one["name"] for one in upload["parameters"]}
    assert headers == {"Tipline-Receipt", "Tipline-File-Name", "Idempotency-Key", "role"}
    assert all(one.get("description") for one in upload["parameters"])
    assert {"201", "400", "404", "413", "422", "429", "503"} == set(upload["responses"])
    assert set(upload["responses"]["422"]["content"]) == {"application/problem+json"}

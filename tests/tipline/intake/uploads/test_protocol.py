"""tus 1.0.0 as the public face speaks it, request by request."""

from __future__ import annotations

import hashlib
import itertools
import json
import os
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

import pytest

from evidence.arrivals import PIECE_BYTES
from evidence.custody import Custody
from evidence.storage import FileStorage
from tests.bombs import png_bomb
from tests.make import NOON
from tests.platform import Platform, as_role
from tests.tipline.intake.uploads.tus import BYTES, UPLOADS, VERSION, Tus, named, sender, summed
from tests.tipline.visitor import Visitor, photo, public_face, rows, video
from tipline.settings import Limits, Role

HEAD = video(0)


@pytest.fixture
async def tus(visitor: Visitor) -> Tus:
    return await sender(visitor)


async def test_options_tell_what_the_server_can_do(visitor: Visitor) -> None:
    answer = await visitor.client.options(UPLOADS)

    assert answer.status_code == 204
    told = {name: answer.headers[name] for name in ("tus-resumable", "tus-version", "tus-extension", "tus-max-size")}
    assert told == {
        "tus-resumable": "1.0.0",
        "tus-version": "1.0.0",
        "tus-extension": "creation,creation-with-upload,expiration,checksum,termination",
        "tus-max-size": str(4 * 1024**3),
    }
    assert answer.headers["tus-checksum-algorithm"] == "sha1,sha256"


async def test_a_file_in_three_requests_becomes_part_of_the_tip(database: Platform, visitor: Visitor, tus: Tus) -> None:
    content = HEAD + os.urandom(PIECE_BYTES + 3_000_000)
    cuts = (0, 1_000_000, PIECE_BYTES + 1_500_000, len(content))
    address = await tus.begin(len(content))

    for start, end in itertools.pairwise(cuts):
        answer = await tus.patch(address, start, content[start:end])
        assert (answer.status_code, answer.headers["upload-offset"]) == (204, str(end))

    files = await tus.files()
    assert [(file["role"], file["state"], file["size_bytes"]) for file in files] == [
        ("video", "checking", len(content))
    ]
    parts = await rows(database, "SELECT * FROM evidence_part ORDER BY number")
    assert [part["number"] for part in parts] == list(range(1, len(parts) + 1))
    assert {part["offset_bytes"] for part in parts} >= {0, 1_000_000, PIECE_BYTES + 1_500_000}
    for part in parts:
        start, end = part["offset_bytes"], part["offset_bytes"] + part["size_bytes"]
        assert part["sha256"] == hashlib.sha256(content[start:end]).hexdigest()
    assert await rows(database, "SELECT job FROM work WHERE job LIKE '%seal%'") != []
    assert await rows(database, "SELECT id FROM upload_piece") == []
    assert (await rows(database, "SELECT file_name FROM tip_file"))[0]["file_name"] == "行车记录 1.mp4"


async def test_sealing_checks_the_parts_as_they_came(database: Platform) -> None:
    content = HEAD + os.urandom(100_000)
    async with public_face(database) as visitor:
        tus = await sender(visitor)
        address = await tus.begin(len(content))
        await tus.patch(address, 0, content[:70_000])
        await tus.patch(address, 70_000, content[70_000:])
    item = (await rows(database, "SELECT id FROM evidence_item"))[0]["id"]
    as_role(database, Role.WORKER)
    assert database.settings.objects_dir

    sealed = await Custody(FileStorage(database.settings.objects_dir)).seal(item, actor="worker:test", now=NOON)

    assert sealed.sha256 == hashlib.sha256(content).hexdigest()


async def test_the_first_bytes_may_come_with_the_creation(tus: Tus) -> None:
    content = photo()

    answer = await tus.create(len(content), content)

    assert (answer.status_code, answer.headers["upload-offset"]) == (201, str(len(content)))
    assert [file["role"] for file in await tus.files()] == ["photo"]


async def test_a_creation_may_bring_only_a_beginning(tus: Tus) -> None:
    content = photo()

    answer = await tus.create(len(content), content[:100])
    finished = await tus.patch(answer.headers["location"], 100, content[100:])

    assert (answer.headers["upload-offset"], finished.status_code) == ("100", 204)
    assert len(await tus.files()) == 1


async def test_head_tells_offset_length_and_expiry_and_is_not_cached(tus: Tus) -> None:
    address = await tus.begin(1000)
    await tus.patch(address, 0, HEAD)

    answer = await tus.head(address)

    assert answer.status_code == 200
    assert answer.headers["upload-offset"] == str(len(HEAD))
    assert answer.headers["upload-length"] == "1000"
    assert answer.headers["cache-control"] == "no-store"
    assert parsedate_to_datetime(answer.headers["upload-expires"]) == NOON + timedelta(hours=48)


async def test_after_a_lost_last_answer_the_file_is_there_once(tus: Tus) -> None:
    content = photo()
    address = await tus.begin(len(content))
    await tus.patch(address, 0, content)

    offsets = [await tus.offset(address) for _ in range(2)]
    again = await tus.patch(address, len(content), b"")

    assert offsets == [len(content)] * 2
    assert again.status_code == 204
    assert len(await tus.files()) == 1


@pytest.mark.parametrize("offset", [1, 99, 101, 5000])
async def test_bytes_for_another_offset_are_refused_before_one_is_read(tus: Tus, offset: int) -> None:
    address = await tus.begin(5000)
    await tus.patch(address, 0, (HEAD + bytes(100))[:100])

    answer = await tus.patch(address, offset, b"x" * 50)

    assert (answer.status_code, answer.json()["title"]) == (409, "OffsetWrong")
    assert answer.headers["tus-resumable"] == "1.0.0"
    assert await tus.offset(address) == 100


async def test_more_bytes_than_announced_are_refused(tus: Tus) -> None:
    address = await tus.begin(200)

    answer = await tus.patch(address, 0, HEAD + bytes(300))

    assert answer.status_code == 413
    assert await tus.offset(address) == 0


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
async def test_bytes_with_their_checksum_are_kept(tus: Tus, algorithm: str) -> None:
    content = HEAD + os.urandom(2 * PIECE_BYTES + 17)
    address = await tus.begin(len(content))

    first = await tus.patch(address, 0, content[:-50], **{"Upload-Checksum": summed(content[:-50], algorithm)})
    last = await tus.patch(address, len(content) - 50, content[-50:], **{"Upload-Checksum": summed(content[-50:])})

    assert (first.status_code, last.status_code) == (204, 204)
    assert len(await tus.files()) == 1


async def test_changed_bytes_are_answered_460_and_nothing_of_them_is_kept(tus: Tus) -> None:
    content = HEAD + os.urandom(PIECE_BYTES + 1000)
    address = await tus.begin(len(content))
    await tus.patch(address, 0, content[:500])
    broken = bytearray(content[500:])
    broken[-1] ^= 1

    answer = await tus.patch(address, 500, bytes(broken), **{"Upload-Checksum": summed(content[500:])})
    offset = await tus.offset(address)
    again = await tus.patch(address, 500, content[500:], **{"Upload-Checksum": summed(content[500:])})

    assert (answer.status_code, answer.json()["title"]) == (460, "ChecksumWrong")
    assert offset == 500
    assert again.status_code == 204
    assert [file["size_bytes"] for file in await tus.files()] == [len(content)]


async def test_a_given_up_upload_is_gone_and_leaves_nothing(database: Platform, tus: Tus) -> None:
    address = await tus.begin(5000)
    await tus.patch(address, 0, HEAD + bytes(500))

    answer = await tus.delete(address)

    assert answer.status_code == 204
    assert (await tus.head(address)).status_code == 410
    assert (await tus.patch(address, 0, b"x")).status_code == 410
    row = (await rows(database, "SELECT state, object_key FROM upload"))[0]
    assert row["state"] == "ended"
    assert database.settings.objects_dir
    assert list(database.settings.objects_dir.rglob(f"*{row['object_key']}*")) == []


async def test_a_file_that_belongs_to_the_tip_is_not_given_up(tus: Tus) -> None:
    content = photo()
    address = (await tus.create(len(content), content)).headers["location"]

    answer = await tus.delete(address)

    assert (answer.status_code, answer.json()["title"]) == (409, "UploadWhole")
    assert len(await tus.files()) == 1


@pytest.mark.parametrize("size", [7, 200, 70_000])
async def test_what_is_no_photo_or_video_is_refused_by_its_beginning(tus: Tus, size: int) -> None:
    content = "这不是视频".encode() * (size // 15 + 1)
    address = await tus.begin(len(content))

    answer = await tus.patch(address, 0, content)

    assert (answer.status_code, answer.json()["title"]) == (422, "NotAMedium")
    assert (await tus.head(address)).status_code == 410
    assert await tus.files() == []


async def test_a_picture_of_60_megapixels_is_refused_by_its_header(tus: Tus) -> None:
    bomb = png_bomb()
    address = await tus.begin(len(bomb))

    answer = await tus.patch(address, 0, bomb)

    assert (answer.status_code, answer.json()["title"]) == (422, "TooManyPixels")
    assert await tus.files() == []


async def test_the_beginning_may_come_byte_by_byte(tus: Tus) -> None:
    content = photo()
    address = await tus.begin(len(content))

    for place in range(12):
        await tus.patch(address, place, content[place : place + 1])
    answer = await tus.patch(address, 12, content[12:])

    assert answer.status_code == 204
    assert [file["role"] for file in await tus.files()] == ["photo"]


@pytest.mark.parametrize(
    ("headers", "status", "title"),
    [
        ({"Tus-Resumable": "0.2.2"}, 412, "VersionUnsupported"),
        ({"Upload-Length": "-1"}, 400, "HeaderMalformed"),
        ({"Upload-Length": "1e3"}, 400, "HeaderMalformed"),
        ({"Upload-Length": "0"}, 422, "EmptyFile"),
        ({"Upload-Length": str(4 * 1024**3 + 1)}, 413, "TooLarge"),
        ({"Upload-Defer-Length": "1"}, 400, "HeaderMalformed"),
        ({"Upload-Concat": "partial"}, 400, "HeaderMalformed"),
        ({"Upload-Metadata": "filename ***"}, 400, "HeaderMalformed"),
        ({"Upload-Metadata": "filename DQpYOiAx"}, 400, "HeaderMalformed"),
        ({"Upload-Checksum": "md5 1B2M2Y8AsgTpgAmY7PhCfg=="}, 400, "HeaderMalformed"),
        ({"Tipline-Receipt": "1234-5678"}, 422, "ReceiptMistyped"),
        ({"Tipline-Receipt": ""}, 422, "ReceiptMissing"),
        ({"Tipline-Receipt": "", "Tipline-Upload-Pass": "guess"}, 404, "SessionOver"),
    ],
    ids=str,
)
async def test_a_creation_that_does_not_hold_is_refused(
    tus: Tus, headers: dict[str, str], status: int, title: str
) -> None:
    encoded = {name: value.encode().decode("latin-1") for name, value in headers.items()}

    answer = await tus.create(1000, **encoded)

    assert (answer.status_code, answer.json()["title"]) == (status, title)
    assert answer.headers["tus-version"] == "1.0.0"


@pytest.mark.parametrize(
    ("headers", "status", "title"),
    [
        ({"Tus-Resumable": "1.0"}, 412, "VersionUnsupported"),
        ({"Content-Type": "application/octet-stream"}, 415, "WrongBodyType"),
        ({"Upload-Offset": "ten"}, 400, "HeaderMalformed"),
        ({"Upload-Checksum": "sha256 short"}, 400, "HeaderMalformed"),
    ],
    ids=str,
)
async def test_a_patch_that_does_not_hold_is_refused(
    tus: Tus, headers: dict[str, str], status: int, title: str
) -> None:
    address = await tus.begin(1000)

    answer = await tus.visitor.client.patch(address, content=HEAD, headers={**BYTES, "Upload-Offset": "0", **headers})

    assert (answer.status_code, answer.json()["title"]) == (status, title)
    assert await tus.offset(address) == 0


async def test_an_address_nobody_was_given_leads_nowhere(tus: Tus) -> None:
    address = f"{UPLOADS}/{'x' * 43}"

    answers = [await tus.head(address), await tus.patch(address, 0, b"x"), await tus.delete(address)]

    assert [answer.status_code for answer in answers] == [404] * 3


async def test_an_empty_file_type_is_no_fault(tus: Tus) -> None:
    answer = await tus.create(1000, **{"Upload-Metadata": named(kind="") + ",is_confidential"})

    assert answer.status_code == 201


async def test_the_limits_count_what_is_under_way_before_a_byte_is_sent(database: Platform) -> None:
    limits = Limits(file_bytes=1000, tip_bytes=2500, files_per_tip=3)
    async with public_face(database, limits=limits) as visitor:
        tus = await sender(visitor)

        for _ in range(2):
            await tus.begin(1000)
        full = await tus.create(600, HEAD)
        large = await tus.create(1001, HEAD)
        third = await tus.create(500)
        many = await tus.create(1)
        by_form = await visitor.send_bytes(tus.code, photo())

    answers = [full, large, many, by_form]
    assert third.status_code == 201
    assert [answer.json()["title"] for answer in answers] == ["TipFull", "TooLarge", "TooManyFiles", "TooManyFiles"]
    assert {answer.status_code for answer in answers} == {413}
    assert await rows(database, "SELECT id FROM upload_piece") == []


async def test_an_upload_that_was_left_alone_is_gone_and_makes_room(database: Platform) -> None:
    moment = NOON

    def clock() -> datetime:
        return moment

    async with public_face(database, clock=clock, limits=Limits(files_per_tip=1)) as visitor:
        tus = await sender(visitor)
        address = await tus.begin(1000)
        await tus.patch(address, 0, HEAD)
        moment = NOON + timedelta(hours=49)

        answers = [await tus.head(address), await tus.patch(address, len(HEAD), b"x")]
        fresh = await tus.create(1000)

    assert [answer.status_code for answer in answers] == [410, 410]
    assert fresh.status_code == 201


async def test_neither_code_nor_address_nor_name_stands_in_the_rows_in_clear(database: Platform, tus: Tus) -> None:
    address = await tus.begin(1000)

    kept = json.dumps(await rows(database, "SELECT * FROM upload"), default=str)

    assert address.rsplit("/", 1)[1] not in kept
    assert tus.code not in kept


async def test_uploads_need_no_cookie_and_set_none(tus: Tus) -> None:
    answer = await tus.create(1000)

    assert "set-cookie" not in answer.headers
    assert VERSION["Tus-Resumable"] == answer.headers["tus-resumable"]

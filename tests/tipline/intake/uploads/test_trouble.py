"""Uploads through killed servers, dead connections and two writers at once; over real sockets."""

from __future__ import annotations

import asyncio
import hashlib
import os
import socket
import time
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from evidence.arrivals import PIECE_BYTES
from evidence.custody import Custody
from evidence.errors import ObjectMissing
from evidence.s3 import S3Storage
from evidence.storage import FileStorage, Storage
from tests.evidence.s3_server import ACCESS_KEY, BUCKET, SECRET_KEY, S3Server, running_s3_server
from tests.make import NOON
from tests.platform import Platform, as_role
from tests.programs import wait_until
from tests.tipline.intake.uploads.face import Face, running_face
from tests.tipline.intake.uploads.tus import BYTES, UPLOADS, VERSION, sender, summed
from tests.tipline.visitor import photo, public_face, rows, video
from tipline.intake.uploads import service
from tipline.intake.uploads.access import Secret
from tipline.intake.uploads.service import Doors
from tipline.settings import Limits, Role

LONG = video(0) + os.urandom(3 * PIECE_BYTES + 1234)


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    with running_s3_server(tmp_path_factory.mktemp("s3")) as server:
        yield server


@pytest.fixture
def face(database: Platform) -> Iterator[Face]:
    with running_face(database) as running:
        yield running


def begin(face: Face, length: int) -> str:
    """Create an upload and return its address."""
    told = {**VERSION, "Tipline-Receipt": face.send_tip(), "Upload-Length": str(length)}
    answer = httpx.post(f"{face.url}{UPLOADS}", headers=told)
    assert answer.status_code == 201, answer.text
    return f"{face.url}{answer.headers['location']}"


def stream_part(address: str, offset: int, length: int, body: bytes) -> socket.socket:
    """Begin a PATCH of `length` bytes, send `body` of it, and leave the connection open."""
    parts = urlsplit(address)
    connection = socket.create_connection((parts.hostname or "", parts.port or 80), timeout=20)
    headers = {**BYTES, "Host": parts.netloc, "Upload-Offset": str(offset), "Content-Length": str(length)}
    head = f"PATCH {parts.path} HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    connection.sendall(head.encode() + b"\r\n" + body)
    return connection


async def counted(platform: Platform) -> int:
    offset: int = (await rows(platform, "SELECT offset_bytes FROM upload"))[0]["offset_bytes"]
    return offset


def ask(address: str) -> httpx.Response:
    """Ask how far the upload is."""
    return httpx.head(address, headers=VERSION, timeout=20)


def send_part(address: str, offset: int, content: bytes) -> httpx.Response:
    """Send a stretch with its checksum."""
    told = {**BYTES, "Upload-Offset": str(offset), "Upload-Checksum": summed(content, "sha1")}
    return httpx.patch(address, headers=told, content=content, timeout=30)


def left_in(folder: Path) -> list[str]:
    """Return every name under a folder."""
    return [path.name for path in folder.rglob("*")]


def send_all(address: str, content: bytes) -> httpx.Response:
    """Ask how far the upload is and send the rest."""
    offset = int(ask(address).headers["upload-offset"])
    told = {**BYTES, "Upload-Offset": str(offset)}
    return httpx.patch(address, headers=told, content=content[offset:], timeout=60)


async def stored(platform: Platform, storage: Storage) -> bytes:
    row = (await rows(platform, "SELECT object_key FROM evidence_item"))[0]
    return b"".join([block async for block in storage.read(row["object_key"])])


async def test_killed_in_mid_patch_it_goes_on_where_the_last_piece_ended(database: Platform, face: Face) -> None:
    address = begin(face, len(LONG))
    sent = 2 * PIECE_BYTES + 400_000
    connection = stream_part(address, 0, len(LONG), LONG[:sent])
    await wait_until(lambda: counted(database), "the first piece")
    await asyncio.sleep(0.2)

    face.kill()
    connection.close()
    face.start()
    began = time.monotonic()
    answer = ask(address)
    waited_s = time.monotonic() - began
    finished = send_all(address, LONG)

    assert int(answer.headers["upload-offset"]) >= sent - PIECE_BYTES - 400_000
    assert waited_s < 3
    assert finished.status_code == 204
    assert await stored(database, FileStorage(database.folder.objects)) == LONG
    assert len(await rows(database, "SELECT id FROM tip_file")) == 1


async def test_a_dropped_connection_costs_nothing_that_had_arrived(database: Platform, face: Face) -> None:
    address = begin(face, len(LONG))
    connection = stream_part(address, 0, len(LONG), LONG[:1_300_000])
    await wait_until(lambda: rows(database, "SELECT 1 FROM upload WHERE is_held"), "the writer")
    await asyncio.sleep(0.3)

    connection.close()
    answer = ask(address)

    # What was still on the wire when the line went is lost; what the face had read is kept, however little it was.
    assert 0 < int(answer.headers["upload-offset"]) <= 1_300_000
    assert send_all(address, LONG).status_code == 204
    assert await stored(database, FileStorage(database.folder.objects)) == LONG


async def test_a_newer_request_drains_one_that_hangs_and_nobody_sees_423(database: Platform, face: Face) -> None:
    address = begin(face, len(LONG))
    hanging = stream_part(address, 0, len(LONG), LONG[:700_000])
    await wait_until(lambda: rows(database, "SELECT 1 FROM upload WHERE is_held"), "the writer")
    await asyncio.sleep(0.3)

    began = time.monotonic()
    answer = ask(address)
    waited_s = time.monotonic() - began
    told = hanging.recv(200)
    hanging.close()

    assert answer.status_code == 200
    assert 0 < int(answer.headers["upload-offset"]) <= 700_000
    assert waited_s < 3
    assert told.startswith(b"HTTP/1.1 409")
    assert send_all(address, LONG).status_code == 204
    assert await stored(database, FileStorage(database.folder.objects)) == LONG


async def test_two_senders_at_once_never_count_a_byte_twice(database: Platform) -> None:
    async with public_face(database) as visitor:
        tus = await sender(visitor)
        address = await tus.begin(len(LONG))

        async def stubborn() -> None:
            while (offset := await tus.offset(address)) < len(LONG):
                await tus.patch(address, offset, LONG[offset : offset + 4_000_000])

        await asyncio.gather(stubborn(), stubborn())

    parts = await rows(database, "SELECT * FROM evidence_part ORDER BY number")
    assert sum(part["size_bytes"] for part in parts) == len(LONG)
    assert await stored(database, FileStorage(database.folder.objects)) == LONG
    assert len(await rows(database, "SELECT id FROM tip_file")) == 1


async def test_an_s3_store_gets_a_short_tail_from_another_process_and_seals_it(
    database: Platform, s3_server: S3Server
) -> None:
    secret = database.settings.secrets_dir / "storage_secret_key"
    secret.write_text(SECRET_KEY)
    store = {
        "TIPLINE_STORAGE_ENDPOINT": s3_server.endpoint,
        "TIPLINE_STORAGE_BUCKET": BUCKET,
        "TIPLINE_STORAGE_ACCESS_KEY": ACCESS_KEY,
        "TIPLINE_STORAGE_TLS": "0",
    }
    cuts = [0, 1_000_000, 2_500_000, PIECE_BYTES + 3_000_000, PIECE_BYTES + 3_000_001, len(LONG)]
    with running_face(database, **store) as face:
        address = begin(face, len(LONG))
        for start, end in zip(cuts, cuts[1:], strict=False):  # noqa: RUF007  read as cuts
            assert send_part(address, start, LONG[start:end]).status_code == 204
            face.kill()
            face.start()
    secret.unlink()

    storage = s3_server.storage()
    assert await stored(database, storage) == LONG
    as_role(database, Role.WORKER)
    item = (await rows(database, "SELECT id FROM evidence_item"))[0]["id"]
    sealed = await Custody(storage).seal(item, actor="worker:test", now=NOON)
    assert sealed.sha256 == hashlib.sha256(LONG).hexdigest()
    assert len(s3_server.files()) == 1


@pytest.mark.parametrize("kind", ["file", "s3"])
async def test_a_worker_removes_what_was_left_alone_and_nothing_else(
    database: Platform, s3_server: S3Server, tmp_path: Path, kind: str
) -> None:
    storage: FileStorage | S3Storage = FileStorage(tmp_path / "objects") if kind == "file" else s3_server.storage()
    async with public_face(database) as visitor:
        tus = await sender(visitor)
        secrets = [(await tus.begin(len(LONG))).rsplit("/", 1)[1] for _ in range(2)]
        doors = Doors(Custody(storage), Limits(), lambda: NOON)
        for secret in secrets:
            for start in (0, 700_000):
                await service.receive(Secret(secret), bytes_of(LONG[start : start + 700_000], start), doors)
        later = Doors(Custody(storage), Limits(), lambda: NOON + timedelta(hours=47))
        await service.receive(Secret(secrets[1]), bytes_of(LONG[1_400_000:1_500_000], 1_400_000), later)
    as_role(database, Role.WORKER)
    now = NOON + timedelta(hours=49)

    due = await service.unsettled(now=now)
    for upload in due:
        await service.settle(upload, Doors(Custody(storage), Limits(), lambda: now))

    assert len(due) == 1
    states = await rows(database, "SELECT state, object_key FROM upload ORDER BY expires_at")
    assert [row["state"] for row in states] == ["ended", "open"]
    with pytest.raises(ObjectMissing):
        await storage.size(states[0]["object_key"])
    held = left_in(tmp_path if kind == "file" else s3_server.folder)
    assert not [name for name in held if states[0]["object_key"] in name]
    assert await service.unsettled(now=now) == []


async def test_a_worker_finishes_a_whole_file_whose_last_step_broke_off(database: Platform, tmp_path: Path) -> None:
    content = photo()
    storage = FileStorage(tmp_path / "objects")
    async with public_face(database) as visitor:
        tus = await sender(visitor)
        secret = (await tus.begin(len(content))).rsplit("/", 1)[1]
        doors = Doors(Custody(storage), Limits(), lambda: NOON)
        await service.receive(Secret(secret), bytes_of(content[:-1], 0), doors)
    connection = await database.admin()
    await connection.execute("ALTER TABLE tip_file ADD CONSTRAINT nothing_now CHECK (false) NOT VALID")
    async with public_face(database):
        with pytest.raises(Exception, match="nothing_now"):
            await service.receive(Secret(secret), bytes_of(content[-1:], len(content) - 1), doors)
    await connection.execute("ALTER TABLE tip_file DROP CONSTRAINT nothing_now")
    await connection.close()
    as_role(database, Role.WORKER)
    now = NOON + timedelta(minutes=5)

    for upload in await service.unsettled(now=now):
        await service.settle(upload, Doors(Custody(storage), Limits(), lambda: now))

    assert await stored(database, storage) == content
    assert len(await rows(database, "SELECT id FROM tip_file")) == 1


def bytes_of(content: bytes, offset: int) -> service.Bytes:
    """Return a request's bytes as the pages hand them over."""

    async def chunks() -> AsyncIterator[bytes]:
        yield content

    return service.Bytes(offset, chunks(), None, len(content))

"""Clients that others wrote: tuspy, which sends sha1, and tus-js-client, which sends no checksum; over both stores."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from evidence.arrivals import PIECE_BYTES
from evidence.storage import FileStorage, Storage
from tests.evidence.s3_server import ACCESS_KEY, BUCKET, SECRET_KEY, S3Server, running_s3_server
from tests.platform import Platform
from tests.programs import ROOT
from tests.tipline.intake.uploads.face import Face, running_face
from tests.tipline.intake.uploads.tus import UPLOADS
from tests.tipline.visitor import rows, video

LIBRARY = ROOT / "tipline" / "web" / "static" / "vendor" / "tus.min.js"
CONTENT = video(0) + os.urandom(2 * PIECE_BYTES + 77_777)
CHUNK_BYTES = 1_500_000


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    with running_s3_server(tmp_path_factory.mktemp("s3")) as server:
        yield server


@pytest.fixture(params=["file", "s3"])
def served(request: pytest.FixtureRequest, database: Platform) -> Iterator[tuple[Face, Storage]]:
    """Give a running face and the store it keeps files in."""
    if request.param == "file":
        with running_face(database) as face:
            yield face, FileStorage(database.folder.objects)
        return
    server: S3Server = request.getfixturevalue("s3_server")
    (database.settings.secrets_dir / "storage_secret_key").write_text(SECRET_KEY)
    store = {
        "TIPLINE_STORAGE_ENDPOINT": server.endpoint,
        "TIPLINE_STORAGE_BUCKET": BUCKET,
        "TIPLINE_STORAGE_ACCESS_KEY": ACCESS_KEY,
        "TIPLINE_STORAGE_TLS": "0",
    }
    with running_face(database, **store) as face:
        yield face, server.storage()


async def arrived(database: Platform, storage: Storage) -> bytes:
    """Return the content of the one file that came."""
    row = (await rows(database, "SELECT object_key FROM evidence_item"))[0]
    return b"".join([block async for block in storage.read(row["object_key"])])


def by_tuspy(face: Face, path: Path) -> None:
    """Send the first half, forget everything but the address, and go on."""
    from tusclient import client  # noqa: PLC0415  it is only here for this

    sending = client.TusClient(f"{face.url}{UPLOADS}", headers={"Tipline-Receipt": face.send_tip()})
    with path.open("rb") as file:
        told = {"chunk_size": CHUNK_BYTES, "metadata": {"filename": path.name}, "upload_checksum": True}
        first = sending.uploader(file_stream=file, **told)
        first.upload(stop_at=CHUNK_BYTES * 3)
        sending.uploader(file_stream=file, url=first.url, **told).upload()


async def test_tuspy_sends_a_file_with_checksums_and_goes_on_after_a_break(
    database: Platform, served: tuple[Face, Storage], tmp_path: Path
) -> None:
    face, storage = served
    path = tmp_path / "clip.mp4"
    path.write_bytes(CONTENT)

    by_tuspy(face, path)

    assert await arrived(database, storage) == CONTENT


@pytest.fixture
def node() -> str:
    found = shutil.which("node")
    if found is None:
        if os.environ.get("CI") == "true":
            pytest.fail("CI=true and no node")
        pytest.skip("no node here: tus-js-client cannot run outside a browser")
    return found


def by_tus_js(node: str, face: Face, path: Path) -> subprocess.CompletedProcess[str]:
    """Send a file by the very library that our page uses."""
    program = Path(__file__).with_name("send.mjs")
    command = [node, str(program), str(LIBRARY), f"{face.url}{UPLOADS}", face.send_tip(), str(path), str(CHUNK_BYTES)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


async def test_tus_js_client_sends_a_file_without_checksums(
    database: Platform, served: tuple[Face, Storage], tmp_path: Path, node: str
) -> None:
    face, storage = served
    path = tmp_path / "clip.mp4"
    path.write_bytes(CONTENT)

    done = by_tus_js(node, face, path)

    assert done.returncode == 0, done.stderr
    assert await arrived(database, storage) == CONTENT
    assert (await rows(database, "SELECT file_name FROM tip_file"))[0]["file_name"] == "行车记录.mp4"

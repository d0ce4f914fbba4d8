"""Fixtures of the evidence tests: real S3 servers, and the stores behind one name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from minio.error import InvalidResponseError

from evidence.custody import Custody
from evidence.s3 import S3Storage
from evidence.storage import FileStorage, Storage
from tests.evidence.s3_server import S3Server, running_s3_server


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    with running_s3_server(tmp_path_factory.mktemp("s3")) as server:
        yield server


@dataclass(frozen=True, slots=True)
class Store:
    """A store under test, and a look behind its door: every file that lies on its disk."""

    storage: Storage
    files: Callable[[], list[Path]]


@pytest.fixture(params=["file", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    if request.param == "s3":
        server: S3Server = request.getfixturevalue("s3_server")
        return Store(server.storage(), server.files)
    root = tmp_path / "store"
    return Store(FileStorage(root), lambda: [path for path in root.rglob("*") if path.is_file()])


@dataclass(frozen=True, slots=True)
class Arriving:
    """A store under test for arrivals, and a look behind its door: objects with sizes, and what is unfinished."""

    storage: Storage
    held: Callable[[], dict[str, int]]


def arriving_store(request: pytest.FixtureRequest, name: str) -> Arriving:
    """Return a store by name."""
    if name == "file":
        root: Path = request.getfixturevalue("tmp_path") / "store"
        return Arriving(
            FileStorage(root), lambda: {path.name: path.stat().st_size for path in root.rglob("*") if path.is_file()}
        )
    storage: S3Storage = request.getfixturevalue("s3_server").storage()
    return Arriving(storage, lambda: held_by(storage))


def held_by(storage: S3Storage) -> dict[str, int]:
    """Return every object with its size, and every unfinished multipart upload."""
    client, bucket = storage._client, storage._bucket  # noqa: SLF001  a look behind the door
    held = {str(one.object_name): int(one.size or 0) for one in client.list_objects(bucket)}
    try:
        unfinished = client._list_multipart_uploads(bucket).uploads  # noqa: SLF001
    except InvalidResponseError as problem:
        assert "NoSuchUpload" in str(problem)  # noqa: PT017  rclone says so of an empty list
        return held
    return held | {f"unfinished {one.object_name}": 0 for one in unfinished}


@pytest.fixture
def custody(storage: FileStorage) -> Custody:
    return Custody(storage)

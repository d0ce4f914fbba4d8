"""Fixtures of the evidence tests: a real S3 server, and both stores behind one name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from evidence.custody import Custody
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


@pytest.fixture
def custody(storage: FileStorage) -> Custody:
    return Custody(storage)

"""Fixtures every test may ask for. Real PostgreSQL, real Valkey, real files."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from evidence.storage import FileStorage
from tests.platform import Platform, as_role, disconnect, running_platform
from tipline.settings import Role


@pytest.fixture(scope="session")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """Embedded services, one set for each test process."""
    with running_platform(tmp_path_factory.mktemp("platform")) as running:
        yield running


@pytest.fixture
async def database(platform: Platform) -> AsyncIterator[Platform]:
    """Give an emptied database, connected as the owner; `as_role(platform, Role.X)` chooses another role."""
    await platform.empty()
    as_role(platform, Role.OWNER)
    yield platform
    disconnect()


@pytest.fixture
def storage(tmp_path: Path) -> FileStorage:
    """Give a file storage of the test's own."""
    return FileStorage(tmp_path / "objects")

"""What each store says when it cannot be used."""

from __future__ import annotations

import errno
import os
import resource
import socket
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from evidence.errors import ObjectMissing, StorageDown, StorageFull
from evidence.s3 import S3Storage
from evidence.storage import FileStorage, new_key
from evidence.streams import MEBIBYTE, once
from tests.evidence.s3_server import ACCESS_KEY, S3Server


@pytest.fixture
def little_room() -> Iterator[int]:
    """Let no file of this process grow past 3 MiB, by order of the kernel."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (3 * MEBIBYTE, hard))
    yield 3 * MEBIBYTE
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def files_under(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


async def five_mebibytes() -> AsyncIterator[bytes]:
    for _ in range(5):
        yield bytes(MEBIBYTE)


@pytest.mark.skipif(not hasattr(resource, "RLIMIT_FSIZE"), reason="this system has no limit to lower")
async def test_a_full_disk_is_told_and_leaves_nothing(storage: FileStorage, tmp_path: Path, little_room: int) -> None:
    key = new_key()

    with pytest.raises(StorageFull) as refused:
        await storage.write(key, five_mebibytes())

    assert refused.value.remedy == "free or add space"
    with pytest.raises(ObjectMissing):
        await storage.size(key)
    assert files_under(tmp_path) == []


def test_no_space_and_no_quota_left_are_both_a_full_store(storage: FileStorage) -> None:
    for number in (errno.ENOSPC, errno.EDQUOT):
        with pytest.raises(StorageFull), storage._translated():  # noqa: SLF001  errors a test cannot provoke
            raise OSError(number, os.strerror(number))


async def test_a_folder_that_never_held_an_object_is_down_and_not_empty(tmp_path: Path) -> None:
    """An unmounted volume must not look like lost evidence."""
    unmounted = tmp_path / "volume"
    unmounted.mkdir()

    with pytest.raises(StorageDown, match="never held an object"):
        await FileStorage(unmounted).size(new_key())


async def test_a_file_in_the_folders_place_is_down(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    storage = FileStorage(tmp_path / "file")

    with pytest.raises(StorageDown):
        await storage.check()
    with pytest.raises(StorageDown):
        await storage.write(new_key(), once(b"x"))


async def test_stored_files_cannot_be_written_to(storage: FileStorage) -> None:
    key = new_key()
    await storage.write(key, once(b"sealed"))

    async with storage.local_path(key) as path:
        mode = path.stat().st_mode & 0o777

    assert mode == 0o400


async def test_a_wrong_secret_is_refused(s3_server: S3Server) -> None:
    storage = s3_server.storage(secret_key="another-secret-key")

    with pytest.raises(StorageDown, match="refuses us") as refused:
        await storage.check()
    with pytest.raises(StorageDown, match="refuses us"):
        await storage.write(new_key(), once(b"x"))

    assert "another-secret-key" not in str(refused.value)


async def test_a_wrong_secret_cannot_read_or_remove_what_is_there(s3_server: S3Server) -> None:
    key = new_key()
    await s3_server.storage().write(key, once(b"kept"))
    stranger = s3_server.storage(secret_key="another-secret-key")

    with pytest.raises(StorageDown, match="refuses us"):
        [block async for block in stranger.read(key)]
    with pytest.raises(StorageDown, match="refuses us"):
        await stranger.remove(key)

    assert await s3_server.storage().size(key) == 4


async def test_an_absent_bucket_is_down_and_its_objects_are_not_missing(s3_server: S3Server) -> None:
    storage = s3_server.storage(bucket="elsewhere")

    with pytest.raises(StorageDown, match="bucket does not exist"):
        await storage.check()
    with pytest.raises(StorageDown, match="bucket does not exist"):
        await storage.size(new_key())
    with pytest.raises(StorageDown, match="bucket does not exist"):
        [block async for block in storage.read(new_key())]


async def test_a_store_that_does_not_answer_is_down_soon() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        endpoint = f"127.0.0.1:{unused.getsockname()[1]}"
    storage = S3Storage(endpoint, "evidence", access_key=ACCESS_KEY, secret_key="whatever-it-is", is_tls=False)

    with pytest.raises(StorageDown, match="does not answer"):
        await storage.check()
    with pytest.raises(StorageDown, match="does not answer"):
        await storage.write(new_key(), once(b"x"))

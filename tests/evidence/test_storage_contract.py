"""One contract for every store: files here, and an S3 server with real signatures."""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator

import pytest

from evidence.errors import KeyRefused, ObjectExists, ObjectMissing
from evidence.storage import Storage, new_key
from evidence.streams import MEBIBYTE, PART_BYTES, once
from tests.evidence.conftest import Store

SIZES = [0, 1, 5_000, PART_BYTES - 1, PART_BYTES, PART_BYTES + 1, 2 * PART_BYTES, 20 * MEBIBYTE + 7]


async def in_chunks(data: bytes, size: int = 70_001) -> AsyncIterator[bytes]:
    for start in range(0, len(data), size):
        yield data[start : start + size]


async def broken_after(data: bytes, problem: BaseException) -> AsyncIterator[bytes]:
    async for chunk in in_chunks(data):
        yield chunk
    raise problem


def on_disk(store: Store) -> int:
    return sum(path.stat().st_size for path in store.files())


async def whole(storage: Storage, key: str, *, start: int = 0, end: int | None = None) -> bytes:
    return b"".join([block async for block in storage.read(key, start=start, end=end)])


def test_both_stores_are_storages(store: Store) -> None:
    assert isinstance(store.storage, Storage)


@pytest.mark.parametrize("size", SIZES)
async def test_a_stream_comes_back_as_it_went_in(store: Store, size: int) -> None:
    data, key = os.urandom(size), new_key()

    stored = await store.storage.write(key, in_chunks(data))

    assert (stored.key, stored.size_bytes) == (key, size)
    assert await store.storage.size(key) == size
    assert hashlib.sha256(await whole(store.storage, key)).digest() == hashlib.sha256(data).digest()


@pytest.mark.parametrize(
    ("start", "end"),
    [(0, 0), (0, 1), (3, 8), (3, None), (0, 100), (99, None), (100, None), (200, None), (200, 300), (40, 1000)],
)
async def test_a_range_is_what_a_slice_would_be(store: Store, start: int, end: int | None) -> None:
    data, key = bytes(range(100)), new_key()
    await store.storage.write(key, once(data))

    found = await whole(store.storage, key, start=start, end=end)

    assert found == data[start:end]


async def test_a_range_in_the_middle_of_a_long_object_is_read_without_the_rest(store: Store) -> None:
    data, key = os.urandom(20 * MEBIBYTE), new_key()
    await store.storage.write(key, in_chunks(data))

    found = await whole(store.storage, key, start=PART_BYTES - 3, end=PART_BYTES + 5)

    assert found == data[PART_BYTES - 3 : PART_BYTES + 5]


@pytest.mark.parametrize(("start", "end"), [(-1, None), (5, 4), (0, -1)])
async def test_a_backward_range_is_refused(store: Store, start: int, end: int | None) -> None:
    key = new_key()
    await store.storage.write(key, once(b"0123456789"))

    with pytest.raises(ValueError, match="no such range"):
        await whole(store.storage, key, start=start, end=end)


@pytest.mark.parametrize("size", [10, PART_BYTES + 1])
async def test_nothing_is_ever_overwritten(store: Store, size: int) -> None:
    key = new_key()
    await store.storage.write(key, once(b"first"))

    with pytest.raises(ObjectExists):
        await store.storage.write(key, in_chunks(b"x" * size))

    assert await whole(store.storage, key) == b"first"


@pytest.mark.parametrize("size", [10, PART_BYTES + 1])
async def test_the_first_to_finish_keeps_the_key(store: Store, size: int) -> None:
    key = new_key()
    files_before = len(store.files())

    async def slow() -> AsyncIterator[bytes]:
        yield b"s" * size
        await store.storage.write(key, once(b"fast"))
        yield b"low"

    with pytest.raises(ObjectExists):
        await store.storage.write(key, slow())

    assert await whole(store.storage, key) == b"fast"
    assert len(store.files()) == files_before + 1


@pytest.mark.parametrize("size", [10, PART_BYTES - 1, PART_BYTES + 1, 2 * PART_BYTES + 5])
async def test_a_broken_stream_leaves_nothing(store: Store, size: int) -> None:
    key = new_key()
    files_before = store.files()

    with pytest.raises(ConnectionResetError, match="the sender hung up"):
        await store.storage.write(key, broken_after(b"x" * size, ConnectionResetError("the sender hung up")))

    with pytest.raises(ObjectMissing):
        await store.storage.size(key)
    assert store.files() == files_before


async def test_a_cancelled_write_leaves_nothing(store: Store) -> None:
    key = new_key()
    files_before = store.files()
    is_under_way = asyncio.Event()

    async def endless() -> AsyncIterator[bytes]:
        for _ in range(3 * PART_BYTES // MEBIBYTE):
            yield b"x" * MEBIBYTE
        is_under_way.set()
        while True:
            yield b"x" * MEBIBYTE

    writing = asyncio.create_task(store.storage.write(key, endless()))
    await is_under_way.wait()
    writing.cancel()

    with pytest.raises(asyncio.CancelledError):
        await writing
    with pytest.raises(ObjectMissing):
        await store.storage.size(key)
    assert store.files() == files_before


async def test_nothing_is_visible_before_the_stream_ends(store: Store) -> None:
    key = new_key()
    seen: list[bool] = []

    async def watching() -> AsyncIterator[bytes]:
        for _ in range(2 * PART_BYTES // MEBIBYTE + 1):
            yield b"x" * MEBIBYTE
        try:
            await store.storage.size(key)
        except ObjectMissing:
            seen.append(False)
        else:
            seen.append(True)

    await store.storage.write(key, watching())

    assert seen == [False]
    assert await store.storage.size(key) == 2 * PART_BYTES + MEBIBYTE


async def test_a_long_stream_is_taken_piece_by_piece(store: Store) -> None:
    """The sender is never more than two parts ahead of what the store has taken."""
    key = new_key()
    sent = 0

    async def counted() -> AsyncIterator[bytes]:
        nonlocal sent
        for _ in range(6 * PART_BYTES // MEBIBYTE):
            yield bytes(MEBIBYTE)
            sent += MEBIBYTE
            lag.append(sent - (on_disk(store) - before))

    lag: list[int] = []
    before = on_disk(store)
    await store.storage.write(key, counted())

    assert sent == 6 * PART_BYTES
    assert max(lag) <= 3 * PART_BYTES


async def test_eight_streams_at_once_do_not_mix(store: Store) -> None:
    contents = {new_key(): os.urandom(PART_BYTES + number) for number in range(8)}

    await asyncio.gather(*(store.storage.write(key, in_chunks(data)) for key, data in contents.items()))

    for key, data in contents.items():
        assert await whole(store.storage, key) == data


async def test_an_absent_object_is_missing_however_it_is_asked_for(store: Store) -> None:
    await store.storage.write(new_key(), once(b"another"))
    key = new_key()

    with pytest.raises(ObjectMissing):
        await store.storage.size(key)
    with pytest.raises(ObjectMissing):
        await whole(store.storage, key)
    with pytest.raises(ObjectMissing):
        await whole(store.storage, key, start=4, end=4)
    with pytest.raises(ObjectMissing):
        async with store.storage.local_path(key):
            pass


async def test_a_removed_object_is_gone_and_removing_it_again_is_no_error(store: Store) -> None:
    key = new_key()
    await store.storage.write(key, once(b"orphan"))

    await store.storage.remove(key)
    await store.storage.remove(key)

    with pytest.raises(ObjectMissing):
        await store.storage.size(key)


async def test_a_decoder_gets_a_file_with_the_same_bytes(store: Store) -> None:
    data, key = os.urandom(PART_BYTES + 17), new_key()
    await store.storage.write(key, in_chunks(data))

    async with store.storage.local_path(key) as path:
        found = path.read_bytes()

    assert found == data
    assert await whole(store.storage, key) == data


async def test_a_reader_may_stop_early(store: Store) -> None:
    data, key = os.urandom(4 * MEBIBYTE), new_key()
    await store.storage.write(key, in_chunks(data))

    blocks = store.storage.read(key)
    first = await anext(blocks)
    await blocks.aclose()

    assert data.startswith(first)
    assert await whole(store.storage, key) == data


@pytest.mark.parametrize(
    "key",
    [
        "",
        "short",
        "../../etc/passwd",
        "a/b/c/d/e/f/g",
        "UPPER-CASE-KEY",
        "视频视频视频视频视频",
        "with space here",
        "x" * 81,
        "abcdefgh\n",
    ],
)
async def test_a_key_that_is_no_random_id_is_refused_at_every_method(store: Store, key: str) -> None:
    with pytest.raises(KeyRefused):
        await store.storage.write(key, once(b"x"))
    with pytest.raises(KeyRefused):
        await whole(store.storage, key)
    with pytest.raises(KeyRefused):
        await store.storage.size(key)
    with pytest.raises(KeyRefused):
        await store.storage.remove(key)
    with pytest.raises(KeyRefused):
        async with store.storage.local_path(key):
            pass


async def test_a_working_store_passes_its_check_and_keeps_no_probe(store: Store) -> None:
    files_before = store.files()

    await store.storage.check()

    assert store.files() == files_before

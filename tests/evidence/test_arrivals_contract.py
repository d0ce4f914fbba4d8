"""One contract for objects that arrive in pieces: files here, and an S3 server with real signatures."""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from evidence.arrivals import (
    PIECE_BYTES,
    Arrival,
    ArrivalStore,
    Piece,
    PiecesReplaced,
    WriterFenced,
    next_part,
    part_digests,
)
from evidence.errors import ObjectMissing
from evidence.s3 import S3Storage
from evidence.storage import Storage, new_key
from evidence.streams import MEBIBYTE
from tests.evidence.conftest import Arriving, arriving_store, held_by
from tests.evidence.s3_server import S3Server


@dataclass
class Sending:
    """One arrival with the rows that its caller keeps."""

    storage: Storage
    data: bytes
    arrival: Arrival = field(default_factory=lambda: Arrival(new_key(), ""))
    pieces: list[Piece] = field(default_factory=list)
    epoch: int = 0
    number: int = 0

    @property
    def store(self) -> ArrivalStore:
        return self.storage.arrivals

    @property
    def offset(self) -> int:
        return self.pieces[-1].end_bytes if self.pieces else 0

    async def begin(self) -> None:
        self.arrival = Arrival(self.arrival.key, await self.store.begin(self.arrival.key))

    async def take_over(self) -> int:
        self.epoch += 1
        await self.store.take_over(self.arrival, epoch=self.epoch, offset_bytes=self.offset)
        return self.epoch

    def tail(self) -> list[Piece]:
        apart: list[Piece] = []
        for piece in reversed(self.pieces):
            if piece.part:
                break
            apart.insert(0, piece)
        return apart

    async def send(self, size: int, *, epoch: int | None = None, counts: bool = True) -> None:
        self.number += 1
        start = self.offset
        async with self.store.piece(
            self.arrival,
            epoch=self.epoch if epoch is None else epoch,
            number=self.number,
            part=next_part(
                self.number, pieces=len(self.pieces), parts=len({piece.part for piece in self.pieces if piece.part})
            ),
            offset_bytes=start,
            tail=self.tail(),
            is_last=lambda taken: start + taken == len(self.data),
        ) as writer:
            block = self.data[start : start + size]
            for at in range(0, len(block), MEBIBYTE):
                await writer.write(block[at : at + MEBIBYTE])
            kept = await writer.keep()
        if counts:
            renewed = {piece.offset_bytes: piece for piece in kept}
            self.pieces = [renewed.pop(piece.offset_bytes, piece) for piece in self.pieces] + list(renewed.values())

    async def complete(self) -> int:
        return await self.store.complete(self.arrival, self.pieces, last_number=self.number)

    async def abort(self) -> None:
        await self.store.abort(self.arrival, last_number=self.number)

    async def stored(self) -> bytes:
        return b"".join([block async for block in self.storage.read(self.arrival.key)])


async def begun(store: Arriving, data: bytes) -> Sending:
    sending = Sending(store.storage, data)
    await sending.begin()
    await sending.take_over()
    return sending


@pytest.fixture(params=["file", "s3"])
def store(request: pytest.FixtureRequest) -> Arriving:
    return arriving_store(request, request.param)


@pytest.fixture
def full_store(request: pytest.FixtureRequest) -> Arriving:
    """Give a store in which pieces that do not count leave no gap; an S3 store allows one, rclone alone does not."""
    return arriving_store(request, "file")


def since(store: Arriving) -> Callable[[], dict[str, int]]:
    """Tell what the store holds that it does not hold now."""
    before = store.held()
    return lambda: {name: size for name, size in store.held().items() if name not in before}


@pytest.mark.parametrize(
    "sizes",
    [
        [1],
        [1, 1, 1],
        [PIECE_BYTES],
        [PIECE_BYTES, 1],
        [PIECE_BYTES - 1, 1, 1],
        [MEBIBYTE] * 12,
        [3 * MEBIBYTE, PIECE_BYTES, 2 * MEBIBYTE, 7],
        [PIECE_BYTES] * 3 + [11],
    ],
    ids=str,
)
async def test_pieces_of_any_size_become_one_object(store: Arriving, sizes: list[int]) -> None:
    left_behind = since(store)
    sending = await begun(store, os.urandom(sum(sizes)))

    for size in sizes:
        await sending.send(size)
    size = await sending.complete()

    assert size == len(sending.data)
    assert await sending.stored() == sending.data
    assert sum(left_behind().values()) == size
    assert [hashlib.sha256(sending.data[p.offset_bytes : p.end_bytes]).hexdigest() for p in sending.pieces] == [
        part.sha256 for part in part_digests(sending.pieces)
    ]


async def test_nothing_is_visible_before_the_end(store: Arriving) -> None:
    sending = await begun(store, os.urandom(MEBIBYTE))
    await sending.send(MEBIBYTE)

    with pytest.raises(ObjectMissing):
        await store.storage.size(sending.arrival.key)


async def test_another_process_finds_the_short_tail_and_goes_on(store: Arriving) -> None:
    first = await begun(store, os.urandom(PIECE_BYTES + 3 * MEBIBYTE))
    await first.send(PIECE_BYTES)
    await first.send(MEBIBYTE)

    other = Sending(store.storage, first.data, first.arrival, first.pieces, first.epoch, first.number)
    await other.take_over()
    await other.send(2 * MEBIBYTE)
    await other.complete()

    assert await other.stored() == first.data


async def test_a_piece_that_no_row_counts_is_sent_again(full_store: Arriving) -> None:
    left_behind = since(full_store)
    sending = await begun(full_store, os.urandom(PIECE_BYTES + 2 * MEBIBYTE))
    await sending.send(MEBIBYTE, counts=False)
    await sending.take_over()
    await sending.send(PIECE_BYTES + MEBIBYTE, counts=False)
    await sending.take_over()

    await sending.send(PIECE_BYTES)
    await sending.send(2 * MEBIBYTE)
    await sending.complete()

    assert await sending.stored() == sending.data
    assert sum(left_behind().values()) == len(sending.data)


async def test_a_late_writer_never_gets_a_byte_into_the_object(full_store: Arriving) -> None:
    """It began before it was fenced off, and its bytes are others than those of the newer writer."""
    sending = await begun(full_store, os.urandom(PIECE_BYTES + 9))
    late = Sending(full_store.storage, os.urandom(PIECE_BYTES + 9), sending.arrival, [], sending.epoch, 1)
    sending.number = 2
    writing = full_store.storage.arrivals.piece(
        late.arrival, epoch=late.epoch, number=1, part=1, offset_bytes=0, tail=[], is_last=lambda _: False
    )
    async with writing as writer:
        await writer.write(late.data[:MEBIBYTE])
        await sending.take_over()
        await sending.send(PIECE_BYTES)
        try:
            for at in range(MEBIBYTE, PIECE_BYTES, MEBIBYTE):
                await writer.write(late.data[at : at + MEBIBYTE])
            await writer.keep()
        except WriterFenced:
            assert not isinstance(full_store.storage, S3Storage)

    await sending.send(9)
    await sending.complete()

    assert await sending.stored() == sending.data


async def test_a_store_that_lacks_a_counted_piece_publishes_nothing(s3_server: S3Server) -> None:
    """What a store says that does not know gaps, or lost a part: the sender has to begin anew."""
    storage = s3_server.storage()
    sending = await begun(Arriving(storage, lambda: held_by(storage)), os.urandom(PIECE_BYTES + 1))
    await sending.send(PIECE_BYTES)
    await sending.send(1, counts=False)
    await sending.send(1)

    with pytest.raises(PiecesReplaced):
        await sending.complete()

    with pytest.raises(ObjectMissing):
        await sending.stored()


async def test_an_older_writer_cannot_take_back_what_a_newer_one_took(store: Arriving) -> None:
    sending = await begun(store, b"0123456789")
    await sending.take_over()

    if isinstance(store.storage, S3Storage):
        pytest.skip("an S3 store knows no epochs: numbers that are never used twice stand for them")
    with pytest.raises(WriterFenced):
        await store.storage.arrivals.take_over(sending.arrival, epoch=1, offset_bytes=0)


async def test_completing_twice_is_completing_once(store: Arriving) -> None:
    sending = await begun(store, os.urandom(2 * MEBIBYTE))
    await sending.send(2 * MEBIBYTE)

    sizes = [await sending.complete() for _ in range(2)]

    assert sizes == [2 * MEBIBYTE] * 2
    assert await sending.stored() == sending.data


async def test_completing_what_was_aborted_is_told(store: Arriving) -> None:
    sending = await begun(store, b"0123456789")
    await sending.send(10)
    await sending.abort()

    with pytest.raises(ObjectMissing):
        await sending.complete()


async def test_an_aborted_arrival_leaves_nothing(store: Arriving) -> None:
    left_behind = since(store)
    sending = await begun(store, os.urandom(2 * PIECE_BYTES))
    await sending.send(PIECE_BYTES)
    await sending.send(MEBIBYTE)
    await sending.send(MEBIBYTE, counts=False)

    for _ in range(2):
        await sending.abort()

    assert left_behind() == {}
    with pytest.raises(ObjectMissing):
        await store.storage.size(sending.arrival.key)


async def test_an_arrival_whose_handle_was_never_noted_is_aborted_by_its_key(store: Arriving) -> None:
    left_behind = since(store)
    sending = await begun(store, os.urandom(PIECE_BYTES))
    await sending.send(PIECE_BYTES)
    other = await begun(store, b"another")
    await other.send(7)

    await store.storage.arrivals.abort(Arrival(sending.arrival.key, ""), last_number=0)

    assert f"unfinished {sending.arrival.key}" not in store.held()
    await other.complete()
    assert await other.stored() == b"another"
    assert len(left_behind()) == 1


async def test_leaving_a_piece_without_keeping_it_counts_for_nothing(full_store: Arriving) -> None:
    left_behind = since(full_store)
    sending = await begun(full_store, os.urandom(MEBIBYTE))
    writing = full_store.storage.arrivals.piece(
        sending.arrival, epoch=1, number=1, part=1, offset_bytes=0, tail=[], is_last=lambda _: True
    )
    async with writing as writer:
        await writer.write(b"half a piece")

    sending.number = 1
    await sending.take_over()
    await sending.send(MEBIBYTE)
    await sending.complete()

    assert await sending.stored() == sending.data
    assert len(left_behind()) == 1


async def test_eight_arrivals_at_once_do_not_mix(store: Arriving) -> None:
    sendings = [await begun(store, os.urandom(PIECE_BYTES + number)) for number in range(1, 9)]

    async def all_of(sending: Sending) -> None:
        await sending.send(PIECE_BYTES)
        await sending.send(len(sending.data) - PIECE_BYTES)
        await sending.complete()

    await asyncio.gather(*(all_of(sending) for sending in sendings))

    for sending in sendings:
        assert await sending.stored() == sending.data

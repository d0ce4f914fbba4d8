"""Arrivals in a folder: each is one growing file whose name holds the epoch of its writer.

A writer takes the file's lock for every block and looks whether the file still bears its epoch. Taking over is a rename
under the same lock: once it is done no older writer reaches the bytes any more.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AbstractContextManager, asynccontextmanager
from pathlib import Path

from evidence.arrivals import Arrival, Digesting, Piece, PieceWriter, WriterFenced
from evidence.errors import ObjectMissing
from evidence.folders import fsync_folder
from evidence.threads import in_thread

Translated = Callable[[], AbstractContextManager[None]]
PathOf = Callable[[str], Path]


class FileArrivals:
    """The arrivals of a `FileStorage`, each in a folder `incoming/arriving-KEY`."""

    def __init__(self, root: Path, path_of: PathOf, translated: Translated) -> None:
        self._root, self._path_of, self._translated = root, path_of, translated

    async def begin(self, key: str) -> str:
        """See `ArrivalStore.begin`."""
        return await in_thread(self._begin, key)

    async def take_over(self, arrival: Arrival, *, epoch: int, offset_bytes: int) -> None:
        """See `ArrivalStore.take_over`."""
        await in_thread(self._take_over, arrival, epoch, offset_bytes)

    @asynccontextmanager
    async def piece(
        self,
        arrival: Arrival,
        *,
        epoch: int,
        number: int,
        part: int,
        offset_bytes: int,
        tail: Sequence[Piece],
        is_last: Callable[[int], bool],
    ) -> AsyncIterator[PieceWriter]:
        """See `ArrivalStore.piece`. All pieces lie in one file, so neither part, tail nor end make a difference."""
        del part, tail, is_last
        path = self._folder(arrival.key) / str(epoch)
        writer = _FilePiece(arrival.key, path, number, offset_bytes, self._translated)
        try:
            await in_thread(writer.open)
            yield writer
        finally:
            await in_thread(writer.close)

    async def complete(self, arrival: Arrival, pieces: Sequence[Piece], *, last_number: int) -> int:
        """See `ArrivalStore.complete`."""
        del last_number
        size = sum(piece.size_bytes for piece in pieces)
        await in_thread(self._complete, arrival, size)
        return size

    async def abort(self, arrival: Arrival, *, last_number: int) -> None:
        """See `ArrivalStore.abort`."""
        del last_number
        await in_thread(self._drop, arrival.key)

    def _folder(self, key: str) -> Path:
        return self._root / "incoming" / f"arriving-{self._path_of(key).name}"

    def _begin(self, key: str) -> str:
        folder = self._folder(key)
        with self._translated():
            for each in (self._root, self._root / "incoming", folder):
                each.mkdir(mode=0o700, exist_ok=True)
            (folder / "0").touch(mode=0o600)
            fsync_folder(folder)
            fsync_folder(folder.parent)
        return folder.name

    def _take_over(self, arrival: Arrival, epoch: int, offset_bytes: int) -> None:
        folder = self._folder(arrival.key)
        with self._translated(), self._locked(folder, arrival.key) as (file, path):
            if int(path.name) > epoch:
                raise WriterFenced(arrival.key)
            path.rename(folder / str(epoch))
            os.ftruncate(file, offset_bytes)
            os.fsync(file)
            fsync_folder(folder)

    @contextlib.contextmanager
    def _locked(self, folder: Path, key: str) -> Iterator[tuple[int, Path]]:
        """Give the arrival's one file, locked, under the name it bears now."""
        while True:
            names = [path for path in folder.iterdir() if path.name.isdecimal()] if folder.is_dir() else []
            if not names:
                raise ObjectMissing(key)
            try:
                file = os.open(names[0], os.O_RDWR)
            except FileNotFoundError:
                continue  # renamed at this moment
            try:
                fcntl.flock(file, fcntl.LOCK_EX)
                if not bears(file, names[0]):
                    continue
                yield file, names[0]
                return
            finally:
                os.close(file)

    def _complete(self, arrival: Arrival, size: int) -> None:
        """Give the whole file its name, then its rights; the lock keeps a late writer out of it."""
        target, folder = self._path_of(arrival.key), self._folder(arrival.key)
        with self._translated():
            try:
                with self._locked(folder, arrival.key) as (file, path):
                    os.ftruncate(file, size)
                    os.fchmod(file, 0o400)
                    os.fsync(file)
                    target.parent.mkdir(mode=0o700, exist_ok=True)
                    with contextlib.suppress(FileExistsError):  # completed before, and then broken off
                        os.link(path, target)
                    path.unlink()
                    fsync_folder(target.parent)
                    fsync_folder(self._root)
            except ObjectMissing:
                if not target.exists() or target.stat().st_size != size:
                    raise
            self._drop(arrival.key)

    def _drop(self, key: str) -> None:
        folder = self._folder(key)
        with self._translated():
            with contextlib.suppress(ObjectMissing), self._locked(folder, key) as (_, path):
                path.unlink()
            if folder.is_dir():
                shutil.rmtree(folder)
                fsync_folder(folder.parent)


def bears(file: int, path: Path) -> bool:
    """Tell whether the open `file` is still the one under that name."""
    try:
        return os.path.samestat(os.fstat(file), path.stat())
    except FileNotFoundError:
        return False


class _FilePiece:
    """A stretch of the growing file."""

    def __init__(self, key: str, path: Path, number: int, offset_bytes: int, translated: Translated) -> None:
        self._key, self._path, self._number, self._offset = key, path, number, offset_bytes
        self._translated = translated
        self._digest = Digesting()
        self._file: int | None = None

    def open(self) -> None:
        with self._translated():
            try:
                self._file = os.open(self._path, os.O_WRONLY)
            except FileNotFoundError as problem:
                raise WriterFenced(self._key) from problem

    async def write(self, block: bytes) -> None:
        await in_thread(self._put, block)

    async def keep(self) -> tuple[Piece, ...]:
        await in_thread(self._make_durable)
        return (self._digest.piece(self._number, self._offset),)

    def close(self) -> None:
        if self._file is not None:
            os.close(self._file)

    def _put(self, block: bytes) -> None:
        file, start = self._opened(), self._offset + self._digest.size_bytes
        with self._translated():
            fcntl.flock(file, fcntl.LOCK_EX)
            try:
                if not bears(file, self._path):
                    raise WriterFenced(self._key)
                rest = memoryview(block)
                while rest:
                    done = os.pwrite(file, rest, start)
                    rest, start = rest[done:], start + done
            finally:
                fcntl.flock(file, fcntl.LOCK_UN)
        self._digest.update(block)

    def _make_durable(self) -> None:
        with self._translated():
            os.fsync(self._opened())

    def _opened(self) -> int:
        if self._file is None:
            raise ValueError(f"{self._path} is not open")
        return self._file

"""The storage door: keeps streams of bytes under random keys, never overwrites, never shows half a stream.

`FileStorage` is the embedded default; `evidence.s3.S3Storage` speaks to any S3 store. One contract suite holds both
to the words of `Storage` (docs/decisions/0003-storage-door.md).
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final, Protocol, runtime_checkable
from uuid import uuid4

from evidence.arrivals import ArrivalStore
from evidence.errors import KeyRefused, ObjectExists, ObjectMissing, StorageDown, StorageFull
from evidence.file_arrivals import FileArrivals
from evidence.folders import fsync_folder
from evidence.streams import BLOCK_BYTES, in_blocks
from evidence.threads import in_thread

# Lower case only: some file systems take A and a for one name.
KEY: Final = re.compile(r"[0-9a-z][0-9a-z-]{7,79}", re.ASCII)
NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


@dataclass(frozen=True, slots=True)
class StoredObject:
    """One whole stream that is now durable."""

    key: str
    size_bytes: int


@runtime_checkable
class Storage(Protocol):
    """Keeps bytes under keys. Every method may raise `StorageDown`; a key that is no random id is `KeyRefused`."""

    @property
    def arrivals(self) -> ArrivalStore:
        """The store's way to take an object in pieces."""
        ...

    async def write(self, key: str, chunks: AsyncIterator[bytes]) -> StoredObject:
        """Store a stream of unknown length; on return it is durable and visible as a whole.

        Holds a few parts in memory, never the whole. Whatever `chunks` raises passes through, and then nothing is
        visible.

        Raises:
            ObjectExists: the key is taken, before or by the end of the stream; the bytes there stay as they are.
            StorageFull: no room.
        """
        ...

    def read(self, key: str, *, start: int = 0, end: int | None = None) -> AsyncGenerator[bytes, None]:
        """Yield the bytes from `start` up to, not including, `end`; what lies past the object's end is left out.

        Raises:
            ObjectMissing: at the first step.
            ValueError: the range is negative or runs backwards.
        """
        ...

    async def size(self, key: str) -> int:
        """Return the object's length in bytes.

        Raises:
            ObjectMissing: there is none.
        """
        ...

    async def remove(self, key: str) -> None:
        """Remove an object that no row names (an orphan); one that is not there is no error."""
        ...

    def local_path(self, key: str) -> AbstractAsyncContextManager[Path]:
        """Give the object as a file for programs that need one; read it, never write to it.

        Raises:
            ObjectMissing: there is none.
        """
        ...

    async def check(self) -> None:
        """Write, read back and remove a probe.

        Raises:
            StorageDown: the store cannot be used; `what` and `remedy` say why and what mends it.
        """
        ...


def new_key() -> str:
    """Return a fresh random key."""
    return uuid4().hex


def checked_key(key: str) -> str:
    """Return `key`.

    Raises:
        KeyRefused: it is not 8 to 80 of the letters a-z, the digits and the hyphen.
    """
    if not KEY.fullmatch(key):
        raise KeyRefused(key)
    return key


def checked_range(start: int, end: int | None) -> None:
    """Pass a range that can be read.

    Raises:
        ValueError: it is negative or runs backwards.
    """
    if start < 0 or (end is not None and end < start):
        raise ValueError(f"no such range: {start} to {end}")


class FileStorage:
    """Keeps every object as one read-only file under a folder: `ab/abcdef...`, with `incoming/` for unfinished ones.

    Its parent must exist and its file system must know hard links: a link is the one step that publishes a whole file
    and fails when the name is taken.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._incoming = root / "incoming"
        self._arrivals = FileArrivals(root, self._path, self._translated)

    @property
    def arrivals(self) -> ArrivalStore:
        """See `Storage.arrivals`."""
        return self._arrivals

    async def write(self, key: str, chunks: AsyncIterator[bytes]) -> StoredObject:
        """See `Storage.write`."""
        path = self._path(key)
        unfinished = _Unfinished(self._incoming / uuid4().hex)
        try:
            await in_thread(self._begin, unfinished, path)
            async for block in in_blocks(chunks, BLOCK_BYTES):
                await in_thread(self._put, unfinished, block)
            await in_thread(self._publish, unfinished, path)
        finally:
            await in_thread(unfinished.discard)
        return StoredObject(key=key, size_bytes=unfinished.size_bytes)

    async def read(self, key: str, *, start: int = 0, end: int | None = None) -> AsyncGenerator[bytes, None]:
        """See `Storage.read`."""
        checked_range(start, end)
        file = await in_thread(self._open, key)
        try:
            with self._translated():
                file.seek(start)
            left = None if end is None else end - start
            while left is None or left > 0:
                block = await in_thread(self._get, file, BLOCK_BYTES if left is None else min(left, BLOCK_BYTES))
                if not block:
                    return
                left = None if left is None else left - len(block)
                yield block
        finally:
            file.close()

    async def size(self, key: str) -> int:
        """See `Storage.size`."""
        return await in_thread(self._size, key)

    async def remove(self, key: str) -> None:
        """See `Storage.remove`."""
        await in_thread(self._remove, key)

    @asynccontextmanager
    async def local_path(self, key: str) -> AsyncIterator[Path]:
        """Give the stored file itself (see `Storage.local_path`)."""
        await in_thread(self._size, key)
        yield self._path(key)

    async def check(self) -> None:
        """See `Storage.check`."""
        await in_thread(self._check)

    def _path(self, key: str) -> Path:
        return self._root / checked_key(key)[:2] / key

    @contextlib.contextmanager
    def _translated(self) -> Iterator[None]:
        """Tell an operating system's refusal in the words of the door."""
        try:
            yield
        except OSError as problem:
            if problem.errno in NO_ROOM:
                raise StorageFull(str(self._root)) from problem
            remedy = "make the folder, or mount its volume, and let the account of this process write there"
            raise StorageDown(str(self._root), problem.strerror or str(problem), remedy) from problem

    def _prepare(self) -> None:
        for folder in (self._root, self._incoming):
            folder.mkdir(mode=0o700, exist_ok=True)

    def _begin(self, unfinished: _Unfinished, path: Path) -> None:
        with self._translated():
            self._prepare()
            if path.exists():
                raise ObjectExists(path.name)
            unfinished.open()

    def _put(self, unfinished: _Unfinished, block: bytes) -> None:
        with self._translated():
            unfinished.put(block)

    def _publish(self, unfinished: _Unfinished, path: Path) -> None:
        """Make the bytes durable, then their name."""
        with self._translated():
            unfinished.make_durable()
            path.parent.mkdir(mode=0o700, exist_ok=True)
            try:
                os.link(unfinished.path, path)
            except FileExistsError as problem:
                raise ObjectExists(path.name) from problem
            fsync_folder(path.parent)
            fsync_folder(self._root)

    def _open(self, key: str) -> BinaryIO:
        path = self._path(key)
        with self._translated():
            try:
                return path.open("rb")
            except FileNotFoundError as problem:
                self._refuse_foreign_folder()
                raise ObjectMissing(key) from problem

    def _get(self, file: BinaryIO, size: int) -> bytes:
        with self._translated():
            return file.read(size)

    def _size(self, key: str) -> int:
        path = self._path(key)
        with self._translated():
            try:
                return path.stat().st_size
            except FileNotFoundError as problem:
                self._refuse_foreign_folder()
                raise ObjectMissing(key) from problem

    def _refuse_foreign_folder(self) -> None:
        """Tell an absent volume from an absent object: evidence must not be called lost because of a mount."""
        if not self._incoming.is_dir():
            raise StorageDown(
                str(self._root), "this folder has never held an object", "mount the volume or set the right folder"
            )

    def _remove(self, key: str) -> None:
        path = self._path(key)
        with self._translated():
            try:
                path.unlink()
            except FileNotFoundError:
                return
            fsync_folder(path.parent)

    def _check(self) -> None:
        probe = self._incoming / f"probe-{uuid4().hex}"
        twin = probe.with_suffix(".link")
        with self._translated():
            self._prepare()
            try:
                probe.write_bytes(b"probe")
                try:
                    os.link(probe, twin)
                except OSError as problem:
                    raise StorageDown(
                        str(self._root), "its file system has no hard links", "put the folder on another file system"
                    ) from problem
                if twin.read_bytes() != b"probe":
                    raise StorageDown(str(self._root), "a probe came back changed", "check the disk")
            finally:
                probe.unlink(missing_ok=True)
                twin.unlink(missing_ok=True)


class _Unfinished:
    """A stream on its way in, under a name nobody reads."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.size_bytes = 0
        self._file: BinaryIO | None = None

    def open(self) -> None:
        self._file = os.fdopen(os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400), "wb")

    def put(self, block: bytes) -> None:
        self._opened().write(block)
        self.size_bytes += len(block)

    def make_durable(self) -> None:
        file = self._opened()
        file.flush()
        os.fsync(file.fileno())

    def discard(self) -> None:
        """Close the file and remove its temporary name; a published object keeps its own."""
        if self._file is None:
            return
        with contextlib.suppress(OSError):  # what could not be flushed is thrown away anyway
            self._file.close()
        with contextlib.suppress(OSError):  # nobody reads this name in any case
            self.path.unlink()

    def _opened(self) -> BinaryIO:
        if self._file is None:
            raise ValueError(f"{self.path} is not open")
        return self._file

"""One lock a data folder: who starts its services stops them, everyone else reuses them.

`flock` is let go by the kernel when its holder dies, however it dies, so no stale lock can remain.
"""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TextIO

from tipline.datafolder import DataFolder

POLL_S: Final = 0.1


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds the lock, as it said itself."""

    pid: int
    command: str


class FolderLock:
    """The lock on the services of one data folder."""

    def __init__(self, folder: DataFolder) -> None:
        """Look at the lock of `folder`; take nothing yet."""
        self._path = folder.root / "services.lock"
        self._users_path = folder.root / "users.lock"
        self._file: TextIO | None = None
        self._users: TextIO | None = None

    def take(self, command: str) -> bool:
        """Take the lock for `command`; False when someone else holds it."""
        file = _open(self._path)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return False
        file.truncate(0)
        file.write(json.dumps({"pid": os.getpid(), "command": command}))
        file.flush()
        self._file = file
        return True

    def holder(self) -> Holder | None:
        """Return who holds the lock; None when nobody does or it has not said so yet."""
        file = _open(self._path)
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            pass
        else:
            return None
        finally:
            text = file.read()
            file.close()
        try:
            said = json.loads(text)
            return Holder(int(said["pid"]), str(said["command"]))
        except (ValueError, KeyError, TypeError):
            return None

    def release(self) -> None:
        """Let the lock go; nothing happens when it is not held."""
        for file in (self._file, self._users):
            if file is not None:
                file.close()
        self._file = self._users = None

    @contextmanager
    def using(self) -> Iterator[None]:
        """Say that the services are in use, so that a short command that started them waits before it stops them."""
        file = _open(self._users_path)
        fcntl.flock(file, fcntl.LOCK_SH)
        try:
            yield
        finally:
            file.close()

    def wait_for_users(self, *, at_most_s: float) -> None:
        """Wait until nobody else uses the services, or the time is over; who comes later waits until the release."""
        until = time.monotonic() + at_most_s
        self._users = _open(self._users_path)
        while time.monotonic() < until:
            try:
                fcntl.flock(self._users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                time.sleep(POLL_S)
            else:
                return


def _open(path: Path) -> TextIO:
    return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+", encoding="utf-8")

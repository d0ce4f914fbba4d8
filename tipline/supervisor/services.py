"""Settings and services for one command: the external ones that the environment names, else those of a data folder.

A command that needs the services writes `with services(data, command="migrate") as settings:`. The embedded ones are
started for it and stopped after it, or reused when `tipline up` (or another command) has them running.
"""

from __future__ import annotations

import asyncio
import errno
import os
import signal
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import asyncpg
import redis

from tipline import schema
from tipline.datafolder import DataFolder
from tipline.errors import NeighbourDown, TiplineError
from tipline.settings import SettingMissing, Settings
from tipline.supervisor.children import Child, stop_all, stop_orphans
from tipline.supervisor.locks import FolderLock
from tipline.supervisor.neighbours import (
    DiskFull,
    DoesNotStart,
    answers,
    embedded_settings,
    pongs,
    refuse_full_disk,
    start_postgres,
    start_valkey,
)

if TYPE_CHECKING:
    from types import FrameType

POLL_S: Final = 0.1
STOP_WITHIN_S: Final = 8.0
WAIT_FOR_HOLDER_S: Final = 120.0
NOT_PREPARED: Final = (
    asyncpg.InvalidPasswordError,
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InvalidCatalogNameError,
)
EXTERNAL: Final = "TIPLINE_DATABASE_URL"


class DatabaseNotReady(TiplineError):
    """The database lacks a table or a grant the code expects, or refused its password."""


@contextmanager
def services(
    data: Path, *, command: str, up_to_date: bool = True, env: Mapping[str, str] | None = None
) -> Iterator[Settings]:
    """Give `Settings` whose services answer while the block runs.

    Args:
        data: the data folder; not touched when the environment names an external database.
        command: name of the subcommand, told to others who wait for the folder.
        up_to_date: bring the database of the embedded services to the code's shape when this command starts them.
        env: the environment to read; by default the process's own.

    Raises:
        EmbeddedError: the embedded services cannot run; the message holds the remedy.
        SettingMissing: the environment names an external database but not all that goes with it.
        NeighbourDown, DatabaseNotReady: a service was lost, or is not as the code expects, inside the block.
    """
    found = os.environ if env is None else env
    with translated():
        if is_external(found):
            yield Settings.from_env(found)
            return
        with _embedded(DataFolder.at(data), command, up_to_date=up_to_date) as settings:
            yield settings


def is_external(env: Mapping[str, str]) -> bool:
    """Return True when the environment names an external database, so nothing is started here.

    Raises:
        SettingMissing: it names a queue or a store without the database.
    """
    if env.get(EXTERNAL):
        return True
    for name in ("TIPLINE_REDIS_URL", "TIPLINE_STORAGE_ENDPOINT", "TIPLINE_STORAGE_DIR"):
        if env.get(name):
            raise SettingMissing(
                EXTERNAL, f"must be set too when {name} is; without all of them the data folder serves"
            )
    return False


@contextmanager
def translated() -> Iterator[None]:
    """Turn what the libraries raise about a lost or unready service into the platform's errors."""
    try:
        yield
    except redis.RedisError as problem:
        raise NeighbourDown("the queue (Valkey)") from problem
    except (asyncpg.UndefinedTableError, asyncpg.UndefinedColumnError, asyncpg.InsufficientPrivilegeError) as problem:
        raise DatabaseNotReady("the database is not up to date: run `tipline migrate`") from problem
    except NOT_PREPARED as problem:
        raise DatabaseNotReady(
            "the database or a role is missing: run `tipline migrate` with the secret database_admin"
        ) from problem
    except (asyncpg.PostgresConnectionError, asyncpg.CannotConnectNowError, ConnectionError) as problem:
        raise NeighbourDown("the database") from problem
    except (OSError, asyncpg.DiskFullError) as problem:
        if isinstance(problem, OSError) and problem.errno not in {errno.ENOSPC, errno.EDQUOT}:
            raise
        where = getattr(problem, "filename", None) or "the data folder"
        raise DiskFull(f"the disk of {where} is full", "free some space and try again") from problem


@contextmanager
def stop_on_signals() -> Iterator[None]:
    """Let SIGINT, SIGTERM and SIGHUP end the block as Ctrl-C does, so that what it started is stopped.

    A shell's `command &` starts with SIGINT ignored: it is heard all the same. SIGHUP ignored by nohup stays ignored.
    """

    def interrupt(number: int, frame: FrameType | None) -> None:
        del number, frame
        raise KeyboardInterrupt

    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    signal.signal(signal.SIGINT, signal.default_int_handler)  # the one that asyncio.run knows how to heed
    signal.signal(signal.SIGTERM, interrupt)
    if before[signal.SIGHUP] != signal.SIG_IGN:
        signal.signal(signal.SIGHUP, interrupt)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler or signal.SIG_DFL)


@contextmanager
def _embedded(folder: DataFolder, command: str, *, up_to_date: bool) -> Iterator[Settings]:
    folder.prepare()
    lock = FolderLock(folder)
    with ExitStack() as stack:
        until = time.monotonic() + WAIT_FOR_HOLDER_S
        while not lock.take(command):
            # Announce the use first: only then does the answer below mean that they will stay.
            with ExitStack() as use:
                use.enter_context(lock.using())
                if asyncio.run(answers(folder)) and pongs(folder):
                    stack.push(use.pop_all())
                    yield embedded_settings(folder)
                    return
            if time.monotonic() > until:
                raise DoesNotStart(
                    f"the services of {folder.root} are being started by another command and do not answer",
                    f"look into {folder.logs}, stop that command and try again",
                )
            time.sleep(POLL_S)
        stack.callback(lock.release)
        stack.enter_context(stop_on_signals())
        refuse_full_disk(folder.root)
        stop_orphans(folder, within_s=STOP_WITHIN_S)
        children: dict[str, Child] = {}
        stack.callback(lambda: stop_all(children.values(), within_s=STOP_WITHIN_S))
        start_postgres(folder, children)
        start_valkey(folder, children)
        settings = embedded_settings(folder)
        if up_to_date:
            asyncio.run(schema.migrate(settings))
        stack.callback(lock.wait_for_users, at_most_s=WAIT_FOR_HOLDER_S)
        yield settings


def tell(sentence: str) -> None:
    """Say something to the person at the terminal, on stderr: stdout belongs to the answer."""
    print(sentence, file=sys.stderr, flush=True)  # noqa: T201  the command line speaks here

"""The embedded PostgreSQL and Valkey of one data folder: start them, and know when they truly answer."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import time
from pathlib import Path
from typing import Final

import asyncpg
import redis

from tipline import schema
from tipline.datafolder import DataFolder, EmbeddedError, lent_account
from tipline.embedded import initialise_postgres, postgres_command, valkey_command
from tipline.settings import (
    ADMIN_USER,
    DEFAULT_PUBLIC_URL,
    DEFAULT_STAFF_URL,
    MEBIBYTE,
    Settings,
    second_factor_roles,
)
from tipline.supervisor.children import Child, Program, is_running_on

NEEDED_SPACE_BYTES: Final = 300 * MEBIBYTE
START_WITHIN_S: Final = 90.0
# A server that ends at once may only be waiting for the last processes of a killed one to go away.
TRY_AGAIN_FOR_S: Final = 20.0
POLL_S: Final = 0.05


class DiskFull(EmbeddedError):
    """Too little space is left under the data folder to begin."""


class DoesNotStart(EmbeddedError):
    """A program ended instead of answering, or did not answer in time."""


def embedded_settings(
    folder: DataFolder, *, public_url: str = DEFAULT_PUBLIC_URL, staff_url: str = DEFAULT_STAFF_URL
) -> Settings:
    """Return the settings that lead to the services of a data folder."""
    return Settings(
        database_url=folder.database_url,
        secrets_dir=folder.secrets,
        objects_dir=folder.objects,
        redis_url=folder.redis_url,
        public_url=public_url,
        staff_url=staff_url,
        is_demo=folder.demo_accounts.exists(),
        second_factor_roles=second_factor_roles(os.environ, is_demo=True),
    )


def refuse_full_disk(folder: Path) -> None:
    """Refuse to begin when the disk of `folder` is (nearly) full.

    Raises:
        DiskFull: less than 300 MiB are free.
    """
    free = shutil.disk_usage(folder).free
    if free < NEEDED_SPACE_BYTES:
        raise DiskFull(
            f"the disk of {folder} is full ({free // MEBIBYTE} MiB are free)",
            f"free at least {NEEDED_SPACE_BYTES // MEBIBYTE} MiB, or name a folder on another disk with --data",
        )


def postgres_program(folder: DataFolder) -> Program:
    """Return the embedded PostgreSQL as a program to keep running; as root it runs as the account its files have."""
    account = None
    if os.geteuid() == 0:
        owner = folder.postgres.stat()
        lent = lent_account()
        account = (owner.st_uid, owner.st_gid) if owner.st_uid else (lent.pw_uid, lent.pw_gid)
        os.chown(folder.sockets, *account)
    return Program(
        name="postgres",
        command=tuple(postgres_command(folder)),
        env=plain_environment(),
        account=account,
        stop=signal.SIGINT,  # PostgreSQL's fast shutdown
    )


def valkey_program(folder: DataFolder) -> Program:
    """Return the embedded Valkey as a program to keep running."""
    return Program(name="valkey", command=tuple(valkey_command(folder)), env=plain_environment())


def plain_environment() -> dict[str, str]:
    """Return this process's environment without any of the platform's settings or the database clients' own."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("TIPLINE_", "PG"))}


def start_postgres(folder: DataFolder, children: dict[str, Child]) -> None:
    """Start the embedded PostgreSQL among `children`; on return it truly answers and its roles are ready.

    Raises:
        DoesNotStart: it ended again and again, or did not answer in 90 s.
    """
    initialise_postgres(folder)
    forget_stale_pid(folder)
    begun = time.monotonic()
    child = children["postgres"] = Child(postgres_program(folder), log=folder.logs / "postgres.log")
    while not asyncio.run(answers(folder)):
        if child.ended() is not None and time.monotonic() - begun < TRY_AGAIN_FOR_S:
            time.sleep(POLL_S * 10)
            forget_stale_pid(folder)
            child = children["postgres"] = Child(child.program, log=child.log)
        _refuse_dead(child, begun)
        time.sleep(POLL_S)
    asyncio.run(schema.ensure_roles(embedded_settings(folder)))


def start_valkey(folder: DataFolder, children: dict[str, Child]) -> None:
    """Start the embedded Valkey among `children`; on return it answers.

    A spoilt append-only file is set aside: the queue holds only hints, the dispatcher fills it again from the rows.

    Raises:
        DoesNotStart: it ended again and again, or did not answer in 90 s.
    """
    (folder.sockets / "valkey.sock").unlink(missing_ok=True)
    begun = time.monotonic()
    child = children["valkey"] = Child(valkey_program(folder), log=folder.logs / "valkey.log")
    is_set_aside = False
    while not pongs(folder):
        if child.ended() is not None and not is_set_aside:
            is_set_aside = True
            kept = folder.valkey / "appendonlydir"
            if kept.exists():
                kept.replace(folder.valkey / f"appendonlydir.spoilt-{time.time_ns()}")
            child = children["valkey"] = Child(child.program, log=child.log)
        _refuse_dead(child, begun)
        time.sleep(POLL_S)


async def answers(folder: DataFolder) -> bool:
    """Return True when a real connection to the embedded database works."""
    password = embedded_settings(folder).secret("database_admin")
    try:
        connection = await asyncpg.connect(
            folder.database_url, user=ADMIN_USER, password=password, database="postgres", timeout=5
        )
    except (OSError, TimeoutError, asyncpg.PostgresConnectionError, asyncpg.CannotConnectNowError):
        return False
    await connection.close()
    return True


def pongs(folder: DataFolder) -> bool:
    """Return True when the embedded queue answers."""
    try:
        with redis.Redis.from_url(folder.redis_url, socket_timeout=5) as queue:
            return bool(queue.ping())
    except (redis.RedisError, OSError):
        return False


def forget_stale_pid(folder: DataFolder) -> None:
    """Remove the pid file of a killed server when its number now belongs to a stranger, or to nobody.

    PostgreSQL looks only whether the number is alive; after a restart of the machine or the container it often is.
    """
    pid_file = folder.postgres / "postmaster.pid"
    try:
        first = pid_file.read_text(encoding="utf-8").split("\n", 1)[0]
    except OSError:
        return
    if not first.isdecimal() or not is_running_on(int(first), folder):
        pid_file.unlink(missing_ok=True)


def _refuse_dead(child: Child, begun: float) -> None:
    if child.ended() is None and time.monotonic() - begun < START_WITHIN_S:
        return
    child.kill()
    raise DoesNotStart(
        f"{child.program.name} does not start; its last words were: {child.last_words() or 'none'}",
        f"look into {child.log}",
    )

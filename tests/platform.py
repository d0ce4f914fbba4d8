"""The embedded platform that tests talk to: one a test process, with a data folder of its own."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import asyncpg

import piccolo_conf
from tipline import embedded, schema
from tipline.database import connect_as
from tipline.datafolder import DataFolder
from tipline.settings import ADMIN_USER, Role, Settings

START_WITHIN_S = 120
# TRUNCATE would make new files for every table and index, which takes most of a second; a table that nobody has
# written since it was last vacuumed has no pages at all.
EMPTY = """
DO $$ DECLARE name text; BEGIN
  FOR name IN SELECT relname FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname NOT IN ('migration', 'legal_rule')
      AND pg_relation_size(oid) > 0
  LOOP EXECUTE format('DELETE FROM %I', name); END LOOP;
END $$"""


@dataclass(frozen=True, slots=True)
class Platform:
    """Embedded PostgreSQL, Valkey and file storage, migrated, with nothing in them."""

    folder: DataFolder
    settings: Settings

    async def admin(self) -> asyncpg.Connection:
        """Connect as PostgreSQL's superuser: only for emptying, tampering and looking behind the roles."""
        return await asyncpg.connect(
            self.settings.database_url,
            user=ADMIN_USER,
            password=self.settings.secret("database_admin"),
        )

    async def empty(self) -> None:
        """Empty every table but the migrations and the seeded rows, passing the append-only triggers."""
        connection = await self.admin()
        try:
            await connection.execute("SET session_replication_role = replica")
            await connection.execute(EMPTY)
            await connection.execute(
                "INSERT INTO ledger_head (id, size, root_sha256, frontier)"
                " VALUES (1, 0, encode(sha256(''), 'hex'), '[]')"
            )
        finally:
            await connection.close()


def as_role(platform: Platform, role: Role) -> None:
    """Let this process's engine act as `role` from now on."""
    connect_as(platform.settings, role)


@contextlib.contextmanager
def running_platform(root: Path) -> Iterator[Platform]:
    """Start the embedded services in `root`, migrate, and stop them at the end."""
    folder = DataFolder(root.resolve())
    folder.prepare()
    embedded.initialise_postgres(folder)
    with (folder.logs / "postgres.log").open("ab") as log:
        children = [
            subprocess.Popen(
                embedded.postgres_command(folder),
                stdout=log,
                stderr=subprocess.STDOUT,
                **embedded.identity(),
                cwd="/",
            ),
            subprocess.Popen(embedded.valkey_command(folder), stdout=log, stderr=subprocess.STDOUT),
        ]
    settings = Settings(
        database_url=folder.database_url,
        secrets_dir=folder.secrets,
        objects_dir=folder.objects,
        redis_url=folder.redis_url,
    )
    try:
        asyncio.run(_bring_up(settings))
        yield Platform(folder, settings)
    finally:
        for child in children:
            child.send_signal(signal.SIGINT)  # fast shutdown: what a test left open does not hold it up
        for child in children:
            child.wait(timeout=START_WITHIN_S)


async def _bring_up(settings: Settings) -> None:
    deadline = time.monotonic() + START_WITHIN_S
    while True:
        try:
            await schema.ensure_roles(settings)
        except (OSError, asyncpg.CannotConnectNowError):
            if time.monotonic() > deadline:
                raise
            await asyncio.sleep(0.05)
        else:
            break
    await schema.migrate(settings)


def disconnect() -> None:
    """Leave the engine without an address, so that a test that forgot to connect fails loudly."""
    piccolo_conf.DB.config.clear()

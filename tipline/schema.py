"""Brings a database to the shape the code expects: roles, migrations, seed rows of law."""

from __future__ import annotations

import contextlib
import io
from urllib.parse import urlsplit

import asyncpg
from piccolo.apps.migrations.commands.base import BaseMigrationManager
from piccolo.apps.migrations.commands.forwards import run_forwards
from piccolo.apps.migrations.tables import Migration

from tipline.database import connect_as
from tipline.errors import TiplineError
from tipline.settings import ADMIN_USER, Role, Settings

# One migration at a time, whoever starts it; any fixed number serves.
MIGRATION_LOCK = 7_220_451_318


class MigrationFailed(TiplineError):
    """The database could not be brought to the code's shape."""


async def ensure_roles(settings: Settings) -> None:
    """Create the database and its four roles where they are missing, and set their passwords anew.

    Needs the secret `database_admin`. Every role may connect; only the owner may create anything.
    """
    name = urlsplit(settings.database_url).path.lstrip("/")
    admin = {"user": ADMIN_USER, "password": settings.secret("database_admin")}
    server = await asyncpg.connect(settings.database_url, database="postgres", **admin)
    try:
        for role in Role:
            known = await server.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", role.user)
            verb = "ALTER" if known else "CREATE"
            statement = await server.fetchval(
                "SELECT format($1, $2::text, $3::text)",
                f"{verb} ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD %L",
                role.user,
                settings.secret(f"database_{role}"),
            )
            await server.execute(statement)
        if not await server.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", name):
            quoted = await server.fetchval("SELECT quote_ident($1)", name)
            await server.execute(f"CREATE DATABASE {quoted} OWNER {Role.OWNER.user}")
            await server.execute(f"REVOKE ALL ON DATABASE {quoted} FROM PUBLIC")
            for role in Role:
                await server.execute(f"GRANT CONNECT ON DATABASE {quoted} TO {role.user}")
    finally:
        await server.close()
    database = await asyncpg.connect(settings.database_url, **admin)
    try:
        await database.execute(f"ALTER SCHEMA public OWNER TO {Role.OWNER.user}")
        await database.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
        await database.execute("GRANT USAGE ON SCHEMA public TO PUBLIC")
        # Large objects would let any role, the public one too, fill the disk with bytes that no table knows.
        await database.execute(
            "REVOKE EXECUTE ON FUNCTION lo_creat(integer), lo_create(oid), lo_from_bytea(oid, bytea) FROM PUBLIC"
        )
    finally:
        await database.close()


async def migrate(settings: Settings) -> None:
    """Run every migration that has not run yet, as the owner; two at once wait for each other.

    Raises:
        MigrationFailed: a migration reported failure.
    """
    connect_as(settings, Role.OWNER)
    lock = await asyncpg.connect(
        settings.database_url, user=Role.OWNER.user, password=settings.secret(f"database_{Role.OWNER}")
    )
    try:
        await lock.execute("SELECT pg_advisory_lock($1)", MIGRATION_LOCK)
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            result = await run_forwards("all")
        if not result.success:
            raise MigrationFailed(result.message or said.getvalue())
    finally:
        await lock.close()


async def pending(settings: Settings) -> list[str]:
    """Return the ids of the migrations that have not run yet, as the owner; all of them in a fresh database."""
    connect_as(settings, Role.OWNER)
    ran = set(await Migration.get_migrations_which_ran()) if await Migration.table_exists() else set()
    known = BaseMigrationManager()
    folders = [config.resolved_migrations_folder_path for config in known.get_app_registry().app_configs.values()]
    return [one for folder in folders for one in sorted(known.get_migration_modules(folder)) if one not in ran]

"""Migrations: a fresh database gets the shape that `tables.py` draws, once, however many ask for it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Final
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest
from piccolo.apps.migrations.commands.base import BaseMigrationManager
from piccolo.table import sort_table_classes

from tests.platform import Platform
from tests.test_rules import tables
from tipline import schema
from tipline.settings import ADMIN_USER, Settings

DRAWN: Final = "drawn"  # A schema made from tables.py alone, beside the migrated one, and rolled back.
COLUMNS: Final = """
    SELECT relname || '.' || attname AS name,
           format_type(atttypid, atttypmod) || CASE WHEN attnotnull THEN ' NOT NULL' ELSE '' END AS shape
    FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
    WHERE relnamespace = $1::text::regnamespace AND relkind = 'r' AND relname <> 'migration'
      AND attnum > 0 AND NOT attisdropped
"""
KEYS: Final = """
    SELECT conrelid::regclass || ': ' || pg_get_constraintdef(oid)
    FROM pg_constraint WHERE connamespace = $1::text::regnamespace AND contype IN ('p', 'u', 'f')
    UNION ALL
    SELECT regexp_replace(indexdef, '^CREATE (UNIQUE )?INDEX \\S+', 'CREATE \\1INDEX')
    FROM pg_indexes WHERE schemaname = $1::text
"""


async def columns(connection: asyncpg.Connection, of: str) -> dict[str, str]:
    """Every column of a schema with its type and whether it may be null."""
    return {row["name"]: row["shape"] for row in await connection.fetch(COLUMNS, of)}


async def keys(connection: asyncpg.Connection, of: str) -> set[str]:
    """Primary, unique and foreign keys, and indexes, as PostgreSQL spells them."""
    return {row[0].replace(f"{of}.", "") for row in await connection.fetch(KEYS, of)}


def beside(settings: Settings, name: str) -> Settings:
    """Return settings of another database of the same server."""
    return replace(settings, database_url=urlunsplit(urlsplit(settings.database_url)._replace(path=f"/{name}")))


async def test_the_migrations_end_in_the_shape_that_the_tables_draw(database: Platform) -> None:
    connection = await database.admin()
    drawing = connection.transaction()
    await drawing.start()
    try:
        await connection.execute(f"CREATE SCHEMA {DRAWN}; SET LOCAL search_path TO {DRAWN}")
        for table in sort_table_classes(tables()):
            for statement in table.create_table().ddl:
                await connection.execute(statement)

        migrated, drawn = await columns(connection, "public"), await columns(connection, DRAWN)
        missing = await keys(connection, DRAWN) - await keys(connection, "public")
    finally:
        await drawing.rollback()
        await connection.close()

    assert migrated == drawn
    assert missing == set()


async def test_no_foreign_key_of_the_database_deletes_or_empties_what_points_at_a_row(database: Platform) -> None:
    connection = await database.admin()
    try:
        found = await connection.fetch(
            "SELECT conrelid::regclass || '.' || conname AS name, confdeltype = 'r' AS restricts"
            " FROM pg_constraint WHERE contype = 'f'"
        )
    finally:
        await connection.close()

    assert found
    assert [row["name"] for row in found if not row["restricts"]] == []


async def test_two_that_migrate_a_fresh_database_at_once_run_each_migration_once(database: Platform) -> None:
    fresh = beside(database.settings, "fresh")
    await schema.ensure_roles(fresh)
    known = await schema.pending(fresh)

    await asyncio.gather(schema.migrate(fresh), schema.migrate(fresh))

    left = await schema.pending(fresh)
    connection = await asyncpg.connect(fresh.database_url, user=ADMIN_USER, password=fresh.secret("database_admin"))
    try:
        ran = [row["name"] for row in await connection.fetch("SELECT name FROM migration ORDER BY id")]
    finally:
        await connection.close()
    assert left == []
    assert sorted(ran) == sorted(known)


async def test_migrating_again_runs_nothing(database: Platform) -> None:
    connection = await database.admin()
    try:
        before = await connection.fetch("SELECT * FROM migration ORDER BY id")

        await schema.migrate(database.settings)

        assert before
        assert await connection.fetch("SELECT * FROM migration ORDER BY id") == before
    finally:
        await connection.close()


@pytest.mark.parametrize("app", sorted(BaseMigrationManager().get_app_registry().app_configs))
def test_a_migration_bears_the_number_of_its_file(app: str) -> None:
    manager = BaseMigrationManager()
    folder = manager.get_app_registry().app_configs[app].resolved_migrations_folder_path

    modules = manager.get_migration_modules(folder)

    assert modules
    assert [
        identity for identity, module in modules.items() if not module.__name__.rpartition(".")[2].startswith(identity)
    ] == []

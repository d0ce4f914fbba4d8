"""Gives this process its one database engine, with the role of its composition root."""

from __future__ import annotations

from piccolo.engine import engine_finder
from piccolo.engine.postgres import PostgresEngine

from tipline.settings import Role, Settings


def engine() -> PostgresEngine:
    """Return the engine of this process (`piccolo_conf.DB`)."""
    found = engine_finder()
    if not isinstance(found, PostgresEngine):
        raise TypeError(f"piccolo_conf.DB must be a PostgresEngine, is {type(found)}")
    return found


def connect_as(settings: Settings, role: Role) -> PostgresEngine:
    """Point this process's engine at the database as `role`; opens no connection yet.

    A process calls it once, at its composition root. Piccolo knows one engine a process, so one face is one
    process is one role.
    """
    database = engine()
    database.config.clear()
    database.config.update(dsn=settings.database_url, user=role.user, password=settings.secret(f"database_{role}"))
    return database

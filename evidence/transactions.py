"""Transactions on this process's one database engine."""

from __future__ import annotations

from piccolo.engine import engine_finder
from piccolo.engine.postgres import PostgresEngine, PostgresTransaction


def transaction() -> PostgresTransaction:
    """Return a transaction to enter; inside another one it joins that one."""
    return _engine().transaction()


def is_in_transaction() -> bool:
    """Tell whether the caller already runs inside a transaction."""
    return _engine().transaction_exists()


def _engine() -> PostgresEngine:
    found = engine_finder()
    if not isinstance(found, PostgresEngine):
        raise TypeError(f"piccolo_conf.DB must be a PostgresEngine, is {type(found)}")
    return found

"""Brings a database to life before the faces open: roles, migrations, rules of law, and the demo county when empty."""

from __future__ import annotations

import inspect
import json
from importlib import import_module
from typing import Any, Final

import asyncpg

from tipline import schema
from tipline.clock import utc_now
from tipline.database import connect_as
from tipline.datafolder import DataFolder, write_secret
from tipline.settings import Role, Settings

# Rooms above this one: named by address, as the command line does.
LAW_RULES: Final = "tipline.law.service:load_seed_rules"
LAW_HOLIDAYS: Final = "tipline.law.clockbook:load_seed_holidays"
DEMO_COUNTY: Final = "tipline.demo.county:load"


async def prepare(settings: Settings, folder: DataFolder, *, with_demo_county: bool) -> None:
    """Migrate, load the rules of law, and load the demo county when it is asked for and nobody is there yet.

    Its sign-ins are kept in the data folder, whoever wrote them there.
    """
    await prepare_tables(settings)
    if with_demo_county and await is_empty(settings):
        connect_as(settings, Role.OWNER)
        accounts = await _call(DEMO_COUNTY, settings, utc_now())
        if not folder.demo_accounts.exists():
            write_secret(folder.demo_accounts, json.dumps(accounts, ensure_ascii=False, indent=1))


async def prepare_tables(settings: Settings) -> None:
    """Migrate, and load the rules of law and the holidays that this version brings."""
    await schema.migrate(settings)
    connect_as(settings, Role.OWNER)
    await _call(LAW_RULES)
    await _call(LAW_HOLIDAYS)


async def is_empty(settings: Settings) -> bool:
    """Return True when the database holds neither an officer nor a tip nor a case."""
    connection = await asyncpg.connect(
        settings.database_url, user=Role.OWNER.user, password=settings.secret(f"database_{Role.OWNER}")
    )
    try:
        found = await connection.fetchval(
            "SELECT EXISTS (SELECT 1 FROM officer) OR EXISTS (SELECT 1 FROM tip) OR EXISTS (SELECT 1 FROM case_file)"
        )
    finally:
        await connection.close()
    return not found


async def _call(address: str, *arguments: Any) -> Any:
    module, _, name = address.partition(":")
    answer = getattr(import_module(module), name)(*arguments)
    return await answer if inspect.isawaitable(answer) else answer

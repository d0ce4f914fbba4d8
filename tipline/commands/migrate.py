"""`tipline migrate`: the database's shape and the rules of law."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import click

from tipline import schema
from tipline.supervisor import first_start
from tipline.supervisor.options import answer, data_option, json_option
from tipline.supervisor.services import is_external, services, tell


@click.command("migrate")
@data_option
@json_option
def command(data: Path, *, as_json: bool) -> None:
    """Create what is missing (database, roles), run the migrations and load the rules of law.

    On an external database the secret `database_admin` is needed only where database or roles are to be made.
    """
    with services(data, command="migrate", up_to_date=False) as settings:
        if is_external(os.environ) and (settings.secrets_dir / "database_admin").exists():
            asyncio.run(schema.ensure_roles(settings))
        asyncio.run(first_start.prepare_tables(settings))
    if as_json:
        answer({"migrated": True})
    else:
        tell("The database is up to date.")

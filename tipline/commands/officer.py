"""`tipline officer`: accounts by command line, the first administrator among them."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Final

import click

from tipline.accounts.service import create_officer
from tipline.accounts.tables import OfficerRole
from tipline.clock import utc_now
from tipline.database import connect_as
from tipline.errors import Invalid, Problem, Refused
from tipline.settings import Role
from tipline.supervisor.options import answer, data_option, json_option
from tipline.supervisor.services import services
from tipline.web.wording import PROBLEMS

OPTION_OF: Final = {"badge_number": "--badge", "full_name": "--name", "unit_name": "--unit", "password": "the password"}


class OfficerRefused(Refused):
    """An account cannot be made so; the message names every option that does not hold."""


@click.group("officer")
def command() -> None:
    """Create officers, the first administrator among them."""


@command.command("create")
@data_option
@json_option
@click.option("--username", required=True, help="Name to sign in with.")
@click.option("--badge", required=True, help="Badge number (警号).")
@click.option("--name", required=True, help="Full name.")
@click.option("--role", required=True, type=click.Choice([role.value for role in OfficerRole]), help="What they do.")
@click.option("--unit", required=True, help="Unit; made when it does not exist.")
@click.option("--password-stdin", is_flag=True, help="Read the password from stdin instead of asking for it twice.")
def create(
    data: Path, username: str, badge: str, name: str, role: str, unit: str, *, password_stdin: bool, as_json: bool
) -> None:
    """Create an account that may sign in to the staff face at once."""
    if password_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    elif sys.stdin.isatty():
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    else:
        raise click.UsageError("There is no terminal to ask for the password: give it with --password-stdin.")
    with services(data, command="officer create") as settings:
        connect_as(settings, Role.OWNER)
        try:
            officer = asyncio.run(
                create_officer(
                    username=username,
                    badge_number=badge,
                    full_name=name,
                    role=OfficerRole(role),
                    unit_name=unit,
                    password=password,
                    now=utc_now(),
                )
            )
        except Invalid as problem:
            raise OfficerRefused(" ".join(_sentence(one) for one in problem.problems)) from problem
    if as_json:
        answer({"id": str(officer), "username": username.strip().casefold(), "role": role})
    else:
        click.echo(f"{username} may sign in now.")


def _sentence(problem: Problem) -> str:
    return f"{OPTION_OF.get(problem.field, f'--{problem.field}')}: {PROBLEMS[problem.code].format(**problem.facts)}"

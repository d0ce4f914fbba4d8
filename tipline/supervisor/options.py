"""Options and answers that the subcommands share: `--data`, `--json`, and the mark of a supervised child."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeVar

import click

from tipline.supervisor.children import MARK

Command = TypeVar("Command", bound=Callable[..., Any])

DEFAULT_DATA: Final = Path("var")


def data_option(command: Command) -> Command:
    """Add `--data DIR` as the argument `data`."""
    return click.option(
        "--data",
        type=click.Path(path_type=Path),
        default=DEFAULT_DATA,
        show_default="var/",
        metavar="DIR",
        help="Data folder of the embedded services; unused where TIPLINE_DATABASE_URL names external ones.",
    )(command)


def json_option(command: Command) -> Command:
    """Add `--json` as the argument `as_json`: stdout then holds exactly one JSON document."""
    return click.option("--json", "as_json", is_flag=True, help="Answer with one JSON document on stdout.")(command)


def supervised_option(command: Command) -> Command:
    """Accept the mark by which a supervisor knows its children again; it has no other meaning."""
    return click.option(MARK, hidden=True, expose_value=False)(command)


def answer(document: Any) -> None:
    """Print the one JSON document of a command."""
    click.echo(json.dumps(document, ensure_ascii=False, default=str))

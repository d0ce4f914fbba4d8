"""`tipline evidence`: checks that do not trust the platform's own pages."""

from __future__ import annotations

import asyncio
import os
import re
from pathlib import Path

import click

from evidence.audit import AuditReport, TreeHead, replay
from tipline.database import connect_as
from tipline.datafolder import DataFolder
from tipline.doors import open_storage
from tipline.errors import Refused
from tipline.settings import Role
from tipline.supervisor.options import answer, data_option, json_option
from tipline.supervisor.services import is_external, services


class NothingToAudit(Refused):
    """The folder holds no platform, so there is no ledger to check."""

    def __init__(self, data: Path) -> None:
        super().__init__(f"{data} holds no data of the platform: name its folder with --data")


@click.group("evidence")
def command() -> None:
    """Check the evidence store and its ledger."""


@command.command("audit")
@data_option
@json_option
@click.option("--bytes", "reads_bytes", is_flag=True, help="Read every sealed object again, too; takes its time.")
@click.option(
    "--head",
    "heads",
    multiple=True,
    metavar="SIZE:ROOT",
    help="A head kept elsewhere that the ledger must hold.",
)
@click.pass_context
def audit(context: click.Context, data: Path, heads: tuple[str, ...], *, as_json: bool, reads_bytes: bool) -> None:
    """Replay the custody ledger and say whether everything fits; exit 1 when something does not."""
    known = [_head(text) for text in heads]
    if not is_external(os.environ) and not DataFolder.at(data).is_ours:
        # An empty ledger is whole: a slip in DIR must not pass for a good audit.
        raise NothingToAudit(data)
    with services(data, command="evidence audit") as settings:
        connect_as(settings, Role.WORKER)
        report = asyncio.run(replay(open_storage(settings), reads_bytes=reads_bytes, known=known))
    if as_json:
        answer(_document(report))
    else:
        _tell(report, reads_bytes=reads_bytes)
    context.exit(0 if report.is_whole else 1)


def _head(text: str) -> TreeHead:
    if not re.fullmatch(r"\d{1,18}:[0-9a-f]{64}", text):
        raise click.BadParameter("must be SIZE:ROOT, a number and 64 hex digits", param_hint="--head")
    size, _, root = text.partition(":")
    return TreeHead(int(size), root)


def _document(report: AuditReport) -> dict[str, object]:
    document = report.as_json()
    if not report.is_whole:
        document["error"] = {"code": "ledger_not_whole", "message": f"{report.fault_count} things do not fit."}
    return document


def _tell(report: AuditReport, *, reads_bytes: bool) -> None:
    click.echo(f"entries   {report.size}")
    click.echo(f"root      {report.root_sha256}")
    click.echo(f"items     {report.items_checked}")
    if reads_bytes:
        click.echo(f"bytes     {report.bytes_read}")
    for fault in report.faults:
        place = "" if fault.position is None else f" at entry {fault.position}"
        click.echo(f"{fault.kind.value}{place}: {fault.what}")
    click.echo("The ledger is whole." if report.is_whole else f"NOT WHOLE: {report.fault_count} things do not fit.")

"""`tipline metrics`: the clearance figures from a file of case events, for checks from outside; no database."""

from __future__ import annotations

from datetime import date, datetime
from io import BufferedReader
from typing import Any, Final

import click

from tipline.dashboard.histories import HistoryRefused, Period, read_events
from tipline.dashboard.metrics import document
from tipline.supervisor.options import answer, json_option

REFUSED: Final = 1


def _moment(_context: click.Context, _option: click.Parameter, value: str) -> datetime:
    try:
        moment = datetime.fromisoformat(value)
    except ValueError as problem:
        raise click.BadParameter(f"{value!r} is no time in ISO 8601, such as 2022-01-01T00:00:00+08:00.") from problem
    if moment.utcoffset() is None:
        raise click.BadParameter(f"{value!r} lacks its offset from UTC, such as +08:00.")
    return moment


def _day(_context: click.Context, _option: click.Parameter, value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError as problem:
        raise click.BadParameter(f"{value!r} is no day, such as 2021-12-31.") from problem


@click.command("metrics")
@click.option(
    "--histories",
    type=click.File("rb"),
    required=True,
    metavar="FILE",
    help='One JSON line an event: {"case", "type", "severity", "happened_at", "known_at"}; - reads stdin.',
)
@click.option("--as-of", callback=_moment, required=True, metavar="T", help="Only events known by this time count.")
@click.option("--from", "first", callback=_day, required=True, metavar="D", help="First day, in Asia/Shanghai.")
@click.option("--to", "last", callback=_day, required=True, metavar="D", help="Last day, included.")
@click.option("--by-severity", is_flag=True, help="Also apart for each severity.")
@json_option
@click.pass_context
def command(
    context: click.Context,
    histories: BufferedReader,
    as_of: datetime,
    first: date,
    last: date,
    *,
    by_severity: bool,
    as_json: bool,
) -> None:
    """Compute the clearance metrics of a period from a file of case events.

    How each is defined stands in docs/decisions/0009. A history that cannot be is refused with its line: exit 1.
    """
    try:
        period = Period.of_days(first, last)
    except (ValueError, OverflowError) as problem:
        raise click.UsageError(f"--from {first} --to {last} is no period: {problem}.") from problem
    try:
        told = document(list(read_events(histories)), period, as_of=as_of, by_severity=by_severity)
    except HistoryRefused as refused:
        if as_json:
            answer({"error": {"line": refused.line, "reason": refused.reason}})
        else:
            click.echo(f"tipline: line {refused.line}: {refused.reason}.", err=True)
        context.exit(REFUSED)
    if as_json:
        answer(told)
    else:
        _tell("", told)


def _tell(name: str, value: Any) -> None:
    if isinstance(value, dict) and set(value) != {"k", "n"}:
        for part, inner in value.items():
            _tell(f"{name} {part}".strip(), inner)
    else:
        shown = f"{value['k']} / {value['n']}" if isinstance(value, dict) else "-" if value is None else value
        click.echo(f"{name:<36}{shown}")

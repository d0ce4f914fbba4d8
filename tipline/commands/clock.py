"""`tipline clock`: when a statutory term ends, by which article, and which days were left out on the way."""

from __future__ import annotations

import asyncio
from datetime import MAXYEAR, date, datetime
from itertools import groupby
from pathlib import Path
from typing import Final

import click

from tipline.clock import SHANGHAI
from tipline.database import connect_as
from tipline.errors import TiplineError
from tipline.law.clockbook import recorded_clocks, shipped_clocks
from tipline.law.clocks import ClockBook, ClockRule, Deadline, Skipped
from tipline.law.tables import ClockUnit
from tipline.settings import Role
from tipline.supervisor.options import answer, json_option
from tipline.supervisor.services import services

UNIT_WORDS: Final = {
    ClockUnit.WORKING_DAY: "working day",
    ClockUnit.CALENDAR_DAY: "calendar day",
    ClockUnit.HOUR: "hour",
    ClockUnit.MONTH: "month",
}


class NoClocksRecorded(TiplineError):
    """The database holds no clock: its seed was not loaded."""

    def __init__(self) -> None:
        super().__init__("the database holds no statutory clock yet: run `tipline migrate`")


class Moment(click.ParamType[datetime]):
    """A point in time in ISO 8601; without an offset it is Shanghai's."""

    name = "moment"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Return the moment in Shanghai's time."""
        try:
            read = datetime.fromisoformat(str(value))
            moment = read.replace(tzinfo=SHANGHAI) if read.tzinfo is None else read.astimezone(SHANGHAI)
        except (ValueError, OverflowError):
            self.fail("must be ISO 8601, for example 2026-02-10T09:30 or 2026-02-10T01:30:00Z", param, ctx)
        if moment.year >= MAXYEAR:
            self.fail(f"must lie before the year {MAXYEAR}", param, ctx)
        return moment


@click.command("clock")
@click.argument("rule", required=False)
@click.option("--from", "start", type=Moment(), metavar="T", help="The trigger, ISO 8601; without offset Shanghai's.")
@click.option("--days", type=click.IntRange(min=1), metavar="N", help="Days the decision names, where it names them.")
@click.option("--list", "lists", is_flag=True, help="List all clocks with their articles instead.")
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Count by the rows of this data folder's database (or of the external one), not by those shipped.",
)
@json_option
def command(
    rule: str | None, start: datetime | None, days: int | None, data: Path | None, *, lists: bool, as_json: bool
) -> None:
    """Say when the statutory term RULE ends that began at T.

    The day of the trigger is not counted. Without --data the rules and holidays shipped with the platform are used, and
    no service is started.
    """
    if lists:
        if rule is not None or start is not None or days is not None:
            raise click.UsageError("--list takes no RULE, --from or --days.")
        _list(_book(data).rules, as_json=as_json)
        return
    if rule is None or start is None:
        raise click.UsageError("Name a RULE and its start with --from, or ask for --list.")
    book = _book(data)
    _refuse_wrong_days(book, rule, days)
    found = book.deadline(rule, start, days=days)
    if as_json:
        answer(found.as_json())
    else:
        _tell(found, book.version(rule, on=start.date()), days)


def _book(data: Path | None) -> ClockBook:
    if data is None:
        return shipped_clocks()
    with services(data, command="clock") as settings:
        connect_as(settings, Role.WORKER)
        book = asyncio.run(recorded_clocks())
    if not book.rules:
        raise NoClocksRecorded
    return book


def _refuse_wrong_days(book: ClockBook, rule: str, days: int | None) -> None:
    versions = [one for one in book.rules if one.code == rule]
    if not versions:
        raise click.BadParameter(f"There is no clock {rule!r}: see `tipline clock --list`.", param_hint="RULE")
    if versions[0].takes_days and days is None:
        raise click.UsageError(f"{rule} needs --days: the decision names them.")
    if not versions[0].takes_days and days is not None:
        raise click.UsageError(f"{rule} takes no --days: the law sets its length.")


def _list(rules: tuple[ClockRule, ...], *, as_json: bool) -> None:
    if as_json:
        answer(
            [
                {
                    "rule": one.code,
                    "article": one.citation,
                    "unit": one.unit.value,
                    "length": one.length,
                    "valid_from": one.valid_from.isoformat(),
                    "valid_to": None if one.valid_to is None else one.valid_to.isoformat(),
                }
                for one in rules
            ]
        )
        return
    for one in rules:
        until = "" if one.valid_to is None else f" to {one.valid_to}"
        click.echo(f"{one.code}: {_length(one, None)}, in force from {one.valid_from}{until}")
        click.echo(f"    {one.title_en} ({one.citation})")


def _tell(found: Deadline, rule: ClockRule, days: int | None) -> None:
    click.echo(f"Due {found.due:%Y-%m-%d %H:%M:%S} (Asia/Shanghai, {found.due:%A}).")
    click.echo(f"{rule.title_en} ({rule.title_zh}).")
    click.echo(f"Counted: {_length(rule, days)} from {found.start:%Y-%m-%d %H:%M}, by {found.article}.")
    for stretch in _stretches(found.skipped):
        click.echo(f"Passed over: {stretch}.")
    if found.note:
        click.echo(f"Note: {found.note}")


def _length(rule: ClockRule, days: int | None) -> str:
    if rule.length is None and days is None:
        return f"{rule.shortest} to {rule.longest} {UNIT_WORDS[rule.unit]}s, as decided"
    count = rule.length or days
    return f"{count} {UNIT_WORDS[rule.unit]}{'' if count == 1 else 's'}"


def _stretches(skipped: tuple[Skipped, ...]) -> list[str]:
    """Join neighbouring days that were passed over for the same reason."""
    told = []
    numbered = enumerate(skipped)
    for (_, why), days in groupby(numbered, key=lambda one: (one[1].day.toordinal() - one[0], one[1].why)):
        run: list[date] = [one.day for _, one in days]
        told.append(f"{run[0]} ({why})" if len(run) == 1 else f"{run[0]} to {run[-1]} ({why})")
    return told

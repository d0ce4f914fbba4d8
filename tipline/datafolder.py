"""The data folder of the embedded services: its layout, its secrets, and what makes it ours."""

from __future__ import annotations

import hashlib
import os
import pwd
import re
import secrets
import shutil
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import quote

from tipline.errors import TiplineError

DATABASE_NAME: Final = "tipline"
SECRET_NAMES: Final = (
    "database_admin",
    "database_owner",
    "database_public",
    "database_staff",
    "database_worker",
    "receipt_pepper",
    "csrf_public",
    "csrf_staff",
    "factor_key",
    "identity_key",
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
        self.prepare_outline()
        for folder in (self.valkey, self.objects, self.secrets):
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

    def prepare_outline(self) -> None:
        """Make the folder itself and its logs: all that is needed when the services are external.

        Raises:
            ForeignFolder: as for `prepare`.
        """
        self.refuse_foreign()
        try:
            self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        except (PermissionError, NotADirectoryError) as problem:
            raise ForeignFolder(
                f"{self.root} cannot be made ({problem.strerror})", "name a folder of your own with --data"
            ) from problem
        _write_once(self.root / MARKER, LAYOUT)
        self.logs.mkdir(mode=0o700, exist_ok=True)

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

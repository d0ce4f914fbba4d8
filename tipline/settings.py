"""Everything the platform reads from outside, read once at a composition root."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

MEBIBYTE = 1024**2
GIBIBYTE = 1024**3
DEFAULT_PUBLIC_URL = "http://localhost:8000"
DEFAULT_STAFF_URL = "http://localhost:8001"
# Who can change accounts, approve, or read everything.
SECOND_FACTOR_ROLES = frozenset({"administrator", "commander", "auditor"})


class Role(StrEnum):
    """The four database roles; a process takes exactly one (docs/architecture.md)."""

    OWNER = "owner"
    PUBLIC = "public"
    STAFF = "staff"
    WORKER = "worker"

    @property
    def user(self) -> str:
        """Name of the PostgreSQL role."""
        return f"tipline_{self.value}"


# PostgreSQL's superuser, whose password is the secret `database_admin`.
ADMIN_USER: Final = "postgres"
# A plain host: what stands here goes into the header that says where pictures may come from.
TILE_HOST: Final = re.compile(r"[A-Za-z0-9.-]+(:[0-9]{1,5})?")
# Tiles of BD-09 are cut by a grid of their own, which no ordinary map draws.
TILE_DATUMS: Final = frozenset({"wgs84", "gcj02"})


class SettingMissing(Exception):
    """A setting or secret the process needs is absent or malformed; `name` says which."""

    def __init__(self, name: str, remedy: str) -> None:
        super().__init__(f"{name}: {remedy}")
        self.name, self.remedy = name, remedy


@dataclass(frozen=True, kw_only=True, slots=True)
class S3Settings:
    """Where the S3 store listens and how to sign; the secret key is a file in the secrets folder."""

    endpoint: str
    bucket: str
    access_key: str
    secret_key: str = field(repr=False)
    region: str = "us-east-1"
    is_tls: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """How much the public may send; refused before a byte is kept where the sender names the size."""

    file_bytes: int = 4 * GIBIBYTE
    tip_bytes: int = 10 * GIBIBYTE
    files_per_tip: int = 20
    picture_pixels: int = 50_000_000
    story_characters: int = 5_000


@dataclass(frozen=True, kw_only=True, slots=True)
class MapTiles:
    """Where a map's tiles come from and the datum they are drawn in; none are built in, and no page asks abroad."""

    template: str
    datum: str
    attribution: str

    @property
    def origin(self) -> str:
        """Scheme, host and port of the tiles, as a content policy names them."""
        parts = urlsplit(self.template)
        return f"{parts.scheme}://{parts.netloc}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """One process's view of the world outside.

    `database_url` names host and database but neither user nor password: the user is the process's `Role`, its
    password the file `database_<role>` in `secrets_dir`. `redis_url` is None on the faces, which never reach Valkey.
    """

    database_url: str
    secrets_dir: Path
    objects_dir: Path | None = None
    s3: S3Settings | None = None
    redis_url: str | None = None
    public_url: str = DEFAULT_PUBLIC_URL
    staff_url: str = DEFAULT_STAFF_URL
    limits: Limits = field(default_factory=Limits)
    is_demo: bool = False
    second_factor_roles: frozenset[str] = frozenset()
    map_tiles: MapTiles | None = None

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Settings:
        """Read `TIPLINE_*`.

        Raises:
            SettingMissing: a required name is absent, or a number or choice cannot be read.
        """
        secrets_dir = Path(_required(env, "TIPLINE_SECRETS_DIR"))
        s3 = _s3_from_env(env, secrets_dir)
        objects = env.get("TIPLINE_STORAGE_DIR")
        if s3 is None and objects is None:
            raise SettingMissing("TIPLINE_STORAGE_DIR", "set it, or TIPLINE_STORAGE_ENDPOINT for an S3 store")
        return cls(
            database_url=_required(env, "TIPLINE_DATABASE_URL"),
            secrets_dir=secrets_dir,
            objects_dir=None if s3 or objects is None else Path(objects),
            s3=s3,
            redis_url=env.get("TIPLINE_REDIS_URL"),
            public_url=env.get("TIPLINE_PUBLIC_URL", DEFAULT_PUBLIC_URL).rstrip("/"),
            staff_url=env.get("TIPLINE_STAFF_URL", DEFAULT_STAFF_URL).rstrip("/"),
            limits=Limits(
                file_bytes=_whole(env, "TIPLINE_LIMIT_FILE_BYTES", 4 * GIBIBYTE),
                tip_bytes=_whole(env, "TIPLINE_LIMIT_TIP_BYTES", 10 * GIBIBYTE),
                files_per_tip=_whole(env, "TIPLINE_LIMIT_FILES", 20),
                picture_pixels=_whole(env, "TIPLINE_LIMIT_PIXELS", 50_000_000),
                story_characters=_whole(env, "TIPLINE_LIMIT_STORY_CHARACTERS", 5_000),
            ),
            is_demo=_flag(env, "TIPLINE_DEMO"),
            second_factor_roles=second_factor_roles(env, is_demo=_flag(env, "TIPLINE_DEMO")),
            map_tiles=_tiles_from_env(env),
        )

    def secret(self, name: str) -> str:
        """Return the secret kept in file `name` of the secrets folder, without its final line break.

        Raises:
            SettingMissing: the file is absent or empty; there is no default.
        """
        path = self.secrets_dir / name
        try:
            value = path.read_text(encoding="utf-8").strip()
        except OSError as problem:
            raise SettingMissing(name, f"secret file {path} cannot be read ({problem.strerror})") from problem
        if not value:
            raise SettingMissing(name, f"secret file {path} is empty")
        return value

    @property
    def has_tls(self) -> bool:
        """True when the faces are reached by https, so cookies may be marked Secure."""
        return self.public_url.startswith("https://") and self.staff_url.startswith("https://")


def second_factor_roles(env: Mapping[str, str], *, is_demo: bool) -> frozenset[str]:
    """Return the roles that sign in with a second factor: as `TIPLINE_SECOND_FACTOR_ROLES` says, else the grave ones.

    The demo county asks for none unless told to; `none` asks for none.
    """
    text = env.get("TIPLINE_SECOND_FACTOR_ROLES")
    if text is None:
        return frozenset() if is_demo else SECOND_FACTOR_ROLES
    return frozenset() if text == "none" else frozenset(role for role in text.replace(",", " ").split() if role)


def _required(env: Mapping[str, str], name: str) -> str:
    value = env.get(name, "")
    if not value:
        raise SettingMissing(name, "must be set")
    return value


def _whole(env: Mapping[str, str], name: str, default: int) -> int:
    text = env.get(name)
    if text is None:
        return default
    if not text.isdecimal() or int(text) == 0:
        raise SettingMissing(name, f"must be a positive whole number, is {text!r}")
    return int(text)


def _flag(env: Mapping[str, str], name: str, *, default: bool = False) -> bool:
    text = env.get(name)
    if text is None:
        return default
    if text not in {"0", "1"}:
        raise SettingMissing(name, f"must be 0 or 1, is {text!r}")
    return text == "1"


def _tiles_from_env(env: Mapping[str, str]) -> MapTiles | None:
    template = env.get("TIPLINE_MAP_TILES")
    if template is None:
        return None
    host = urlsplit(template)
    names_a_tile = all(part in template for part in ("{z}", "{x}", "{y}"))
    if host.scheme not in {"http", "https"} or not TILE_HOST.fullmatch(host.netloc) or not names_a_tile:
        raise SettingMissing("TIPLINE_MAP_TILES", "must be an http(s) address with {z}, {x} and {y}")
    datum = _required(env, "TIPLINE_MAP_DATUM")
    if datum not in TILE_DATUMS:
        raise SettingMissing("TIPLINE_MAP_DATUM", f"must be wgs84 or gcj02, is {datum!r}")
    return MapTiles(template=template, datum=datum, attribution=env.get("TIPLINE_MAP_SOURCE", host.netloc))


def _s3_from_env(env: Mapping[str, str], secrets_dir: Path) -> S3Settings | None:
    endpoint = env.get("TIPLINE_STORAGE_ENDPOINT")
    if endpoint is None:
        return None
    secret_file = secrets_dir / "storage_secret_key"
    try:
        secret = secret_file.read_text(encoding="utf-8").strip()
    except OSError as problem:
        raise SettingMissing("storage_secret_key", f"secret file {secret_file} cannot be read") from problem
    return S3Settings(
        endpoint=endpoint,
        bucket=_required(env, "TIPLINE_STORAGE_BUCKET"),
        access_key=_required(env, "TIPLINE_STORAGE_ACCESS_KEY"),
        secret_key=secret,
        region=env.get("TIPLINE_STORAGE_REGION", "us-east-1"),
        is_tls=_flag(env, "TIPLINE_STORAGE_TLS", default=True),
    )

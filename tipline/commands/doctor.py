"""`tipline doctor`: how each part and neighbour is, and how to mend it."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import shutil
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

import asyncpg
import click
import redis

from evidence.errors import StorageDown
from tipline import schema
from tipline.clock import utc_now
from tipline.database import connect_as
from tipline.datafolder import DataFolder, EmbeddedError
from tipline.doors import open_storage
from tipline.law.holidays.reads import missing_year
from tipline.settings import MEBIBYTE, Role, SettingMissing, Settings
from tipline.supervisor.locks import FolderLock
from tipline.supervisor.neighbours import NEEDED_SPACE_BYTES
from tipline.supervisor.options import answer, data_option, json_option
from tipline.supervisor.services import is_external, services
from tipline.work.presence import present
from tipline.work.service import summary
from tipline.work.tables import Part, WorkState

OLDEST_POSTGRES: Final = 160_000
VENDOR: Final = Path(__file__).parents[1] / "web" / "static" / "vendor.json"
DATABASE_TROUBLE: Final = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError)
UP: Final = "run `tipline up`"
MIGRATE: Final = "run `tipline migrate` with the secret database_admin"


class State(StrEnum):
    """How a neighbour is; what needs attention does not make the platform unwell."""

    OK = "ok"
    NOT_RUNNING = "not_running"
    ATTENTION = "attention"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """One neighbour: how it is, what was seen, and what mends it (empty when nothing needs mending)."""

    name: str
    state: State
    detail: str
    remedy: str = ""


def _wrong(name: str, detail: str, remedy: str) -> Finding:
    return Finding(name, State.WRONG, detail, remedy)


def _ok(name: str, detail: str, remedy: str = "") -> Finding:
    return Finding(name, State.OK, detail, remedy)


@click.command("doctor")
@data_option
@json_option
@click.pass_context
def command(context: click.Context, data: Path, *, as_json: bool) -> None:
    """Say how each part and neighbour is, and how to mend it; exit 1 when something is wrong."""
    findings = examine(data)
    wrong = [finding for finding in findings if finding.state == State.WRONG]
    if as_json:
        document: dict[str, object] = {"ok": not wrong, "checks": [asdict(finding) for finding in findings]}
        if wrong:
            names = ", ".join(finding.name for finding in wrong)
            document["error"] = {"code": "not_well", "message": f"Something is wrong: {names}."}
        answer(document)
    else:
        width = max(len(finding.name) for finding in findings)
        for finding in findings:
            click.echo(f"{finding.name:<{width}}  {finding.state.replace('_', ' '):<11}  {finding.detail}")
            if finding.remedy:
                click.echo(f"{'':<{width}}  {'':<11}  -> {finding.remedy}")
    context.exit(1 if wrong else 0)


def examine(data: Path) -> list[Finding]:
    """Look at everything once; embedded services are started for it when nobody runs them."""
    findings = [_browser_assets()]
    is_up = True
    with ExitStack() as stack:
        try:
            external = is_external(os.environ)
            if not external:
                folder = DataFolder.at(data)
                folder.refuse_foreign()
                if not folder.is_ours:
                    return [*findings, _wrong("data folder", f"{folder.root} does not exist yet", UP)]
                findings += [_disk(folder), _ok("data folder", str(folder.root))]
                holder = FolderLock(folder).holder()
                is_up = holder is not None and holder.command == "up"
            settings = stack.enter_context(services(data, command="doctor", up_to_date=False))
        except EmbeddedError as problem:
            return [*findings, _wrong("embedded services", problem.what, problem.remedy)]
        except SettingMissing as problem:
            return [*findings, _wrong("settings", problem.name, problem.remedy)]
        return findings + asyncio.run(_neighbours(settings, is_up=is_up, external=external))


async def _neighbours(settings: Settings, *, is_up: bool, external: bool) -> list[Finding]:
    return [
        await _database(settings, external=external),
        await _roles(settings),
        await _guarded("migrations", _migrations, settings),
        await asyncio.to_thread(_queue, settings),
        await _storage(settings),
        *[
            await _guarded(part.value, _presence(part, is_up=is_up), settings)
            for part in (Part.DISPATCHER, Part.WORKER)
        ],
        await _guarded("work", _work, settings),
        await _guarded("holidays", _holidays, settings),
    ]


async def _guarded(name: str, check: Callable[[Settings], Awaitable[Finding]], settings: Settings) -> Finding:
    try:
        return await check(settings)
    except DATABASE_TROUBLE as problem:
        return _wrong(name, f"not known ({type(problem).__name__})", "mend the database first")
    except SettingMissing as problem:
        return _wrong(name, problem.name, problem.remedy)


async def _database(settings: Settings, *, external: bool) -> Finding:
    remedy = "check TIPLINE_DATABASE_URL and that PostgreSQL runs" if external else "look into logs/postgres.log"
    try:
        connection = await asyncpg.connect(
            settings.database_url, user=Role.OWNER.user, password=settings.secret(f"database_{Role.OWNER}"), timeout=10
        )
    except SettingMissing as problem:
        return _wrong("database", problem.name, problem.remedy)
    except (
        asyncpg.InvalidPasswordError,
        asyncpg.InvalidCatalogNameError,
        asyncpg.InvalidAuthorizationSpecificationError,
    ):
        return _wrong("database", "it has no database or owner of ours", MIGRATE)
    except DATABASE_TROUBLE as problem:
        return _wrong("database", f"it does not answer ({type(problem).__name__})", remedy)
    try:
        version = int(await connection.fetchval("SELECT current_setting('server_version_num')"))
    finally:
        await connection.close()
    if version < OLDEST_POSTGRES:
        return _wrong("database", f"PostgreSQL {version // 10_000} is too old", "use PostgreSQL 18")
    return _ok("database", f"PostgreSQL {version // 10_000}.{version % 10_000}")


async def _roles(settings: Settings) -> Finding:
    refused = []
    for role in Role:
        try:
            connection = await asyncpg.connect(
                settings.database_url, user=role.user, password=settings.secret(f"database_{role}"), timeout=10
            )
        except (*DATABASE_TROUBLE, SettingMissing):
            refused.append(role.user)
        else:
            await connection.close()
    if refused:
        return Finding(
            "roles",
            State.WRONG,
            f"these cannot sign in: {', '.join(refused)}",
            MIGRATE,
        )
    return _ok("roles", "each of the four signs in with its own password")


async def _migrations(settings: Settings) -> Finding:
    pending = await schema.pending(settings)
    if pending:
        return _wrong("migrations", f"not run yet: {', '.join(pending)}", "run `tipline migrate`")
    return _ok("migrations", "the database has the shape the code expects")


def _queue(settings: Settings) -> Finding:
    if settings.redis_url is None:
        return _wrong("queue", "no address", "set TIPLINE_REDIS_URL")
    try:
        with redis.Redis.from_url(settings.redis_url, socket_timeout=5, socket_connect_timeout=5) as queue:
            said = queue.info("server")
    except (redis.RedisError, OSError) as problem:
        return Finding(
            "queue",
            State.WRONG,
            f"it does not answer ({type(problem).__name__})",
            "start Valkey; no work is lost",
        )
    version = said.get("valkey_version") or said.get("redis_version")
    return _ok("queue", f"version {version}")


async def _storage(settings: Settings) -> Finding:
    try:
        await open_storage(settings).check()
    except StorageDown as problem:
        return _wrong("storage", f"{problem.where}: {problem.what}", problem.remedy)
    except SettingMissing as problem:
        return _wrong("storage", problem.name, problem.remedy)
    return _ok("storage", "a probe was written, read back and removed")


def _presence(part: Part, *, is_up: bool) -> Callable[[Settings], Awaitable[Finding]]:
    async def check(settings: Settings) -> Finding:
        connect_as(settings, Role.WORKER)
        here = await present(part, now=utc_now())
        if here:
            return _ok(part.value, f"{len(here)} at work")
        if is_up:
            return _wrong(part.value, "none has signed lately", f"look into its log, or start one ({UP})")
        return Finding(part.value, State.NOT_RUNNING, "the platform is not up", UP)

    return check


async def _work(settings: Settings) -> Finding:
    connect_as(settings, Role.WORKER)
    counts = (await summary()).counts.values()
    in_line = sum(states[WorkState.WAITING] + states[WorkState.QUEUED] + states[WorkState.RUNNING] for states in counts)
    failed = sum(states[WorkState.FAILED] for states in counts)
    detail = f"{in_line} in line or running, {failed} failed"
    return _ok("work", detail, "look at the failed ones in the console" if failed else "")


async def _holidays(settings: Settings) -> Finding:
    """Look whether the year's table is there, and from November on the next year's; nothing breaks without it."""
    connect_as(settings, Role.WORKER)
    missing = await missing_year(now=utc_now())
    if missing is None:
        return _ok("holidays", "every year that is needed stands in the table")
    return Finding(
        "holidays",
        State.ATTENTION,
        f"the notice of {missing} is missing: time limits that reach it are provisional",
        f"an administrator enters it at /law/holidays/enter?year={missing}",
    )


def _disk(folder: DataFolder) -> Finding:
    free = shutil.disk_usage(folder.root).free
    if free < NEEDED_SPACE_BYTES:
        return _wrong("disk", f"{free // MEBIBYTE} MiB free", "free some space")
    return _ok("disk", f"{free // MEBIBYTE} MiB free")


def _browser_assets() -> Finding:
    """Compare the scripts and fonts that browsers load with the checksums of their manifest."""
    static = VENDOR.parent
    try:
        entries = json.loads(VENDOR.read_text(encoding="utf-8"))["files"]
    except (OSError, ValueError, KeyError):
        return _wrong("browser assets", f"{VENDOR} cannot be read", "install the platform again")
    wanted = {
        entry["file"].partition("/static/")[2]: entry["sha256"] for entry in entries if "/static/" in entry["file"]
    }
    bad = [name for name, digest in wanted.items() if _sha256(static / name) != digest]
    if bad:
        return _wrong("browser assets", f"missing or changed: {sorted(bad)}", "run `make setup`")
    return _ok("browser assets", f"{len(wanted)} files as their checksums say")


def _sha256(file: Path) -> str:
    try:
        with file.open("rb") as opened:
            return hashlib.file_digest(opened, "sha256").hexdigest()
    except OSError:
        return ""

"""`tipline up` as a person lives with it: start, use, kill, start again, stop."""

from __future__ import annotations

import asyncio
import http.client
import json
import signal
import ssl
import stat
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from subprocess import Popen
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import asyncpg
import psutil
import pytest

from tests.programs import kill_tree, read_json, running, tipline, wait_for
from tipline.clock import utc_now
from tipline.datafolder import DataFolder
from tipline.settings import Role
from tipline.supervisor.neighbours import embedded_settings

SIGNERS = 3  # the dispatcher, the sealer and one worker


class Up(NamedTuple):
    process: Popen[str]
    data: Path
    ready_file: Path
    ready: dict[str, Any]

    def part(self, *words: str) -> psutil.Process | None:
        """Find a child by words of its command line."""
        for child in psutil.Process(self.process.pid).children():
            try:
                line = child.cmdline()
            except psutil.Error:  # it ended while we looked
                continue
            if "tether.py" not in " ".join(line) and all(any(word in one for one in line) for word in words):
                return child
        return None


def start(process: Popen[str], data: Path, ready_file: Path) -> Up:
    def is_ready() -> Any:
        assert process.poll() is None, process.communicate()[1]
        return read_json(ready_file)

    return Up(process, data, ready_file, wait_for(is_ready, "the ready file", within_s=60))


def words(data: Path, ready_file: Path, *more: str) -> tuple[str, ...]:
    ports = ("--public-port", "0", "--staff-port", "0")
    return ("up", "--data", str(data), "--ready-file", str(ready_file), "--empty", *ports, *more)


def health(url: str) -> int:
    parts = urlsplit(url)
    assert parts.hostname
    assert parts.port
    if parts.scheme == "https":
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        connection: http.client.HTTPConnection = http.client.HTTPSConnection(
            "127.0.0.1", parts.port, timeout=5, context=context
        )
    else:
        connection = http.client.HTTPConnection("127.0.0.1", parts.port, timeout=5)
    try:
        connection.request("GET", "/health")
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()


async def signed_since(data: Path, moment: datetime) -> int:
    """Count the processes that signed their presence since then; none while the database is away."""
    settings = embedded_settings(DataFolder.at(data))
    try:
        connection = await asyncpg.connect(
            settings.database_url, user=Role.WORKER.user, password=settings.secret("database_worker")
        )
    except (OSError, asyncpg.PostgresError):
        return 0
    try:
        return int(await connection.fetchval("SELECT count(*) FROM presence WHERE seen_at > $1", moment))
    finally:
        await connection.close()


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    """One running platform for the tests that leave it running."""
    folder = tmp_path_factory.mktemp("up")
    with running(*words(folder / "var", folder / "ready.json")) as process:
        yield start(process, folder / "var", folder / "ready.json")


def test_the_ready_file_tells_scripts_where_both_faces_are(up: Up) -> None:
    assert {"public_url", "staff_url", "accounts"} <= set(up.ready)
    assert up.ready["accounts"] == []
    assert stat.S_IMODE(up.ready_file.stat().st_mode) == 0o600
    assert [health(up.ready["public_url"]), health(up.ready["staff_url"])] == [200, 200]


def test_the_faces_do_not_know_where_the_queue_is(up: Up) -> None:
    faces = [up.part("web", "public"), up.part("web", "staff")]
    worker = up.part("worker")

    assert worker is not None
    assert "TIPLINE_REDIS_URL" in worker.environ()
    for face in faces:
        assert face is not None
        assert "TIPLINE_REDIS_URL" not in face.environ()
        assert "valkey" not in " ".join(face.environ().values())


def test_other_commands_reuse_the_running_services(up: Up) -> None:
    doctor = tipline("doctor", "--data", str(up.data), "--json")
    audit = tipline("evidence", "audit", "--data", str(up.data), "--json")

    states = {check["name"]: check["state"] for check in json.loads(doctor.stdout)["checks"]}
    assert states["dispatcher"] == states["worker"] == states["queue"] == states["migrations"] == "ok"
    assert json.loads(audit.stdout)["is_whole"] is True
    assert health(up.ready["public_url"]) == 200


def test_a_second_platform_on_the_same_folder_is_told_so(up: Up, tmp_path: Path) -> None:
    second = tipline(*words(up.data, tmp_path / "second.json"))

    assert second.returncode == 1
    assert "already runs on" in second.stderr
    assert "Traceback" not in second.stderr
    assert health(up.ready["public_url"]) == 200


def test_a_port_in_use_is_told_with_the_remedy(up: Up, tmp_path: Path) -> None:
    port = str(urlsplit(up.ready["public_url"]).port)

    refused = tipline("up", "--data", str(tmp_path / "var"), "--public-port", port, "--staff-port", "0")

    assert refused.returncode == 1
    assert f"Port {port} (the public face) is in use" in refused.stderr
    assert "--public-port" in refused.stderr
    assert not (tmp_path / "var" / "postgres").exists()


@pytest.mark.parametrize("name", [("web", "public"), ("dispatch",), ("postgres", "-D"), ("valkey", "--dir")])
def test_a_killed_part_is_started_again(up: Up, name: tuple[str, ...]) -> None:
    before = up.part(*name)
    assert before is not None

    before.send_signal(signal.SIGKILL)

    wait_for(lambda: (now := up.part(*name)) and now.pid != before.pid, f"{name} again")
    wait_for(lambda: health(up.ready["public_url"]) == 200, "a healthy public face")
    killed_at = utc_now()
    wait_for(lambda: asyncio.run(signed_since(up.data, killed_at)) == SIGNERS, "all of them at work again")
    assert tipline("doctor", "--data", str(up.data)).returncode == 0


def test_everything_killed_at_once_comes_back_with_its_data_and_stops_in_time(tmp_path: Path) -> None:
    data, ready_file = tmp_path / "var", tmp_path / "ready.json"
    with running(*words(data, ready_file)) as first:
        start(first, data, ready_file)
        made = tipline(
            *("officer", "create", "--data", str(data), "--username", "chief", "--badge", "150001", "--name", "张三"),
            *("--role", "administrator", "--unit", "大队", "--password-stdin", "--json"),
            stdin="Quiet-harbour-lamp-71\n",
        )
        assert made.returncode == 0, made.stderr
        kill_tree(first)
    assert ready_file.exists()  # nobody was left to remove it

    with running(*words(data, ready_file, "--tls")) as second:
        wait_for(lambda: not ready_file.exists(), "the old ready file to go", within_s=20)
        again = start(second, data, ready_file)
        assert again.ready["public_url"].startswith("https://")
        assert health(again.ready["public_url"]) == 200
        taken = tipline(
            *("officer", "create", "--data", str(data), "--username", "chief", "--badge", "150002", "--name", "李四"),
            *("--role", "auditor", "--unit", "大队", "--password-stdin", "--json"),
            stdin="Quiet-harbour-lamp-71\n",
        )
        assert json.loads(taken.stdout)["error"]["message"] == "--username: This is taken already."
        family = psutil.Process(second.pid).children(recursive=True)

        begun = time.monotonic()
        second.send_signal(signal.SIGINT)
        status = second.wait(timeout=15)

        assert status == 0
        assert time.monotonic() - begun < 10
        assert not ready_file.exists()
        assert [one for one in family if one.is_running()] == []


def test_a_killed_supervisor_takes_its_parts_along(tmp_path: Path) -> None:
    data, ready_file = tmp_path / "var", tmp_path / "ready.json"
    with running(*words(data, ready_file)) as process:
        start(process, data, ready_file)
        family = psutil.Process(process.pid).children(recursive=True)

        process.send_signal(signal.SIGKILL)

        wait_for(lambda: not any(one.is_running() for one in family), "the end of all parts")

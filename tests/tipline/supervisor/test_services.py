"""The data folder and the embedded services as commands meet them."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path

import asyncpg
import pytest
import redis

from tests.programs import ROOT, plain_env, read_json, tipline, wait_for
from tipline.datafolder import DataFolder, ForeignFolder, HalfWritten
from tipline.settings import Role, SettingMissing, Settings
from tipline.supervisor.children import is_running_on, stop_orphans
from tipline.supervisor.locks import FolderLock
from tipline.supervisor.neighbours import DiskFull, refuse_full_disk
from tipline.supervisor.services import services

HOLD = """
import sys, time
from pathlib import Path
from tipline.supervisor.services import services
with services(Path(sys.argv[1]), command="hold"):
    Path(sys.argv[2]).write_text('"up"')
    sys.stdin.readline()
"""


async def count_of_migrations(settings: Settings) -> int:
    connection = await asyncpg.connect(
        settings.database_url, user=Role.OWNER.user, password=settings.secret("database_owner")
    )
    try:
        return int(await connection.fetchval("SELECT count(*) FROM migration"))
    finally:
        await connection.close()


def test_a_command_starts_the_services_of_a_new_folder_and_stops_them(tmp_path: Path) -> None:
    folder = DataFolder.at(tmp_path / "var")

    with services(folder.root, command="try", env={}) as settings:
        assert asyncio.run(count_of_migrations(settings)) > 0
        assert redis.Redis.from_url(str(settings.redis_url)).ping()

    assert not (folder.postgres / "postmaster.pid").exists()
    assert stop_orphans(folder, within_s=1) == []


@pytest.mark.parametrize("name", ["深" * 60, "a, b & c", "with space?#%41"])
def test_long_and_odd_paths_work(tmp_path: Path, name: str) -> None:
    with services(tmp_path / name, command="try", env={}) as settings:
        assert asyncio.run(count_of_migrations(settings)) > 0
        assert redis.Redis.from_url(str(settings.redis_url)).ping()


def test_a_short_command_waits_for_others_that_use_its_services(tmp_path: Path) -> None:
    up_file = tmp_path / "up"
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path / "var"), str(up_file)],
        cwd=ROOT,
        env=plain_env(),
        stdin=subprocess.PIPE,
        text=True,
    ) as starter:
        wait_for(lambda: read_json(up_file), "the services")
        with services(tmp_path / "var", command="user", env={}) as settings:
            assert starter.stdin is not None
            starter.stdin.write("\n")
            starter.stdin.flush()
            for _ in range(5):
                assert asyncio.run(count_of_migrations(settings)) > 0
            assert starter.poll() is None
        assert starter.wait(timeout=10) == 0


def test_services_left_by_a_killed_command_are_replaced(tmp_path: Path) -> None:
    up_file, folder = tmp_path / "up", DataFolder.at(tmp_path / "var")
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder.root), str(up_file)],
        cwd=ROOT,
        env=plain_env(),
        stdin=subprocess.PIPE,
        text=True,
    ) as starter:
        wait_for(lambda: read_json(up_file), "the services")
        starter.kill()
        starter.wait()

    with services(folder.root, command="next", env={}) as settings:
        assert asyncio.run(count_of_migrations(settings)) > 0


def test_a_stale_process_number_that_now_belongs_to_a_stranger_is_seen_through(tmp_path: Path) -> None:
    folder = DataFolder.at(tmp_path / "var")
    with services(folder.root, command="first", env={}):
        kept = (folder.postgres / "postmaster.pid").read_text(encoding="utf-8")
    stale = "\n".join([str(os.getpid()), *kept.split("\n")[1:]])
    (folder.postgres / "postmaster.pid").write_text(stale, encoding="utf-8")

    assert not is_running_on(os.getpid(), folder)
    with services(folder.root, command="second", env={}) as settings:
        assert asyncio.run(count_of_migrations(settings)) > 0


def test_a_spoilt_queue_file_is_set_aside(tmp_path: Path) -> None:
    folder = DataFolder.at(tmp_path / "var")
    with services(folder.root, command="first", env={}) as settings:
        redis.Redis.from_url(str(settings.redis_url)).set("a", "b" * 10_000)
    for file in (folder.valkey / "appendonlydir").glob("*.incr.aof"):
        file.write_bytes(b"*1\r\n$5\r\nNOPE!\r\n" + file.read_bytes())

    with services(folder.root, command="second", env={}) as settings:
        assert redis.Redis.from_url(str(settings.redis_url)).ping()

    assert list(folder.valkey.glob("appendonlydir.spoilt-*"))


def test_a_foreign_folder_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("mine", encoding="utf-8")

    with pytest.raises(ForeignFolder, match=r"thesis\.tex"):
        DataFolder.at(tmp_path).prepare()

    assert [one.name for one in tmp_path.iterdir()] == ["thesis.tex"]


def test_a_half_written_folder_is_told_in_one_sentence_with_the_remedy(tmp_path: Path) -> None:
    folder = DataFolder.at(tmp_path / "var")
    folder.prepare()
    folder.postgres.mkdir()
    (folder.postgres / "PG_VERSION").write_text("18\n", encoding="utf-8")

    refused = tipline("migrate", "--data", str(folder.root), "--json")

    assert refused.returncode == 1
    error = json.loads(refused.stdout)["error"]
    assert error["code"] == "half_written"
    assert "move the data folder away" in error["message"]
    assert "Traceback" not in refused.stderr


def test_a_database_without_its_secret_is_not_given_a_new_one(tmp_path: Path) -> None:
    folder = DataFolder.at(tmp_path / "var")
    folder.prepare()
    folder.postgres.mkdir()
    (folder.postgres / "PG_VERSION").write_text("18\n", encoding="utf-8")
    (folder.secrets / "receipt_pepper").unlink()

    with pytest.raises(HalfWritten, match="receipt_pepper"):
        folder.prepare()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder to another account")
def test_a_folder_of_another_account_is_refused(tmp_path: Path) -> None:
    folder = DataFolder.at(tmp_path / "var")
    folder.prepare()
    os.chown(folder.root, 65534, 65534)

    with pytest.raises(ForeignFolder, match="belongs to the account"):
        folder.prepare()


def test_a_full_disk_is_told_before_anything_starts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tipline.supervisor.neighbours.NEEDED_SPACE_BYTES", 2**62)

    with pytest.raises(DiskFull, match="is full"):
        refuse_full_disk(tmp_path)


def test_half_of_an_external_configuration_is_refused(tmp_path: Path) -> None:
    with (
        pytest.raises(SettingMissing, match="TIPLINE_DATABASE_URL"),
        services(tmp_path, command="try", env={"TIPLINE_REDIS_URL": "redis://localhost"}),
    ):
        pass


def test_a_lock_lets_go_when_its_holder_dies(tmp_path: Path) -> None:
    folder = DataFolder.at(tmp_path / "var")
    folder.prepare()
    hold = (
        "import sys,os;from pathlib import Path;from tipline.datafolder import DataFolder;"
        "from tipline.supervisor.locks import FolderLock;"
        "assert FolderLock(DataFolder.at(Path(sys.argv[1]))).take('hold');os.kill(os.getpid(),9)"
    )
    subprocess.run([sys.executable, "-c", hold, str(folder.root)], cwd=ROOT, check=False)
    lock = FolderLock(folder)

    assert lock.holder() is None
    assert lock.take("mine")
    assert FolderLock(folder).take("another") is False
    lock.release()

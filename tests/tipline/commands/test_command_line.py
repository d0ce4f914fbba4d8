"""What every subcommand promises: one JSON document, plain sentences, and its exit status."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.programs import tipline
from tipline import cli
from tipline.cli import COMMANDS, Entry, group


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_of_the_table_can_be_loaded(name: str) -> None:
    answer = CliRunner().invoke(group, [name, "--help"])

    assert answer.exit_code == 0, answer.output
    assert "Usage:" in answer.output


def test_a_broken_command_breaks_no_other(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setitem(cli.COMMANDS, "web", Entry("tipline.nowhere:command", "Broken."))

    with pytest.raises(SystemExit) as broken:
        cli.main(["web", "public"])
    with pytest.raises(SystemExit) as helped:
        cli.main(["--help"])

    assert (broken.value.code, helped.value.code) == (1, 0)
    assert "`tipline web` cannot be loaded" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["nonsense"], "No such command"),
        (["up", "--public-port", "70000"], "70000 is not in the range"),
        (["up", "--public-port", "8001"], "must differ"),
        (["up", "--cert", "a.pem"], "--cert and --key belong together"),
        (["web", "both"], "'both' is not one of"),
        (["evidence", "audit", "--head", "12"], "must be SIZE:ROOT"),
        (["officer", "create"], "Missing option"),
    ],
)
def test_wrong_arguments_are_told_and_end_with_2(
    words: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        cli.main(words)

    said = capsys.readouterr()
    assert end.value.code == 2
    assert told in said.err
    assert said.out == ""


def test_with_json_even_wrong_arguments_are_one_document(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        cli.main(["doctor", "--json", "--nonsense"])

    error = json.loads(capsys.readouterr().out)["error"]
    assert end.value.code == 2
    assert error["code"] == "wrong_arguments"


def test_a_refusal_is_one_document_with_its_code(tmp_path: Path) -> None:
    (tmp_path / "holiday.jpg").touch()

    refused = tipline("migrate", "--data", str(tmp_path), "--json")

    assert refused.returncode == 1
    assert json.loads(refused.stdout)["error"]["code"] == "foreign_folder"
    assert "Traceback" not in refused.stderr


def test_doctor_names_every_neighbour_and_the_remedy(tmp_path: Path) -> None:
    data = ("--data", str(tmp_path / "var"))
    missing = tipline("doctor", *data, "--json")
    tipline("migrate", *data)

    well = tipline("doctor", *data, "--json")

    assert missing.returncode == 1
    assert "tipline up" in missing.stdout
    states = {check["name"]: check["state"] for check in json.loads(well.stdout)["checks"]}
    asked = ("data folder", "disk", "database", "roles", "migrations", "queue", "storage")
    assert {name: states[name] for name in asked} == dict.fromkeys(asked, "ok")
    assert states["dispatcher"] == states["worker"] == "not_running"


def test_the_first_administrator_is_made_by_command_line(tmp_path: Path) -> None:
    words = (
        *("officer", "create", "--data", str(tmp_path / "var"), "--username", "Chief", "--badge", "150001"),
        *("--name", "张三", "--role", "administrator", "--unit", "交警大队", "--password-stdin", "--json"),
    )

    made = tipline(*words, stdin="Quiet-harbour-lamp-71\n")
    again = tipline(*words, stdin="Quiet-harbour-lamp-71\n")
    weak = tipline(*words, stdin="1234\n")

    assert (made.returncode, json.loads(made.stdout)["username"]) == (0, "chief")
    assert (again.returncode, json.loads(again.stdout)["error"]["code"]) == (1, "officer_refused")
    assert (weak.returncode, "password" in json.loads(weak.stdout)["error"]["message"]) == (1, True)


def test_an_audit_of_an_empty_ledger_is_whole_and_of_no_platform_is_refused(tmp_path: Path) -> None:
    tipline("migrate", "--data", str(tmp_path / "var"))

    audit = tipline("evidence", "audit", "--data", str(tmp_path / "var"), "--bytes", "--json")
    mistyped = tipline("evidence", "audit", "--data", str(tmp_path / "vra"), "--json")

    assert audit.returncode == 0
    assert json.loads(audit.stdout)["is_whole"] is True
    assert mistyped.returncode == 1
    assert json.loads(mistyped.stdout)["error"]["code"] == "nothing_to_audit"
    assert not (tmp_path / "vra").exists()

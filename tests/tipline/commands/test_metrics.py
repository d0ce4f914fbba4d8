"""`tipline metrics` as a program: a file in, one JSON document out, no database, no service."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.programs import tipline

EVENT = {
    "case": "高公交逃〔2021〕1号",
    "type": "recorded",
    "severity": "fatal",
    "happened_at": "2021-12-31T23:50:00+08:00",
    "known_at": "2021-12-31T23:56:00+08:00",
}
CLEARED = {**EVENT, "type": "cleared", "happened_at": "2022-01-02T10:20:00+08:00", "known_at": "2022-01-02T12:00:00Z"}
WHEN = ("--as-of", "2022-02-01T00:00:00+08:00", "--from", "2022-01-01", "--to", "2022-01-31")


@pytest.fixture
def histories(tmp_path: Path) -> Path:
    file = tmp_path / "events.jsonl"
    file.write_text(f"{json.dumps(EVENT, ensure_ascii=False)}\n{json.dumps(CLEARED)}\n", encoding="utf-8")
    return file


def run(file: Path | str, *more: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return tipline("metrics", "--histories", str(file), *WHEN, *more, stdin=stdin)


def test_the_metrics_are_one_document_in_the_promised_form(histories: Path) -> None:
    answer = run(histories, "--by-severity", "--json")

    assert (answer.returncode, answer.stderr) == (0, "")
    told = json.loads(answer.stdout)
    assert list(told) == ["M1", "M2", "M3", "M4", "M7", "M11", "by_severity"]
    assert told["M2"] == {"k": 1, "n": 0}
    assert told["M3"] == {"k": 1, "n": 1}
    assert list(told["M4"]) == ["24h", "72h", "7d", "30d", "90d", "365d"]
    assert told["M11"]["open_start"] == told["M11"]["cleared"] == 1
    assert told["M11"]["open_end"] == 0
    assert list(told["by_severity"]) == ["fatal", "serious_injury", "minor_injury", "property"]
    assert told["by_severity"]["fatal"] == {name: value for name, value in told.items() if name != "by_severity"}


def test_the_file_may_come_from_stdin_and_may_be_empty(histories: Path) -> None:
    piped = run("-", "--json", stdin=histories.read_text(encoding="utf-8"))
    empty = run("-", "--json")

    assert json.loads(piped.stdout)["M3"] == {"k": 1, "n": 1}
    assert (empty.returncode, json.loads(empty.stdout)["M3"]) == (0, {"k": 0, "n": 0})


def test_without_json_the_figures_are_lines_to_read(histories: Path) -> None:
    answer = run(histories, "--by-severity")

    assert ["M3", "1", "/", "1"] in [line.split() for line in answer.stdout.splitlines()]
    assert ["by_severity", "fatal", "M11", "cleared", "1"] in [line.split() for line in answer.stdout.splitlines()]
    assert ["M4", "24h", "-"] in [line.split() for line in answer.stdout.splitlines()]


def test_an_impossible_history_is_refused_with_its_line_and_nothing_else(histories: Path) -> None:
    with histories.open("a", encoding="utf-8") as file:
        file.write(json.dumps(CLEARED) + "\n")

    refused = run(histories, "--json")
    told = run(histories)

    assert (refused.returncode, refused.stderr) == (1, "")
    assert json.loads(refused.stdout) == {
        "error": {"line": 3, "reason": "cleared, but the case is not open: it is cleared"}
    }
    assert (told.returncode, told.stdout) == (1, "")
    assert told.stderr == "tipline: line 3: cleared, but the case is not open: it is cleared.\n"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--as-of", "2022-02-01T00:00:00"), "lacks its offset from UTC"),
        (("--as-of", "soon"), "is no time in ISO 8601"),
        (("--from", "2022-01-32"), "is no day"),
        (("--to", "2021-12-31"), "is no period"),
        (("--to", "9999-12-31"), "is no period"),
        (("--histories", "/nowhere/events.jsonl"), "No such file"),
    ],
)
def test_wrong_arguments_end_with_2(histories: Path, words: tuple[str, ...], told: str) -> None:
    answer = run(histories, *words, "--json")

    assert answer.returncode == 2
    assert told in answer.stderr
    assert json.loads(answer.stdout)["error"]["code"] == "wrong_arguments"


def test_it_needs_no_database_and_no_settings(histories: Path, tmp_path: Path) -> None:
    answer = tipline(
        "metrics", "--histories", str(histories), *WHEN, "--json", env={"HOME": str(tmp_path), "PATH": "/nowhere"}
    )

    assert answer.returncode == 0

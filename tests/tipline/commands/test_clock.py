from __future__ import annotations

import json
import socket
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.programs import tipline
from tests.tipline.law.test_golden_deadlines import GOLDEN, Golden
from tipline.cli import main

KEYS = ["rule", "article", "unit", "from", "due", "due_date", "skipped", "note"]


class Terminal:
    """Runs the command line in this process and reads what it said."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def run(self, *words: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main(["clock", *words])
        said = self._capsys.readouterr()
        code = ended.value.code
        assert isinstance(code, int)
        return code, said.out, said.err

    def json(self, *words: str) -> tuple[int, Any]:
        code, out, _ = self.run(*words, "--json")
        return code, json.loads(out)


@pytest.fixture
def terminal(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Terminal:
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)  # `--json` sets it; put back afterwards
    return Terminal(capsys)


def words_of(one: Golden) -> list[str]:
    days = [] if one.days is None else ["--days", str(one.days)]
    return [one.rule, "--from", one.start.isoformat(), *days]


@pytest.mark.parametrize("one", GOLDEN[::5], ids=lambda one: f"{one.rule}-{one.start:%Y%m%d%H%M}")
def test_the_command_answers_the_deadline_in_one_document(terminal: Terminal, one: Golden) -> None:
    code, answer = terminal.json(*words_of(one))

    assert code == 0
    assert list(answer) == KEYS
    assert answer["due"] == one.due.isoformat()
    assert answer["due_date"] == one.due.date().isoformat()
    assert one.article in answer["article"]
    assert answer["unit"] in {"working_day", "calendar_day", "hour", "month"}
    assert all(list(day) == ["date", "why"] for day in answer["skipped"])


def test_a_moment_without_offset_is_shanghais(terminal: Terminal) -> None:
    _, plain = terminal.json("first_interrogation", "--from", "2026-03-01T07:30")
    _, told = terminal.json("first_interrogation", "--from", "2026-02-28T23:30:00Z")

    assert plain == told
    assert plain["from"] == "2026-03-01T07:30:00+08:00"
    assert plain["due"] == "2026-03-02T07:30:00+08:00"


def test_the_list_names_every_clock_with_article_unit_and_length(terminal: Terminal) -> None:
    code, answer = terminal.json("--list")

    by_rule = {one["rule"]: one for one in answer}
    assert code == 0
    assert {tuple(one) for one in answer} == {("rule", "article", "unit", "length", "valid_from", "valid_to")}
    assert (by_rule["review_conclusion"]["unit"], by_rule["review_conclusion"]["length"]) == ("calendar_day", 30)
    assert by_rule["administrative_detention_end"]["length"] is None
    assert by_rule["arrest_request"]["valid_from"] == "2020-09-01"
    assert by_rule["arrest_request"]["valid_to"] is None


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (["review_request", "--from", "2018-04-30"], ("rule_not_in_force", 2018)),
        (["fund_review", "--from", "2021-12-31T23:59"], ("rule_not_in_force", 2021)),
        (["review_request", "--from", "2026-12-31"], ("holidays_unknown", 2027)),
        (["punishment_decision", "--from", "2028-02-01"], ("holidays_unknown", 2028)),
    ],
)
def test_what_law_or_table_do_not_reach_is_refused_with_the_year(
    terminal: Terminal, words: list[str], error: tuple[str, int]
) -> None:
    code, answer = terminal.json(*words)

    assert code == 1
    assert list(answer["error"]) == ["code", "year", "message"]
    assert (answer["error"]["code"], answer["error"]["year"]) == error
    assert str(error[1]) in answer["error"]["message"]


def test_more_days_than_any_decision_may_name_are_refused(terminal: Terminal) -> None:
    code, answer = terminal.json("administrative_detention_end", "--from", "2026-01-05", "--days", "21")

    assert (code, answer["error"]["code"], answer["error"]["maximum"]) == (1, "days_out_of_bounds", 20)


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["review_request"],
        ["--from", "2026-01-05"],
        ["no_such_clock", "--from", "2026-01-05"],
        ["review_request", "--from", "yesterday"],
        ["review_request", "--from", "2026-02-30"],
        ["review_request", "--from", "9999-12-31"],
        ["review_request", "--from", "0001-01-01T00:00+14:00"],
        ["review_request", "--from", "2026-01-05", "--days", "3"],
        ["administrative_detention_end", "--from", "2026-01-05"],
        ["administrative_detention_end", "--from", "2026-01-05", "--days", "0"],
        ["review_request", "--list"],
        ["--list", "--days", "3"],
    ],
    ids=" ".join,
)
def test_wrong_arguments_end_with_2_and_one_document(terminal: Terminal, words: list[str]) -> None:
    code, answer = terminal.json(*words)

    assert (code, answer["error"]["code"]) == (2, "wrong_arguments")


def test_a_person_reads_the_day_the_article_and_what_was_passed_over(terminal: Terminal) -> None:
    code, out, err = terminal.run("liability_determination_flight", "--from", "2026-02-10T09:30")

    assert (code, err) == (0, "")
    assert "Due 2026-03-02 23:59:59 (Asia/Shanghai, Monday)." in out
    assert "10 working days from 2026-02-10 09:30" in out
    assert "第六十二条第一款" in out
    assert "Passed over: 2026-02-15 to 2026-02-23 (public holiday: 春节)." in out


def test_a_person_reads_a_list(terminal: Terminal) -> None:
    code, out, _ = terminal.run("--list")

    assert code == 0
    assert "first_interrogation: 24 hours, in force from 2018-10-26 to 2020-08-31" in out
    assert "administrative_detention_end: 1 to 20 calendar days, as decided, in force from 2012-04-01" in out


def test_without_a_data_folder_no_service_is_started(
    terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("something was connected to")

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(socket.socket, "connect", refuse)

    code, _ = terminal.json("review_request", "--from", "2026-02-11")

    assert code == 0
    assert list(tmp_path.iterdir()) == []


def test_with_a_data_folder_the_rows_of_its_database_count(tmp_path: Path) -> None:
    data = str(tmp_path / "data")
    words = ("clock", "review_conclusion", "--from", "2026-01-20", "--json")

    empty = tipline("clock", "--list", "--data", data, "--json")
    migrated = tipline("migrate", "--data", data, "--json")
    recorded = tipline(*words, "--data", data)

    assert (empty.returncode, json.loads(empty.stdout)["error"]["code"]) == (1, "no_clocks_recorded")
    assert migrated.returncode == 0, migrated.stderr
    assert json.loads(recorded.stdout) == json.loads(tipline(*words).stdout)

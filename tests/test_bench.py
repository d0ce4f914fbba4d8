"""The runner of the benchmarks: what becomes of a script that measures, that cannot, and that breaks."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools import bench


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty `benchmarks` folder that the runner takes for the project's."""
    scripts = tmp_path / "benchmarks"
    scripts.mkdir()
    (tmp_path / "docs").mkdir()
    monkeypatch.setattr(bench, "ROOT", tmp_path)
    monkeypatch.setattr(bench, "FOLDER", scripts)
    monkeypatch.setattr(bench, "DOCUMENT", tmp_path / "docs" / "benchmarks.md")
    return scripts


def write(folder: Path, name: str, body: str) -> None:
    (folder / f"{name}.py").write_text(f'"""How fast {name} is."""\n{body}\n', encoding="utf-8")


def test_every_script_becomes_a_section_with_its_command(folder: Path) -> None:
    write(folder, "quick", "print('## Quick\\n\\nmedian 3 ms')")
    write(folder, "plain", "print('median=4 ms')")

    status = bench.main([])

    document = bench.DOCUMENT.read_text(encoding="utf-8")
    assert status == 0
    assert "## Quick\n\nmedian 3 ms\n\n`python -m benchmarks.quick`" in document
    assert "## plain\n\nHow fast plain is.\n\n```\nmedian=4 ms\n```\n\n`python -m benchmarks.plain`" in document
    assert "cores" in document


def test_what_is_not_on_this_machine_is_said_and_breaks_nothing(folder: Path) -> None:
    write(folder, "photos", "import sys\nprint('no photographs here')\nsys.exit(3)")

    status = bench.main([])

    assert status == 0
    assert "Not measured on this machine: no photographs here" in bench.DOCUMENT.read_text(encoding="utf-8")


def test_a_broken_script_is_told_and_the_others_still_count(folder: Path) -> None:
    write(folder, "broken", "raise ValueError('no such table')")
    write(folder, "sound", "print('fine')")

    status = bench.main([])

    document = bench.DOCUMENT.read_text(encoding="utf-8")
    assert status == 1
    assert "Broke (exit 1): ValueError: no such table" in document
    assert "fine" in document


def test_named_scripts_are_printed_and_the_document_stays(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(folder, "quick", "print('median=3 ms')")

    status = bench.main(["quick"])

    assert status == 0
    assert "median=3 ms" in capsys.readouterr().out
    assert not bench.DOCUMENT.exists()


def test_an_unknown_name_is_refused_with_the_known_ones(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(folder, "quick", "print('median=3 ms')")

    status = bench.main(["quikc"])

    assert status == 2
    assert "no such benchmark: quikc; there are quick" in capsys.readouterr().err

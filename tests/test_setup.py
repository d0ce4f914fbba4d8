"""Setting up: what a newcomer is told, what is locked, and what the built package carries."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from importlib import metadata
from pathlib import Path
from typing import Final

import pytest

from tools import assets, browser, interpreters, licences, setup
from tools.interpreters import Told

ROOT: Final = Path(__file__).resolve().parent.parent
PACKAGES: Final = ("tipline", "evidence", "matching", "workers")
NOT_PACKED: Final = {"__pycache__"}


def fake_python(folder: Path, name: str, version: str, *, has_venv: bool = True) -> Path:
    """A program that answers as a Python of that version would."""
    program = folder / name
    said = json.dumps({"version": [int(part) for part in version.split(".")], "venv": has_venv})
    program.write_text(f"#!/bin/sh\necho '{said}'\n", encoding="utf-8")
    program.chmod(0o755)
    return program


@pytest.mark.parametrize("version", ["3.10.13", "3.14.0", "3.9.2"])
def test_an_unsupported_python_is_refused_by_its_version(tmp_path: Path, version: str) -> None:
    fake_python(tmp_path, "python3", version)

    with pytest.raises(Told, match=rf"Python {re.escape(version)} .* is not supported: install one with"):
        interpreters.choose(str(tmp_path))


def test_no_python_at_all_is_told_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(Told, match=r"No Python 3\.11, 3\.12 or 3\.13 was found on PATH: install one with"):
        interpreters.choose(str(tmp_path))


def test_a_python_without_venv_names_the_package_to_install(tmp_path: Path) -> None:
    fake_python(tmp_path, "python3.12", "3.12.3", has_venv=False)

    with pytest.raises(Told, match=r"lacks its venv module .*apt-get install python3\.12-venv"):
        interpreters.choose(str(tmp_path))


def test_a_whole_python_is_preferred_to_a_newer_one_without_venv(tmp_path: Path) -> None:
    fake_python(tmp_path, "python3.13", "3.13.1", has_venv=False)
    whole = fake_python(tmp_path, "python3.11", "3.11.9")

    chosen = interpreters.choose(str(tmp_path))

    assert chosen.program == str(whole)


def test_an_empty_shim_of_a_version_manager_is_passed_over(tmp_path: Path) -> None:
    shim = tmp_path / "python3.13"
    shim.write_text("#!/bin/sh\necho 'python3.13: command not found' >&2\nexit 127\n", encoding="utf-8")
    shim.chmod(0o755)
    whole = fake_python(tmp_path, "python3", "3.11.2")

    assert interpreters.choose(str(tmp_path)).program == str(whole)


def test_the_command_tells_in_one_line_and_leaves_no_trace(tmp_path: Path) -> None:
    """The whole script, on a copy without an environment and a machine with an old Python only."""
    shutil.copytree(ROOT / "tools", tmp_path / "tools", ignore=shutil.ignore_patterns("__pycache__"))
    programs = tmp_path / "bin"
    programs.mkdir()
    fake_python(programs, "python3", "3.10.2")
    fake_python(programs, "make", "0.0.0")

    told = subprocess.run(
        [sys.executable, "-m", "tools.setup", "run"],
        cwd=tmp_path,
        env={"PATH": str(programs)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert told.returncode == 1
    assert told.stdout == ""
    assert re.fullmatch(r"setup: Python 3\.10\.2 .*make setup` again\.\n", told.stderr)
    assert not (tmp_path / ".venv").exists()


def test_a_machine_without_make_is_told_how_to_get_it(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "tools", tmp_path / "tools", ignore=shutil.ignore_patterns("__pycache__"))

    told = subprocess.run(
        [sys.executable, "-m", "tools.setup", "run"],
        cwd=tmp_path,
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert re.search(r"`make` is missing, .*: install it with `", told.stderr)


def test_wrong_arguments_are_answered_with_the_usage(tmp_path: Path) -> None:
    told = subprocess.run(
        [sys.executable, "-m", "tools.setup", "everything"],
        cwd=ROOT,
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert told.returncode == 2
    assert "usage: python3 -m tools.setup [run|dev]" in told.stderr


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("WARNING: ... NewConnectionError(...)\nERROR: No matching distribution found for av==1", "registry answers"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.", "not the one that was locked"),
        ("OSError: [Errno 28] No space left on device", "disk is full"),
        ("SSLError(SSLCertVerificationError('CERTIFICATE_VERIFY_FAILED'))", "certificate is not trusted"),
        ("ERROR: No matching distribution found for uvloop==0.23.0 (from -r x)", "no package uvloop==0.23.0"),
        ("something new", "its own words are in"),
    ],
)
def test_what_pip_says_becomes_one_sentence(tmp_path: Path, words: str, sentence: str) -> None:
    failing = tmp_path / "pip"
    failing.write_text(f"#!/bin/sh\ncat <<'EOF'\n{words}\nEOF\nexit 1\n", encoding="utf-8")
    failing.chmod(0o755)

    with pytest.raises(Told, match=re.escape(sentence)) as told:
        setup.pip([str(failing)], tmp_path / "log")

    assert "\n" not in str(told.value)


def test_a_package_without_a_wheel_asks_for_a_compiler(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    failing = tmp_path / "python"
    failing.write_text(
        "#!/bin/sh\necho 'No matching distribution found for uvloop==0.23.0 (from x)'\nexit 1\n", "utf-8"
    )
    failing.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(Told, match=r"no C compiler to build it: install one with"):
        setup.install_locked(failing, tmp_path / "a.lock", tmp_path / "log")


def test_settings_of_the_person_that_would_lead_pip_astray_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_TARGET", "/elsewhere")
    monkeypatch.setenv("PIP_INDEX_URL", "https://mirror.example.org/simple")

    env = setup.clean_env()

    assert "PIP_TARGET" not in env
    assert env["PIP_INDEX_URL"] == "https://mirror.example.org/simple"


def locked(name: str) -> dict[str, str]:
    """Lines of a lock file as name -> version; a name with two versions keeps both."""
    found: dict[str, str] = {}
    for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
        if line[:1].isalnum():
            package, version = line.split(" ")[0].split("==")
            found[package] = f"{found[package]} {version}" if package in found else version
    return found


def test_the_development_lock_holds_the_other_one_whole() -> None:
    run, dev = locked("requirements.lock"), locked("requirements-dev.lock")

    assert run.items() <= dev.items()
    assert "setuptools" in run


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock", "tools/node.lock", "package-lock.json"])
def test_no_lock_file_names_a_registry(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    text = re.sub(r'"funding": \{[^}]*\}', "", text)  # where to thank an author is no registry

    assert re.findall(r"https?://|--index|--find-links|\"resolved\"", text) == []


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_every_locked_package_has_a_hash(name: str) -> None:
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()

    bare = [
        line
        for line, after in zip(lines, [*lines[1:], ""], strict=True)
        if line[:1].isalnum() and "--hash" not in after
    ]

    assert bare == []


def test_exactly_one_distribution_owns_cv2() -> None:
    assert metadata.packages_distributions()["cv2"] == ["opencv-python-headless"]


def test_what_is_installed_is_what_is_locked() -> None:
    wanted = locked("requirements-dev.lock")
    found = {
        one.metadata["Name"].lower().replace("_", "-").replace(".", "-"): one.version
        for one in metadata.distributions()
    }

    differing = {name: found[name] for name in wanted if name in found and found[name] not in wanted[name].split(" ")}

    assert differing == {}


@pytest.mark.parametrize(
    ("licence", "is_fine"),
    [
        ("MIT", True),
        ("BSD-3-Clause; BSD License", True),
        ("LGPL-2.1-or-later AND BSD-3-Clause", True),
        ("GPL-3.0-only", False),
        ("GNU Affero General Public License v3", False),
        ("", False),
        ("Proprietary", False),
    ],
)
def test_a_licence_that_does_not_fit_is_refused(licence: str, is_fine: bool) -> None:  # noqa: FBT001  a case's verdict
    assert (licences.problem_of("some-package", licence) is None) == is_fine


def test_every_front_end_file_is_the_one_that_was_recorded() -> None:
    assert assets.missing(assets.read_manifest(assets.MANIFEST), ROOT) == []


def test_a_front_end_file_that_differs_is_not_used(tmp_path: Path) -> None:
    source = tmp_path / "modules" / "htmx.org" / "dist" / "htmx.min.js"
    source.parent.mkdir(parents=True)
    source.write_text("alert('not htmx')", encoding="utf-8")
    entry = next(one for one in assets.read_manifest(assets.MANIFEST) if one["source"] == "dist/htmx.min.js")

    with pytest.raises(Told, match="is not the file that was recorded"):
        assets.copy([entry], tmp_path / "modules", tmp_path / "target")

    assert not (tmp_path / "target").exists()


def test_the_manifest_and_package_json_name_the_same_versions() -> None:
    package = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    pins = {**package["dependencies"], **package["devDependencies"]}

    recorded = {one["package"]: one["version"] for one in assets.read_manifest(assets.MANIFEST)}

    assert recorded == pins


def test_a_named_browser_that_is_not_there_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(browser.SETTING, "/nowhere/chromium")

    with pytest.raises(FileNotFoundError, match=r"TIPLINE_CHROMIUM names /nowhere/chromium"):
        browser.find()


def test_a_browser_on_path_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = fake_python(tmp_path, "chromium-browser", "1.0.0")
    monkeypatch.delenv(browser.SETTING, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))

    assert browser.find() == program


@pytest.mark.parametrize(("ci", "status"), [("true", 1), ("", 0)])
def test_a_missing_browser_fails_in_ci_and_is_loud_elsewhere(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], ci: str, status: int
) -> None:
    monkeypatch.setenv("CI", ci)
    monkeypatch.setattr(browser, "find", lambda: None)
    monkeypatch.setattr(browser, "fetch", lambda: None)
    monkeypatch.setattr(browser, "left_out", lambda: ["tests/journeys/test_main_job.py::test_a_tip_becomes_a_figure"])

    answer = browser.main()

    told = capsys.readouterr()
    assert answer == status
    assert told.out == ""
    assert ("test_a_tip_becomes_a_figure" in told.err) == (status == 0)


def test_the_built_package_carries_every_file_of_ours(tmp_path: Path) -> None:
    source = tmp_path / "source"
    for package in PACKAGES:
        shutil.copytree(ROOT / package, source / package, ignore=shutil.ignore_patterns(*NOT_PACKED))
    for name in ("pyproject.toml", "piccolo_conf.py", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source / name)
    wanted = {str(path.relative_to(source)) for one in PACKAGES for path in (source / one).rglob("*") if path.is_file()}

    subprocess.run(
        [
            sys.executable,
            "-m",
            "pip",
            "wheel",
            "-q",
            "--no-deps",
            "--no-build-isolation",
            "--no-index",
            "-w",
            "built",
            ".",
        ],
        cwd=source,
        check=True,
        env={**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"},
    )

    with zipfile.ZipFile(next((source / "built").glob("*.whl"))) as wheel:
        assert {*wanted, "piccolo_conf.py"} - set(wheel.namelist()) == set()

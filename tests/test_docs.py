"""What the documents say, held to what the code does."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Final

import pytest

from tests.test_rules import stored_enums
from tipline.cli import COMMANDS
from tipline.web.labels import LABELS
from tipline.web.locale import Language, translations

ROOT: Final = Path(__file__).resolve().parent.parent
CODE: Final = ("tipline", "evidence", "matching", "workers", "tools", "deploy")
DOCUMENTS: Final = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "deploy").rglob("*.md")])


def settings_in_the_code() -> set[str]:
    texts = [path.read_text(encoding="utf-8") for folder in CODE for path in (ROOT / folder).rglob("*.py")]
    return {name for text in texts for name in re.findall(r'"(TIPLINE_[A-Z_]*[A-Z])"', text)}


def settings_in_the_table() -> set[str]:
    text = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    return set(re.findall(r"^\| `(TIPLINE_[A-Z_]+)` \|", text, re.MULTILINE))


def test_every_setting_is_in_the_table_of_settings_and_no_other() -> None:
    assert settings_in_the_table() == settings_in_the_code()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_to_a_file_leads_somewhere(document: Path) -> None:
    links = re.findall(r"\]\((?!https?://|#|mailto:)([^)#\s]+)", document.read_text(encoding="utf-8"))

    assert [link for link in links if not (document.parent / link).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_command_it_names_exists(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    code = "\n".join(re.findall(r"`[^`\n]+`|^```.*?^```", text, re.MULTILINE | re.DOTALL))

    made = set(re.findall(r"(?:^|`|&& )make ([a-z][a-z-]*)", code, re.MULTILINE))
    called = set(re.findall(r"(?:^|`|bin/)tipline ([a-z]+)", code, re.MULTILINE))

    assert made - targets == set()
    assert called - set(COMMANDS) == set()


def test_every_target_of_the_makefile_is_explained_and_phony() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.findall(r"^([a-z][a-z-]*):(.*)$", text, re.MULTILINE)
    phony = set(next(re.finditer(r"^\.PHONY: (.*)$", text, re.MULTILINE))[1].split())

    assert [name for name, rest in targets if "##" not in rest] == []
    assert {name for name, _ in targets} == phony


def test_ci_asks_what_the_readme_promises() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")

    assert re.findall(r"^make \w+", script, re.MULTILINE)[:2] == ["make check", "make test"]


def test_the_architecture_page_shows_the_layers_of_the_import_contract() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    shown = re.search(r"top to bottom:\n(.*?)\.\nA lower room", page, re.DOTALL)
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    layers = [
        built
        for layer in next(one["layers"] for one in contracts if one.get("containers") == ["tipline"])
        if (built := " | ".join(room for room in layer.split(" | ") if not room.startswith("(")))
    ]

    assert shown is not None
    assert re.findall(r"`([^`]+)`", shown[1]) == layers


def test_the_architecture_page_names_every_room() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    tree = page.split("## The tree")[1].split("## ")[0]
    rooms = {path.name for path in (ROOT / "tipline").iterdir() if path.suffix == ".py" and path.name[0] != "_"}
    rooms |= {f"{path.parent.name}/" for path in (ROOT / "tipline").glob("*/__init__.py")}

    assert {room for room in rooms if room not in tree} == set()


@pytest.mark.parametrize("enum", sorted(enum.__name__ for enum in stored_enums()))
def test_the_glossary_calls_a_value_what_the_pages_call_it(enum: str) -> None:
    glossary = (ROOT / "GLOSSARY.md").read_text(encoding="utf-8")
    row = re.search(rf"^\| `{enum}` \|.*$", glossary, re.MULTILINE)
    chinese = translations(Language.CHINESE)

    assert row is not None
    assert [f"`{value}` {chinese.gettext(label)}" for value, label in LABELS[enum].items()] == re.split(
        r" · ", row[0].split(" | ")[2].removesuffix(" |")
    )

"""The architecture as tests: what a reviewer would otherwise have to remember (docs/architecture.md)."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

import pytest
from litestar import Litestar
from litestar.routes import HTTPRoute
from piccolo.columns import ForeignKey, OnDelete
from piccolo.table import Table

import evidence
import matching
import tipline
import workers
from evidence.errors import CustodyBroken, EvidenceError, KeyRefused, ObjectExists, StorageError
from piccolo_conf import APP_REGISTRY
from tests.platform import disconnect
from tipline.app import create_public_app, create_staff_app
from tipline.datafolder import SECRET_NAMES, EmbeddedError, write_secret
from tipline.errors import TiplineError
from tipline.settings import Settings
from tipline.web.errors import status_of
from tipline.web.guards import PUBLIC_KEY, ROLES_KEY
from tipline.web.labels import LABELS
from tipline.web.wording import SENTENCES
from tipline.work.tables import Job
from workers.run import function_of

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = (tipline, evidence, matching, workers)
SOURCES = ("tipline", "evidence", "matching", "workers", "tests", "tools", "benchmarks")
LONGEST_FILE = 400
WRITTEN_KINDS = {".py", ".html", ".js", ".css", ".sh"}
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "core", "base"}
CATCH_ALL = {"tipline/web/errors.py", "workers/run.py"}
Kind = TypeVar("Kind")
# Routes of the staff face that serve someone who has not signed in.
OPEN_STAFF_ROUTES = {
    "/api/v1/openapi.json",
    "/api/v1/openapi.json/openapi.json",
    "/api/v1/openapi.json/{path}",
    "/health",
    "/sign-in",
    "/sign-in/second-factor",
    "/sign-in/second-factor/passkey",
    "/sign-in/second-factor/passkey/options",
    "/static/{path}",
    "/language",
}
# What ends a start-up or a command is told on the terminal and never answers a request.
TERMINAL_ONLY = (
    "tipline.cli",
    "tipline.settings",
    "tipline.schema",
    "tipline.supervisor",
    "tipline.commands",
    "tipline.demo",
)
# Foreseen, answered with 500, and an alarm: the store or the ledger is not what it must be, or we called it wrongly.
ALARMS = (CustodyBroken, KeyRefused, ObjectExists)
ROOTS = (TiplineError, EvidenceError, StorageError)


def modules() -> Iterator[ModuleType]:
    """Every module of the four packages, migrations left out."""
    for package in PACKAGES:
        yield package
        for found in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
            if "piccolo_migrations" not in found.name and not found.name.endswith("__main__"):
                yield importlib.import_module(found.name)


def classes(kind: type[Kind]) -> set[type[Kind]]:
    """Classes derived from `kind` that our modules define."""
    return {
        value
        for module in modules()
        for value in vars(module).values()
        if inspect.isclass(value) and issubclass(value, kind) and value.__module__ == module.__name__
    }


def tables() -> list[type[Table]]:
    return [
        table
        for app in APP_REGISTRY.apps
        for table in importlib.import_module(app).APP_CONFIG.table_classes
        if issubclass(table, Table)
    ]


def name_of(kind: Any) -> str:
    return str(kind.__name__)


def stored_enums() -> set[type[StrEnum]]:
    """The enums whose values stand in the database."""
    return {one for one in classes(StrEnum) if one.__module__.endswith(".tables")}


def request_errors() -> list[type[Exception]]:
    """The error classes that can come out of a request."""
    foreseen: set[type[Exception]] = {*classes(TiplineError), *classes(EvidenceError)}
    return sorted(
        (
            one
            for one in foreseen
            if not issubclass(one, EmbeddedError)
            and not one.__module__.startswith(TERMINAL_ONLY)
            and not one.__name__.startswith("_")
            and one not in ROOTS
        ),
        key=name_of,
    )


def written_files() -> list[Path]:
    """Files people write: no generated first migrations, no fetched files, no catalogues."""
    return [
        path
        for folder in SOURCES
        for path in sorted((ROOT / folder).rglob("*"))
        if path.suffix in WRITTEN_KINDS and "vendor" not in path.parts and not path.name.endswith("_0001_tables.py")
    ]


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[Settings]:
    """Settings of a platform that nobody starts."""
    for name in SECRET_NAMES:
        write_secret(tmp_path / name, "not used")
    yield Settings(database_url="postgresql:///nowhere", secrets_dir=tmp_path, objects_dir=tmp_path / "objects")
    disconnect()


@pytest.mark.parametrize("job", list(Job), ids=lambda job: job.value)
def test_every_job_names_a_coroutine_function(job: Job) -> None:
    assert inspect.iscoroutinefunction(function_of(job))


@pytest.mark.parametrize("error", request_errors(), ids=name_of)
def test_every_foreseen_error_has_an_answer_and_a_sentence(error: type[Exception]) -> None:
    status = status_of(error.__new__(error))
    worded = [kind.__name__ for kind in error.__mro__ if kind.__name__ in SENTENCES]

    assert (status == 500) == issubclass(error, ALARMS)
    assert status == 500 or worded[:1] not in ([], ["TiplineError"])


def test_every_error_of_ours_stands_in_a_tree_that_is_answered() -> None:
    strays = {
        one.__name__
        for one in classes(Exception)
        if not issubclass(one, (TiplineError, EvidenceError))
        and not one.__module__.startswith(("workers", *TERMINAL_ONLY))
        and not issubclass(one, ValueError)  # a pure function's refusal; its caller translates it
        and not one.__name__.startswith("_")
    }

    assert strays == set()


def test_no_sentence_is_kept_for_an_error_that_is_gone() -> None:
    known = {one.__name__ for one in classes(Exception)}

    # `Name.variant` words one error by one of its facts.
    assert {name.split(".")[0] for name in SENTENCES} - known == set()


@pytest.mark.parametrize("enum", sorted(stored_enums(), key=name_of), ids=name_of)
def test_every_stored_value_has_a_label(enum: type[StrEnum]) -> None:
    assert set(LABELS.get(enum.__name__, {})) == {one.value for one in enum}


def test_no_label_is_kept_for_an_enum_that_is_gone() -> None:
    assert set(LABELS) - {one.__name__ for one in classes(StrEnum)} == set()


@pytest.mark.parametrize("table", tables(), ids=name_of)
def test_no_foreign_key_deletes_in_cascade(table: type[Table]) -> None:
    rules = {
        column._meta.name: column._foreign_key_meta.on_delete  # noqa: SLF001  Piccolo tells it nowhere else
        for column in table._meta.columns  # noqa: SLF001  same
        if isinstance(column, ForeignKey)
    }

    assert set(rules.values()) <= {OnDelete.restrict}, rules


def test_every_table_and_stored_enum_is_in_the_glossary() -> None:
    glossary = (ROOT / "GLOSSARY.md").read_text(encoding="utf-8")
    names = {table.__name__ for table in tables()} | {enum.__name__ for enum in stored_enums()}

    assert {name for name in names if f"`{name}`" not in glossary} == set()


def test_no_file_is_longer_than_a_reader_can_hold() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in written_files()
        for lines in [len(path.read_text(encoding="utf-8").splitlines())]
        if lines > LONGEST_FILE
    }

    assert long == {}


def test_no_file_is_named_for_a_kind_instead_of_a_subject() -> None:
    # Only code: the template that others extend is called base.html wherever Jinja is spoken.
    code = [path for path in written_files() if path.suffix == ".py"]

    assert [str(path.relative_to(ROOT)) for path in code if path.stem in FORBIDDEN_NAMES] == []


def test_every_migration_is_named_by_number_and_sentence() -> None:
    folders = [folder for package in PACKAGES for folder in Path(package.__path__[0]).rglob("piccolo_migrations")]
    names = [path.name for folder in folders for path in folder.glob("*.py") if path.name != "__init__.py"]
    names = [name for name in names if not re.fullmatch(r"[a-z]+_\d{4}_[a-z0-9_]+\.py", name)]

    assert names == []


def handlers(app: Litestar) -> Iterator[tuple[str, dict[str, object]]]:
    """Path and options of every route handler, those that Litestar makes for OPTIONS left out."""
    for route in app.routes:
        if isinstance(route, HTTPRoute):
            for handler in route.route_handlers:
                if set(handler.http_methods) != {"OPTIONS"}:
                    yield route.path_format, dict(handler.opt)


def test_every_staff_route_names_whom_it_serves(settings: Settings) -> None:
    app = create_staff_app(settings)

    silent = {path for path, opt in handlers(app) if not opt.get(PUBLIC_KEY) and ROLES_KEY not in opt}
    opened = {path for path, opt in handlers(app) if opt.get(PUBLIC_KEY)}

    assert silent == set()
    assert opened - OPEN_STAFF_ROUTES == set()


def test_the_public_face_serves_no_staff_route(settings: Settings) -> None:
    app = create_public_app(settings)

    assert {path for path, opt in handlers(app) if ROLES_KEY in opt} == set()


def catches_everything(tree: ast.AST) -> bool:
    """True when the code has a bare except, or one (or a suppress) of Exception or BaseException."""
    wide = {"Exception", "BaseException"}
    for node in ast.walk(tree):
        if isinstance(node, ast.ExceptHandler):
            caught = [] if node.type is None else list(ast.walk(node.type))
            if node.type is None or any(isinstance(one, ast.Name) and one.id in wide for one in caught):
                return True
        is_suppress = isinstance(node, ast.Call) and ast.unparse(node.func).endswith("suppress")
        if is_suppress and any(isinstance(one, ast.Name) and one.id in wide for one in ast.iter_child_nodes(node)):
            return True
    return False


def test_errors_are_caught_whole_in_two_places_only() -> None:
    wide = {
        name
        for path in written_files()
        if path.suffix == ".py"
        for name in [str(path.relative_to(ROOT))]
        if not name.startswith(("tests/", "tools/", "benchmarks/"))
        if catches_everything(ast.parse(path.read_text(encoding="utf-8")))
    }

    assert wide - CATCH_ALL == set()


def test_no_page_asks_a_third_party() -> None:
    address = re.compile(r"""(?:https?:)?//(?!www\.w3\.org/)[\w.-]+\.[a-z]{2,}""")
    asked = {
        f"{path.relative_to(ROOT)}: {found[0]}"
        for path in written_files()
        if path.suffix in {".html", ".css", ".js"} and "tipline" in path.parts
        for found in [address.findall(path.read_text(encoding="utf-8"))]
        if found
    }

    assert asked == set()

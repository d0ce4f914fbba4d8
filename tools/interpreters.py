"""Finds a Python that can make this project's `.venv`; runs on any Python 3.8 or newer, standard library only."""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
from dataclasses import dataclass

SUPPORTED = ((3, 13), (3, 12), (3, 11))
_ASK = """
import json, sys
from importlib.util import find_spec
print(json.dumps({"version": sys.version_info[:3], "venv": bool(find_spec("venv") and find_spec("ensurepip"))}))
"""


class Told(Exception):
    """Setup cannot go on; the message is the one plain sentence for the person, remedy included."""


@dataclass(frozen=True)
class Interpreter:
    """One Python on this machine: its program, version and whether it can make virtual environments."""

    program: str
    version: tuple[int, int, int]
    has_venv: bool

    @property
    def is_supported(self) -> bool:
        """True for the versions the project is tested on."""
        return self.version[:2] in SUPPORTED


def look_at(program: str) -> Interpreter | None:
    """Ask `program` what it is; None when it is no Python 3 that answers (a version manager's empty shim, say)."""
    try:
        said = subprocess.run([program, "-I", "-c", _ASK], capture_output=True, text=True, check=False, timeout=30)
        facts = json.loads(said.stdout)
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return None
    major, minor, patch = facts["version"]
    return Interpreter(program, (major, minor, patch), facts["venv"])


def choose(path: str, *, wanted: str = "") -> Interpreter:
    """Return the Python to build with: `wanted` when named, else the newest supported one on `path`.

    Raises:
        Told: there is none, or it lacks the venv module.
    """
    names = [wanted] if wanted else [*(f"python{major}.{minor}" for major, minor in SUPPORTED), "python3", "python"]
    programs = [found for name in names for found in [shutil.which(name, path=path)] if found]
    seen = [interpreter for program in programs for interpreter in [look_at(program)] if interpreter]
    supported = [interpreter for interpreter in seen if interpreter.is_supported]
    for interpreter in supported:
        if interpreter.has_venv:
            return interpreter
    if supported:
        raise Told(_without_venv(supported[0]))
    if seen:
        version = ".".join(map(str, seen[0].version))
        raise Told(f"Python {version} ({seen[0].program}) is not supported: {install_hint()}")
    raise Told(f"No Python 3.11, 3.12 or 3.13 was found on PATH: {install_hint()}")


def _without_venv(interpreter: Interpreter) -> str:
    name = f"python{interpreter.version[0]}.{interpreter.version[1]}-venv"
    return (
        f"Python at {interpreter.program} lacks its venv module (Debian and Ubuntu ship it apart):"
        f" install it with `{as_root()}apt-get install {name}`, then run `make setup` again."
    )


def install_hint() -> str:
    """Return how to install a supported Python here, as the second half of a sentence."""
    if platform.system() == "Darwin":
        return "install one with `brew install python@3.13` or from python.org, then run `make setup` again."
    return (
        f"install one with `{as_root()}apt-get install python3 python3-venv` (or your distribution's way),"
        " then run `make setup` again."
    )


def as_root() -> str:
    """Return the `sudo ` a person types before a package manager, empty when already root."""
    return "" if os.geteuid() == 0 else "sudo "

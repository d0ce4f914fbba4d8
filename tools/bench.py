"""Runs every script of `benchmarks/` and writes `docs/benchmarks.md`.

A script is `python -m benchmarks.NAME`: it prints its figures (a Markdown section beginning with `## `, or plain lines)
and exits 0; exit 3 means that what it measures is not on this machine, anything else that it broke.
`python -m tools.bench NAME...` runs only those and prints them, leaving the document alone.
"""

from __future__ import annotations

import ast
import os
import platform
import subprocess
import sys
import time
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from tools.setup import ROOT, say

FOLDER = ROOT / "benchmarks"
DOCUMENT = ROOT / "docs" / "benchmarks.md"
NOT_HERE = 3
LONGEST_S = 1800
NAMED_VERSIONS = ("litestar", "piccolo", "uvicorn", "opencv-python-headless", "av", "onnxruntime", "numpy")


def machine() -> list[str]:
    """Return the facts of this machine that figures depend on; nothing that names it."""
    processor = platform.processor() or platform.machine()
    memory = ""
    if sys.platform == "linux":
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                processor = line.split(":", 1)[1].strip()
                break
        memory = f", {os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 1024**3:.0f} GiB memory"
    versions = ", ".join(f"{name} {version(name)}" for name in NAMED_VERSIONS)
    return [
        f"- {os.cpu_count()} cores ({processor}){memory}; {platform.system()} {platform.release().split('-')[0]}",
        f"- Python {platform.python_version()}; {versions}",
    ]


def first_sentence(script: Path) -> str:
    """Return the first line of the script's docstring."""
    told = ast.get_docstring(ast.parse(script.read_text(encoding="utf-8"))) or script.stem
    return told.splitlines()[0]


def run(script: Path) -> tuple[str, bool]:
    """Run one script and return its Markdown section, and whether it broke."""
    started = time.monotonic()
    try:
        done = subprocess.run(
            [sys.executable, "-m", f"benchmarks.{script.stem}"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
            timeout=LONGEST_S,
        )
        code, told, words = done.returncode, done.stdout.strip(), done.stderr.strip()
    except subprocess.TimeoutExpired:
        code, told, words = 1, "", f"still running after {LONGEST_S} s"
    command = f"`python -m benchmarks.{script.stem}`, {time.monotonic() - started:.0f} s"
    last = (told + "\n" + words).strip().splitlines()[-1:] or ["no word"]
    if code == NOT_HERE:
        return f"## {script.stem}\n\n{first_sentence(script)}\n\nNot measured on this machine: {last[0]}\n", False
    if code != 0:
        return f"## {script.stem}\n\n{first_sentence(script)}\n\nBroke (exit {code}): {last[0]}\n", True
    if told.startswith("## "):
        return f"{told}\n\n{command}\n", False
    return f"## {script.stem}\n\n{first_sentence(script)}\n\n```\n{told}\n```\n\n{command}\n", False


def main(names: list[str]) -> int:
    """Run the scripts named (all when none is); 1 when one broke, 2 when a name is unknown."""
    scripts = {script.stem: script for script in sorted(FOLDER.glob("*.py")) if script.stem != "__init__"}
    unknown = [name for name in names if name not in scripts]
    if unknown:
        say(f"no such benchmark: {', '.join(unknown)}; there are {', '.join(scripts)}")
        return 2
    sections, broken = [], []
    for name in names or scripts:
        say(f"measuring {name}")
        section, broke = run(scripts[name])
        sections.append(section)
        broken += [name] if broke else []
    if names:
        print("\n".join(sections))
    else:
        day = datetime.now(UTC).date().isoformat()
        head = ["# Benchmarks", "", f"Written by `make bench` on {day}; each section names its command.", ""]
        DOCUMENT.write_text("\n".join([*head, *machine(), "", *sections]), encoding="utf-8")
    for name in broken:
        say(f"{name} broke; its section says how")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

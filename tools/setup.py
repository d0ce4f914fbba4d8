"""Makes this checkout ready: `.venv`, the front end's files and the models, all by pinned checksums.

`python3 -m tools.setup run` is enough to run the platform, `... dev` to test it too. Needs only a supported Python
with its venv module; touches nothing outside the checkout. A second run finds its stamps and does nothing.
This file runs on Python 3.8 or newer, so that an unsupported one is refused in words.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tools.interpreters import Told, as_root, choose, look_at

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
LOCKS = {"run": "requirements.lock", "dev": "requirements-dev.lock"}
# A person's own settings that would send packages elsewhere than into our environment, or add demands to them.
FOREIGN = (
    *("PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_CONSTRAINT", "PIP_BUILD_CONSTRAINT"),
    *("PIP_REQUIREMENT", "PIP_NO_DEPS", "PIP_NO_BINARY", "PIP_PYTHON", "PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV"),
)
UNREACHABLE = (
    *("NewConnectionError", "Temporary failure in name resolution", "Connection refused", "ConnectTimeout"),
    *("Network is unreachable", "NameResolutionError", "ConnectionError", "ProxyError", "ReadTimeoutError"),
)
UNTRUSTED = ("CERTIFICATE_VERIFY_FAILED", "SELF_SIGNED_CERT_IN_CHAIN", "UNABLE_TO_GET_ISSUER_CERT", "SSLError")


def say(words: str) -> None:
    """Tell the person what happens; on stderr, so that a caller's stdout stays clean."""
    print(f"setup: {words}", file=sys.stderr, flush=True)


def clean_env() -> dict[str, str]:
    """Return the environment for the programs we start: the person's own, without what would lead pip astray."""
    env = {name: value for name, value in os.environ.items() if name not in FOREIGN}
    return {**env, "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PYTHONNOUSERSITE": "1"}


def digest(*files: Path) -> str:
    """Return one SHA-256 over the names and bytes of `files`."""
    whole = hashlib.sha256()
    for file in files:
        whole.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return whole.hexdigest()


def read_stamp(stamp: Path) -> dict[str, str]:
    """Return what an earlier run recorded; empty when there is none or it was broken off."""
    try:
        found = json.loads(stamp.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def write_stamp(stamp: Path, facts: dict[str, str]) -> None:
    """Record a finished step; whole or not at all."""
    fresh = stamp.with_suffix(".new")
    fresh.write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
    fresh.replace(stamp)


@contextmanager
def one_at_a_time(root: Path) -> Iterator[None]:
    """Let two setups of one checkout wait for each other."""
    folder = root / ".setup"
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            say("another setup is at work in this checkout; waiting for it")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def make_environment(root: Path) -> Path:
    """Return the Python of a working `.venv`, made or mended where needed.

    Raises:
        Told: no Python fits, or the disk refused.
    """
    python = root / ".venv" / "bin" / "python"
    found = look_at(str(python)) if python.exists() else None
    wanted = os.environ.get("SETUP_PYTHON", "")
    if found and found.is_supported and _has_pip(python):
        return python
    chosen = choose(os.environ.get("PATH", os.defpath), wanted=wanted)
    if found and not found.is_supported:
        say(f".venv holds Python {'.'.join(map(str, found.version))}, which is not supported; making it anew")
    say(f"making .venv with Python {'.'.join(map(str, chosen.version))} ({chosen.program})")
    made = subprocess.run(
        [chosen.program, "-m", "venv", "--clear", str(root / ".venv")],
        capture_output=True,
        text=True,
        check=False,
        env=clean_env(),
    )
    if made.returncode != 0:
        last = (made.stdout + made.stderr).strip().splitlines()[-1:] or ["no reason given"]
        raise Told(f"The virtual environment .venv could not be made ({last[0]}); check free disk space and rights.")
    return python


def _has_pip(python: Path) -> bool:
    return subprocess.run([str(python), "-m", "pip", "--version"], capture_output=True, check=False).returncode == 0


def install(python: Path, root: Path, profile: str) -> None:
    """Install the locked packages of `profile` and the project itself, unless the stamp says it is done.

    Raises:
        Told: no registry answers, a package does not fit this machine, or a checksum differs.
    """
    stamp = root / ".venv" / "setup.json"
    # The project itself is linked in place: only its entry points and metadata need installing anew.
    wanted = {name: digest(root / lock, root / "pyproject.toml") for name, lock in LOCKS.items()}
    found = read_stamp(stamp)
    if found.get(profile) == wanted[profile]:
        return
    lock = root / LOCKS[profile]
    count = sum(1 for line in lock.read_text(encoding="utf-8").splitlines() if line[:1].isalnum())
    say(f"installing {count} locked packages into .venv (a few hundred MB the first time)")
    started = time.monotonic()
    install_locked(python, lock, root / ".setup" / "pip.log")
    pip(
        [str(python), "-m", "pip", "install", "--no-deps", "--no-build-isolation", "--no-index", "-q", "-e", str(root)],
        root / ".setup" / "pip.log",
    )
    # The development lock holds the other one whole (a test says so), so it serves both profiles.
    write_stamp(stamp, wanted if profile == "dev" else {"run": wanted["run"]})
    say(f"packages ready after {time.monotonic() - started:.0f} s")


def install_locked(python: Path, lock: Path, log: Path, *more: str) -> None:
    """Install `lock` by its hashes; ready-made packages first, built from source only where there is a compiler.

    Raises:
        Told: as `install`.
    """
    command = [str(python), "-m", "pip", "install", "--require-hashes", "--no-deps", "--retries", "2", *more]
    command += ["--progress-bar", "off", "-r", str(lock)]
    try:
        pip([*command, "--only-binary", ":all:"], log)
    except NoReadyMade as missing:
        if not any(shutil.which(name) for name in ("cc", "gcc", "clang")):
            raise Told(
                f"There is no ready-made package of {missing.package} for this machine and no C compiler to build it:"
                f" install one with `{compiler_hint()}`, then run `make setup` again."
            ) from missing
        say(f"no ready-made package of {missing.package} for this machine; building it")
        pip(command, log)


class NoReadyMade(Told):
    """The registry answers but has no wheel of `package` for this machine."""

    def __init__(self, package: str) -> None:
        super().__init__(f"There is no package {package} for this machine; the project runs on Linux and macOS 14+.")
        self.package = package


def compiler_hint() -> str:
    """Return the command that installs a compiler here."""
    return "xcode-select --install" if sys.platform == "darwin" else f"{as_root()}apt-get install build-essential"


def pip(command: list[str], log: Path) -> None:
    """Run one pip command with its output in `log`.

    Raises:
        Told: it failed; the sentence says why as far as pip's words tell.
    """
    with log.open("w", encoding="utf-8") as file:
        done = subprocess.run(command, stdout=file, stderr=subprocess.STDOUT, check=False, env=clean_env())
    if done.returncode == 0:
        return
    words = log.read_text(encoding="utf-8", errors="replace")
    if any(sign in words for sign in UNTRUSTED):
        raise Told(
            "The package registry's certificate is not trusted on this machine: name your organisation's certificate"
            f" file in PIP_CERT, then run `make setup` again; pip's own words are in {log}."
        )
    # A registry that cannot be reached also ends in "No matching distribution": ask for the network first.
    if any(sign in words for sign in UNREACHABLE):
        raise Told(
            "No package registry answers: connect this machine to the network (or name your organisation's mirror in"
            f" PIP_INDEX_URL), then run `make setup` again; pip's own words are in {log}."
        )
    if "No space left on device" in words:
        raise Told("The disk is full: setup needs about 2 GB; free some and run `make setup` again.")
    if "THESE PACKAGES DO NOT MATCH THE HASHES" in words:
        raise Told(f"A downloaded package is not the one that was locked, nothing of it was used; see {log}.")
    for line in words.splitlines():
        if "No matching distribution found for" in line:
            raise NoReadyMade(line.split("found for", 1)[1].strip().split(" ")[0])
    raise Told(f"pip could not install the packages; its own words are in {log}.")


def fetch_assets(python: Path, root: Path, profile: str) -> None:
    """Bring the pinned files of the front end (and of the tests) from the npm registry, by checksum.

    Raises:
        Told: see tools/assets.py.
    """
    done = subprocess.run([str(python), "-m", "tools.assets", profile], cwd=root, check=False, env=clean_env())
    if done.returncode != 0:
        raise Told("The front end's files are missing (see above).")


def fetch_models(python: Path, root: Path) -> None:
    """Bring the pinned recognition models, by checksum.

    Raises:
        Told: see tools/fetch_models.py.
    """
    done = subprocess.run([str(python), "-m", "tools.fetch_models"], cwd=root, check=False, env=clean_env())
    if done.returncode != 0:
        raise Told("The recognition models are missing (see above).")


def set_up(root: Path, profile: str) -> None:
    """Do every step that is not done yet.

    Raises:
        Told: one plain sentence, remedy included.
    """
    if shutil.which("make") is None:
        say(
            "`make` is missing, so the other commands of the README will not run: install it with"
            f" `{'xcode-select --install' if sys.platform == 'darwin' else as_root() + 'apt-get install make'}`"
        )
    with one_at_a_time(root):
        python = make_environment(root)
        install(python, root, profile)
        fetch_assets(python, root, profile)
        fetch_models(python, root)


def main(arguments: list[str]) -> int:
    """Run the command line; 0 done, 1 told why not, 2 wrong arguments."""
    profile = arguments[0] if arguments else "dev"
    if len(arguments) > 1 or profile not in LOCKS:
        say(f"usage: python3 -m tools.setup [{'|'.join(LOCKS)}]")
        return 2
    if sys.platform not in {"linux", "darwin"}:
        say("The platform runs on Linux and macOS; on Windows use WSL.")
        return 1
    try:
        set_up(ROOT, profile)
    except Told as told:
        say(str(told))
        return 1
    except KeyboardInterrupt:
        say("broken off; run it again and it goes on where it stopped")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

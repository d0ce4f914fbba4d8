"""A platform to walk through: one started on a fresh temporary data folder, or one that runs already."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from tipline.demo.visitor import StepFailed
from tipline.supervisor import tether

READY_WITHIN_S: Final = 180.0
STOP_WITHIN_S: Final = 30.0
POLL_S: Final = 0.1
LAST_WORDS: Final = 600


@dataclass(frozen=True, slots=True)
class RunningPlatform:
    """Where a platform answers and who may sign in; `data` is its data folder, None when it did not say."""

    public_url: str
    staff_url: str
    data: Path | None
    passwords: dict[str, tuple[str, str]] = field(repr=False)

    def sign_in_of(self, role: str) -> tuple[str, str]:
        """Return user name and password of the demo account of a role.

        Raises:
            StepFailed: the platform has no demo county, so nobody's password is known.
        """
        if role not in self.passwords:
            raise StepFailed(f"the platform names no demo sign-in of a {role}: it runs without the demo county")
        return self.passwords[role]


def read_ready_file(path: Path) -> RunningPlatform:
    """Return the platform that a ready file (`tipline up --ready-file`) tells of.

    Raises:
        ValueError: it is no ready file; the message is a plain sentence.
    """
    try:
        told: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return RunningPlatform(
            public_url=told["public_url"],
            staff_url=told["staff_url"],
            data=Path(told["data"]) if told.get("data") else None,
            passwords={one["role"]: (one["username"], one["password"]) for one in told.get("accounts", [])},
        )
    except OSError as problem:
        raise ValueError(f"{path} cannot be read: {problem.strerror}.") from problem
    except (ValueError, KeyError, TypeError) as problem:
        raise ValueError(f"{path} is no ready file of `tipline up`.") from problem


@contextmanager
def started_platform() -> Iterator[RunningPlatform]:
    """Start `tipline up` on a fresh temporary folder, and stop it and remove the folder afterwards.

    Raises:
        StepFailed: it did not get ready; its last words are in the message.
    """
    folder = Path(tempfile.mkdtemp(prefix="tipline-demo-"))
    try:
        ready, log = folder / "ready.json", folder / "up.log"
        with log.open("wb") as said:
            child = subprocess.Popen(  # noqa: S603  our own program and arguments
                [*_tethered(), *_up(folder / "data", ready)],
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
                env=_without_external_services(),
                start_new_session=True,  # Ctrl-C comes to us alone; we pass it on once
            )
        try:
            _wait(child, ready, log)
            yield read_ready_file(ready)
        finally:
            _stop(child)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _tethered() -> list[str]:
    # Should this process be killed, the kernel tells the platform to stop.
    return [sys.executable, str(tether.__file__), str(os.getpid()), str(int(signal.SIGTERM)), "-", "-"]


def _up(data: Path, ready: Path) -> list[str]:
    options = ["--data", str(data), "--public-port", "0", "--staff-port", "0", "--ready-file", str(ready)]
    # Two workers: the walk's own files are not to wait behind those of the county.
    return [sys.executable, "-m", "tipline.cli", "up", "--workers", "2", *options]


def _without_external_services() -> dict[str, str]:
    """Keep a throw-away platform away from a real database that this shell may name."""
    return {name: value for name, value in os.environ.items() if not name.startswith("TIPLINE_")}


def _wait(child: subprocess.Popen[bytes], ready: Path, log: Path) -> None:
    until = time.monotonic() + READY_WITHIN_S
    while not ready.exists():
        if child.poll() is not None:
            raise StepFailed(f"the platform ended while starting: {_last_words(log)}")
        if time.monotonic() > until:
            raise StepFailed(f"the platform was not ready within {READY_WITHIN_S:.0f} s: {_last_words(log)}")
        time.sleep(POLL_S)


def _last_words(log: Path) -> str:
    return " ".join(log.read_text(encoding="utf-8", errors="replace").split())[-LAST_WORDS:] or "it said nothing"


def _stop(child: subprocess.Popen[bytes]) -> None:
    if child.poll() is None:
        child.terminate()  # not SIGINT: a child of a background job has it ignored
    try:
        child.wait(timeout=STOP_WITHIN_S)
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()

"""A whole platform started as a user would: `tipline up` on a fresh folder with the demo county."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

READY_WITHIN_S = 120
STOP_WITHIN_S = 30


@dataclass(frozen=True, slots=True)
class Live:
    """Where the two faces listen and who may sign in."""

    public_url: str
    staff_url: str
    folder: Path
    passwords: dict[str, tuple[str, str]]

    def account(self, role: str) -> tuple[str, str]:
        """Return user name and password of the demo account with `role`."""
        return self.passwords[role]


@contextlib.contextmanager
def live_platform(folder: Path) -> Iterator[Live]:
    """Start the platform, wait until every part answers, and stop it by one Ctrl-C."""
    ready = folder / "ready.json"
    said = folder / "up.log"
    folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "tipline.cli", "up", "--data", str(folder / "var"), "--ready-file", str(ready)]
    with said.open("wb") as log:
        child = subprocess.Popen(
            [*command, "--public-port", "0", "--staff-port", "0"],
            stdout=log,
            stderr=subprocess.STDOUT,
            env={name: value for name, value in os.environ.items() if not name.startswith("TIPLINE_")},
        )
    try:
        deadline = time.monotonic() + READY_WITHIN_S
        while not ready.exists():
            if child.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the platform did not come up: {said.read_text(encoding='utf-8')[-3000:]}")
            time.sleep(0.1)
        told = json.loads(ready.read_text(encoding="utf-8"))
        yield Live(
            public_url=told["public_url"],
            staff_url=told["staff_url"],
            folder=folder / "var",
            passwords={one["role"]: (one["username"], one["password"]) for one in told["accounts"]},
        )
    finally:
        child.send_signal(signal.SIGINT)
        child.wait(timeout=STOP_WITHIN_S)

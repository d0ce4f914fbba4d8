"""Starts our own programs as real processes and waits for what they do, by looking, never by sleeping and hoping."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil

ROOT = Path(__file__).resolve().parent.parent
LOOK_EVERY_S = 0.05


def plain_env() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(("TIPLINE_", "PG"))}


def tipline(*words: str, stdin: str = "", env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run a command of the platform to its end."""
    return subprocess.run(
        [sys.executable, "-m", "tipline.cli", *words],
        cwd=ROOT,
        input=stdin,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=env or plain_env(),
    )


@contextmanager
def running(*words: str, env: dict[str, str] | None = None) -> Iterator[subprocess.Popen[str]]:
    """Run a command of the platform beside the test; at the end it and all it started are gone.

    It starts with SIGINT ignored, as a script's `command &` does.
    """
    process = subprocess.Popen(
        ["/bin/sh", "-c", 'trap "" INT; exec "$@"', "sh", sys.executable, "-m", "tipline.cli", *words],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=env or plain_env(),
    )
    try:
        yield process
    finally:
        kill_tree(process)
        process.communicate(timeout=10)


def kill_tree(process: subprocess.Popen[str]) -> None:
    """SIGKILL a process and everything below it, all at once."""
    if process.returncode is not None:
        return  # it was waited for: its number may already be a stranger's
    try:
        top = psutil.Process(process.pid)
    except psutil.NoSuchProcess:
        return
    family = [*top.children(recursive=True), top]
    for one in family:
        try:
            one.send_signal(signal.SIGKILL)
        except psutil.NoSuchProcess:
            continue
    psutil.wait_procs([one for one in family if one.pid != process.pid], timeout=10)


def wait_for(look: Callable[[], Any], what: str, *, within_s: float = 30) -> Any:
    """Look until `look` gives something true, and return it."""
    until = time.monotonic() + within_s
    while not (seen := look()):
        assert time.monotonic() < until, f"did not come within {within_s} s: {what}"
        time.sleep(LOOK_EVERY_S)
    return seen


async def wait_until(look: Callable[[], Awaitable[Any]], what: str, *, within_s: float = 30) -> Any:
    """Look until awaiting `look` gives something true, and return it."""
    until = time.monotonic() + within_s
    while not (seen := await look()):
        assert time.monotonic() < until, f"did not come within {within_s} s: {what}"
        await asyncio.sleep(LOOK_EVERY_S)
    return seen


def read_json(path: Path) -> Any:
    """Return what the file holds; None while it is not there."""
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None

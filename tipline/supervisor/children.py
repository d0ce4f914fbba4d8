"""Child processes: start them tied to us, stop them in good order, and find those a killed supervisor left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Final

import psutil

from tipline.datafolder import DataFolder

TETHER: Final = Path(__file__).with_name("tether.py")
# Option by which a child of a supervisor is known again, with the data folder as its value.
MARK: Final = "--supervised"
LOG_LIMIT_BYTES: Final = 20 * 1024**2
LOG_TAIL_BYTES: Final = 4096
POLL_S: Final = 0.02


@dataclass(frozen=True, kw_only=True, slots=True)
class Program:
    """One program to keep running.

    `stop` is the signal that ends it in good order, sent again after `insist_after_s` when that is set: RQ's worker
    lets the job go only at the second.
    """

    name: str
    command: tuple[str, ...]
    env: Mapping[str, str] = field(repr=False)
    account: tuple[int, int] | None = None
    stop: signal.Signals = signal.SIGTERM
    insist_after_s: float | None = None
    pass_fds: tuple[int, ...] = ()


class Child:
    """A running program of ours, in a session of its own: a terminal's Ctrl-C reaches the supervisor alone."""

    def __init__(self, program: Program, *, log: Path) -> None:
        """Start `program`; what it says is added to `log`."""
        self.program, self.log = program, log
        uid, gid = program.account or ("-", "-")
        if log.exists() and log.stat().st_size > LOG_LIMIT_BYTES:
            log.replace(log.with_name(log.name + ".1"))
        with os.fdopen(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab") as out:
            self._process = subprocess.Popen(  # noqa: S603  our own program and arguments
                [
                    *(sys.executable, "-I", "-S", str(TETHER), str(os.getpid()), str(int(program.stop))),
                    *(str(uid), str(gid), *program.command),
                ],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                env=dict(program.env),
                start_new_session=True,
                pass_fds=program.pass_fds,
            )
        self.started = time.monotonic()

    @property
    def pid(self) -> int:
        """Process id; the program's own, since the tether becomes it."""
        return self._process.pid

    def ended(self) -> int | None:
        """Return the exit status (negative: the signal) when the program has ended, else None."""
        return self._process.poll()

    def signal(self, number: signal.Signals) -> None:
        """Send a signal; nothing happens when the program has ended."""
        if self.ended() is None:
            self._process.send_signal(number)

    def kill(self) -> None:
        """End the program and its process group at once."""
        try:
            os.killpg(self.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            self.signal(signal.SIGKILL)
        self._process.wait()

    def last_words(self) -> str:
        """Return the last line of the log that says something."""
        try:
            with self.log.open("rb") as file:
                file.seek(max(0, self.log.stat().st_size - LOG_TAIL_BYTES))
                lines = file.read().decode("utf-8", "replace").splitlines()
        except OSError:
            return ""
        return next((line.strip() for line in reversed(lines) if line.strip()), "")


def stop_all(children: Iterable[Child], *, within_s: float) -> None:
    """Stop children in good order, all at once; those still there after `within_s` are killed."""
    left = list(children)
    begun = time.monotonic()
    insisted: set[int] = set()
    for child in left:
        child.signal(child.program.stop)
    while left := [child for child in left if child.ended() is None]:
        passed = time.monotonic() - begun
        if passed > within_s:
            break
        for child in left:
            again = child.program.insist_after_s
            if again is not None and passed > again and child.pid not in insisted:
                insisted.add(child.pid)
                child.signal(child.program.stop)
        time.sleep(POLL_S)
    for child in left:
        child.kill()


def stop_orphans(folder: DataFolder, *, within_s: float) -> list[str]:
    """Stop what a killed supervisor of this folder left running; return the names of what was found.

    The caller holds the folder's lock, so whatever still runs on the folder has lost its supervisor.
    """
    found = [process for process in psutil.process_iter() if _is_of(process, folder)]
    names = []
    for process in found:
        try:
            name = Path(process.cmdline()[0]).name if process.cmdline() else process.name()
            process.send_signal(signal.SIGINT if name == "postgres" else signal.SIGTERM)
            names.append(name)
        except psutil.Error:
            continue
    _, left = psutil.wait_procs(found, timeout=within_s)
    for process in left:
        try:
            process.kill()
        except psutil.Error:
            continue
    psutil.wait_procs(left, timeout=within_s)
    return names


def is_running_on(pid: int, folder: DataFolder) -> bool:
    """Return True when process `pid` is a program of ours at work on `folder`."""
    try:
        return _is_of(psutil.Process(pid), folder)
    except psutil.Error:
        return False


def _is_of(process: psutil.Process, folder: DataFolder) -> bool:
    """Know a process by its command line, and by seeing the very same folder (containers may name theirs alike)."""
    try:
        words = process.cmdline()
    except (psutil.Error, OSError):
        return False
    marks = ((MARK, folder.root), ("-D", folder.postgres), ("--dir", folder.valkey))
    if not any((mark, str(path)) in pairwise(words) for mark, path in marks):
        return False
    seen_by_it = Path(f"/proc/{process.pid}/root")
    if not seen_by_it.is_dir():
        return not Path("/proc/self/root").exists()
    try:
        return Path(f"{seen_by_it}{folder.root}").samefile(folder.root)
    except OSError:
        return False

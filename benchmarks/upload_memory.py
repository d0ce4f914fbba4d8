"""How much memory a 300 MB video costs the public face: `python -m benchmarks.upload_memory [MEGABYTES]`.

Starts a whole platform in a temporary folder, sends the video from this process by the browser's form and by the JSON
API, and watches the face's resident memory. Prints a Markdown section.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import httpx
import psutil

MEBIBYTE = 1024**2
TARGET_MB = 150
START_WITHIN_S = 120
PATIENCE_S = 600
HEAD = b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2"


@dataclass(frozen=True, slots=True)
class Measured:
    """One upload."""

    door: str
    before_mb: float
    peak_mb: float
    seconds: float

    @property
    def added_mb(self) -> float:
        """Memory that the upload added at its highest."""
        return self.peak_mb - self.before_mb


def video(megabytes: int) -> Iterator[bytes]:
    """Yield a video of that size: only its beginning is one, which is all that intake looks at."""
    block = os.urandom(MEBIBYTE // 4)
    yield HEAD
    for _ in range(megabytes * 4):
        yield block


def form(boundary: str, key: str, megabytes: int) -> Iterator[bytes]:
    """Yield the public form as a browser sends it, words first."""
    for name, value in (("form_key", key), ("story", "一辆白色货车撞人后逃逸")):
        yield f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
    yield (
        f'--{boundary}\r\nContent-Disposition: form-data; name="videos"; filename="a.mp4"\r\n'
        "Content-Type: video/mp4\r\n\r\n"
    ).encode()
    yield from video(megabytes)
    yield f"\r\n--{boundary}--\r\n".encode()


@contextmanager
def platform() -> Iterator[tuple[str, psutil.Process]]:
    """Run a platform and give the public face's address and process."""
    with tempfile.TemporaryDirectory(prefix="tipline-bench-") as folder:
        ready = Path(folder) / "ready.json"
        command = [sys.executable, "-m", "tipline.cli", "up", "--empty", "--data", f"{folder}/var"]
        ports = ["--public-port", "0", "--staff-port", "0", "--ready-file", str(ready)]
        running = subprocess.Popen([*command, *ports], stdout=subprocess.DEVNULL)  # noqa: S603  our own program
        try:
            deadline = time.monotonic() + START_WITHIN_S
            while not ready.exists():
                if running.poll() is not None or time.monotonic() > deadline:
                    raise SystemExit("the platform did not start")
                time.sleep(0.2)
            url = json.loads(ready.read_text(encoding="utf-8"))["public_url"]
            children = psutil.Process(running.pid).children(recursive=True)
            yield url, next(one for one in children if _words(one)[3:5] == ["web", "public"])
        finally:
            running.send_signal(signal.SIGINT)
            running.wait(timeout=60)


def _words(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []


@contextmanager
def watched(face: psutil.Process) -> Iterator[list[float]]:
    """Collect the face's resident memory in MiB, every 20 ms."""
    seen = [face.memory_info().rss / MEBIBYTE]
    is_over = threading.Event()

    def watch() -> None:
        while not is_over.wait(0.02):
            seen.append(face.memory_info().rss / MEBIBYTE)

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield seen
    finally:
        is_over.set()
        thread.join()


def by_form(client: httpx.Client, megabytes: int) -> httpx.Response:
    """Send a video by the public form."""
    shown = client.get("/tips/new").text
    action = re.search(r'action="(/tips\?csrf=[0-9a-f]+)"', shown)
    key = re.search(r'name="form_key" value="([0-9a-f-]+)"', shown)
    assert action
    assert key
    boundary = uuid4().hex
    kind = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
    return client.post(action[1], content=form(boundary, key[1], megabytes), headers=kind)


def by_api(client: httpx.Client, megabytes: int) -> httpx.Response:
    """Send a video by the JSON API."""
    tip = client.post("/api/v1/tips", json={"story": "货车"}, headers={"Idempotency-Key": str(uuid4())}).json()
    return client.post(
        "/api/v1/tips/mine/files", content=video(megabytes), headers={"Tipline-Receipt": tip["receipt_code"]}
    )


def measure(megabytes: int) -> list[Measured]:
    """Upload through each door, after a small warm-up through the same door."""
    found = []
    with platform() as (url, face), httpx.Client(base_url=url, timeout=PATIENCE_S) as client:
        for door, send in (("form", by_form), ("API", by_api)):
            send(client, 1).raise_for_status()
            with watched(face) as seen:
                began = time.perf_counter()
                send(client, megabytes).raise_for_status()
                spent = time.perf_counter() - began
            found.append(Measured(door, seen[0], max(seen), spent))
    return found


def main() -> int:
    """Print the section; exit code 1 when the target is missed."""
    megabytes = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    found = measure(megabytes)
    print(f"## Memory of the public face during a {megabytes} MB upload\n")
    print(f"Target: less than {TARGET_MB} MB added. Resident memory of the web process, sampled every 20 ms.\n")
    print("| door | before | peak | added | time |\n|---|---|---|---|---|")
    for one in found:
        print(
            f"| {one.door} | {one.before_mb:.0f} MB | {one.peak_mb:.0f} MB | {one.added_mb:.0f} MB"
            f" | {one.seconds:.1f} s ({megabytes / one.seconds:.0f} MB/s) |"
        )
    return 0 if all(one.added_mb < TARGET_MB for one in found) else 1


if __name__ == "__main__":
    sys.exit(main())

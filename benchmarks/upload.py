"""A large video through 20 forced drops and a killed face: `python -m benchmarks.upload [MEBIBYTES] [RUNS]`.

Starts a whole platform in a temporary folder. Each run sends a video by tus, breaks the connection off 20 times in
mid-request, once by SIGKILL of the face, and compares what was sealed with what was sent. Then one undisturbed
upload is timed against a plain stream to disk with SHA-256 on this machine. Prints a Markdown section.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import httpx
import psutil

from benchmarks.upload_memory import HEAD, MEBIBYTE, PATIENCE_S, platform

DROPS = 20
LARGEST_RESENT = 5 * MEBIBYTE
LEAST_RATIO = 0.7
VERSION = {"Tus-Resumable": "1.0.0"}


class Dropped(Exception):
    """We broke the connection off."""


@dataclass
class Run:
    """One upload through trouble."""

    is_whole: bool = False
    resent: list[int] = field(default_factory=list)
    waits_s: list[float] = field(default_factory=list)


def begin(client: httpx.Client, size: int) -> tuple[str, str]:
    """Send a tip, create an upload; return its address and the tip's code."""
    tip = client.post("/api/v1/tips", json={"story": "货车"}, headers={"Idempotency-Key": str(uuid4())}).json()
    told = {**VERSION, "Tipline-Receipt": tip["receipt_code"], "Upload-Length": str(size)}
    answer = client.post("/api/v1/uploads", headers=told)
    answer.raise_for_status()
    return answer.headers["location"], tip["receipt_code"]


def offset_of(client: httpx.Client, address: str) -> int:
    """Ask how far the upload is, until the face answers."""
    until = time.monotonic() + 60
    while True:
        try:
            answer = client.head(address, headers=VERSION)
        except httpx.TransportError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
        else:
            answer.raise_for_status()
            return int(answer.headers["upload-offset"])


def send(client: httpx.Client, address: str, path: Path, start: int, stop: int, face: psutil.Process | None) -> None:
    """Send from `start`; at `stop` kill the face, or break the connection off, unless the file ends there."""
    size = path.stat().st_size

    def body() -> Iterator[bytes]:
        place = start
        with path.open("rb") as file:
            file.seek(start)
            while place < size:
                if place >= stop:
                    if face is not None:
                        face.kill()
                    raise Dropped
                block = file.read(min(256 * 1024, size - place))
                place += len(block)
                yield block

    told = {
        **VERSION,
        "Content-Type": "application/offset+octet-stream",
        "Upload-Offset": str(start),
        "Content-Length": str(size - start),
    }
    client.patch(address, headers=told, content=body()).raise_for_status()


def through_trouble(url: str, face: psutil.Process, path: Path, digest: str) -> Run:
    """Send the file through drops, one of them a kill, and hold what was kept against it."""
    run, size = Run(), path.stat().st_size
    with httpx.Client(base_url=url, timeout=PATIENCE_S) as client:
        address, code = begin(client, size)
        offset = 0
        for number in range(1, DROPS + 2):
            stop = size if number > DROPS else size * number // (DROPS + 1)
            try:
                send(client, address, path, offset, stop, face if number == DROPS // 2 else None)
            except (Dropped, httpx.TransportError):
                began = time.monotonic()
                offset = offset_of(client, address)
                run.waits_s.append(time.monotonic() - began)
                run.resent.append(max(0, stop - offset))
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            files = client.get("/api/v1/tips/mine", headers={"Tipline-Receipt": code}).json()["files"]
            if files and files[0]["state"] != "checking":
                run.is_whole = len(files) == 1 and files[0]["sha256"] == digest
                break
            time.sleep(0.2)
    return run


def plain(path: Path, folder: Path) -> float:
    """Return the seconds of a plain stream to disk with SHA-256, made durable at the end."""
    began, digest = time.perf_counter(), hashlib.sha256()
    with path.open("rb") as source, (folder / "plain").open("wb") as target:
        while block := source.read(MEBIBYTE):
            digest.update(block)
            target.write(block)
        target.flush()
        os.fsync(target.fileno())
    return time.perf_counter() - began


def main() -> int:
    """Print the section; exit code 1 when an upload did not arrive whole. A missed target stands in the table."""
    mebibytes = int(sys.argv[1]) if len(sys.argv) > 1 else 1024
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else 20  # noqa: PLR2004  the second argument
    done: list[Run] = []
    with tempfile.TemporaryDirectory(prefix="tipline-bench-") as name:
        folder = Path(name)
        path = folder / "clip.mp4"
        with path.open("wb") as file:
            file.write(HEAD)
            for _ in range(mebibytes):
                file.write(os.urandom(MEBIBYTE))
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        for _ in range(runs):
            with platform() as (url, face):
                done.append(through_trouble(url, face, path, digest))
        with platform() as (url, _face), httpx.Client(base_url=url, timeout=PATIENCE_S) as client:
            address, _code = begin(client, path.stat().st_size)
            began = time.perf_counter()
            send(client, address, path, 0, path.stat().st_size, None)
            spent_s = time.perf_counter() - began
        ratio = plain(path, folder) / spent_s
    whole = sum(run.is_whole for run in done)
    resent = max(max(run.resent) for run in done)
    wait_s = max(max(run.waits_s) for run in done)
    print(f"## {mebibytes} MiB through {DROPS} drops, one of them a SIGKILL of the face\n")
    print("| what | target | measured |\n|---|---|---|")
    print(f"| whole, one file, SHA-256 equal | {runs} of {runs} | {whole} of {runs} |")
    print(f"| resent after a drop, at most | {LARGEST_RESENT // MEBIBYTE} MiB | {resent / MEBIBYTE:.2f} MiB |")
    print(f"| wait for the offset, at most (start of a new face included) | | {wait_s:.1f} s |")
    print(f"| undisturbed, to the last 204, against a plain stream to disk | {LEAST_RATIO} | {ratio:.2f} |")
    node = "is here, but is not a pinned package of this project" if shutil.which("node") else "needs node"
    print(f"\n`@tus/server` was not compared: it {node}.")
    return 0 if whole == runs else 1


if __name__ == "__main__":
    sys.exit(main())

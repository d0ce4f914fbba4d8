"""A real S3 server for the tests: `rclone serve s3` over a folder, with real signatures."""

from __future__ import annotations

import contextlib
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from evidence.s3 import S3Storage

ACCESS_KEY = "TESTACCESSKEY"
SECRET_KEY = "a-secret-of-the-tests"
BUCKET = "evidence"
START_WITHIN_S = 30


@dataclass(frozen=True, slots=True)
class S3Server:
    """Where it listens, and the folder in which its bucket's objects lie as files."""

    endpoint: str
    folder: Path

    def storage(self, *, secret_key: str = SECRET_KEY, bucket: str = BUCKET) -> S3Storage:
        return S3Storage(self.endpoint, bucket, access_key=ACCESS_KEY, secret_key=secret_key, is_tls=False)

    def files(self) -> list[Path]:
        """Every file in the bucket, those no client may see included."""
        return [path for path in (self.folder / BUCKET).rglob("*") if path.is_file()]


@contextlib.contextmanager
def running_s3_server(folder: Path) -> Iterator[S3Server]:
    (folder / "objects" / BUCKET).mkdir(parents=True)
    log = folder / "rclone.log"
    with log.open("wb") as said:
        child = subprocess.Popen(
            [
                str(Path(sys.executable).parent / "rclone"),
                *("serve", "s3", str(folder / "objects"), "--addr", "127.0.0.1:0"),
                *("--auth-key", f"{ACCESS_KEY},{SECRET_KEY}", "--config", str(folder / "none.conf")),
                *("--cache-dir", str(folder / "cache")),
            ],
            stdout=said,
            stderr=subprocess.STDOUT,
        )
    try:
        yield S3Server(_endpoint(child, log), folder / "objects")
    finally:
        child.terminate()
        child.wait(timeout=START_WITHIN_S)


def _endpoint(child: subprocess.Popen[bytes], log: Path) -> str:
    deadline = time.monotonic() + START_WITHIN_S
    while time.monotonic() < deadline:
        said = log.read_text()
        if found := re.search(r"Starting s3 server on \[http://(127\.0\.0\.1:[1-9]\d*)/\]", said):
            return found[1]
        if child.poll() is not None:
            break
        time.sleep(0.02)
    raise AssertionError(f"rclone did not start: {log.read_text()}")

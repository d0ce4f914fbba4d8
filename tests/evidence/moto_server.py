"""A second S3 server for the tests: moto, which knows all of S3's rules for parts and keeps objects in memory."""

from __future__ import annotations

import contextlib
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from minio import Minio

from evidence.s3 import S3Storage

BUCKET = "evidence"
START_WITHIN_S = 60


@contextlib.contextmanager
def running_moto(folder: Path) -> Iterator[str]:
    """Start it and give its endpoint, with the bucket made."""
    log = folder / "moto.log"
    with log.open("wb") as said:
        child = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "moto.server", "-H", "127.0.0.1", "-p", "0"],
            stdout=said,
            stderr=subprocess.STDOUT,
            cwd=folder,
        )
    try:
        endpoint = _endpoint(child, log)
        Minio(endpoint, access_key="any", secret_key="any", secure=False, region="us-east-1").make_bucket(BUCKET)
        yield endpoint
    finally:
        child.terminate()
        child.wait(timeout=START_WITHIN_S)


def moto_storage(endpoint: str) -> S3Storage:
    return S3Storage(endpoint, BUCKET, access_key="any", secret_key="any", is_tls=False)


def _endpoint(child: subprocess.Popen[bytes], log: Path) -> str:
    deadline = time.monotonic() + START_WITHIN_S
    while time.monotonic() < deadline and child.poll() is None:
        if found := re.search(r"Running on http://(127\.0\.0\.1:[1-9]\d*)", log.read_text()):
            return found[1]
        time.sleep(0.05)
    raise AssertionError(f"moto did not start: {log.read_text()}")

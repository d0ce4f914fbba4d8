"""The public face as a process of its own, which can be killed and started again on the same port."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import uuid4

from tests.platform import Platform
from tests.programs import ROOT, plain_env, wait_for
from tests.tipline.visitor import STORY


@dataclass
class Face:
    """Where it listens; `kill` and `start` as often as wanted."""

    platform: Platform
    store: dict[str, str]
    port: int = 0
    process: subprocess.Popen[bytes] | None = field(default=None)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        settings = self.platform.settings
        env = {
            **plain_env(),
            "TIPLINE_DATABASE_URL": settings.database_url,
            "TIPLINE_SECRETS_DIR": str(settings.secrets_dir),
            **self.store,
        }
        command = [sys.executable, "-m", "uvicorn", "tipline.app:create_public_app", "--factory"]
        with (self.platform.folder.logs / "face.log").open("ab") as log:
            self.process = subprocess.Popen(
                [*command, "--port", str(self.port), "--log-level", "warning"],
                cwd=ROOT,
                env=env,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        wait_for(self.answers, "the face")

    def answers(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, "the face ended"
        try:
            with urllib.request.urlopen(f"{self.url}/health", timeout=5) as answer:  # noqa: S310  our own address
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def kill(self) -> None:
        """SIGKILL, as a power cut would."""
        assert self.process is not None
        self.process.kill()
        self.process.wait(timeout=10)

    def send_tip(self) -> str:
        """Send a tip and return its code."""
        request = urllib.request.Request(  # noqa: S310  our own address
            f"{self.url}/api/v1/tips",
            data=json.dumps({"story": STORY}).encode(),
            headers={"Content-Type": "application/json", "Idempotency-Key": str(uuid4())},
        )
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310  same
            code: str = json.load(answer)["receipt_code"]
            return code


@contextlib.contextmanager
def running_face(platform: Platform, **store: str) -> Iterator[Face]:
    """Run the public face over the tests' platform, by default with its file storage."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    face = Face(platform, store or {"TIPLINE_STORAGE_DIR": os.fspath(platform.folder.objects)}, port)
    face.start()
    try:
        yield face
    finally:
        face.kill()

"""The lines of docs/api.md, run as a reader would run them."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.tipline.visitor import photo
from tipline.demo.throwaway import RunningPlatform

DOCUMENT = Path(__file__).parents[2] / "docs" / "api.md"


def test_the_curl_lines_of_the_public_api_work_as_they_stand(live: RunningPlatform, tmp_path: Path) -> None:
    if shutil.which("curl") is None:
        pytest.skip("no curl here, and the document's lines are curl's")
    public = DOCUMENT.read_text(encoding="utf-8").split("\n# The staff API")[0]
    lines = "".join(re.findall(r"```sh\n(.*?)```", public, re.DOTALL))
    (tmp_path / "photo.jpg").write_bytes(photo())

    ran = subprocess.run(
        ["sh", "-e", "-c", lines],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "TIPS": live.public_url},
        capture_output=True,
        text=True,
        check=False,
    )

    answers = re.findall(r"\{.*?\}(?=\{|$)", ran.stdout.replace("\n", ""))
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert set(json.loads(answers[0])) == {"receipt_code", "status", "received_at", "files_url", "advice"}
    assert json.loads(answers[1])["state"] in {"checking", "sealed"}
    assert [one["size_bytes"] for one in json.loads(answers[-1])["files"]] == [
        len(photo())
    ] * 2  # one in one request, one in pieces

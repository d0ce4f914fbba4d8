"""`tipline demo` drives the whole main job against a real platform, and says so in one document."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

STEPS = {
    "start",
    "submit_tip",
    "upload_photo",
    "upload_video",
    "receipt",
    "examined",
    "suggested",
    "linked",
    "outcome",
    "cleared",
    "figures_moved",
    "ledger_verified",
}
SAMPLES = Path(__file__).resolve().parents[4] / "shared" / "samples" / "scenes"
WITHIN_S = 280


def walked(*arguments: str) -> tuple[int, list[dict[str, Any]], str]:
    command = [sys.executable, "-m", "tipline.cli", "demo", "--json", *arguments]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=WITHIN_S)
    told = json.loads(done.stdout)
    assert isinstance(told, list), told
    return done.returncode, told, done.stderr


def test_main_job_runs_from_the_tip_to_the_moved_figures() -> None:
    status, steps, told = walked()

    by_name = {step["step"]: step["detail"] for step in steps}
    assert [step for step in steps if not step["ok"]] == [], told
    assert status == 0
    assert by_name.keys() >= STEPS
    assert by_name["examined"]["frames"] >= 2
    assert by_name["examined"]["hints"] >= 2
    assert by_name["examined"]["plates"] == ["鲁PYS618"]
    assert by_name["ledger_verified"]["is_whole"]
    assert by_name["ledger_verified"]["size"] >= by_name["examined"]["frames"]


@pytest.mark.exhaustive
@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the folder of real photographs is not here")
def test_real_photographs_go_the_same_way() -> None:
    photos = sorted(SAMPLES.glob("*.jpg"))[:2]

    status, steps, _ = walked("--media", *(str(photo) for photo in photos))

    assert [step for step in steps if not step["ok"]] == []
    assert status == 0

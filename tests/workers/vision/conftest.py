"""Pictures and clips that the tests look at: rendered ones always, real photographs where the folder is there."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tipline.demo.clip import render_clip, render_photo

PLATE = "鲁P8D3K5"
CAPTURED_AT = datetime(2026, 11, 20, 10, 3, tzinfo=UTC)
SAMPLES = Path(__file__).resolve().parents[4] / "shared" / "samples"


@pytest.fixture(scope="session")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the rendered clip as a file."""
    path = tmp_path_factory.mktemp("clip") / "clip.mp4"
    path.write_bytes(render_clip(PLATE, captured_at=CAPTURED_AT, seed=3))
    return path


@pytest.fixture(scope="session")
def photo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the rendered photo as a file."""
    path = tmp_path_factory.mktemp("photo") / "photo.jpg"
    path.write_bytes(render_photo(PLATE, captured_at=CAPTURED_AT, seed=3))
    return path


@pytest.fixture(scope="session")
def samples() -> Path:
    """Give the folder of real photographs."""
    if not (SAMPLES / "manifest.tsv").is_file():
        pytest.skip(f"no real photographs in {SAMPLES}: they are not part of the project")
    return SAMPLES

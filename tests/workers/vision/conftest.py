"""Pictures and clips that the tests look at: rendered ones always, real photographs where the folder is there."""

from __future__ import annotations

from pathlib import Path

import pytest

SAMPLES = Path(__file__).resolve().parents[4] / "shared" / "samples"


@pytest.fixture(scope="session")
def clip(rendered_clip: bytes, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the rendered clip as a file."""
    path = tmp_path_factory.mktemp("clip") / "clip.mp4"
    path.write_bytes(rendered_clip)
    return path


@pytest.fixture(scope="session")
def photo(rendered_photo: bytes, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the rendered photo as a file."""
    path = tmp_path_factory.mktemp("photo") / "photo.jpg"
    path.write_bytes(rendered_photo)
    return path


@pytest.fixture(scope="session")
def samples() -> Path:
    """Give the folder of real photographs."""
    if not (SAMPLES / "manifest.tsv").is_file():
        pytest.skip(f"no real photographs in {SAMPLES}: they are not part of the project")
    return SAMPLES

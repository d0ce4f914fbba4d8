"""A clip and a photo that workers look at, rendered once a test process."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tipline.demo.clip import render_clip, render_photo

PLATE = "鲁P8D3K5"
CAPTURED_AT = datetime(2026, 11, 20, 10, 3, tzinfo=UTC)


@pytest.fixture(scope="session")
def rendered_clip() -> bytes:
    return render_clip(PLATE, captured_at=CAPTURED_AT, seed=3)


@pytest.fixture(scope="session")
def rendered_photo() -> bytes:
    return render_photo(PLATE, captured_at=CAPTURED_AT, seed=3)

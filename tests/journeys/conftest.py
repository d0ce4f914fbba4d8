"""One platform and one browser for all journeys of a test process; each journey gets a browser profile of its own."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright

from tipline.demo.throwaway import RunningPlatform, started_platform
from tools import browser as browsers


@pytest.fixture(scope="session")
def live() -> Iterator[RunningPlatform]:
    """Give a whole running platform with the demo county, started as `tipline demo` starts its own."""
    with started_platform() as running:
        yield running


@pytest.fixture(scope="session")
def chromium() -> str:
    """Give the browser's path; `make test` has found it, or said loudly that there is none."""
    path = browsers.find()
    if path is None:
        if os.environ.get("CI") == "true":
            pytest.fail("CI=true and no browser")
        pytest.skip("no Chromium here: install one or name it in TIPLINE_CHROMIUM")
    return str(path)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser(chromium: str) -> AsyncIterator[Browser]:
    """Give the one browser of this test process."""
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        yield started
        await started.close()

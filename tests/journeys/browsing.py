"""Browser profiles for the journeys, each watched for what no page of ours may ever cause."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, Request

from tipline.demo.throwaway import RunningPlatform
from tipline.web.locale import Language

PHONE: Final[dict[str, Any]] = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
DESKTOP: Final[dict[str, Any]] = {"viewport": {"width": 1440, "height": 900}}
# Chromium writes each answer of 4xx into the console, also one that is the page we meant to see.
REFUSED: Final = "Failed to load resource: the server responded with a status of 4"


@dataclass  # without slots: Playwright keeps its wrapper of a listening method on the object
class Watch:
    """What the pages of one browser profile did that they must not: scripts that fail, other sites asked."""

    origins: frozenset[str]
    seen: list[str] = field(default_factory=list)

    def over(self, profile: BrowserContext) -> None:
        """Begin to watch every page of `profile`, those opened later too."""
        profile.on("console", self._on_console)
        profile.on("weberror", lambda problem: self.seen.append(f"script: {problem.error}"))
        profile.on("request", self._on_request)

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not message.text.startswith(REFUSED):
            self.seen.append(f"console: {message.text}")

    def _on_request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in {"http", "https", "ws", "wss"} and f"{address.scheme}://{address.netloc}" not in (
            self.origins
        ):
            self.seen.append(f"asked another site: {request.url}")


@asynccontextmanager
async def profile(
    browser: Browser, live: RunningPlatform, language: Language, **wishes: Any
) -> AsyncIterator[BrowserContext]:
    """Open a browser profile that wants `language`, and see at its end that nothing went wrong behind the pages.

    `wishes` go to Playwright as they are: `java_script_enabled`, `color_scheme`, `viewport` ...
    """
    context = await browser.new_context(locale=language.value, timezone_id="Asia/Shanghai", **wishes)
    watch = Watch(frozenset({live.public_url, live.staff_url}))
    watch.over(context)
    try:
        yield context
    finally:
        await context.close()
    assert watch.seen == []


@asynccontextmanager
async def phone(browser: Browser, live: RunningPlatform, language: Language, **wishes: Any) -> AsyncIterator[Page]:
    """Open a page on a phone."""
    async with profile(browser, live, language, **{**PHONE, **wishes}) as context:
        yield await context.new_page()


@asynccontextmanager
async def desktop(browser: Browser, live: RunningPlatform, language: Language, **wishes: Any) -> AsyncIterator[Page]:
    """Open a page on an office screen."""
    async with profile(browser, live, language, **{**DESKTOP, **wishes}) as context:
        yield await context.new_page()

"""A video over a phone line that drops, sent from the page itself."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Browser, expect

from tests.journeys.browsing import PHONE, Watch
from tests.journeys.people import Tipster
from tests.tipline.visitor import video
from tipline.demo.throwaway import RunningPlatform
from tipline.web.locale import Language

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]

SLOW = {"offline": False, "latency": 50, "downloadThroughput": 1_000_000, "uploadThroughput": 1_000_000}


@pytest.mark.parametrize("language", list(Language), ids=lambda one: one.value)
async def test_a_video_outlives_a_dropped_connection(
    browser: Browser, live: RunningPlatform, language: Language
) -> None:
    context = await browser.new_context(locale=language.value, timezone_id="Asia/Shanghai", **PHONE)
    # A connection that is gone is told in the console by the browser itself.
    watch = Watch(frozenset({live.public_url, live.staff_url}))
    context.on("weberror", lambda problem: watch.seen.append(f"script: {problem.error}"))
    page = await context.new_page()
    network = await context.new_cdp_session(page)
    tipster = Tipster(page, live, language)
    await tipster.opens_the_form()
    await tipster.tells_of("白色货车撞人后逃逸")
    await tipster.picks_a_video("行车记录.mp4", video(7_000_000))
    await network.send("Network.emulateNetworkConditions", SLOW)

    await tipster.sends()
    code = await tipster.reads_the_receipt()
    row = page.locator(".uploads li")
    await expect(row.get_by_role("status")).to_have_text(re.compile(r"[1-9]\d? %"), timeout=20_000)
    await network.send("Network.emulateNetworkConditions", {**SLOW, "offline": True})
    await expect(row.get_by_role("status")).to_have_text(
        tipster.say("No connection. It goes on by itself as soon as there is one.")
    )
    await network.send("Network.emulateNetworkConditions", SLOW)

    await expect(row.get_by_role("status")).to_have_text(tipster.say("Arrived"), timeout=60_000)
    await tipster.waits_for(page.locator("#files").get_by_text(tipster.say("Received"), exact=True))
    assert re.fullmatch(r"[\d-]{19}", code)
    assert watch.seen == []
    await context.close()

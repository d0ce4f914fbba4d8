"""How one comes to the review page of the demo county's video."""

from __future__ import annotations

from typing import Final

from playwright.async_api import Page, expect

from tests.journeys.people import Officer
from tipline.demo.throwaway import RunningPlatform

# Words of the demo county's tip that brings a photo and a video.
STORY_WITH_A_VIDEO: Final = "一辆银色面包车右转把骑电动车的撞倒了"


async def opens_the_review(officer: Officer, *, query: str = "") -> None:
    """Open the review page of the demo county's video, once it was examined."""
    page, live = officer.page, officer.live
    await page.goto(await address_of_the_review(page, live) + query)
    await officer.waits_for(page.get_by_text(officer.label("FileStatus", "examined"), exact=True).first)


async def address_of_the_review(page: Page, live: RunningPlatform) -> str:
    """Return where the video of the demo county is reviewed; the browser is signed in."""
    await page.goto(f"{live.staff_url}/inbox?state=&q={STORY_WITH_A_VIDEO}")
    tip = page.get_by_role("main").locator('a[href^="/tips/"]').first
    await expect(tip).to_be_visible()
    address = (await tip.get_attribute("href") or "").split("?")[0].split("#")[0]
    return f"{live.staff_url}{address}/files/2/review"

"""Pages of the desk that move by themselves: a vehicle that is here now, seen by two officers who reload nothing."""

from __future__ import annotations

from uuid import uuid4

import pytest
from playwright.async_api import Browser, Page, expect

from tests.journeys.browsing import desktop, phone
from tests.journeys.people import Commander, Investigator, Tipster
from tipline.demo.throwaway import RunningPlatform
from tipline.web.locale import Language

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]

ZH = Language.CHINESE
SOON_MS = 15_000


async def opens(page: Page, address: str) -> None:
    """Open a page, wait until its event stream stands, and mark it, so that a reload would be noticed."""
    async with page.expect_response(lambda answer: "/events" in answer.url) as stream:
        await page.goto(address)
    assert (await stream.value).status == 200
    await page.evaluate("window.isTheSamePage = true")


async def is_the_same(page: Page) -> bool:
    return await page.evaluate("window.isTheSamePage === true") is True


async def test_a_vehicle_that_is_here_now_alarms_an_open_desk_until_an_officer_answers(
    browser: Browser, live: RunningPlatform
) -> None:
    mark = uuid4().hex[:8]
    async with (
        desktop(browser, live, ZH) as page,
        desktop(browser, live, ZH) as second_page,
        phone(browser, live, ZH) as public_page,
    ):
        officer, commander = Investigator(page, live, ZH), Commander(second_page, live, ZH)
        await officer.signs_in()
        await commander.signs_in()
        await opens(page, f"{live.staff_url}/inbox")
        await opens(second_page, f"{live.staff_url}/cases")
        alarm = page.locator(".alarm").filter(has_text=mark)
        second_alarm = second_page.locator(".alarm").filter(has_text=mark)

        tipster = Tipster(public_page, live, ZH)
        await tipster.opens_the_form()
        await tipster.tells_of("撞人的白色货车就停在这里", place=f"人和路加油站 {mark}")
        await tipster.says_it_is_here_now()
        await tipster.sends()
        await tipster.reads_the_receipt()
        await expect(public_page.get_by_role("alert")).to_contain_text("不要靠近")

        # Nobody is on the roster of the demo county: everybody is called.
        await expect(alarm.get_by_text(officer.say("You are called"))).to_be_visible(timeout=SOON_MS)
        await expect(alarm).to_have_attribute("role", "alert")
        await expect(second_alarm).to_be_visible(timeout=SOON_MS)
        await expect(page.get_by_role("row").filter(has_text=mark)).to_be_visible(timeout=SOON_MS)
        assert await is_the_same(page)

        await alarm.get_by_role("button", name=officer.say("I answer this")).click()
        await expect(officer.region("What was told")).to_contain_text(mark)
        await expect(second_alarm).to_have_count(0, timeout=SOON_MS)
        assert await is_the_same(second_page)

        await opens(page, page.url)
        await second_page.goto(page.url)
        await commander.accepts_the_tip()
        await expect(commander.region("Decision")).to_contain_text(commander.label("TipState", "accepted"))
        await expect(page.get_by_text(officer.say("This tip has changed meanwhile."))).to_be_visible(timeout=SOON_MS)
        assert await is_the_same(page)


async def test_one_stream_serves_two_tabs_and_passes_to_the_one_that_stays(
    browser: Browser, live: RunningPlatform
) -> None:
    async with desktop(browser, live, ZH) as page:
        commander = Commander(page, live, ZH)
        await commander.signs_in()
        await opens(page, f"{live.staff_url}/work")
        asked: list[str] = []
        other = await page.context.new_page()
        other.on("request", lambda request: asked.append(request.url))
        await other.goto(f"{live.staff_url}/work")
        await other.wait_for_load_state("networkidle")
        before = [one for one in asked if "/events" in one]

        async with other.expect_response(lambda answer: "/events" in answer.url):
            await page.close()

        assert before == []

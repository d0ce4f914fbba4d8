"""The staff face in a real browser: both faces side by side, and a form that was refused."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, Page, expect

from tests.journeys.browsing import DESKTOP, desktop, profile
from tests.journeys.people import Commander, Investigator
from tipline.demo.throwaway import RunningPlatform
from tipline.web.locale import Language

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]


async def first_address(page: Page, live: RunningPlatform, of: str) -> str:
    await page.goto(live.staff_url + of)
    address = await page.locator("a.row-link").first.get_attribute("href")
    assert address
    return address


async def test_both_faces_in_one_browser_do_not_disturb_each_other(live: RunningPlatform, browser: Browser) -> None:
    async with profile(browser, live, Language.CHINESE, **DESKTOP) as context:
        desk, public = await context.new_page(), await context.new_page()
        officer = Investigator(desk, live, Language.CHINESE)
        await officer.signs_in()
        await public.goto(live.public_url)
        asked = await public.goto(f"{live.public_url}/inbox")
        tip = await first_address(desk, live, "/inbox")
        await desk.goto(live.staff_url + tip)

        await officer.accepts_the_tip()

        await expect(desk.get_by_text("已受理", exact=True).first).to_be_visible()
        names = {cookie["name"] for cookie in await context.cookies()}
        of_desk = {"tl_staff_session", "tl_staff_csrf", "tl_staff_device"}
        assert {name for name in names if name.startswith("tl_staff_")} == of_desk
        assert asked is not None
        assert asked.status == 404


async def test_a_refused_form_puts_the_focus_on_the_summary_and_links_to_the_fields(
    live: RunningPlatform, browser: Browser
) -> None:
    async with desktop(browser, live, Language.CHINESE) as page:
        commander = Commander(page, live, Language.CHINESE)
        await commander.signs_in()
        await page.goto(f"{live.staff_url}/cases/new")
        await commander.field("Case number").fill("高公交逃字〔2026〕第9901号")
        await commander.field("Place").fill("人和路")
        await commander.field("Accident: earliest time").fill("2026-01-05T10:00")

        await commander.button("Record the case").click()

        summary = page.get_by_role("alert")
        await expect(summary).to_be_focused()
        await summary.get_by_role("link").first.click()
        await expect(commander.field("Severity")).to_be_focused()
        await expect(commander.field("Case number")).to_have_value("高公交逃字〔2026〕第9901号")
        assert (await page.title()).startswith("错误：")

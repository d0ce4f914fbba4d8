"""The staff face in a real browser: every page for people who cannot see or point, and both faces side by side."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from tests.journeys.axe import violations
from tests.journeys.browsing import DESKTOP, desktop, profile
from tests.journeys.live import Live
from tests.journeys.people import Commander, Investigator
from tipline.web.locale import Language

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]

LISTS = ("/inbox", "/inbox?state=accepted", "/cases", "/cases?state=cleared", "/work", "/dashboard?year=2021")
FORMS = ("/cases/new", "/account/password", "/dashboard/list/criminal_detention?year=2021")
LOOKS: dict[str, tuple[Language, dict[str, Any]]] = {
    "light-zh": (Language.CHINESE, {"color_scheme": "light"}),
    "dark-en-narrow": (Language.ENGLISH, {"color_scheme": "dark", "viewport": {"width": 820, "height": 1100}}),
}


async def first_address(page: Page, live: Live, of: str) -> str:
    await page.goto(live.staff_url + of)
    address = await page.locator("a.row-link").first.get_attribute("href")
    assert address
    return address


@pytest.mark.parametrize("look", LOOKS)
async def test_axe_finds_nothing_on_any_staff_page_and_none_is_too_wide(
    live: Live, browser: Browser, look: str
) -> None:
    language, wishes = LOOKS[look]
    async with desktop(browser, live, language, **wishes) as page:
        await page.goto(f"{live.staff_url}/sign-in")
        found = {"/sign-in": await violations(page)}
        await Commander(page, live, language).signs_in()
        tip, case = await first_address(page, live, "/inbox?suggested=1"), await first_address(page, live, "/cases")
        cleared = await first_address(page, live, "/cases?state=cleared")
        details = (
            tip,
            case,
            cleared,
            f"{case}/vehicles/new",
            f"{case}/persons/new",
            f"{case}/clearance",
            f"{cleared}/outcomes/new?kind=criminal_detention",
            f"{cleared}/outcomes/new?kind=administrative_detention",
        )
        too_wide = []
        for address in (*LISTS, *FORMS, *details):
            await page.goto(live.staff_url + address)
            found[address] = await violations(page)
            if await page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                too_wide.append(address)

    assert {address: lines for address, lines in found.items() if lines} == {}
    assert too_wide == []


async def test_both_faces_in_one_browser_do_not_disturb_each_other(live: Live, browser: Browser) -> None:
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
        assert {name for name in names if name.startswith("tl_staff_")} == {"tl_staff_session", "tl_staff_csrf"}
        assert asked is not None
        assert asked.status == 404


async def test_a_refused_form_puts_the_focus_on_the_summary_and_links_to_the_fields(
    live: Live, browser: Browser
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

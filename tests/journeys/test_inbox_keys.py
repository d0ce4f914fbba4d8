"""A morning's tips decided without a mouse, in both languages; two officers at one tip; keys that must not work."""

from __future__ import annotations

import re
from uuid import uuid4

import httpx
import pytest
from playwright.async_api import Browser, Page, expect

from tests.journeys.browsing import desktop
from tests.journeys.people import Commander, Investigator
from tipline.demo.throwaway import RunningPlatform
from tipline.web.locale import Language

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]

ZH, EN = Language.CHINESE, Language.ENGLISH
BOTH = pytest.mark.parametrize("language", [ZH, EN], ids=lambda one: one.value)
SHOWN_WITHIN_MS = 15_000


async def tips_come_in(live: RunningPlatform, mark: str, number: int) -> None:
    """Send tips as a program would; all tell of one plate, so that they are alike."""
    digits = int(mark[:4], 16) % 100_000
    async with httpx.AsyncClient(base_url=live.public_url) as client:
        for at in range(number):
            told = {"story": f"白色货车撞人后逃逸 {mark} {at}", "plate_text": f"鲁P{digits:05d}"}
            answer = await client.post("/api/v1/tips", json=told, headers={"Idempotency-Key": str(uuid4())})
            answer.raise_for_status()


async def is_previewed(page: Page) -> None:
    """Wait until the current row is the one that is shown beside the list."""
    current = await page.locator('tr[aria-current="true"]').get_attribute("data-tip")
    await expect(page.locator(f'#preview .pane[data-tip="{current}"]')).to_be_visible(timeout=SHOWN_WITHIN_MS)


@BOTH
async def test_twenty_tips_are_decided_without_a_mouse(
    browser: Browser, live: RunningPlatform, language: Language
) -> None:
    mark = uuid4().hex[:8]
    await tips_come_in(live, mark, 20)
    presses = [["1"], ["3", "2"], ["2", "1"], ["h", "3"]] * 5

    async with desktop(browser, live, language) as page:
        officer = Investigator(page, live, language)
        await officer.signs_in()
        await is_previewed(page)
        await page.keyboard.press("/")
        await expect(page.get_by_role("searchbox")).to_be_focused()
        await page.keyboard.type(mark)
        await page.keyboard.press("Enter")
        rows = page.locator("tr[data-tip]")
        await expect(rows).to_have_count(20)
        for keys in presses:
            await is_previewed(page)
            tip = await page.locator('tr[aria-current="true"]').get_attribute("data-tip")
            for key in keys:
                await page.keyboard.press(key)
            await expect(page.locator(f'tr[data-tip="{tip}"][data-done]')).to_be_visible(timeout=SHOWN_WITHIN_MS)

        counts = {
            state: await page.locator(f'tr[data-state="{state}"]').count()
            for state in ("accepted", "declined", "duplicate", "received")
        }
        assert counts == {"accepted": 5, "declined": 5, "duplicate": 5, "received": 5}
        toast = page.get_by_role("status").filter(has_text=officer.label("TipDeed", "snoozed"))
        await expect(toast).to_be_visible()
        await page.keyboard.press("z")
        await expect(page.locator("tr[data-done]")).to_have_count(19)
        await page.goto(f"{live.staff_url}/inbox?q={mark}")
        await expect(rows).to_have_count(1)
        await page.keyboard.press("g")
        await page.keyboard.press("c")
        await expect(officer.heading("Cases")).to_be_visible()


@BOTH
async def test_the_second_of_two_officers_at_one_row_is_told_who_when_and_what(
    browser: Browser, live: RunningPlatform, language: Language
) -> None:
    mark = uuid4().hex[:8]
    await tips_come_in(live, mark, 1)

    async with desktop(browser, live, language) as page, desktop(browser, live, language) as second_page:
        first, second = Investigator(page, live, language), Commander(second_page, live, language)
        for officer in (first, second):
            await officer.signs_in()
            await officer.page.goto(f"{live.staff_url}/inbox?q={mark}")
            await is_previewed(officer.page)
        name = (await page.get_by_role("banner").locator("bdi").inner_text()).strip()
        await page.keyboard.press("1")
        await expect(page.locator('tr[data-state="accepted"]')).to_be_visible()

        async with second_page.expect_response(lambda answer: answer.request.method == "POST") as answered:
            await second_page.keyboard.press("3")
            await second_page.keyboard.press("1")

        warning = second_page.get_by_role("alert").filter(has_text=second.say("A colleague was faster."))
        await expect(warning).to_contain_text(name)
        await expect(warning).to_be_focused()
        await expect(second_page.locator('tr[data-state="accepted"]')).to_be_visible()
        assert (await answered.value).status == 409


async def test_keys_rest_while_words_are_typed_or_chinese_is_composed(browser: Browser, live: RunningPlatform) -> None:
    mark = uuid4().hex[:8]
    await tips_come_in(live, mark, 1)

    async with desktop(browser, live, ZH) as page:
        officer = Investigator(page, live, ZH)
        await officer.signs_in()
        await page.goto(f"{live.staff_url}/inbox?q={mark}")
        await is_previewed(page)
        await page.get_by_role("searchbox").focus()
        await page.keyboard.press("1")
        composing = "new KeyboardEvent('keydown', {key: '1', keyCode: 229, isComposing: true, bubbles: true})"
        await page.evaluate(f"document.body.dispatchEvent({composing})")
        await page.evaluate("document.activeElement.blur()")
        await page.keyboard.press("?")

        sheet = page.get_by_role("dialog")
        await expect(sheet).to_be_visible()
        await expect(page.locator('tr[data-state="received"]')).to_be_visible()
        await officer.button("Switch single keys off for me").click()
        await page.goto(f"{live.staff_url}/inbox?q={mark}")
        await is_previewed(page)
        await page.keyboard.press("1")
        await page.keyboard.press("?")
        await expect(page.get_by_role("dialog")).to_have_count(0)
        await expect(page.locator('tr[data-state="received"]')).to_be_visible()
        await officer.button("Keys").click()
        await officer.button("Switch single keys on for me").click()
        await page.goto(f"{live.staff_url}/inbox?q={mark}")
        await is_previewed(page)
        await page.keyboard.press("n")
        await expect(page).to_have_url(re.compile(r"/tips/[0-9a-f-]{36}/case$"))

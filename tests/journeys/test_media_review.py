"""The media review in a real browser: by keys alone to a marked frame, a clip and a corrected plate."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, expect

from tests.journeys.browsing import desktop
from tests.journeys.people import Investigator
from tests.journeys.reviewing import opens_the_review
from tipline.demo.throwaway import RunningPlatform
from tipline.web.locale import Language

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]

ZH = Language.CHINESE
FRAME_MS = 40


async def test_a_moment_is_found_by_keys_marked_cut_out_and_its_plate_corrected(
    browser: Browser, live: RunningPlatform
) -> None:
    async with desktop(browser, live, ZH) as page:
        officer = Investigator(page, live, ZH)
        await officer.signs_in()
        await opens_the_review(officer, query="?at=0:00.000")
        now = page.locator("[data-now]")
        await expect(page.locator("video")).to_have_js_property("readyState", 4)

        # Five frames on and one back, then the clip's ends and the marker, all by single keys.
        for number in (1, 2, 3, 4, 5):
            await page.keyboard.press(".")
            await expect(now).to_have_text(f"0:00.{number * FRAME_MS:03d}")
        await page.keyboard.press(",")
        await expect(now).to_have_text("0:00.160")
        await page.keyboard.press("i")
        await page.keyboard.press("Shift+ArrowRight")
        await expect(now).not_to_have_text("0:00.160")
        await page.keyboard.press("o")
        await page.keyboard.press("Shift+ArrowLeft")
        await expect(now).to_have_text("0:00.000")
        await page.keyboard.press(".")
        await expect(now).to_have_text("0:00.040")
        await page.keyboard.press("m")
        note = page.get_by_label(officer.say("Note"), exact=True)
        await expect(note).to_be_focused()
        # In a field the same keys are letters, and a key that an input method holds is none.
        await page.keyboard.type("车尾.,m")
        await page.keyboard.press("Enter")

        markers = officer.region("Markers")
        await expect(markers.get_by_role("article")).to_contain_text("车尾.,m")
        await expect(markers.get_by_role("link", name="0:00.040", exact=True)).to_be_visible()

        await page.get_by_label(officer.say("From"), exact=True).fill("0.5")
        await page.get_by_label(officer.say("To"), exact=True).fill("1.5")
        await officer.button("Cut the clip").click()

        pieces = officer.region("Derived items")
        kept = pieces.get_by_text(officer.label("PieceStatus", "kept"), exact=True)
        await expect(kept).to_have_count(2, timeout=60_000)  # the marker's frame and the clip, told without a reload
        await expect(pieces.get_by_text("SHA-256").first).to_be_visible()

        plate = officer.region("Hints").get_by_role("article").filter(has_text=officer.label("HintKind", "plate")).first
        raw = (await plate.locator(".plate").first.inner_text()).strip()
        await plate.get_by_text(officer.say("Correct or reject")).click()
        await plate.get_by_label(officer.say("It reads"), exact=True).fill(f"{raw[:-1]}?")
        await officer.button("Correct").click()

        await expect(plate).to_contain_text(officer.label("CorrectionAct", "corrected"))
        await expect(plate.locator(".plate").first).to_have_text(f"{raw[:-1]}?")
        await expect(plate).to_contain_text(raw)


async def test_keys_rest_while_chinese_is_composed_and_can_be_switched_off(
    browser: Browser, live: RunningPlatform
) -> None:
    async with desktop(browser, live, ZH) as page:
        officer = Investigator(page, live, ZH)
        await officer.signs_in()
        await opens_the_review(officer, query="?at=0:00.000")
        now = page.locator("[data-now]")
        await expect(page.locator("video")).to_have_js_property("readyState", 4)
        begins = await now.inner_text()

        await page.evaluate(
            "document.body.dispatchEvent(new KeyboardEvent('keydown', {key: '.', isComposing: true, bubbles: true}))"
        )
        await page.get_by_label(officer.say("Keys"), exact=True).uncheck()
        await page.keyboard.press(".")
        await expect(now).to_have_text(begins)
        await officer.button("Frame on").click()

        await expect(now).not_to_have_text(begins)
        await page.reload()
        await expect(page.get_by_label(officer.say("Keys"), exact=True)).not_to_be_checked()


async def test_without_scripts_it_is_a_page_of_frames(browser: Browser, live: RunningPlatform) -> None:
    async with desktop(browser, live, ZH, java_script_enabled=False) as page:
        officer = Investigator(page, live, ZH)
        await officer.signs_in()
        await opens_the_review(officer, query="?view=frames")
        await page.get_by_role("link", name=officer.say("By time"), exact=True).click()
        last = officer.region("Frames").get_by_role("listitem").last
        picture = await last.get_by_role("img").get_attribute("src")
        await last.get_by_role("link").click()

        await expect(page.locator("[data-still]")).to_have_attribute("src", picture or "")
        await expect(last.get_by_text(officer.say("seen"), exact=True)).to_be_visible()
        await expect(officer.button("Zoom in")).to_have_count(0)
        await expect(officer.button("Set the marker")).to_be_visible()

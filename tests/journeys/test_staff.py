"""The staff face in a real browser: who may do what, who was faster, how work goes on, and how one leaves."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from playwright.async_api import Browser, expect

from tests.journeys.browsing import desktop, phone
from tests.journeys.people import Commander, Investigator, Officer, Tipster
from tests.journeys.sights import ALL, seen
from tests.tipline.visitor import photo
from tipline.demo.throwaway import RunningPlatform
from tipline.web.labels import LABELS
from tipline.web.locale import Language
from tipline.web.wording import SENTENCES

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]

ZH, EN = Language.CHINESE, Language.ENGLISH
BOTH = pytest.mark.parametrize("language", [ZH, EN], ids=lambda one: one.value)
ADDRESSES = {
    "Tips": "/inbox",
    "Cases": "/cases",
    "Search": "/search",
    "Due": "/due",
    "Reviews": "/measures/review",
    "Figures": "/dashboard",
    "Relief": "/relief",
    "Background work": "/work",
    "Audit": "/audit",
    "Accounts": "/accounts",
    "Law": "/law",
}
READER = ["Tips", "Cases", "Search", "Due", "Figures", "Relief"]
NAVIGATION = {
    "intake_officer": ["Tips", "Search", "Background work"],
    "investigator": [*READER, "Background work", "Law"],
    "legal_reviewer": ["Tips", "Cases", "Search", "Due", "Reviews", "Figures", "Relief", "Law"],
    "commander": [*READER, "Background work", "Law"],
    "auditor": [*READER, "Background work", "Audit", "Law"],
    "administrator": ["Accounts", "Law"],
}


async def a_tip_comes_in(browser: Browser, live: RunningPlatform, mark: str) -> None:
    async with phone(browser, live, ZH) as page:
        tipster = Tipster(page, live, ZH)
        await tipster.opens_the_form()
        await tipster.tells_of(f"白色货车逃逸 {mark}")
        await tipster.sends()
        await tipster.reads_the_receipt()


@BOTH
async def test_of_two_officers_the_second_is_told_who_decided_and_when(
    browser: Browser, live: RunningPlatform, language: Language
) -> None:
    mark = uuid4().hex[:8]
    await a_tip_comes_in(browser, live, mark)

    async with desktop(browser, live, language) as page, desktop(browser, live, language) as second_page:
        first, second = Investigator(page, live, language), Commander(second_page, live, language)
        for officer in (first, second):
            await officer.signs_in()
            await officer.finds_the_tip(mark)
        await first.accepts_the_tip()
        await expect(first.region("Decision")).to_contain_text(first.label("TipState", "accepted"))
        name = (await page.get_by_role("banner").locator("bdi").inner_text()).strip()

        async with second_page.expect_response(lambda answer: answer.request.method == "POST") as answered:
            await second.accepts_the_tip()

        warning = second_page.get_by_role("alert").filter(has_text=second.say("A colleague was faster."))
        await expect(warning).to_contain_text(name)
        await expect(warning).to_be_focused()
        await expect(second.region("Decision")).to_contain_text(name)
        assert (await answered.value).status == 409


@pytest.mark.parametrize("role", NAVIGATION)
async def test_each_role_is_led_to_its_pages_and_told_so_at_the_others(
    browser: Browser, live: RunningPlatform, role: str
) -> None:
    async with desktop(browser, live, EN) as page:
        officer = Officer(page, live, EN)
        officer.role = role
        await officer.signs_in()
        links = page.get_by_role("navigation", name="Main").get_by_role("link")
        led_to = [re.sub(r"\s*\d+$", "", text.strip()) for text in await links.all_inner_texts()]
        refused = []
        for part, address in ADDRESSES.items():
            answer = await page.goto(live.staff_url + address)
            assert answer is not None
            if answer.status == 403:
                await expect(page.get_by_role("main")).to_contain_text(SENTENCES["NotAllowed"])
                refused.append(part)

    assert led_to == NAVIGATION[role]
    assert refused == [part for part in ADDRESSES if part not in led_to]


@BOTH
async def test_who_signs_out_is_out_also_for_the_back_button(
    browser: Browser, live: RunningPlatform, language: Language
) -> None:
    async with desktop(browser, live, language) as page:
        officer = Investigator(page, live, language)
        await officer.signs_in()
        await officer.goes_to("Cases")
        await expect(officer.heading("Cases")).to_be_visible()

        await officer.signs_out()
        await page.go_back()
        await page.reload()

        await expect(officer.heading("Sign in to the investigation desk")).to_be_visible()
        await expect(page.get_by_role("navigation", name=officer.say("Main"))).to_have_count(0)


@BOTH
async def test_a_wrong_password_is_told_and_keeps_the_name(
    browser: Browser, live: RunningPlatform, language: Language
) -> None:
    async with desktop(browser, live, language) as page:
        officer = Investigator(page, live, language)
        await page.goto(f"{live.staff_url}/cases")
        await officer.field("User name").fill("nobody-here")
        await officer.field("Password").fill("not the password")

        await officer.button("Sign in").click()

        summary = page.get_by_role("alert").filter(has=officer.heading("There is a problem"))
        await expect(summary).to_contain_text(officer.say(SENTENCES["SignInRefused"]))
        await expect(summary).to_be_focused()
        await expect(officer.field("User name")).to_have_value("nobody-here")
        await expect(officer.field("Password")).to_have_value("")


async def test_the_page_of_background_work_counts_up_by_itself(browser: Browser, live: RunningPlatform) -> None:
    async with seen(next(one for one in ALL if one.name == "background work"), browser, live, ZH) as page:
        officer = Investigator(page, live, ZH)
        sealing = page.get_by_role("row").filter(has_text=officer.say(LABELS["Job"]["workers.sealing.seal_item"])).first
        done = sealing.get_by_role("cell").nth(list(LABELS["WorkState"]).index("done"))
        before = int(await done.inner_text())

        async with phone(browser, live, ZH) as public_page:
            tipster = Tipster(public_page, live, ZH)
            await tipster.opens_the_form()
            await tipster.picks_a_photo("a.jpg", photo())
            await tipster.sends()
            await tipster.reads_the_receipt()
            await tipster.sees_received(files=1)

        await officer.waits_for(sealing.get_by_role("cell", name=str(before + 1), exact=True))

"""Every page a person can come to, by name, and how one gets to see it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

from playwright.async_api import Browser, Page, StorageState, expect

from tests.journeys.browsing import DESKTOP, PHONE, profile
from tests.journeys.people import Commander, Officer, Tipster
from tests.journeys.reviewing import opens_the_review
from tests.tipline.visitor import photo
from tipline.demo.throwaway import RunningPlatform
from tipline.web.locale import Language

# Words of the demo county's tip on the black saloon, which brings a photo.
STORY_WITH_A_PHOTO: Final = "黑色轿车闯红灯撞了学生"
OPEN_ALL: Final = "for (const one of document.querySelectorAll('main details')) one.open = true"
UNKNOWN: Final = "00000000-0000-4000-8000-000000000000"
HURT: Final = "serious_injuries=1&liability=full&has_fled=1"


@dataclass(frozen=True, slots=True)
class Sight:
    """A page, or a state of one, and the deed that shows it; `role` is who must be signed in, none on the public face.

    `show` begins with an empty page of the right person's browser.
    """

    name: str
    show: Callable[[Page, RunningPlatform, Language], Awaitable[None]]
    role: str = ""


def at(name: str, address: str, role: str = "") -> Sight:
    """Return the sight of a page that its address alone leads to."""

    async def show(page: Page, live: RunningPlatform, _: Language) -> None:
        await page.goto((live.staff_url if role else live.public_url) + address)

    return Sight(name, show, role)


def behind(name: str, list_address: str, *steps: str, role: str = "commander") -> Sight:
    """Return the sight that the first row of a list leads to, and `steps` appended to its address."""

    async def show(page: Page, live: RunningPlatform, _: Language) -> None:
        await page.goto(live.staff_url + list_address)
        address = await page.get_by_role("main").get_by_role("table").get_by_role("link").first.get_attribute("href")
        await page.goto(live.staff_url + "".join((address or "", *steps)))

    return Sight(name, show, role)


async def _empty_form(page: Page, live: RunningPlatform, language: Language) -> None:
    tipster = Tipster(page, live, language)
    await tipster.opens_the_form()
    await tipster.sends()
    await expect(tipster.heading("There is a problem")).to_be_visible()


async def _receipt(page: Page, live: RunningPlatform, language: Language) -> None:
    tipster = Tipster(page, live, language)
    await tipster.opens_the_form()
    await tipster.tells_of("白色货车")
    await tipster.picks_a_photo("a.jpg", photo())
    await tipster.picks_a_video("b.mp4", "这不是视频".encode())
    await expect(page.get_by_text("b.mp4")).to_be_visible()
    await tipster.sends()
    await tipster.reads_the_receipt()


async def _own_tip(page: Page, live: RunningPlatform, language: Language) -> None:
    await _receipt(page, live, language)
    await page.goto(f"{live.public_url}/tips/mine")


async def _wrong_code(page: Page, live: RunningPlatform, language: Language) -> None:
    tipster = Tipster(page, live, language)
    await tipster.asks_with("1234")
    await expect(tipster.heading("There is a problem")).to_be_visible()


async def _refused_sign_in(page: Page, live: RunningPlatform, language: Language) -> None:
    officer = Officer(page, live, language)
    await page.goto(f"{live.staff_url}/sign-in")
    await officer.field("User name").fill("nobody")
    await officer.field("Password").fill("not the password")
    await officer.button("Sign in").click()
    await expect(officer.heading("There is a problem")).to_be_visible()


async def _tip_with_media(page: Page, live: RunningPlatform, language: Language) -> None:
    officer = Commander(page, live, language)
    await page.goto(f"{live.staff_url}/inbox?state=&q={STORY_WITH_A_PHOTO}")
    await page.get_by_role("row").filter(has_text=STORY_WITH_A_PHOTO).get_by_role("link").first.click()
    await officer.waits_for(page.get_by_text(officer.label("FileStatus", "examined"), exact=True).first)
    await page.evaluate(OPEN_ALL)


async def _review(page: Page, live: RunningPlatform, language: Language) -> None:
    await opens_the_review(Commander(page, live, language), query="?at=0:00.000")
    await page.evaluate(OPEN_ALL)


async def _review_of_frames(page: Page, live: RunningPlatform, language: Language) -> None:
    await opens_the_review(Commander(page, live, language), query="?view=frames&order=time")


async def _refused_marker(page: Page, live: RunningPlatform, language: Language) -> None:
    officer = Commander(page, live, language)
    await opens_the_review(officer)
    await officer.button("Set the marker").click()
    await expect(officer.heading("There is a problem")).to_be_visible()


async def _side_by_side(page: Page, live: RunningPlatform, language: Language) -> None:
    officer = Commander(page, live, language)
    await opens_the_review(officer)
    await officer.link("Compare side by side").click()
    await officer.button("Show").click()
    await expect(page.locator("[data-side-of]")).to_have_count(2)


async def _measures(page: Page, live: RunningPlatform) -> None:
    await page.goto(f"{live.staff_url}/dashboard/list/criminal_detention?year=2021")
    await page.locator(".row-link").first.click()
    await page.goto(f"{page.url}/measures")


async def _measure(page: Page, live: RunningPlatform, language: Language) -> None:
    await _measures(page, live)
    await page.locator(".item .heading a").first.click()
    await expect(Commander(page, live, language).heading("Steps of the measure")).to_be_visible()


async def _revocation(page: Page, live: RunningPlatform, language: Language) -> None:
    await _measure(page, live, language)
    await page.goto(f"{page.url}/revoke")


async def _person_before_the_law(page: Page, live: RunningPlatform, language: Language) -> None:
    await _measures(page, live)
    await Commander(page, live, language).link("Age, identity, rulings").first.click()


async def _empty_case_form(page: Page, live: RunningPlatform, language: Language) -> None:
    officer = Commander(page, live, language)
    await page.goto(f"{live.staff_url}/cases/new")
    await page.locator("main form").evaluate("form => { form.noValidate = true }")
    await officer.button("Record the case").click()
    await expect(officer.heading("There is a problem")).to_be_visible()


def _inbox(*keys: str) -> Callable[[Page, RunningPlatform, Language], Awaitable[None]]:
    """Return how one gets to see the inbox with its preview, after `keys` were pressed."""

    async def show(page: Page, live: RunningPlatform, _: Language) -> None:
        await page.goto(f"{live.staff_url}/inbox")
        await expect(page.locator("#preview .pane")).to_be_visible()
        for key in keys:
            await page.keyboard.press(key)
            await expect(page.get_by_role("dialog")).to_be_visible()

    return show


async def _many_at_once(page: Page, live: RunningPlatform, language: Language) -> None:
    officer = Commander(page, live, language)
    await _inbox()(page, live, language)
    await page.get_by_role("table").get_by_role("checkbox").first.check()
    await officer.field("What to do").select_option(value="tag")
    await officer.field("Tag").fill("夜间")
    await officer.button("Do it").click()
    await expect(officer.heading("Many tips at once")).to_be_visible()


PUBLIC: Final = [
    at("start", "/"),
    at("privacy", "/privacy"),
    at("form", "/tips/new"),
    Sight("form with problems", _empty_form),
    Sight("receipt", _receipt),
    Sight("own tip", _own_tip),
    at("code", "/follow-up"),
    Sight("wrong code", _wrong_code),
    at("no such page", "/nowhere"),
]
STAFF: Final = [
    Sight("refused sign-in", _refused_sign_in),
    Sight("inbox", _inbox(), "commander"),
    Sight("inbox, keys", _inbox("?"), "commander"),
    Sight("inbox, why declined", _inbox("3"), "commander"),
    Sight("many tips at once", _many_at_once, "commander"),
    at("inbox, put off", "/inbox?state=snoozed", "commander"),
    at("inbox, declined", "/inbox?state=declined", "commander"),
    at("inbox, nothing found", "/inbox?q=qqqqqq", "commander"),
    at("duty and alarms", "/desk/duty", "commander"),
    at("enter a tip", "/desk/tips/new", "commander"),
    behind("tip", "/inbox?suggested=1"),
    Sight("tip with media", _tip_with_media, "commander"),
    Sight("media review", _review, "commander"),
    Sight("media review, frames", _review_of_frames, "commander"),
    Sight("media review with problems", _refused_marker, "commander"),
    Sight("side by side", _side_by_side, "commander"),
    behind("tip, cases looked for", "/inbox", "?case_q=2026"),
    at("cases", "/cases", "commander"),
    at("no such case", f"/cases/{UNKNOWN}", "commander"),
    Sight("new case with problems", _empty_case_form, "commander"),
    behind("open case", "/cases"),
    behind("tips of a case", "/cases", "/tips"),
    behind("vehicles of a case", "/cases", "/vehicles"),
    behind("persons of a case", "/cases", "/persons"),
    behind("evidence of a case", "/dashboard/list/criminal_detention?year=2021", "/evidence"),
    behind("map of a case", "/cases", "/map"),
    behind("timeline of a case", "/cases", "/timeline"),
    behind("measures of a case", "/dashboard/list/criminal_detention?year=2021", "/measures"),
    behind("screening", "/cases", "/screening"),
    behind("new candidate", "/cases", "/screening/new"),
    behind("determinations", "/cases?q=高唐城北段红绿灯", "/determinations"),
    behind("documents", "/cases", "/documents"),
    behind("new document", "/cases", "/documents/new?kind=assistance_request"),
    behind("new determination", "/cases", "/determinations/new"),
    behind("evidence shown", "/cases", "/determinations/disclosures/new"),
    behind("application while unsolved", "/cases", "/determinations/applications/new"),
    behind("inquiry", "/cases", "/determinations/inquiries/new"),
    behind("new vehicle", "/cases", "/vehicles/new"),
    behind("new person", "/cases", "/persons/new"),
    behind("clearance", "/cases", "/clearance"),
    behind("exceptional clearance", "/cases", "/exceptional-clearance"),
    behind("unfounded case", "/cases", "/unfounded"),
    behind("reopening", "/cases?state=cleared", "/reopening"),
    behind("merging", "/cases", "/merging"),
    behind("splitting", "/cases", "/splitting"),
    behind("new case from a tip", "/inbox", "/case"),
    behind("change of severity", "/cases", "/severity"),
    behind("official step", "/cases", "/procedure/new?kind=transfer_of_jurisdiction"),
    behind("cleared case", "/dashboard/list/criminal_detention?year=2021"),
    behind("measures", "/dashboard/list/criminal_detention?year=2021", "/measures"),
    behind("administrative detention", "/dashboard/list/criminal_detention?year=2021", "/measures/new"),
    behind(
        "criminal detention", "/dashboard/list/criminal_detention?year=2021", "/measures/new?kind=criminal_detention"
    ),
    behind("threshold hint", "/dashboard/list/criminal_detention?year=2021", f"/measures/threshold?{HURT}"),
    Sight("one measure", _measure, "commander"),
    Sight("a deed on a measure", _revocation, "commander"),
    Sight("a person before the law", _person_before_the_law, "commander"),
    at("reviews", "/measures/review", "legal_reviewer"),
    behind("tasks and time limits", "/cases", "/tasks"),
    behind("step of procedure", "/cases", "/facts/new"),
    behind("time limit by hand", "/cases", "/clocks/new"),
    behind("one time limit", "/due?scope=all&when=overdue"),
    at("due", "/due?scope=all&when=week", "commander"),
    at("nothing due", "/due?scope=mine&when=today", "commander"),
    at("rules of law", "/law?kind=all", "legal_reviewer"),
    at("one rule", "/law/first_interrogation", "legal_reviewer"),
    at("new version of a rule", "/law/forensic_examination/new", "legal_reviewer"),
    at("holiday table", "/law/holidays", "administrator"),
    at("holidays of a year", "/law/holidays/2026", "administrator"),
    at("notice of holidays", "/law/holidays/enter", "administrator"),
    at("figures", "/dashboard", "commander"),
    at("figures of 2021", "/dashboard?year=2021", "commander"),
    at("cases of a figure", "/dashboard/list/cleared?year=2021", "commander"),
    at("persons of a figure", "/dashboard/list/administrative_detention?year=2021", "commander"),
    at("clearance figures", "/dashboard/clearance?from=2021-01-01&to=2021-12-31", "commander"),
    at("clearance, a list", "/dashboard/clearance/list/M1-k?from=2021-01-01&to=2021-12-31&severity=fatal", "commander"),
    at("clearance, wrong days", "/dashboard/clearance?from=2021-12-31&to=2021-01-01", "commander"),
    at("search", "/search?q=YS", "commander"),
    at("search, nothing found", "/search?q=qqqqqq", "commander"),
    at("relief", "/relief?year=2021", "commander"),
    at("relief, nothing found", "/relief?q=qqqqqq", "commander"),
    at("new relief matter", "/relief/new?name=qqqqqq", "commander"),
    behind("relief matter", "/relief"),
    at("relief of a year", "/relief/figures/rescue_fund?from=2021&to=2021", "commander"),
    at("background work", "/work", "commander"),
    at("password", "/account/password", "commander"),
    at("second factor", "/account/second-factor", "commander"),
    at("sessions", "/account/sessions", "commander"),
    at("access tokens", "/account/tokens", "commander"),
    at("import of cases", "/cases/import", "commander"),
    at("accounts", "/accounts", "administrator"),
    at("new account", "/accounts/new", "administrator"),
    behind("account", "/accounts", role="administrator"),
    at("units", "/accounts/units", "administrator"),
    at("new unit", "/accounts/units/new", "administrator"),
    behind("unit", "/accounts/units", role="administrator"),
    behind("officers on a case", "/cases", "/assignments"),
    behind("audit of a case", "/cases", "/audit"),
    at("audit", "/audit", "auditor"),
    at("audit, nothing found", "/audit?officer=qqqqqq", "auditor"),
    at("not allowed", "/accounts", "legal_reviewer"),
]
ALL: Final = [*PUBLIC, *STAFF]
_signed_in: dict[str, StorageState] = {}


@asynccontextmanager
async def seen(
    sight: Sight, browser: Browser, live: RunningPlatform, language: Language, **wishes: Any
) -> AsyncIterator[Page]:
    """Show a sight in a browser of its own, on a phone for the public and on an office screen for the police."""
    screen = PHONE if sight in PUBLIC else DESKTOP
    if sight.role:
        wishes["storage_state"] = await _cookies_of(sight.role, browser, live)
    async with profile(browser, live, language, **{**screen, **wishes}) as context:
        page = await context.new_page()
        await sight.show(page, live, language)
        yield page


async def _cookies_of(role: str, browser: Browser, live: RunningPlatform) -> StorageState:
    """Sign in once for each role and platform; signing in is slow by intention."""
    key = f"{live.staff_url} {role}"
    if key not in _signed_in:
        async with profile(browser, live, Language.CHINESE, **DESKTOP) as context:
            officer = Officer(await context.new_page(), live, Language.CHINESE)
            officer.role = role
            await officer.signs_in()
            _signed_in[key] = await context.storage_state()
    return _signed_in[key]

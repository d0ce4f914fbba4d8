"""Signing in with more than a password: an authenticator app, then a passkey in a virtual authenticator."""

from __future__ import annotations

import base64

import pytest
from playwright.async_api import Browser, Page, expect

from tests.journeys.browsing import DESKTOP, profile
from tests.journeys.people import Officer
from tipline.accounts.factors.totp import code_at, step_of
from tipline.clock import utc_now
from tipline.demo.throwaway import RunningPlatform
from tipline.web.locale import Language

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]

AUTHENTICATOR = {
    "options": {
        "protocol": "ctap2",
        "transport": "internal",
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
}


async def types_the_password(page: Page, officer: Officer) -> None:
    username, password = officer.live.sign_in_of(officer.role)
    await page.goto(f"{officer.live.staff_url}/sign-in")
    await officer.field("User name").fill(username)
    await officer.field("Password").fill(password)
    await officer.button("Sign in").click()
    await expect(officer.heading("Second factor")).to_be_visible()


async def test_an_officer_signs_in_with_an_app_and_then_with_a_passkey(live: RunningPlatform, browser: Browser) -> None:
    async with profile(browser, live, Language.CHINESE, **DESKTOP) as context:
        page = await context.new_page()
        devtools = await context.new_cdp_session(page)
        await devtools.send("WebAuthn.enable")
        await devtools.send("WebAuthn.addVirtualAuthenticator", AUTHENTICATOR)
        officer = Officer(page, live, Language.CHINESE)
        officer.role = "legal_reviewer"
        _, password = live.sign_in_of(officer.role)
        await officer.signs_in()

        await page.goto(f"{live.staff_url}/account/second-factor")
        await officer.button("Set up an app").click()
        letters = (await page.locator("#secret").inner_text()).replace(" ", "")
        secret, step = base64.b32decode(letters), step_of(utc_now())
        await officer.field("Verification code").fill(code_at(secret, step))
        await officer.button("Confirm").click()
        await expect(officer.heading("Your recovery codes")).to_be_visible()
        await officer.signs_out()

        await types_the_password(page, officer)
        await officer.field("Verification code").fill(code_at(secret, step))
        await officer.button("Sign in").click()
        await expect(officer.heading("There is a problem")).to_be_visible()
        await officer.field("Verification code").fill(code_at(secret, step + 1))
        await officer.button("Sign in").click()
        await expect(officer.button("Sign out")).to_be_visible()

        await page.goto(f"{live.staff_url}/account/second-factor")
        await officer.field("Name of the passkey").fill("办公室电脑")
        await officer.button("Set up a passkey").click()
        await expect(page.get_by_text("办公室电脑").first).to_be_visible()
        await officer.signs_out()

        await types_the_password(page, officer)
        await officer.button("Use a passkey").click()
        await expect(officer.button("Sign out")).to_be_visible()

        # What was set up is taken off again: the account is every journey's.
        await page.goto(f"{live.staff_url}/account/second-factor")
        for taken_off in ("Take the passkey off", "Take the app off"):
            closed = page.locator("details").filter(has=page.locator("button", has_text=officer.say(taken_off)))
            await closed.locator("summary").click()
            await page.locator("details[open]").get_by_label(officer.say("Present password")).fill(password)
            await officer.button(taken_off).click()
            await expect(closed).to_have_count(0)
        await officer.signs_out()
        await officer.signs_in()

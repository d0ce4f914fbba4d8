"""The people of the journeys. They find their way by what a page shows and calls things, in their own language."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from playwright.async_api import FilePayload, Locator, Page, expect

from tipline.clock import SHANGHAI, utc_now
from tipline.demo.throwaway import RunningPlatform
from tipline.web.labels import LABELS
from tipline.web.locale import Language, translations

SEALED_WITHIN_MS: Final = 60_000
EXAMINED_WITHIN_S: Final = 120.0
LOOK_AGAIN_MS: Final = 1_500
CODE: Final = re.compile(r"\d{4}-\d{4}-\d{4}-\d{4}")


@dataclass(slots=True)
class Person:
    """Somebody at a browser who reads one language."""

    page: Page
    live: RunningPlatform
    language: Language

    def say(self, message: str, **facts: object) -> str:
        """Return what a page calls `message` in the person's language."""
        text = translations(self.language).gettext(message)
        return text % facts if facts else text

    def label(self, enum_name: str, value: str) -> str:
        """Return what pages call a stored value in the person's language."""
        return self.say(LABELS[enum_name][value])

    def button(self, message: str) -> Locator:
        return self.page.get_by_role("button", name=self.say(message), exact=True)

    def link(self, message: str) -> Locator:
        return self.page.get_by_role("main").get_by_role("link", name=self.say(message), exact=True)

    def heading(self, message: str, **facts: object) -> Locator:
        return self.page.get_by_role("heading", name=self.say(message, **facts), exact=True)

    def region(self, message: str) -> Locator:
        """Return a section by its heading, which may go on with a count."""
        begins = re.compile(rf"^{re.escape(self.say(message))}(\s+\d+)?$")
        return self.page.get_by_role("region", name=begins)

    def field(self, message: str) -> Locator:
        """Return a field by its label, which may go on with "(optional)"."""
        begins = re.compile(rf"^{re.escape(self.say(message))}\s*({re.escape(self.say('(optional)'))})?$")
        return self.page.get_by_label(begins)

    async def changes_language(self) -> None:
        """Follow the link to the other language, and read that one from now on."""
        other = Language.ENGLISH if self.language == Language.CHINESE else Language.CHINESE
        name = {Language.ENGLISH: "English", Language.CHINESE: "中文"}[other]
        await self.page.get_by_role("banner").get_by_role("link", name=name, exact=True).click()
        await expect(self.page.locator("html")).to_have_attribute("lang", other.value)
        self.language = other

    async def waits_for(self, sight: Locator) -> None:
        """Open the page again until `sight` is there: pages that need no script do not move by themselves."""
        deadline = time.monotonic() + EXAMINED_WITHIN_S
        while True:
            try:
                await expect(sight).to_be_visible(timeout=LOOK_AGAIN_MS)
            except AssertionError:
                if time.monotonic() > deadline:
                    raise
                await self.page.reload()
            else:
                return


class Tipster(Person):
    """A member of the public with a phone."""

    async def opens_the_form(self) -> None:
        await self.page.goto(self.live.public_url)
        await self.link("Send a tip").click()
        await expect(self.heading("Send a tip")).to_be_visible()

    async def tells_of(self, story: str, *, place: str = "", plate: str = "", at: datetime | None = None) -> None:
        """Write the story and what else is known."""
        await self.field("What happened?").fill(story)
        await self.field("Where was it?").fill(place)
        await self.field("Number plate").fill(plate)
        if at is not None:
            await self.field("From").fill(as_typed(at))

    async def says_it_is_here_now(self) -> None:
        await self.page.get_by_role("checkbox", name=self.say("The vehicle is here now")).check()

    async def names_the_vehicle(self, *, kind: str, colour: str) -> None:
        await self.field("Kind of vehicle").select_option(label=self.label("VehicleType", kind))
        await self.field("Colour").select_option(label=self.label("VehicleColour", colour))

    async def picks_a_photo(self, name: str, content: bytes, kind: str = "image/jpeg") -> None:
        await self.field("Choose photos").set_input_files(FilePayload(name=name, mimeType=kind, buffer=content))

    async def picks_a_video(self, name: str, content: bytes, kind: str = "video/mp4") -> None:
        await self.field("Choose videos").set_input_files(FilePayload(name=name, mimeType=kind, buffer=content))

    async def sends(self) -> None:
        await self.button("Send the tip").click()

    async def reads_the_receipt(self) -> str:
        """Wait for the receipt and return its code."""
        await expect(self.heading("Your tip has arrived")).to_be_visible(timeout=SEALED_WITHIN_MS)
        code = self.page.get_by_text(CODE)
        await expect(code).to_be_visible()
        return (await code.inner_text()).strip()

    async def sees_received(self, files: int) -> None:
        """Wait, without touching anything, until every file counts as received."""
        marks = self.page.get_by_role("listitem").get_by_text(self.say("Received"), exact=True)
        await expect(marks).to_have_count(files, timeout=SEALED_WITHIN_MS)

    async def closes_the_tip(self) -> None:
        """Go to the page of the own tip and close it, as on a shared phone."""
        await self.page.goto(f"{self.live.public_url}/tips/mine")
        await self.button("Close my tip").click()
        await expect(self.heading("Report a hit-and-run")).to_be_visible()

    async def asks_with(self, code: str) -> None:
        """Open the page for codes and enter one; no tip is open in this browser."""
        await self.page.goto(self.live.public_url)
        await self.link("Look up a tip you sent").click()
        await self.field("Receipt code").fill(code)
        await self.button("Open my tip").click()


class Officer(Person):
    """Somebody of the police at a desk."""

    role = "investigator"

    async def signs_in(self) -> None:
        username, password = self.live.sign_in_of(self.role)
        await self.page.goto(self.live.staff_url)
        await self.field("User name").fill(username)
        await self.field("Password").fill(password)
        await self.button("Sign in").click()
        await expect(self.button("Sign out")).to_be_visible()

    async def goes_to(self, part: str) -> None:
        """Follow a link of the main navigation."""
        navigation = self.page.get_by_role("navigation", name=self.say("Main"), exact=True)
        await navigation.get_by_role("link", name=self.say(part), exact=True).click()

    async def finds_the_tip(self, words: str) -> None:
        """Look for a tip in the inbox and open it."""
        await self.goes_to("Tips")
        await self.page.get_by_role("searchbox").fill(words)
        await self.button("Show").click()
        row = self.page.get_by_role("row").filter(has_text=words)
        await row.get_by_role("link").first.click()
        await expect(self.region("What was told")).to_contain_text(words)

    async def accepts_the_tip(self) -> None:
        await self.button("Accept the tip").click()

    async def signs_out(self) -> None:
        await self.button("Sign out").click()
        await expect(self.button("Sign in")).to_be_visible()

    async def opens_the_tab(self, name: str) -> None:
        """Go to a tab of the case file that is open."""
        tab = self.page.get_by_role("navigation", name=self.say("Case file")).get_by_role(
            "link", name=self.say(name), exact=True
        )
        await tab.click()
        await self._is_at_the_tab(name)

    async def _is_at_the_tab(self, name: str) -> None:
        tabs = self.page.get_by_role("navigation", name=self.say("Case file"))
        await expect(tabs.locator("[aria-current=page]")).to_have_text(self.say(name))

    async def _saves(self, tab: str) -> None:
        await self.button("Save").click()
        await self._is_at_the_tab(tab)


class Investigator(Officer):
    """Works on tips and cases."""

    def file(self, kind: str, number: int) -> Locator:
        """Return the card of a file on the page of a tip."""
        return self.page.get_by_role("article", name=f"{self.label('FileRole', kind)} {number}", exact=True)

    async def sees_examined(self, kind: str, number: int) -> Locator:
        """Wait until a file was examined and return its card."""
        card = self.file(kind, number)
        await self.waits_for(card.get_by_text(self.label("FileStatus", "examined"), exact=True))
        return card

    def first_suggestion(self) -> Locator:
        return self.region("Suggested cases").get_by_role("article").first

    async def accepts_the_first_suggestion(self) -> str:
        """Link the tip to the case on top and return the case's number."""
        suggestion = self.first_suggestion()
        number = await suggestion.get_by_role("heading").inner_text()
        await suggestion.get_by_role("button", name=self.say("Link the tip to this case"), exact=True).click()
        await expect(self.region("Linked cases").get_by_role("link", name=number, exact=True)).to_be_visible()
        return number

    async def opens_the_linked_case(self, number: str) -> None:
        await self.region("Linked cases").get_by_role("link", name=number, exact=True).click()
        await expect(self.page.get_by_role("heading", name=number, exact=True)).to_be_visible()

    async def says_the_vehicle_is(self, plate: str) -> None:
        await self.opens_the_tab("Vehicles")
        await self.link("Identify").click()
        await self.field("Number plate").fill(plate)
        await self.field("Identified at").fill(now_as_typed())
        await self._saves("Vehicles")

    async def seizes_the_vehicle(self) -> None:
        await self.link("Seized").click()
        await self.field("Seized at").fill(now_as_typed())
        await self._saves("Vehicles")

    async def names_the_driver(self, name: str) -> None:
        await self.opens_the_tab("Persons")
        await self.link("Name a person").click()
        await self.field("Full name").fill(name)
        await self.field("Role").select_option(label=self.label("PersonRole", "driver"))
        await self.field("Identified at").fill(now_as_typed())
        await self._saves("Persons")

    async def has_the_driver_in_hand(self) -> None:
        await self.link("In hand").click()
        await self.field("In police hands since").fill(now_as_typed())
        await self._saves("Persons")

    async def files_the_case(self, number: str, *, authority: str) -> None:
        """Record that the head of the bureau filed the case; without that nobody is detained for a crime."""
        await self.opens_the_tab("Overview")
        await self.link("Record a step").click()
        await self.page.get_by_role("link", name=self.label("ProcedureKind", "filing"), exact=True).click()
        await self.field("Number of the document").fill(number)
        await self.field("Authority that decided").fill(authority)
        await self.field("Signed by").fill("局长（演示）")
        await self.field("Decided at").fill(now_as_typed())
        await self.button("Record the step").click()
        await expect(self.page.get_by_role("main")).to_contain_text(number)

    async def proposes_administrative_detention(self, driver: str, *, days: int) -> None:
        """Ask for one, and enter that the person was told and may speak."""
        await self._begins_to_propose("administrative_detention", driver)
        await self.page.get_by_role("radio").first.check()
        await self.field("Days").fill(str(days))
        await self.button("Propose").click()
        await self.page.get_by_role("link", name=self.label("Deed", "notice"), exact=True).click()
        await self.field("Told at").fill(now_as_typed())
        await self.button("Save").click()
        await expect(self.heading("Told before the penalty")).to_be_visible()

    async def proposes_criminal_detention(self, driver: str, *, ground: str) -> None:
        """Ask for one; it has no number of days, and its ground is one of the law's, named by some of its words."""
        await self._begins_to_propose("criminal_detention", driver)
        await expect(self.field("Days")).to_have_count(0)
        basis = self.page.get_by_role("group", name=self.say("Basis"), exact=True)
        await basis.get_by_role("radio").first.check()
        grounds = self.page.get_by_role("group", name=self.say("Ground of the detention"), exact=True)
        await grounds.get_by_role("radio", name=ground).check()
        await self.button("Propose").click()
        await expect(self.heading("Steps of the measure")).to_be_visible()

    async def enters_decision_and_execution(self, number: str, *, authority: str) -> None:
        """Enter what the body in charge decided about the measure that is shown, and that it was carried out."""
        await self.page.reload()
        await self.page.get_by_role("link", name=self.label("Deed", "approve"), exact=True).click()
        await self.field("Authority that decided").fill(authority)
        await self.field("Number of the document").fill(number)
        await self.field("Decided at").fill(now_as_typed())
        await self.button("Save").click()
        await self.page.get_by_role("link", name=self.label("Deed", "execute"), exact=True).click()
        await self.field("Executed at").fill(now_as_typed())
        await self.button("Save").click()
        await expect(self.heading("Steps of the measure")).to_be_visible()

    async def _begins_to_propose(self, kind: str, driver: str) -> None:
        await self.opens_the_tab("Measures")
        await self.page.get_by_role("link", name=self.label("OutcomeKind", kind), exact=True).last.click()
        await self.field("Person").select_option(label=f"{driver} ({self.label('PersonRole', 'driver')})")


class Reviewer(Officer):
    """Looks at every measure before it is decided."""

    role = "legal_reviewer"

    async def passes_the_measure_of(self, case: str) -> None:
        """Find the measure of a case in the queue and pass it, with a reason."""
        await self.goes_to("Reviews")
        row = self.page.get_by_role("row").filter(has_text=case)
        await row.get_by_role("link").first.click()
        await self.field("Reason").fill("依据、程序审核无异议")
        await self.button("Save").click()
        await expect(self.heading("Steps of the measure")).to_be_visible()


class Commander(Officer):
    """Answers for the figures and approves clearances."""

    role = "commander"

    async def opens_the_case(self, number: str) -> None:
        await self.goes_to("Cases")
        await self.page.get_by_role("searchbox").fill(number)
        await self.button("Show").click()
        await self.page.get_by_role("link", name=number, exact=True).click()
        await expect(self.page.get_by_role("heading", name=number, exact=True)).to_be_visible()

    async def clears_the_case(self) -> None:
        """Approve the clearance and mark every linked tip as helpful."""
        await self.link("Clear the case …").click()
        await self.field("Cleared at").fill(now_as_typed())
        helped = self.page.get_by_role("group", name=self.say("Which tips helped?"), exact=True)
        for one in await helped.get_by_role("checkbox").all():
            await one.check()
        await self.button("Approve: the case is cleared").click()
        await expect(self.heading("Overview")).to_be_visible()

    async def reads_the_figure(self, name: str) -> int:
        """Open this year's figures and return the one in the tile `name`."""
        await self.goes_to("Figures")
        return int(await self.figure(name).inner_text())

    def figure(self, name: str) -> Locator:
        """Return the number, which is a link, of the tile `name` (the first, where it shows k / n)."""
        return self.region(name).get_by_role("link").first


def as_typed(moment: datetime) -> str:
    """Return a moment as a field for date and time takes it."""
    return moment.astimezone(SHANGHAI).strftime("%Y-%m-%dT%H:%M")


def now_as_typed() -> str:
    """Return the present minute as a field for date and time takes it."""
    return as_typed(utc_now())

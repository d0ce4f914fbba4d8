"""Makes the README's pictures anew: `python -m tools.screenshots [--against READY_FILE]`, into docs/screenshots/.

A throw-away platform with the demo county is started (or a running one is used); tips are sent and one demo case is
worked on, so that every page has something to show. The phone pictures are of the public's face, the wide ones of
the officers'; each in both languages.
"""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tipline.clock import utc_now
from tipline.demo.present_cases import OPEN_CASES
from tipline.demo.staff_reading import files_of_tip, links_to, suggestions_of_tip
from tipline.demo.steps import wait_for
from tipline.demo.throwaway import RunningPlatform, read_ready_file, started_platform
from tipline.demo.visitor import Officer, StepFailed
from tipline.demo.walk_public import PublicWalk
from tipline.demo.walk_staff import EXAMINED, StaffWalk
from tools import browser as browsers
from tools.setup import ROOT, say

FOLDER: Final = ROOT / "docs" / "screenshots"
LANGUAGES: Final = (("zh", "zh-CN"), ("en", "en-GB"))
PHONE: Final = (390, 844)
DESK: Final = (1280, 900)
TALL: Final = 1200
MOST_BYTES: Final = 200 * 1024
COLOURS: Final = 128
EXAMINED_WITHIN_S: Final = 240.0


@dataclass(frozen=True, slots=True)
class Story:
    """What a picture's form is filled with, in one language."""

    words: str
    place: str
    damage: str
    direction: str


STORIES: Final = {
    "zh": Story(
        "【演示】在金城路与人和路路口，一辆银色面包车右转撞倒骑电动车的人，没有停车。",
        "人和街道金城路与人和路路口",
        "右前大灯破损",
        "沿金城路向东",
    ),
    "en": Story(
        "[Demo] At the crossing of Jincheng Road and Renhe Road a silver van turned right, knocked down an e-bike "
        "rider and did not stop.",
        "Crossing of Jincheng Road and Renhe Road",
        "right headlamp broken",
        "east along Jincheng Road",
    ),
}


class Camera:
    """Takes one page at a time and keeps the picture small."""

    def __init__(self, page: Page, suffix: str) -> None:
        self._page, self._suffix = page, suffix

    def shoot(self, name: str) -> None:
        """Save the window as it is under `name` and the language; at most 200 KiB."""
        self._page.wait_for_load_state("networkidle")
        picture = Image.open(io.BytesIO(self._page.screenshot(animations="disabled"))).convert("RGB")
        target = FOLDER / f"{name}-{self._suffix}.png"
        while True:
            small = io.BytesIO()
            picture.quantize(COLOURS, dither=Image.Dither.NONE).save(small, "PNG", optimize=True)
            if small.tell() <= MOST_BYTES:
                break
            picture = picture.resize((picture.width * 9 // 10, picture.height * 9 // 10), Image.Resampling.LANCZOS)
        target.write_bytes(small.getvalue())
        say(f"{target.relative_to(ROOT)} {small.tell() // 1024} KiB")


def main(arguments: Sequence[str] | None = None) -> int:
    """Make every picture and return the exit status: 0 done, 1 it failed, 2 wrong arguments."""
    parser = argparse.ArgumentParser(prog="tools.screenshots", description=str(__doc__).splitlines()[0])
    parser.add_argument(
        "--against", type=Path, metavar="READY_FILE", help="use a running platform with the demo county"
    )
    given = parser.parse_args(arguments)
    program = browsers.find()
    if program is None:
        say("no Chromium here: run `python -m tools.browser`")
        return 1
    try:
        running = read_ready_file(given.against) if given.against else None
    except ValueError as problem:
        parser.error(str(problem))
    FOLDER.mkdir(parents=True, exist_ok=True)
    try:
        with ExitStack() as stack:
            platform = running or stack.enter_context(started_platform())
            playwright = stack.enter_context(sync_playwright())
            chromium = playwright.chromium.launch(executable_path=str(program), args=["--no-sandbox"])
            stack.callback(chromium.close)
            _take_all(platform, chromium)
    except StepFailed as problem:
        say(str(problem))
        return 1
    return 0


def _take_all(platform: RunningPlatform, chromium: Browser) -> None:
    for suffix, locale in LANGUAGES:
        page = _window(chromium, locale, PHONE, scale=2)
        _take_public(page, platform.public_url, Camera(page, suffix), STORIES[suffix])
        page.context.close()
    staff = _prepared(platform)
    desks = [(_window(chromium, locale, DESK, scale=1), suffix) for suffix, locale in LANGUAGES]
    for page, suffix in desks:
        _sign_in(page, platform)
        _take_tips(page, platform.staff_url, staff, Camera(page, suffix))
    staff.linked()
    staff.vehicle_seized()
    staff.driver_in_hand()
    for page, suffix in desks:
        _take_case(page, platform.staff_url, staff, Camera(page, suffix))


def _window(chromium: Browser, locale: str, size: tuple[int, int], *, scale: int) -> Page:
    context = chromium.new_context(
        locale=locale,
        timezone_id="Asia/Shanghai",
        viewport={"width": size[0], "height": size[1]},
        device_scale_factor=scale,
        color_scheme="light",
        reduced_motion="reduce",
        ignore_https_errors=True,
    )
    return context.new_page()


def _take_public(page: Page, address: str, camera: Camera, story: Story) -> None:
    known = OPEN_CASES[0]
    page.goto(address)
    camera.shoot("start")
    page.goto(f"{address}/tips/new")
    page.fill("#story", story.words)
    moment = known.happened_at(utc_now()).strftime("%Y-%m-%dT%H:%M")
    page.fill("#happened_from", moment)
    page.fill("#happened_to", moment)
    page.fill("#place_text", story.place)
    page.fill("#plate_text", known.seen_plate)
    page.select_option("#vehicle_type", known.vehicle.type.value)
    page.select_option("#vehicle_colour", known.vehicle.colour.value)
    page.fill("#damage", story.damage)
    page.fill("#direction", story.direction)
    page.locator("label[for=story]").evaluate("label => label.scrollIntoView()")
    camera.shoot("form")
    page.click("main form button:last-of-type")
    page.wait_for_url(lambda url: "/tips/new" not in url)
    page.wait_for_load_state("networkidle")
    camera.shoot("receipt")


def _prepared(platform: RunningPlatform) -> StaffWalk:
    """Send a tip with media, wait until it is examined, and bring its case to where a measure can be recorded."""
    public = PublicWalk()
    staff = StaffWalk(public)
    for role in ("investigator", "commander"):
        officer = Officer(platform.staff_url)
        officer.sign_in(*platform.sign_in_of(role))
        setattr(staff, role, officer)
    known = OPEN_CASES[0]
    public.known = known

    def examined() -> str | None:
        for address in links_to(staff.investigator.open(f"/inbox?state=received&q={known.seen_plate}"), "/tips/ID"):
            page = staff.investigator.open(address)
            files, shown = files_of_tip(page), suggestions_of_tip(page)
            if len(files) > 1 and all(file.state == EXAMINED for file in files) and shown:
                staff.suggestion, staff.case_address = shown[0], shown[0].case_address
                return address
        return None

    staff.tip_address = wait_for("examined tip with a suggestion", examined, within_s=EXAMINED_WITHIN_S)
    return staff


def _sign_in(page: Page, platform: RunningPlatform) -> None:
    username, password = platform.sign_in_of("commander")
    page.goto(f"{platform.staff_url}/sign-in")
    page.fill("#username", username)
    page.fill("#password", password)
    page.click("main form button")


def _take_tips(page: Page, address: str, staff: StaffWalk, camera: Camera) -> None:
    page.goto(f"{address}/inbox")
    camera.shoot("inbox")
    page.set_viewport_size({"width": DESK[0], "height": TALL})
    page.goto(address + staff.tip_address)
    camera.shoot("tip")
    page.set_viewport_size({"width": DESK[0], "height": DESK[1]})


def _take_case(page: Page, address: str, staff: StaffWalk, camera: Camera) -> None:
    page.goto(address + staff.case_address)
    camera.shoot("case")
    page.goto(f"{address}{staff.case_address}/measures/new?kind=criminal_detention")
    camera.shoot("outcome")
    page.goto(f"{address}/dashboard?year=2021")
    camera.shoot("dashboard")


if __name__ == "__main__":
    sys.exit(main())

"""The main job in a real browser: a tip from a phone ends in a cleared case, in both languages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from playwright.async_api import Browser, Locator, expect

from tests.journeys.browsing import desktop, phone
from tests.journeys.people import CODE, Commander, Investigator, Reviewer, Tipster
from tipline.clock import utc_now
from tipline.demo.casefile import AUTHORITY
from tipline.demo.clip import render_clip, render_photo
from tipline.demo.present_cases import OPEN_CASES, OpenCase
from tipline.demo.throwaway import RunningPlatform
from tipline.web.locale import Language

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]

DRIVER = "孙走查"
FLED = {Language.CHINESE: "犯罪后企图自杀、逃跑", Language.ENGLISH: "flight after the crime"}


@dataclass(frozen=True, slots=True)
class Run:
    """One language with an open case of the demo county of its own, and the measure recorded in it."""

    language: Language
    case: OpenCase
    measure: str


def open_case(key: str) -> OpenCase:
    return next(one for one in OPEN_CASES if one.key == key)


RUNS = [
    Run(Language.CHINESE, open_case("night_car"), "administrative_detention"),
    Run(Language.ENGLISH, open_case("sedan"), "criminal_detention"),
]


@pytest.mark.parametrize("run", RUNS, ids=lambda run: run.language.value)
async def test_a_tip_from_a_phone_ends_in_a_cleared_case_and_a_moved_figure(
    browser: Browser, live: RunningPlatform, run: Run
) -> None:
    mark = uuid4().hex[:8]

    async with phone(browser, live, run.language) as page:
        code = await tells_all(Tipster(page, live, run.language), run.case, mark)

    assert CODE.fullmatch(code)

    async with desktop(browser, live, run.language) as page, desktop(browser, live, run.language) as second_page:
        commander = Commander(second_page, live, run.language)
        await commander.signs_in()
        cleared_before = await commander.reads_the_figure("Hit-and-runs cleared")

        investigator = Investigator(page, live, run.language)
        await investigator.signs_in()
        await investigator.finds_the_tip(mark)
        await sees_frames_boxes_and_plate(investigator, "photo", 1, run.case.vehicle.plate, frames=1)
        await sees_frames_boxes_and_plate(investigator, "video", 2, run.case.vehicle.plate, frames=2)
        await sees_the_case_suggested(investigator, run.case)
        number = await investigator.accepts_the_first_suggestion()
        await investigator.opens_the_linked_case(number)
        await investigator.opens_the_tab("Tips")
        await expect(page.get_by_role("main")).to_contain_text(mark)
        await finds_vehicle_and_driver(investigator, run.case)
        async with desktop(browser, live, run.language) as third_page:
            reviewer = Reviewer(third_page, live, run.language)
            await takes_the_measure(investigator, reviewer, run, case=number, document=f"演示〔2026〕{mark}号")
        state = page.get_by_role("main").get_by_text(investigator.label("CaseState", "open"), exact=True)
        await expect(state).to_be_visible()  # a measure never clears a case
        await investigator.opens_the_tab("Overview")
        await expect(investigator.link("Clear the case …")).to_have_count(0)  # nor may an investigator

        await commander.opens_the_case(number)
        await commander.clears_the_case()
        cleared = commander.page.get_by_role("main").get_by_text(commander.label("CaseState", "cleared"), exact=True)
        await expect(cleared).to_be_visible()
        await commander.opens_the_tab("Tips")
        await expect(commander.region("Linked tips")).to_contain_text(commander.say("helped to clear it"))
        cleared_after = await commander.reads_the_figure("Hit-and-runs cleared")
        await commander.figure("Hit-and-runs cleared").click()
        await expect(second_page.get_by_role("link", name=number, exact=True)).to_be_visible()

    assert cleared_after == cleared_before + 1


async def tells_all(tipster: Tipster, case: OpenCase, mark: str) -> str:
    """Send everything a good witness has, wait until both files are received, and return the receipt code."""
    vehicle, at = case.vehicle, case.happened_at(utc_now())
    scene: dict[str, Any] = {"captured_at": at, "seed": 11, "colour": vehicle.colour.value, "place": case.place}
    photo, clip = render_photo(vehicle.plate, **scene), render_clip(vehicle.plate, **scene)
    story = f"【演示】{vehicle.words}撞人后没停，{vehicle.features}（{mark}）"
    await tipster.opens_the_form()
    await tipster.tells_of(story, place=case.place, plate=vehicle.plate, at=at)
    await tipster.names_the_vehicle(kind=vehicle.type.value, colour=vehicle.colour.value)
    await tipster.picks_a_photo("现场.jpg", photo)
    await tipster.picks_a_video("行车记录.mp4", clip)
    await tipster.sends()
    code = await tipster.reads_the_receipt()
    await tipster.sees_received(files=2)
    return code


async def sees_the_case_suggested(investigator: Investigator, case: OpenCase) -> None:
    """See the case on top of the suggestions, with its reasons in bits."""
    suggestion = investigator.first_suggestion()
    await investigator.waits_for(suggestion)
    await expect(suggestion).to_contain_text(case.place)
    await expect(suggestion.get_by_role("table")).to_contain_text(investigator.label("Field", "plate"))
    assert await bits_of(suggestion) > 10


async def finds_vehicle_and_driver(investigator: Investigator, case: OpenCase) -> None:
    """Record both, from known to in police hands."""
    await investigator.says_the_vehicle_is(case.vehicle.plate)
    await investigator.seizes_the_vehicle()
    await investigator.names_the_driver(DRIVER)
    await investigator.has_the_driver_in_hand()


async def takes_the_measure(
    investigator: Investigator, reviewer: Reviewer, run: Run, *, case: str, document: str
) -> None:
    """Take the measure of this run by the book: proposed, reviewed by another, decided, carried out."""
    if run.measure == "administrative_detention":
        await investigator.proposes_administrative_detention(DRIVER, days=10)
    else:
        await investigator.files_the_case(f"立{document}", authority=AUTHORITY)
        await investigator.proposes_criminal_detention(DRIVER, ground=FLED[run.language])
    await reviewer.signs_in()
    await reviewer.passes_the_measure_of(case)
    await investigator.enters_decision_and_execution(document, authority=AUTHORITY)
    await investigator.opens_the_tab("Measures")
    measures = investigator.page.get_by_role("main")
    await expect(measures).to_contain_text(document)
    await expect(measures).to_contain_text(investigator.label("OutcomeStepKind", "executed"))


async def sees_frames_boxes_and_plate(
    investigator: Investigator, kind: str, number: int, plate: str, *, frames: int
) -> None:
    """See that pictures are shown, that a box lies on one, and that the plate was read."""
    card = await investigator.sees_examined(kind, number)
    pictures = card.get_by_role("img")
    assert await pictures.count() >= frames
    await pictures.first.scroll_into_view_if_needed()
    await expect(pictures.first).to_have_js_property("complete", value=True)
    assert await pictures.first.evaluate("picture => picture.naturalWidth") > 0
    await expect(card.get_by_role("row").filter(has_text=plate).first).to_be_visible()
    figure = card.get_by_role("figure").filter(has_text=plate).first
    box = await figure.locator("rect").first.bounding_box()
    picture = await figure.get_by_role("img").bounding_box()
    assert box is not None
    assert picture is not None
    assert picture["x"] <= box["x"] < box["x"] + box["width"] <= picture["x"] + picture["width"]
    assert picture["y"] <= box["y"] < box["y"] + box["height"] <= picture["y"] + picture["height"]
    assert 0.02 < box["width"] / picture["width"] < 0.6


async def bits_of(suggestion: Locator) -> float:
    """Return the weight a suggestion shows."""
    found = re.search(r"([+-]\d+\.\d)", await suggestion.locator(".heading").inner_text())
    assert found
    return float(found[1])

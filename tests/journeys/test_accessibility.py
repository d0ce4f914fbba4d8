"""Every page for people who cannot see, hear or point, and for those who read large letters on a small screen."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import pytest
from playwright.async_api import Browser

from tests.journeys.axe import violations
from tests.journeys.sights import ALL, PUBLIC, STAFF, Sight, seen
from tipline.demo.throwaway import RunningPlatform
from tipline.web.locale import Language

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]

ORDINARY = (Language.CHINESE, "light")
# A screen of 1280 pixels at 400 %, and one of 1280 at 200 %; officers have at least 768.
NARROW = {"width": 320, "height": 640}
ZOOMED = {"width": 640, "height": 450}
DESK_NARROW = {"width": 768, "height": 900}
TOO_WIDE = """() => [...document.querySelectorAll('body *')]
  .filter(one => !one.closest('.scroll > *, .sr, .skip, .leaflet-container'))
  .filter(one => one.getBoundingClientRect().right > innerWidth + 1)
  .map(one => `${one.tagName.toLowerCase()}.${one.className} ${Math.round(one.getBoundingClientRect().right)}`)"""


def grid() -> list[object]:
    """Return page x language x colours; each page once in the ordinary run, the rest marked as exhaustive."""
    return [
        pytest.param(
            sight,
            language,
            colours,
            id=f"{sight.name}-{language.value}-{colours}",
            marks=[] if (language, colours) == ORDINARY else [pytest.mark.exhaustive],
        )
        for sight, language, colours in product(ALL, Language, ("light", "dark"))
    ]


@pytest.mark.parametrize(("sight", "language", "colours"), grid())
async def test_axe_finds_nothing(
    browser: Browser, live: RunningPlatform, sight: Sight, language: Language, colours: str
) -> None:
    async with seen(sight, browser, live, language, color_scheme=colours) as page:
        found = await violations(page)

    assert found == []


def widths(sights: Sequence[Sight], screens: Sequence[dict[str, int]]) -> list[object]:
    return [
        pytest.param(sight, screen, id=f"{sight.name}-{screen['width']}") for sight, screen in product(sights, screens)
    ]


@pytest.mark.exhaustive
@pytest.mark.parametrize(("sight", "screen"), widths(PUBLIC, [NARROW, ZOOMED]) + widths(STAFF, [DESK_NARROW]))
async def test_nothing_has_to_be_scrolled_sideways(
    browser: Browser, live: RunningPlatform, sight: Sight, screen: dict[str, int]
) -> None:
    async with seen(sight, browser, live, Language.ENGLISH, viewport=screen) as page:
        is_wide = await page.evaluate("document.documentElement.scrollWidth > innerWidth")
        sticking_out = await page.evaluate(TOO_WIDE)

    assert not is_wide, sticking_out
    assert sticking_out == []

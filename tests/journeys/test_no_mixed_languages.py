"""A page speaks one language; what people wrote and what papers are called stands in its own."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Browser, Page

from tests.journeys.sights import ALL, Sight, seen
from tipline.demo.throwaway import RunningPlatform
from tipline.web.locale import Language

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]

HAN = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff01-\uff5e]")
LATIN = re.compile(r"[A-Za-z]{2,}")
# What is the same in every language: number plates, digests and the numbers of requests, commands to type.
SAME = re.compile(r"[\u4e00-\u9fff][A-Z][A-Z0-9?]{5,6}(?![A-Z0-9?])|\b[0-9a-f]{8,}\b|tipline (officer create|doctor)")
# Names and units that stand in Chinese text as they are.
TAKEN_OVER = {
    "API", "App", "AVI", "BD", "Cookie", "CSV", "GB", "GCJ", "GP", "HEIC", "JPEG", "JSON", "KB", "MB", "MKV", "MOV",
    "MP", "MPEG", "PDF", "PNG", "SHA", "Shift", "SM", "SUV", "TB", "TS", "UTC", "UTF", "WebM", "WebP", "WGS",
    "XLSX", "km",
}  # fmt: skip
# Everything a page says: its texts and what only screen readers hear, without what is marked as of another language
# or as given by people (an option whose value is a row of the database holds a name), and without the names of keys.
# What is given may stand in a title or an attribute too and is taken out of those.
SAID = """page => {
  const passed = 'bdi, kbd, script, style, textarea, [lang]:not(html), option[value*="-"]';
  const isGiven = one => one.closest(passed) !== null;
  const given = [...document.querySelectorAll('bdi')].map(one => one.textContent.trim()).filter(Boolean);
  given.sort((one, other) => other.length - one.length);
  const said = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode;
    if (!isGiven(text.parentElement)) said.push(text.data);
  }
  for (const name of ['alt', 'aria-label', 'placeholder', 'title']) {
    for (const one of document.querySelectorAll(`[${name}]`)) if (!isGiven(one)) said.push(one.getAttribute(name));
  }
  said.push(document.title);
  return said.map(text => given.reduce((left, one) => left.replaceAll(one, ' '), text).trim()).filter(Boolean);
}"""


async def said_by(page: Page) -> list[str]:
    """Return what the page itself says."""
    return [SAME.sub(" ", text) for text in await page.evaluate(SAID)]


@pytest.mark.exhaustive
@pytest.mark.parametrize("sight", ALL, ids=lambda one: one.name)
async def test_an_english_page_says_nothing_in_chinese(browser: Browser, live: RunningPlatform, sight: Sight) -> None:
    async with seen(sight, browser, live, Language.ENGLISH) as page:
        said = await said_by(page)

    assert said
    assert [text for text in said if HAN.search(text)] == []


@pytest.mark.parametrize("sight", ALL, ids=lambda one: one.name)
async def test_a_chinese_page_says_nothing_in_english(browser: Browser, live: RunningPlatform, sight: Sight) -> None:
    async with seen(sight, browser, live, Language.CHINESE) as page:
        said = await said_by(page)

    assert said
    assert [text for text in said if set(LATIN.findall(text)) - TAKEN_OVER] == []

"""What the walk reads off the staff pages: cases of a list, files and hints of a tip, suggestions, figures."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from tipline.clock import SHANGHAI
from tipline.demo.html_tree import Element

MOMENT: Final = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日\s*(\d{2}):(\d{2})")
ROW_ID: Final = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
BITS: Final = re.compile(r"[+-]\d+(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class ListedCase:
    """A row of the case list; `happened_at` is the first moment it shows."""

    address: str
    number: str
    text: str
    happened_at: datetime


@dataclass(frozen=True, slots=True)
class SeenFile:
    """One file of a tip as the tip page shows it. `state` is the class of its tag: ok when it was examined."""

    name: str
    state: str
    status: str
    frames: int
    hints: int
    plates: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SeenSuggestion:
    """A proposed case: where its page is, its number, the weight, and what accepting it posts to (empty if decided)."""

    case_address: str
    number: str
    bits: float
    accept: str
    reasons: tuple[str, ...]


def links_to(page: Element, pattern: str) -> list[str]:
    """Return the addresses on the page that match `pattern` as a whole (`ID` stands for a row's id), each once."""
    wanted = re.compile(pattern.replace("ID", ROW_ID))
    found = (link.attributes.get("href", "").partition("#")[0] for link in page.all("a"))
    return list(dict.fromkeys(address for address in found if wanted.fullmatch(address)))


def moment_in(text: str) -> datetime | None:
    """Return the first moment of a text as the Chinese pages write it."""
    found = MOMENT.search(text)
    if found is None:
        return None
    year, month, day, hour, minute = (int(part) for part in found.groups())
    return datetime(year, month, day, hour, minute, tzinfo=SHANGHAI)


def listed_cases(page: Element) -> list[ListedCase]:
    """Return the rows of the case list."""
    found = []
    for row in page.all("tr"):
        address, moment = links_to(row, "/cases/ID"), moment_in(row.text)
        link = row.first("a")
        if address and moment and link:
            found.append(ListedCase(address[0], link.text, row.text, moment))
    return found


def files_of_tip(page: Element) -> list[SeenFile]:
    """Return the files of a tip page."""
    found = []
    for card in page.all("article", css_class="file"):
        heading = card.first(css_class="heading") or card
        tag, title = heading.first("span", css_class="tag"), heading.first("h3")
        table = card.first("table", css_class="hints")
        body = table.first("tbody") if table else None
        found.append(
            SeenFile(
                name=title.text if title else "",
                state=tag.attributes.get("class", "").replace("tag", "").strip() if tag else "",
                status=tag.text if tag else "",
                frames=sum(1 for _ in card.all("figure", css_class="frame")),
                hints=sum(1 for _ in body.all("tr")) if body else 0,
                plates=tuple(dict.fromkeys(one.text for one in body.all(css_class="plate"))) if body else (),
            )
        )
    return found


def suggestions_of_tip(page: Element) -> list[SeenSuggestion]:
    """Return the suggestions of a tip page, best first as shown; decided ones have nothing to accept."""
    found = []
    for card in page.all("article", css_class="suggestion"):
        heading = card.first(css_class="heading") or card
        address, bits = links_to(card, "/cases/ID"), BITS.search(heading.text)
        forms = (form.attributes.get("action", "").partition("?")[0] for form in card.all("form"))
        accept = next((action for action in forms if action.endswith("/accept")), "")
        title = heading.first("h3")
        reasons = card.first("tbody")
        if address and bits:
            found.append(
                SeenSuggestion(
                    case_address=address[0],
                    number=title.text if title else "",
                    bits=float(bits.group()),
                    accept=accept,
                    reasons=tuple(row.text for row in reasons.all("tr")) if reasons else (),
                )
            )
    return found


def figures_of(page: Element, year: int) -> dict[str, int]:
    """Return every number of the dashboard that opens a list of that year, by the list's name."""
    wanted = re.compile(rf"/dashboard/list/([a-z_]+)\?year={year}")
    found: dict[str, int] = {}
    for link in page.all("a"):
        match = wanted.fullmatch(link.attributes.get("href", ""))
        if match and link.text.isdecimal():
            found.setdefault(match.group(1), int(link.text))
    return found

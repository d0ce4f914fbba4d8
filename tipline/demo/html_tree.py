"""Reads a page as a tree, as a browser without scripts would: elements, their texts, and forms with their values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final

WITHOUT_CONTENT: Final = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr")
)


@dataclass(slots=True)
class Element:
    """One element of a page; `parts` are its texts and children in order."""

    tag: str
    attributes: dict[str, str]
    parts: list[Element | str] = field(default_factory=list)

    def all(self, tag: str = "", *, css_class: str = "") -> Iterator[Element]:
        """Yield the elements below this one, in the order of the page, by tag and by one class."""
        for part in self.parts:
            if isinstance(part, Element):
                is_of_class = not css_class or css_class in part.attributes.get("class", "").split()
                if is_of_class and (not tag or part.tag == tag):
                    yield part
                yield from part.all(tag, css_class=css_class)

    def first(self, tag: str = "", *, css_class: str = "") -> Element | None:
        """Return the first of `all`, or None."""
        return next(self.all(tag, css_class=css_class), None)

    def by_id(self, name: str) -> Element | None:
        """Return the element with that id, or None."""
        return next((one for one in self.all() if one.attributes.get("id") == name), None)

    @property
    def text(self) -> str:
        """All text below this element, blanks folded."""
        return " ".join("".join(self.texts()).split())

    def texts(self) -> Iterator[str]:
        """Yield every piece of text below this element as it stands, scripts and styles left out."""
        for part in self.parts:
            if isinstance(part, str):
                yield part
            elif part.tag not in {"script", "style"}:
                yield from part.texts()


@dataclass(frozen=True, slots=True)
class Form:
    """A form as its page shows it: where it goes and what it would send untouched."""

    action: str
    values: dict[str, str]
    choices: dict[str, tuple[str, ...]]


def read_page(html: str) -> Element:
    """Return the root of a page's tree; unclosed elements end with their parent, as browsers do it."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.root


def forms(page: Element) -> list[Form]:
    """Return the forms of a page that post, in order."""
    return [_form(one) for one in page.all("form") if one.attributes.get("method", "get").lower() == "post"]


def _form(element: Element) -> Form:
    values: dict[str, str] = {}
    choices: dict[str, tuple[str, ...]] = {}
    for one in element.all():
        name = one.attributes.get("name", "")
        if not name:
            continue
        if one.tag == "input":
            kind = one.attributes.get("type", "text")
            if kind in {"checkbox", "radio"}:
                choices[name] = (*choices.get(name, ()), one.attributes.get("value", "on"))
                if "checked" not in one.attributes:
                    continue
            if kind not in {"file", "submit", "button"}:
                values[name] = one.attributes.get("value", "on" if kind == "checkbox" else "")
        elif one.tag == "textarea":
            values[name] = one.text
        elif one.tag == "select":
            options = list(one.all("option"))
            chosen = next((option for option in options if "selected" in option.attributes), None)
            shown = chosen or (options[0] if options else None)
            choices[name] = tuple(option.attributes.get("value", option.text) for option in options)
            values[name] = shown.attributes.get("value", shown.text) if shown else ""
    return Form(element.attributes.get("action", ""), values, choices)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("", {})
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self._open[-1].parts.append(element)
        if tag not in WITHOUT_CONTENT:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open[-1].parts.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        places = [at for at, element in enumerate(self._open) if element.tag == tag]
        if places:
            del self._open[places[-1] :]

    def handle_data(self, data: str) -> None:
        self._open[-1].parts.append(data)

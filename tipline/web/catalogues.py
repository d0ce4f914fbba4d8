"""Gettext catalogues: one pair of .po files in each room's `locale/`, merged at start.

`python -m tipline.web.catalogues` reads the msgids out of templates and code again and brings every catalogue up to
date; it fails when a message has no translation. English messages translate to themselves unless `en.po` says better.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from gettext import GNUTranslations
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

PACKAGE: Final = Path(__file__).resolve().parents[1]
FILES: Final = {"zh-CN": "zh_Hans_CN.po", "en": "en.po"}
BABEL_LOCALES: Final = {"zh-CN": "zh_Hans_CN", "en": "en"}
METHODS: Final = [("**.py", "python"), ("**/templates/**.html", "jinja2"), ("**/templates/**.txt", "jinja2")]
KEYWORDS: Final = {"_": None, "gettext": None, "ngettext": (1, 2), "lazy": None}


def rooms() -> Iterator[Path]:
    """Yield the folder of every room that can hold messages, and of rooms within rooms that speak for themselves."""
    for folder in sorted(PACKAGE.iterdir()):
        if (folder / "__init__.py").exists():
            yield folder
            yield from inner_rooms(folder)


def inner_rooms(room: Path) -> Iterator[Path]:
    """Yield the folders within `room` that hold words or templates of their own."""
    for folder in sorted(room.iterdir()):
        if (folder / "__init__.py").exists() and ((folder / "words.py").exists() or (folder / "templates").is_dir()):
            yield folder


def read_catalogue(path: Path, locale: str) -> Catalog:
    """Read one .po file; an absent file is an empty catalogue."""
    if not path.exists():
        return Catalog(locale=locale)
    with path.open("rb") as file:
        return read_po(file, locale=locale)


def load_catalogue(language: str) -> GNUTranslations:
    """Merge all rooms' catalogues of `language` ("zh-CN" or "en") into one."""
    merged = Catalog(locale=BABEL_LOCALES[language])
    for room in rooms():
        for message in read_catalogue(room / "locale" / FILES[language], BABEL_LOCALES[language]):
            if message.id and message.string and not message.fuzzy:
                merged.add(message.id, message.string)
    compiled = io.BytesIO()
    write_mo(compiled, merged)
    compiled.seek(0)
    return GNUTranslations(compiled)


def messages_of(room: Path) -> Catalog:
    """Read the msgids that a room's code and templates use."""
    template = Catalog(project="tipline", charset="utf-8")
    options = {"**/templates/**.html": {"silent": "false"}, "**/templates/**.txt": {"silent": "false"}}
    found = extract_from_dir(room, METHODS, options, keywords=KEYWORDS, comment_tags=())
    elsewhere = tuple(f"{inner.name}/" for inner in inner_rooms(room))
    for file, _, message, _, context in found:
        if not file.startswith(elsewhere):
            place = (room / file).relative_to(PACKAGE)
            template.add(message, locations=[(str(place), 0)], context=context)
    return template


def update(room: Path, language: str) -> list[str]:
    """Bring one catalogue up to date and return the msgids that still lack a translation."""
    path = room / "locale" / FILES[language]
    wanted = messages_of(room)
    if not len(wanted) and not path.exists():
        return []
    catalogue = read_catalogue(path, BABEL_LOCALES[language])
    catalogue.update(wanted, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    if language == "en":
        for message in catalogue:
            if message.id and not _is_translated(message.string):
                message.string = message.id
    catalogue.fuzzy = False
    catalogue.header_comment = ""
    path.parent.mkdir(exist_ok=True)
    content = io.BytesIO()
    write_po(content, catalogue, width=120, sort_output=True, omit_header=False, include_lineno=False)
    lines = [line for line in content.getvalue().splitlines(keepends=True) if not line.startswith(_VOLATILE)]
    path.write_bytes(b"".join(lines))
    return [str(message.id) for message in catalogue if message.id and not _is_translated(message.string)]


_VOLATILE: Final = (
    b'"POT-Creation-Date',
    b'"PO-Revision-Date',
    b'"Generated-By',
    b'"Last-Translator',
    b'"Language-Team',
    b'"Report-Msgid-Bugs-To',
    b'"Project-Id-Version',
)


def _is_translated(string: str | tuple[str, ...] | list[str] | None) -> bool:
    return bool(string) and (isinstance(string, str) or all(string or ()))


def main() -> int:
    """Update every catalogue; exit code 1 and the list of messages when a translation is missing."""
    missing = [
        f"{room.name}/{FILES[language]}: {one}"
        for room in rooms()
        for language in FILES
        for one in update(room, language)
    ]
    for line in missing:
        sys.stderr.write(f"not translated: {line}\n")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())

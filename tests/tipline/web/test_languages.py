"""Which language a page speaks, and that it speaks only that one."""

from __future__ import annotations

import re
import string
from collections import defaultdict

import pytest

from tests.platform import Platform
from tests.tipline.visitor import public_face
from tipline.errors import Problem
from tipline.intake.errors import TooManyFiles
from tipline.web import catalogues
from tipline.web.locale import Language, choose_language, translations
from tipline.web.sizes import size
from tipline.web.wording import PROBLEMS, SENTENCES, problem_sentence, sentence

PLACE = re.compile(r"\{(\w+)\}|%\((\w+)\)s")


@pytest.mark.parametrize(
    ("query", "cookie", "accept", "expected"),
    [
        (b"", "", "", Language.CHINESE),
        (b"", "", "de-DE, fr;q=0.8", Language.CHINESE),
        (b"", "", "en-GB,en;q=0.9", Language.ENGLISH),
        (b"", "", "de, en;q=0.5", Language.ENGLISH),
        (b"", "", "zh-TW, en;q=0.5", Language.CHINESE),
        (b"", "en", "zh-CN", Language.ENGLISH),
        (b"lang=zh-CN", "en", "en", Language.CHINESE),
        (b"lang=xx", "yy", "en", Language.ENGLISH),
        (b"lang=%ff%00&lang=en", "\x00", "\x00;;;", Language.CHINESE),
    ],
)
def test_the_address_goes_before_the_cookie_and_the_cookie_before_the_browser(
    query: bytes, cookie: str, accept: str, expected: Language
) -> None:
    assert choose_language(query, cookie, accept) == expected


async def test_a_choice_is_remembered(database: Platform) -> None:
    async with public_face(database) as visitor:
        chosen = await visitor.get("/?lang=en")
        later = await visitor.get("/privacy")

    assert chosen.headers["content-language"] == "en"
    assert "Accept-Language" in chosen.headers["vary"]
    assert '<html lang="en"' in later.text


@pytest.mark.parametrize("language", list(Language))
def test_every_message_of_every_room_has_its_translation(language: Language) -> None:
    missing = []
    for room in catalogues.rooms():
        wanted = {str(message.id) for message in catalogues.messages_of(room) if message.id}
        path = room / "locale" / catalogues.FILES[language]
        known = {
            str(message.id): message.string
            for message in catalogues.read_catalogue(path, catalogues.BABEL_LOCALES[language])
            if message.id
        }
        missing += [f"{room.name}: {one}" for one in sorted(wanted) if not known.get(one)]

    assert missing == []


def test_one_message_has_one_translation_in_all_rooms() -> None:
    found: dict[str, set[str]] = defaultdict(set)
    for room in catalogues.rooms():
        path = room / "locale" / catalogues.FILES["zh-CN"]
        for message in catalogues.read_catalogue(path, "zh_Hans_CN"):
            if message.id and isinstance(message.string, str) and message.string:
                found[str(message.id)].add(message.string)

    assert {one: told for one, told in found.items() if len(told) > 1} == {}


@pytest.mark.parametrize("language", list(Language))
def test_a_translation_keeps_the_places_to_be_filled(language: Language) -> None:
    broken = []
    for room in catalogues.rooms():
        path = room / "locale" / catalogues.FILES[language]
        for message in catalogues.read_catalogue(path, catalogues.BABEL_LOCALES[language]):
            if not message.id or not message.string:
                continue
            texts = [message.string] if isinstance(message.string, str) else list(message.string)
            wanted = set(PLACE.findall(message.id if isinstance(message.id, str) else message.id[-1]))
            broken += [text for text in texts if set(PLACE.findall(text)) - wanted or wanted - set(PLACE.findall(text))]

    assert broken == []


def test_every_sentence_is_chinese_in_chinese() -> None:
    chinese = translations(Language.CHINESE)

    english_left = [
        one
        for one in (*SENTENCES.values(), *PROBLEMS.values())
        if not re.search(r"[\u4e00-\u9fff]", chinese.gettext(one))
    ]

    assert english_left == []


def test_sentences_are_filled_with_the_facts_of_the_error() -> None:
    assert sentence(TooManyFiles(limit_files=20)) == "一条线索最多可附 20 个文件。"
    assert problem_sentence(Problem("story", "too_long", {"limit": 5000})) == "最多 5000 个字。"


def test_every_sentence_can_be_filled() -> None:
    for text in (*SENTENCES.values(), *PROBLEMS.values()):
        names = [name for _, name, _, _ in string.Formatter().parse(text) if name is not None]

        assert all(name.isidentifier() for name in names), text


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (0, "0 B"),
        (1023, "1023 B"),
        (1024, "1 KB"),
        (1536, "1.5 KB"),
        (4 * 1024**3, "4 GB"),
        (10 * 1024**2 + 1, "10 MB"),
        (1024**4, "1024 GB"),
    ],
)
def test_sizes_are_shown_in_the_unit_people_know(number: int, shown: str) -> None:
    assert size(number) == shown

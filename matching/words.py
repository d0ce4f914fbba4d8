"""Facts from what people write, Chinese first: plates and parts of plates, colour, type, marks, named places.

A first, careful reading: what is denied is kept as denied, the teller's own car and the victim's are left out, and
where two colours are named both stay possible. What is not understood is left to the officer who reads the text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from matching.facts import NOTHING, Appearance
from matching.plates import CITY_LETTERS, PROVINCES, SUFFIXES, Anchor, PlatePattern, parse_plate, part_of_plate
from matching.vocabulary import CHINESE_COLOURS, CHINESE_TYPES, ENGLISH_COLOURS, ENGLISH_TYPES, MARKS

_DIGITS: Final = str.maketrans("〇零幺一二两三四五六七八九", "0011223456789")
_SPOKEN: Final = r"(?:[A-Z0-9?]{2,5}(?![A-Z0-9])|[〇零幺一二两三四五六七八九]{2,5})"
_WHOLE: Final = re.compile(
    rf"(?<![A-Z0-9])([{PROVINCES}])\s?([{CITY_LETTERS}?])[\s·•.\-]{{0,2}}"
    rf"((?:[A-Z0-9?][\s·•.\-]?){{3,4}}[A-Z0-9?{SUFFIXES}](?:[A-Z0-9?](?![A-Z0-9]))?)"
)
_TAIL: Final = re.compile(
    r"(?:尾号|尾数|末尾|结尾|[后最]后?[两二三四2-4几]位(?:数|数字)?)(?:数字)?(?:好像|大概|可能|应该)?(?:是|为|:|叫)?\s*"
    rf"({_SPOKEN})"
    rf"|(?:END(?:S|ED|ING)?\s+(?:IN|WITH)|LAST\s+(?:TWO|THREE|FOUR|[2-4])\s*(?:DIGITS|NUMBERS|CHARACTERS)?"
    rf"\s*(?:ARE|WERE|IS)?)\s+({_SPOKEN})"
)
_HEAD: Final = re.compile(
    rf"([{PROVINCES}][{CITY_LETTERS}]?)[\s·•.\-]?([A-Z0-9?]{{0,4}})\s*(?:开头|打头|起头|牌照?的|的(?:车牌|牌照|牌子|牌|号牌))"
    rf"|(?:START|BEGIN)(?:S|ED|ING|NING)?\s+(?:WITH\s+)?([{PROVINCES}][{CITY_LETTERS}]?)[\s·•.\-]?([A-Z0-9?]{{0,4}})"
)
_INSIDE: Final = re.compile(
    rf"(?:中间|里面|当中|号牌|车牌|牌照)(?:还)?(?:含|带|有|是)(?:有|个|着)?(?:数字)?\s*({_SPOKEN})"
    rf"|CONTAIN(?:S|ED|ING)?\s+({_SPOKEN})"
)
_DENIAL: Final = re.compile(r"(?:不是|不像|并非|绝非|NOT|WASN'T|ISN'T)\s*(?:一?[辆台]|A|AN|THE)?\s*$")
_OWN: Final = re.compile(
    r"(?:我|本人|自己|我家|我们)(?:的|开|驾驶|骑|坐)?(?:的|着)?(?:是|车|车牌|车牌号|车号|牌照|是一辆|一辆|那辆)*(?:是|:)?\s*$"
    r"|\bMY\s+(?:OWN\s+)?(?:[A-Z]+\s+){0,2}$"
)
_VICTIM: Final = re.compile(
    r"(?:撞|碰|刮|蹭|碾)(?:到|倒|上|了|伤|翻)*(?:一|1)?[辆台个]?(?:骑)?[^,。;!?\s车的人]{0,4}$"
    r"|(?:骑|推)(?:着|了)?(?:一|1)?辆?[^,。;!?\s车]{0,3}$"
    r"|\b(?:HIT|STRUCK|INTO|RIDING|OVER)\s+(?:A|AN|THE|MY)?\s*(?:[A-Z]+\s+)?$"
)
_VEHICLE_BEHIND: Final = r"(?:小|大|中)?(?:车|轿|面包|货|越野|SUV|三轮|摩托|电动|皮卡|客车|商务|两厢|三厢|五菱|大众)"
_NO_VEHICLE_BEHIND: Final = (
    r"(?!色?的?(?:上衣|衣|裤|外套|头盔|帽|T恤|鞋|书包|短袖|羽绒服|裙|灯|线"
    r"|车牌|号牌|牌照|牌子|牌|房|楼|墙|门|塑料|碎片|漆))"
)
_COLOUR: Final = re.compile(
    rf"({'|'.join(CHINESE_COLOURS)}){_NO_VEHICLE_BEHIND}(?=色|的?{_VEHICLE_BEHIND})"
    rf"|\b({'|'.join(word.upper() for word in ENGLISH_COLOURS)})\b"
    r"(?!\s+(?:PLATE|NUMBER|LICEN|SHIRT|JACKET|COAT|LIGHT|HELMET|HAT|TROUSERS|LINE|HAIR|ICE))"
)
_TYPE: Final = re.compile(
    rf"({'|'.join(sorted(CHINESE_TYPES, key=len, reverse=True))})"
    rf"|\b({'|'.join(re.escape(word.upper()) for word in sorted(ENGLISH_TYPES, key=len, reverse=True))})S?\b"
    r"(?!\s+(?:STOP|STATION|LANE))"
)
_BUS_STOP: Final = re.compile(r"(?:公交车|客车|大巴|货车)(?:站|道)")
_MARKS: Final = {mark: re.compile(said) for mark, said in MARKS.items()}
_PLACE_SPLIT: Final = re.compile(r"[与和及、,。;:()/\s\-]|交叉口|交汇处|附近|路口|东侧|西侧|南侧|北侧")
_PLACE: Final = re.compile(
    r"[GSXY]\d{2,4}|\d{3}国道|\d{3}省道|[\u4e00-\u9fff]{1,7}?(?:大道|大街|公路|路|街|道|大桥|桥|村|庄|镇|乡|加油站|学校|小学|中学|医院|市场|广场|小区)"
)
_LEFTOVER: Final = re.compile(r"^[县市区省]+|^(?:在|从|往|沿|到|去|经过|靠近)")
_BEFORE: Final = 14
_SHORTEST_PLACE: Final = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class TextFacts:
    """What a text says of the fleeing vehicle."""

    plates: tuple[PlatePattern, ...] = ()
    appearance: Appearance = field(default_factory=Appearance)
    marks: frozenset[str] = NOTHING


def read_text(text: str) -> TextFacts:
    """Return the facts a text states; empty for an empty text. Never raises, whatever was written."""
    folded = fold(text)
    colours, not_colours = _stated(_colours(folded))
    types, not_types = _stated(_types(folded))
    return TextFacts(
        plates=_plates(folded),
        appearance=Appearance(colours=colours, not_colours=not_colours, types=types, not_types=not_types),
        marks=marks_in(folded),
    )


def fold(text: str) -> str:
    """Return the text in half width and upper case, so that one pattern finds every way of typing."""
    return unicodedata.normalize("NFKC", text).upper()


def marks_in(text: str) -> frozenset[str]:
    """Return the marks (damage, parts, features) a text names, by their Chinese terms."""
    folded = fold(text)
    return frozenset(mark for mark, said in _MARKS.items() if said.search(folded))


def place_names(text: str) -> frozenset[str]:
    """Return the named places in a description: roads, villages, bridges, road numbers; at least two characters."""
    names = set()
    for piece in _PLACE_SPLIT.split(fold(text)):
        names |= {_LEFTOVER.sub("", found) for found in _PLACE.findall(piece)}
    return frozenset(name for name in names if len(name) >= _SHORTEST_PLACE)


def _plates(folded: str) -> tuple[PlatePattern, ...]:
    found: dict[str, PlatePattern] = {}
    taken: list[tuple[int, int]] = []
    for span, pattern in _plates_with_spans(folded):
        before = folded[max(0, span[0] - _BEFORE) : span[0]]
        if pattern is None or _DENIAL.search(before) or _OWN.search(before):
            taken.append(span)
            continue
        if any(span[0] < end and begin < span[1] for begin, end in taken):
            continue
        taken.append(span)
        found.setdefault(pattern.text, pattern)
    return tuple(found.values())


def _plates_with_spans(folded: str) -> Iterator[tuple[tuple[int, int], PlatePattern | None]]:
    # Wholes first: a head or tail inside a whole is the same plate told once.
    for match in _WHOLE.finditer(folded):
        yield match.span(), parse_plate(match.group())
    for match in _TAIL.finditer(folded):
        yield match.span(), part_of_plate(_spoken(match), Anchor.TAIL)
    for match in _HEAD.finditer(folded):
        region, serial = (one or "" for one in (match.group(1) or match.group(3), match.group(2) or match.group(4)))
        yield match.span(), part_of_plate(serial, Anchor.HEAD, region=region.ljust(2, "?"))
    for match in _INSIDE.finditer(folded):
        yield match.span(), part_of_plate(_spoken(match), Anchor.INSIDE)


def _spoken(match: re.Match[str]) -> str:
    return (match.group(1) or match.group(2)).translate(_DIGITS)


def _colours(folded: str) -> Iterator[tuple[tuple[str, ...], bool]]:
    for match in _COLOUR.finditer(folded):
        chinese, english = match.groups()
        value = CHINESE_COLOURS[chinese] if chinese else ENGLISH_COLOURS[english.lower()]
        yield from _told(folded, match, (value,))


def _types(folded: str) -> Iterator[tuple[tuple[str, ...], bool]]:
    for match in _TYPE.finditer(folded):
        if _BUS_STOP.match(folded, match.start()):
            continue
        chinese, english = match.groups()
        yield from _told(folded, match, CHINESE_TYPES[chinese] if chinese else ENGLISH_TYPES[english.lower()])


def _told(folded: str, match: re.Match[str], values: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], bool]]:
    """Yield the values and whether they are affirmed; nothing for the teller's own vehicle or the victim's."""
    before = folded[max(0, match.start() - _BEFORE) : match.start()]
    if _OWN.search(before) or _VICTIM.search(before):
        return
    yield values, not _DENIAL.search(before)


def _stated(told: Iterator[tuple[tuple[str, ...], bool]]) -> tuple[frozenset[str], frozenset[str]]:
    affirmed: set[str] = set()
    denied: set[str] = set()
    for values, is_affirmed in told:
        (affirmed if is_affirmed else denied).update(values)
    # What is affirmed in one place and denied in another was not understood: neither counts.
    return frozenset(affirmed - denied), frozenset(denied - affirmed)

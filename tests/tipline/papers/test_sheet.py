"""Papers: what anybody wrote stands in them as text, on archive PDF, the same bytes each time, with nothing asked."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pypdf import PdfReader

from tipline.papers import glyphs, typesetting
from tipline.papers.glyphs import FontMissing, NotDrawable, showable
from tipline.papers.sheet import Code, Facts, Grid, Sheet, Words, draw
from tipline.papers.typesetting import typeset

MADE_AT = datetime(2021, 6, 1, 6, tzinfo=UTC)
HOSTILE = '#import "@preview/evil:1.0.0": * ] #read("/etc/passwd") $x$ *b* `c` \\ // <d> #panic() {{ e }}'


def sheet(*blocks: Facts | Words | Grid | Code, title: str = "协查通报") -> Sheet:
    return Sheet(
        title=title,
        issuer="高唐县公安局交通警察大队",
        lines=("文书编号：演示协字〔2021〕1号",),
        blocks=blocks,
        closing=("本件为辅助文书。",),
        signatures=("承办人", "签收人"),
        mark="内部资料 不得公开",
        foot="张警官（000001）制作",
    )


def words_of(pdf: bytes) -> str:
    """Return all text of a PDF as it is read out, without blanks: the typesetter sets thin ones beside digits."""
    return "".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def test_hostile_words_stand_as_text_in_every_place() -> None:
    drawn = draw(
        sheet(
            Facts(HOSTILE, ((HOSTILE, HOSTILE),)),
            Words("", HOSTILE),
            Grid("", (HOSTILE,), (1,), ((HOSTILE,),), ""),
            Code("", HOSTILE),
            title=HOSTILE,
        ).as_data(),
        made_at=MADE_AT,
    )

    assert words_of(drawn).count("#panic()") == 8
    assert "root:" not in words_of(drawn)


def test_the_same_sheet_gives_the_same_archive_pdf_with_numbered_pages() -> None:
    rows = tuple((str(number), "线索 青松 明月") for number in range(200))
    long = sheet(Grid("证据", ("序号", "名称"), (1, 5), rows, "无")).as_data()

    first, second = draw(long, made_at=MADE_AT), draw(json.loads(json.dumps(long)), made_at=MADE_AT)

    pages = PdfReader(io.BytesIO(first)).pages
    assert first == second
    assert b"<pdfaid:part>2</pdfaid:part><pdfaid:conformance>U</pdfaid:conformance>" in first
    assert len(pages) > 2
    assert f"第2页/共{len(pages)}页" in "".join(pages[1].extract_text().split())
    assert "内部资料" in pages[-1].extract_text()


def test_a_character_without_a_glyph_is_named_and_never_vanishes() -> None:
    shown = showable("张𪚥 😀\u200d\ufe0f abc\x00\r\n李")

    assert shown == "张〔U+2A6A5〕 〔U+1F600〕 abc\n李"
    assert "〔U+1F600〕" in words_of(draw(sheet(Words("", "😀")).as_data(), made_at=MADE_AT))


def test_a_word_without_end_gets_places_to_break_and_a_digest_stays_whole() -> None:
    assert glyphs.BREAK in showable("a" * 200)
    assert showable("a" * 64) == "a" * 64


def test_every_common_hanzi_has_a_glyph() -> None:
    known = glyphs.characters(glyphs.FONT)

    assert all(ord(one) in known for one in "鲁冀京协查通报肇事逃逸交通警察〔〕（），。0123456789")


def test_data_that_is_no_sheet_is_refused_and_says_so() -> None:
    with pytest.raises(NotDrawable):
        typeset("sheet.typ", {"title": 1}, made_at=MADE_AT)


def test_a_missing_font_is_told_with_its_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typesetting, "FONT", tmp_path / "none.ttf")

    with pytest.raises(FontMissing, match="make setup"):
        draw(sheet().as_data(), made_at=MADE_AT)

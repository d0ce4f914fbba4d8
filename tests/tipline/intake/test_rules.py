"""What a tip must be, told by the pure rules."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.make import NOON
from tipline.errors import Invalid
from tipline.intake.aliases import FIRST, SECOND, new_alias
from tipline.intake.errors import EmptyTip, NotAMedium
from tipline.intake.media import declared_pixels, judge
from tipline.intake.rules import TipDraft, checked, clean_plate
from tipline.intake.tables import Datum, FileRole, VehicleColour
from tipline.settings import Limits
from tipline.texts import clean

LIMITS = Limits(story_characters=10)
DRAFT = TipDraft(story="白色货车")


def problems_of(draft: TipDraft) -> set[tuple[str, str]]:
    with pytest.raises(Invalid) as refusal:
        checked(draft, limits=LIMITS, now=NOON)
    return {(problem.field, problem.code) for problem in refusal.value.problems}


@pytest.mark.parametrize("blank", [TipDraft(), TipDraft(story=" \n\u3000\t"), TipDraft(plate_text=" - ")])
def test_a_tip_that_tells_nothing_is_empty(blank: TipDraft) -> None:
    with pytest.raises(EmptyTip):
        checked(blank, limits=LIMITS, now=NOON)

    assert checked(blank, limits=LIMITS, now=NOON, has_files=True) == TipDraft()


def test_one_fact_is_enough() -> None:
    draft = TipDraft(vehicle_colour=VehicleColour.WHITE)

    assert checked(draft, limits=LIMITS, now=NOON) == draft


def test_every_problem_is_told_at_once() -> None:
    draft = replace(
        DRAFT,
        story="一" * 11,
        damage="一" * 201,
        happened_from=NOON + timedelta(hours=1),
        happened_to=NOON,
        latitude=36.8,
    )

    assert problems_of(draft) == {
        ("story", "too_long"),
        ("damage", "too_long"),
        ("happened_from", "in_the_future"),
        ("happened_to", "ends_before_it_begins"),
        ("latitude", "position_incomplete"),
    }


def test_a_clock_that_is_five_minutes_ahead_is_forgiven() -> None:
    draft = replace(DRAFT, happened_from=NOON + timedelta(minutes=5))

    assert checked(draft, limits=LIMITS, now=NOON) == draft


@pytest.mark.parametrize(
    ("latitude", "longitude"), [(91.0, 0.0), (0.0, 180.5), (float("nan"), 0.0), (0.0, float("inf"))]
)
def test_a_position_off_the_earth_is_refused(latitude: float, longitude: float) -> None:
    draft = replace(DRAFT, latitude=latitude, longitude=longitude, datum=Datum.WGS84)

    assert problems_of(draft) == {("latitude", "not_a_position")}


def test_text_loses_what_cannot_be_stored_or_would_deceive() -> None:
    assert clean("a\x00b\r\nc\u202ed\ud800e\x07") == "ab\ncd?e"


def test_a_plate_is_upper_case_half_width_and_without_separators() -> None:
    assert clean_plate("鲁ｐ·？8-2 k") == "鲁P?82K"


@given(st.text())
def test_cleaned_text_can_always_be_stored_and_is_clean(text: str) -> None:
    once = clean(text)

    assert "\x00" not in once
    assert once.encode().decode() == once
    assert clean(once) == once


@pytest.mark.parametrize(
    ("head", "role", "media_type"),
    [
        (b"\xff\xd8\xff\xe0", FileRole.PHOTO, "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n", FileRole.PHOTO, "image/png"),
        (b"RIFF\x10\x00\x00\x00WEBPVP8 ", FileRole.PHOTO, "image/webp"),
        (b"\x00\x00\x00\x18ftypheic", FileRole.PHOTO, "image/heic"),
        (b"\x00\x00\x00\x18ftypmif1", FileRole.PHOTO, "image/heic"),
        (b"\x00\x00\x00\x18ftypisom", FileRole.VIDEO, "video/mp4"),
        (b"\x00\x00\x00\x14ftypqt  ", FileRole.VIDEO, "video/quicktime"),
        (b"\x00\x00\x00\x08wide\x00\x00\x00\x00mdat", FileRole.VIDEO, "video/quicktime"),
        (b"\x00\x00\x00\x18ftyp3gp5", FileRole.VIDEO, "video/3gpp"),
        (b"RIFF\x10\x00\x00\x00AVI LIST", FileRole.VIDEO, "video/x-msvideo"),
        (b"\x1a\x45\xdf\xa3....matroska", FileRole.VIDEO, "video/x-matroska"),
        (b"\x1a\x45\xdf\xa3....webm", FileRole.VIDEO, "video/webm"),
        (b"\x47" + bytes(187) + b"\x47" + bytes(187) + b"\x47" + bytes(187) + b"\x47", FileRole.VIDEO, "video/mp2t"),
        ((bytes(4) + b"\x47" + bytes(187)) * 4, FileRole.VIDEO, "video/mp2t"),
    ],
)
def test_a_medium_is_known_by_its_first_bytes(head: bytes, role: FileRole, media_type: str) -> None:
    medium = judge(head)

    assert (medium.role, medium.media_type) == (role, media_type)


@pytest.mark.parametrize(
    "head",
    [
        "这是一段文字，改名成了 mp4".encode(),
        b"",
        b"\x47" + bytes(187),
        b"%PDF-1.7",
        b"MZ\x90\x00",
        b"<svg xmlns=",
        b"RIFF\x10\x00\x00\x00WAVEfmt ",
        b"\x00\x00\x00\x18ftypM4A ",
        b"\x00\x00\x00\x18ftypavif",
        b"GIF89a",
    ],
)
def test_anything_else_is_no_medium(head: bytes) -> None:
    with pytest.raises(NotAMedium):
        judge(head)


@given(st.binary(max_size=512))
def test_no_bytes_make_the_judge_stumble(head: bytes) -> None:
    with contextlib.suppress(NotAMedium):
        judge(head)

    assert (declared_pixels(head) or 0) >= 0


def test_a_picture_bomb_declares_its_pixels() -> None:
    png = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + (10_000).to_bytes(4, "big") + (6_000).to_bytes(4, "big")
    webp = b"RIFF\x00\x00\x00\x00WEBPVP8X" + bytes(8) + (9_999).to_bytes(3, "little") + (5_999).to_bytes(3, "little")

    assert declared_pixels(png) == 60_000_000
    assert declared_pixels(webp) == 60_000_000
    assert declared_pixels(b"\xff\xd8\xff\xe0") is None


def test_an_alias_is_two_words_of_two_characters() -> None:
    assert len({FIRST[at : at + 2] for at in range(0, len(FIRST), 2)}) == len(FIRST) // 2
    assert len({SECOND[at : at + 2] for at in range(0, len(SECOND), 2)}) == len(SECOND) // 2
    first, second = new_alias().split(" ")
    assert (len(first), len(second)) == (2, 2)

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.make import NOON
from tipline.intake.review.reads import moved
from tipline.intake.review.rules import (
    FrameWorth,
    Piece,
    by_interest,
    clip_problems,
    corrected_value,
    crop_problems,
    moment_ms,
    moment_words,
    plays_in_browsers,
    standing_readings,
    true_time,
)
from tipline.intake.review.tables import CorrectionAct, DerivationKind
from tipline.intake.tables import HintKind


@pytest.mark.parametrize(
    ("typed", "at_ms"),
    [
        ("0", 0),
        ("62.5", 62_500),
        ("1:02.5", 62_500),
        ("1：02.500", 62_500),
        ("0:01:02.05", 62_050),
        (" 75 ", 75_000),
        ("1:62", None),
        ("1:02.5000", None),
        ("13:00:00", None),
        ("-1", None),
        ("", None),
        ("一分", None),
    ],
)
def test_a_moment_is_read_as_people_type_it(typed: str, at_ms: int | None) -> None:
    assert moment_ms(typed) == at_ms


@pytest.mark.parametrize("at_ms", [0, 999, 62_500, 3_661_007])
def test_a_moment_as_shown_can_be_typed_again(at_ms: int) -> None:
    assert moment_ms(moment_words(at_ms)) == at_ms


def test_a_piece_is_named_by_its_parameters() -> None:
    crop = {"at_ms": 4200, "left": 2500, "top": 5000, "width": 2000, "height": 1000}

    assert Piece(DerivationKind.STILL, {"at_ms": 4200}).label == "still:00004200"
    assert Piece(DerivationKind.CLIP, {"from_ms": 0, "to_ms": 2500}).label == "clip:00000000-00002500"
    assert Piece(DerivationKind.CROP, crop).label == "crop:00004200:02500,05000,02000,01000"
    assert Piece(DerivationKind.PREVIEW, {}).label == "preview"


@pytest.mark.parametrize(
    ("from_ms", "to_ms", "codes"),
    [
        (1000, 3000, []),
        (0, 120_000, []),
        (3000, 3000, ["clip_ends_early"]),
        (3000, 1000, ["clip_ends_early"]),
        (0, 120_001, ["clip_too_long"]),
        (60_001, 61_000, ["behind_the_end"]),
    ],
)
def test_the_ends_of_a_clip_are_checked(from_ms: int, to_ms: int, codes: list[str]) -> None:
    assert [problem.code for problem in clip_problems(from_ms, to_ms, duration_s=60.0)] == codes


@pytest.mark.parametrize(
    ("sides", "fields"),
    [
        ((0, 0, 10_000, 10_000), []),
        ((9_950, 9_950, 50, 50), []),
        ((9_951, 0, 50, 50), ["width"]),
        ((0, 10_000, 50, 50), ["top", "height"]),
        ((0, 0, 49, 50), ["width"]),
        ((-1, 0, 50, 50), ["left"]),
    ],
)
def test_a_crop_lies_within_the_picture(sides: tuple[int, int, int, int], fields: list[str]) -> None:
    assert [problem.field for problem in crop_problems(*sides)] == fields


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        (HintKind.PLATE, "鲁p·8d3k5", "鲁P8D3K5"),
        (HintKind.PLATE, "鲁P8D?K5", "鲁P8D?K5"),
        (HintKind.PLATE, "看不清楚是什么字", None),
        (HintKind.PLATE_COLOUR, "blue", "blue"),
        (HintKind.PLATE_COLOUR, "pink", None),
        (HintKind.CAPTURE_TIME, "2026-11-20T18:03", "2026-11-20T18:03:00+08:00"),
        (HintKind.CAPTURE_TIME, "昨天", None),
    ],
)
def test_a_corrected_value_is_one_of_its_kind(kind: HintKind, typed: str, value: str | None) -> None:
    assert corrected_value(kind, typed) == value


def correction(act: CorrectionAct, new_value: str, raw_value: str = "鲁P8D3K5") -> dict[str, Any]:
    return {
        "kind": "plate", "raw_value": raw_value, "new_value": new_value, "act": act.value, "corrected_at": NOON,
        "full_name": "民警", "reason": "",
    }  # fmt: skip


def test_of_several_corrections_of_a_reading_the_newest_stands() -> None:
    rows = [
        correction(CorrectionAct.CORRECTED, "鲁P8D3X5"),
        correction(CorrectionAct.REJECTED, "", "冀E12345"),
        correction(CorrectionAct.CORRECTED, "鲁PBD3X5"),
    ]

    standing = standing_readings(rows)

    assert standing["plate", "鲁P8D3K5"].value == "鲁PBD3X5"
    assert standing["plate", "冀E12345"].act == CorrectionAct.REJECTED


def test_true_time_goes_on_from_where_the_clock_was_read() -> None:
    clock = {"at_ms": 2000, "true_at": NOON}

    assert true_time(clock, 5500) == NOON + timedelta(seconds=3.5)
    assert true_time(clock, 0) == NOON - timedelta(seconds=2)


def test_a_capture_time_is_moved_by_the_clock_and_nonsense_is_left_alone() -> None:
    assert moved("2026-11-20T18:03:00+08:00", timedelta(minutes=-3)) == "2026-11-20T18:00:00+08:00"
    assert moved("not a time", timedelta(minutes=-3)) == "not a time"


def test_frames_with_a_plate_come_first_then_other_hints_then_the_sharpest() -> None:
    sharp = FrameWorth(at_ms=0, plate_confidence=0, other_hints=0, sharpness=900)
    blurred = FrameWorth(at_ms=2000, plate_confidence=0, other_hints=0, sharpness=10)
    plate = FrameWorth(at_ms=4000, plate_confidence=0.6, other_hints=0, sharpness=10)
    surer = FrameWorth(at_ms=6000, plate_confidence=0.9, other_hints=0, sharpness=5)
    colour = FrameWorth(at_ms=8000, plate_confidence=0, other_hints=1, sharpness=5)

    assert by_interest([sharp, blurred, plate, surer, colour]) == [surer, plate, colour, sharp, blurred]


@pytest.mark.parametrize(
    ("media_type", "codec", "plays"),
    [
        ("video/mp4", "h264", True),
        ("video/mp4", "", True),
        ("video/mp4", "hevc", False),
        ("video/x-msvideo", "mjpeg", False),
        ("video/mp2t", "h264", False),
        ("video/webm", "vp9", True),
    ],
)
def test_what_browsers_play(media_type: str, codec: str, plays: bool) -> None:  # noqa: FBT001  a table of cases
    assert plays_in_browsers(media_type, codec) is plays

"""Plates in rendered pictures, and the vote over the frames of a video."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from tests.workers.conftest import PLATE
from tipline.demo.clip import font
from tipline.demo.plate_picture import draw_plate
from workers.vision import models, plates
from workers.vision.colour import ColourVote, PlateColour, plate_colour
from workers.vision.decode import Reading
from workers.vision.pictures import read_photo
from workers.vision.plates import SeenPlate, find_plates, merge, read_strip


def seen(text: str, confidence: float) -> SeenPlate:
    reading = Reading(
        text=text,
        confidence=confidence,
        grammatical=1.0,
        characters=(1.0,) * len(text),
        alternatives=((),) * len(text),
        raw=text,
        raw_confidence=1.0,
    )
    colour = ColourVote(PlateColour.BLUE, 0.8)
    return SeenPlate(reading, np.zeros((4, 2), np.float32), (0.0, 0.0, 0.1, 0.1), colour, "test")


def street(plate: str, *, width_px: int, turn: float = 0.0) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """A grey street with a plate on a dark bumper in its middle, as (height, width, BGR)."""
    picture = Image.new("RGB", (1280, 720), (110, 112, 116))
    ImageDraw.Draw(picture).rectangle([300, 250, 980, 520], fill=(60, 60, 62))
    drawn = draw_plate(plate, font)
    height = round(width_px * drawn.height / drawn.width)
    small = drawn.resize((width_px, height), Image.Resampling.LANCZOS).convert("RGBA")
    turned = small.rotate(turn, expand=True, resample=Image.Resampling.BICUBIC)
    picture.paste(turned, (640 - turned.width // 2, 380 - turned.height // 2), turned)
    return np.ascontiguousarray(np.asarray(picture, dtype=np.uint8)[:, :, ::-1])


def test_the_plate_of_the_rendered_photo_is_read_and_lies_where_it_was_drawn(photo: Path) -> None:
    (plate,) = find_plates(read_photo(photo).pixels)

    left, top, width, height = plate.box
    assert plate.text == PLATE
    assert plate.confidence > 0.8
    assert plate.colour.colour == PlateColour.BLUE
    assert left < 0.5 < left + width
    assert 0.5 < top < top + height < 0.75
    assert plate.model.endswith("PP-OCRv4_rec")


@pytest.mark.parametrize("plate", ["京A12345", "鲁PF98765", "冀D7K20M", "苏E51712D"[:7], "豫S33909"])
@pytest.mark.parametrize(("width_px", "turn"), [(90, 0.0), (220, 8.0), (220, -12.0)])
def test_plates_of_several_sizes_and_slants_are_read(plate: str, width_px: int, turn: float) -> None:
    found = find_plates(street(plate, width_px=width_px, turn=turn))

    assert [one.text for one in found] == [plate]


def test_a_new_energy_plate_is_green() -> None:
    (plate,) = find_plates(street("鲁PD12345", width_px=240))

    assert plate.text == "鲁PD12345"
    assert plate.colour.colour == PlateColour.GREEN


def test_a_small_plate_in_a_large_photo_is_found_where_it_is() -> None:
    large = np.full((2160, 3840, 3), 120, dtype=np.uint8)
    large[1300:2020, 2400:3680] = street(PLATE, width_px=100)

    found = [*find_plates(large), *plates._plates_in_quarters(large)]  # noqa: SLF001  the look that is taken last

    assert [one.text for one in found] == [PLATE, PLATE]
    for plate in found:
        assert plate.box[0] + plate.box[2] / 2 == pytest.approx((2400 + 640) / 3840, abs=0.01)
        assert plate.box[1] + plate.box[3] / 2 == pytest.approx((1300 + 380) / 2160, abs=0.01)


def test_a_picture_that_is_only_a_plate_is_read() -> None:
    strip = np.asarray(draw_plate(PLATE, font).resize((110, 35)), dtype=np.uint8)[:, :, ::-1]

    assert [one.text for one in find_plates(np.ascontiguousarray(strip))] == [PLATE]


def test_a_street_without_a_car_gives_no_plate() -> None:
    picture = Image.new("RGB", (1280, 720), (110, 112, 116))
    ImageDraw.Draw(picture).text((200, 300), "高唐县人民医院 欢迎您 SUZUKI", font=font(60), fill="white")

    assert find_plates(np.asarray(picture, dtype=np.uint8)[:, :, ::-1].copy()) == []


@pytest.mark.parametrize(
    ("ground", "ink", "colour"),
    [
        ("#163ca0", "white", PlateColour.BLUE),
        ("#e8b400", "black", PlateColour.YELLOW),
        ("#58c078", "black", PlateColour.GREEN),
        ("#e8e8e8", "#c01010", PlateColour.WHITE),
        ("#101010", "white", PlateColour.BLACK),
    ],
)
@pytest.mark.parametrize("light", [1.0, 0.5])
def test_the_ground_of_a_plate_names_its_colour(ground: str, ink: str, colour: PlateColour, light: float) -> None:
    picture = Image.new("RGB", (220, 70), ground)
    ImageDraw.Draw(picture).text((14, 4), "P8D3K5", font=font(46), fill=ink)
    strip = (np.asarray(picture, dtype=np.float32)[:, :, ::-1] * light).astype(np.uint8)

    assert plate_colour(strip).colour == colour


def test_a_plate_in_the_dark_names_its_colour_with_little_confidence() -> None:
    strip = np.full((40, 130, 3), 18, dtype=np.uint8)
    strip[10:30, 20:110:12] = 40

    assert plate_colour(strip).confidence < 0.3


def test_frames_that_agree_outvote_one_that_does_not() -> None:
    frames = [seen("鲁P8D3K5", 0.7), seen("鲁P8D3K5", 0.6), seen("鲁PBD3K5", 0.8), seen("冀E11111", 0.5)]

    voted = merge(frames)

    assert [voted[number][0] for number in range(4)] == ["鲁P8D3K5", "鲁P8D3K5", "鲁P8D3K5", "冀E11111"]
    assert 0.4 < voted[0][1] < 0.7
    assert voted[3][1] == pytest.approx(0.5)


def test_more_frames_make_surer_but_not_as_independent_ones_would() -> None:
    once = merge([seen("鲁P8D3K5", 0.5)])[0][1]
    four_times = merge([seen("鲁P8D3K5", 0.5)] * 4)[0][1]

    assert once == pytest.approx(0.5)
    assert four_times == pytest.approx(0.75)


def test_a_reading_without_province_joins_the_whole_one() -> None:
    voted = merge([seen("?P8D3K5", 0.9), seen("鲁P8D3K5", 0.4)])

    assert {text for text, _ in voted.values()} == {"鲁P8D3K5"}


def test_without_the_fetched_recogniser_the_installed_one_reads_and_says_so(tmp_path: Path) -> None:
    fallback = models.recogniser(tmp_path)

    assert fallback.name == "PP-OCRv6_rec_small (fallback)"
    assert models.recogniser().name == "PP-OCRv4_rec"
    assert all(character in fallback.characters for character in "鲁P8D3K5警")


def test_an_empty_strip_reads_with_no_confidence() -> None:
    assert read_strip(np.full((24, 94, 3), 90, dtype=np.uint8)).confidence < 0.01

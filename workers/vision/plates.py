"""Number plates in a picture: found as text, read letter by letter under their grammar, merged over the frames."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from matching.plates import UNKNOWN
from workers.vision import models
from workers.vision.colour import ColourVote, plate_colour
from workers.vision.decode import Reading, looks_like_a_plate, read_as_plate, read_freely, without_province
from workers.vision.textboxes import LONGEST_SIDE_PX, TextBox, find_text, rectify

ASPECTS = (1.5, 8.0)
NARROWEST_PX = 24
STRIP_HEIGHT_PX = 48
STRIP_WIDTH_PX = 320
WIDEST_PX = 640
LEAST_CONFIDENCE = 0.10
SURE = 0.5
SECOND_LOOK_PX = 1600
LEAST_GAIN = 1.2
QUARTERED_FROM_PX = 2400
QUARTER = 0.56
QUARTER_PX = 1280
STRIPS_AT_ONCE = 8
PICTURE_OF_A_PLATE_PX = 400
SAME_PLACE = 0.5
MOST_MISREAD = 2

Box: TypeAlias = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Look:
    """One way to cut a box out: margin and lean in heights of the box, stretch of its width."""

    margin: float = 0.0
    lean: float = 0.0
    stretch: float = 1.0


FIRST_LOOK = Look()
SECOND_LOOKS = (Look(margin=-0.1),)
FURTHER_LOOKS = (Look(margin=-0.2), Look(lean=0.3), Look(lean=-0.3), Look(margin=-0.05, stretch=1.3))


@dataclass(frozen=True, slots=True)
class SeenPlate:
    """A plate in one picture.

    `reading.confidence` is the probability of the whole text; `corners` are picture pixels, clockwise from the top
    left; `box` is (x, y, width, height) as fractions of the picture.
    """

    reading: Reading
    corners: NDArray[np.float32]
    box: Box
    colour: ColourVote
    model: str

    @property
    def text(self) -> str:
        """The plate as read, seven or eight characters without separators."""
        return self.reading.text

    @property
    def confidence(self) -> float:
        """0 to 1."""
        return self.reading.confidence


def find_plates(picture: NDArray[np.uint8], *, looks_closer: bool = True) -> list[SeenPlate]:
    """Return the plates in a picture, the most prominent first: sure ones, then larger ones.

    Looks once at 960 pixels. A small picture of a plate's shape is also read whole.

    Args:
        picture: (height, width, BGR).
        looks_closer: where that shows no sure plate, look once more at up to 1600 pixels, enlarging a small picture
            twofold, and then at the four quarters of a large picture; takes up to ten times as long.

    Raises:
        workers.vision.models.ModelMissing: a network's file is absent.
    """
    found = _plates_at(picture, None)
    longest = max(picture.shape[:2])
    closer = min(SECOND_LOOK_PX, 2 * longest)
    is_worth_it = closer > min(longest, LONGEST_SIDE_PX) * LEAST_GAIN
    if looks_closer and is_worth_it and not _is_sure(found):
        found = _without_doubles([*found, *_plates_at(picture, closer)])
    if looks_closer and longest >= QUARTERED_FROM_PX and not _is_sure(found):
        found = _without_doubles([*found, *_plates_in_quarters(picture)])
    return sorted(found, key=_prominence, reverse=True)


def merge(seen: Sequence[SeenPlate]) -> dict[int, tuple[str, float]]:
    """Return for each plate seen in the frames of one video, by its place in `seen`, the voted text and confidence.

    Readings of one length that differ in at most two places, or only lack the province, are taken for one vehicle.
    Its text is the one with the most confidence behind it. Frames resemble one another, so n agreeing ones count as
    the square root of n independent ones; what spoke for another text lessens the confidence.
    """
    voted: dict[int, tuple[str, float]] = {}
    for group in _vehicles(seen):
        behind: dict[str, list[float]] = {}
        for number in group:
            behind.setdefault(seen[number].text, []).append(seen[number].confidence)
        text = max(behind, key=lambda one: (UNKNOWN not in one, sum(behind[one])))
        agreeing = behind[text]
        doubt = math.prod(1 - confidence for confidence in agreeing) ** (1 / math.sqrt(len(agreeing)))
        against = sum(sum(v) for other, v in behind.items() if other != text and UNKNOWN not in other)
        confidence = (1 - doubt) * sum(agreeing) / (sum(agreeing) + against)
        voted.update(dict.fromkeys(group, (text, confidence)))
    return voted


def _vehicles(seen: Sequence[SeenPlate]) -> list[list[int]]:
    groups: list[list[int]] = []
    for number in sorted(range(len(seen)), key=lambda n: seen[n].confidence, reverse=True):
        home = next((group for group in groups if _is_same(seen[group[0]].text, seen[number].text)), None)
        if home is None:
            groups.append([number])
        else:
            home.append(number)
    return groups


def _is_same(one: str, other: str) -> bool:
    if len(one) != len(other):
        return False
    return sum(a != b for a, b in zip(one, other, strict=True) if UNKNOWN not in (a, b)) <= MOST_MISREAD


def read_strip(strip: NDArray[np.uint8]) -> Reading:
    """Return the likeliest plate that an upright strip spells (height, width, BGR), however unlikely it is.

    Raises:
        workers.vision.models.ModelMissing: no recogniser is there.
    """
    (probabilities,) = _recognised([strip])
    return read_as_plate(probabilities, models.recogniser().characters)


def _plates_at(picture: NDArray[np.uint8], longest_side_px: int | None) -> list[SeenPlate]:
    boxes = [box for box in find_text(picture, longest_side_px) if _is_candidate(box)]
    height, width = picture.shape[:2]
    if max(height, width) <= PICTURE_OF_A_PLATE_PX and ASPECTS[0] <= width / height <= ASPECTS[1]:
        boxes.append(TextBox(np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float32), 0.0))
    characters = models.recogniser().characters
    first = _recognised([_strip(picture, box, FIRST_LOOK) for box in boxes])
    found = []
    for box, spoken in zip(boxes, first, strict=True):
        if not looks_like_a_plate(read_freely(spoken, characters)[0]):
            continue
        looks = [spoken, *_recognised([_strip(picture, box, look) for look in SECOND_LOOKS])]
        reading = _read(looks, characters)
        if reading.confidence < SURE:
            looks += _recognised([_strip(picture, box, look) for look in FURTHER_LOOKS])
            reading = _read(looks, characters)
        if reading.confidence >= LEAST_CONFIDENCE:
            found.append(_seen(picture, box, reading))
    return _without_doubles(found)


def _is_sure(plates: list[SeenPlate]) -> bool:
    return any(plate.confidence >= SURE for plate in plates)


def _plates_in_quarters(picture: NDArray[np.uint8]) -> list[SeenPlate]:
    """Look at each quarter of a large picture by itself; they overlap by more than a small plate's width."""
    height, width = picture.shape[:2]
    high, wide = round(height * QUARTER), round(width * QUARTER)
    found = []
    for top in (0, height - high):
        for left in (0, width - wide):
            quarter = picture[top : top + high, left : left + wide]
            for plate in _plates_at(quarter, min(QUARTER_PX, max(high, wide))):
                corners = plate.corners + np.array([left, top], dtype=np.float32)
                found.append(replace(plate, corners=corners, box=_fractions(corners, width, height)))
    return found


def _strip(picture: NDArray[np.uint8], box: TextBox, look: Look) -> NDArray[np.uint8]:
    strip = rectify(picture, box, grow=look.margin, lean=look.lean)
    if look.stretch == 1:
        return strip
    width = round(strip.shape[1] * look.stretch)
    return np.asarray(cv2.resize(strip, (width, strip.shape[0]), interpolation=cv2.INTER_CUBIC), dtype=np.uint8)


def _is_candidate(box: TextBox) -> bool:
    return ASPECTS[0] <= box.aspect <= ASPECTS[1] and box.width_px >= NARROWEST_PX


def _recognised(strips: Sequence[NDArray[np.uint8]]) -> list[NDArray[np.float32]]:
    """The recogniser's probabilities for each strip, shape (steps, classes)."""
    network = models.recogniser()
    name = network.session.get_inputs()[0].name
    spoken: list[NDArray[np.float32]] = []
    for start in range(0, len(strips), STRIPS_AT_ONCE):
        scaled = [_scaled(strip) for strip in strips[start : start + STRIPS_AT_ONCE]]
        widest = max(STRIP_WIDTH_PX, *(strip.shape[2] for strip in scaled))
        batch = np.zeros((len(scaled), 3, STRIP_HEIGHT_PX, widest), dtype=np.float32)
        for row, strip in zip(batch, scaled, strict=True):
            row[:, :, : strip.shape[2]] = strip
        spoken += list(network.session.run(None, {name: batch})[0])
    return spoken


def _scaled(strip: NDArray[np.uint8]) -> NDArray[np.float32]:
    """The strip at the recogniser's height, shape (3, 48, width), values -1 to 1."""
    width = min(WIDEST_PX, max(16, math.ceil(STRIP_HEIGHT_PX * strip.shape[1] / strip.shape[0])))
    resized = cv2.resize(strip, (width, STRIP_HEIGHT_PX), interpolation=cv2.INTER_LINEAR)
    return np.asarray((resized.astype(np.float32) / 255 - 0.5) / 0.5, dtype=np.float32).transpose(2, 0, 1)


def _read(looks: list[NDArray[np.float32]], characters: tuple[str, ...]) -> Reading:
    """One reading from several looks at one box: the text with the most probability over all of them.

    Its confidence is that of its best look, lessened by what the looks gave to other texts.
    """
    readings = [read_as_plate(spoken, characters) for spoken in looks]
    sums = {text: sum(one.confidence for one in readings if one.text == text) for text in {r.text for r in readings}}
    text = max(sums, key=lambda one: sums[one])
    best = max((one for one in readings if one.text == text), key=lambda one: one.confidence)
    confidence = best.confidence * sums[text] / max(sum(sums.values()), 1e-9)
    if confidence < LEAST_CONFIDENCE:
        partial = [reading for spoken in looks if (reading := without_province(spoken, characters))]
        if partial:
            return max(partial, key=lambda one: one.confidence)
    return replace(best, confidence=confidence)


def _seen(picture: NDArray[np.uint8], box: TextBox, reading: Reading) -> SeenPlate:
    height, width = picture.shape[:2]
    return SeenPlate(
        reading=reading,
        corners=box.corners,
        box=_fractions(box.corners, width, height),
        colour=plate_colour(rectify(picture, box)),
        model=f"PP-OCRv6_det_small+{models.recogniser().name}",
    )


def _fractions(corners: NDArray[np.float32], width: int, height: int) -> Box:
    left, top = corners.min(axis=0)
    right, bottom = corners.max(axis=0)
    return float(left / width), float(top / height), float((right - left) / width), float((bottom - top) / height)


def _without_doubles(plates: list[SeenPlate]) -> list[SeenPlate]:
    """Keep the surest of several plates that lie on one another."""
    kept: list[SeenPlate] = []
    for plate in sorted(plates, key=lambda one: one.confidence, reverse=True):
        if all(_overlap(plate.box, other.box) < SAME_PLACE for other in kept):
            kept.append(plate)
    return kept


def _overlap(one: Box, other: Box) -> float:
    """The common area as a share of the smaller box."""
    width = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    height = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    return max(0.0, width) * max(0.0, height) / max(min(one[2] * one[3], other[2] * other[3]), 1e-9)


def _prominence(plate: SeenPlate) -> float:
    return plate.confidence * math.sqrt(math.sqrt(plate.box[2] * plate.box[3]))

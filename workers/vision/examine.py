"""Looks at one photo or video and tells everything it sees: facts, frames and hints. A hint is never a conclusion."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workers.vision import frames, metadata, pictures
from workers.vision.colour import LEAST_COLOUR_CONFIDENCE
from workers.vision.plates import SURE, SeenPlate, find_plates, merge

MOST_PLATES_PER_FRAME = 6
CLOSER_LOOKS = 6
"""On so many of the sharpest frames a video without a sure plate is looked at more closely."""
DIGITS = 4


class Kind(StrEnum):
    """What a hint is about."""

    PLATE = "plate"
    PLATE_COLOUR = "plate_colour"
    CAPTURE_TIME = "capture_time"


@dataclass(frozen=True, kw_only=True, slots=True)
class Still:
    """A frame kept as a picture: an upright JPEG without metadata, and when it stands in the video (0 for a photo)."""

    at_ms: int
    jpeg: bytes
    width_px: int
    height_px: int


@dataclass(frozen=True, kw_only=True, slots=True)
class SeenHint:
    """One thing seen: on which still (by its place in `Seen.stills`), what, how sure, and where.

    `box` is (x, y, width, height) as fractions of the still. For a plate `reading` is what stood before the vote of
    the frames: `reading` (this frame's own text), `confidence` (of it), `characters` (a probability for each),
    `alternatives` (for each character the likeliest others with theirs), `free` (what the recogniser said without the
    grammar), `frames` (on how many it was seen).
    """

    still: int
    kind: Kind
    value: str
    confidence: float
    box: tuple[float, float, float, float] | None
    reading: dict[str, Any]
    model: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """Everything one file showed. `problem` is empty, or says why it is not all (a truncated file)."""

    facts: dict[str, Any]
    stills: list[Still]
    hints: list[SeenHint]
    problem: str


def examine_photo(path: Path) -> Seen:
    """Return what a photo shows; its one still is the upright picture.

    Raises:
        workers.vision.pictures.UnreadablePicture: it gives no picture.
        workers.vision.models.ModelMissing: the installation is incomplete.
    """
    facts = metadata.photo_facts(path)
    picture = pictures.read_photo(path)
    stills = [_still(0, picture.pixels)]
    plates = [(0, plate) for plate in _most(find_plates(picture.pixels))]
    problem = pictures.PictureProblem.TRUNCATED_PICTURE.value if picture.is_truncated else ""
    return Seen(facts=facts.as_json(), stills=stills, hints=[*_moment(facts), *_plates(plates)], problem=problem)


def examine_video(path: Path) -> Seen:
    """Return what a video shows; its stills are its key frames. What is there of a broken-off one counts.

    Raises:
        workers.vision.frames.UnreadableVideo: it gives no frame.
        workers.vision.models.ModelMissing: the installation is incomplete.
    """
    facts = metadata.video_facts(path)
    outline = frames.outline(path)
    stills: list[Still] = []
    plates: list[tuple[int, SeenPlate]] = []
    sharp: list[tuple[float, int]] = []
    for frame in frames.key_frames(path, outline):
        plates += [(len(stills), plate) for plate in _most(find_plates(frame.pixels, looks_closer=False))]
        sharp.append((frame.sharpness, len(stills)))
        stills.append(_still(round(frame.at_s * 1000), frame.pixels))
    if not any(plate.confidence >= SURE for _, plate in plates):
        for _, number in sorted(sharp, reverse=True)[:CLOSER_LOOKS]:
            again = find_plates(pictures.from_jpeg(stills[number].jpeg))
            plates = [seen for seen in plates if seen[0] != number] + [(number, plate) for plate in _most(again)]
    problem = frames.VideoProblem.TRUNCATED_VIDEO.value if outline.is_truncated else ""
    sharpness = {str(stills[number].at_ms): round(of_it, 1) for of_it, number in sharp}
    return Seen(
        facts={**facts.as_json(), "sharpness": sharpness},
        stills=stills,
        hints=[*_moment(facts), *_plates(plates)],
        problem=problem,
    )


def _most(plates: list[SeenPlate]) -> list[SeenPlate]:
    return plates[:MOST_PLATES_PER_FRAME]


def _still(at_ms: int, pixels: NDArray[np.uint8]) -> Still:
    height, width = pixels.shape[:2]
    return Still(at_ms=at_ms, jpeg=pictures.as_jpeg(pixels), width_px=width, height_px=height)


def _moment(facts: metadata.MediaFacts) -> Iterator[SeenHint]:
    if facts.captured_at is None or facts.captured_basis is None:
        return
    yield SeenHint(
        still=0,
        kind=Kind.CAPTURE_TIME,
        value=facts.captured_at.isoformat(),
        confidence=metadata.TRUST[facts.captured_basis],
        box=None,
        reading={"basis": facts.captured_basis.value, "device": facts.device},
        model="metadata",
    )


def _plates(seen: list[tuple[int, SeenPlate]]) -> Iterator[SeenHint]:
    """One hint for each plate on each frame, with the text and confidence of the vote; one colour for each plate."""
    voted = merge([plate for _, plate in seen])
    vehicles: dict[str, list[int]] = {}
    for number, (text, _) in voted.items():
        vehicles.setdefault(text, []).append(number)
    for text, numbers in vehicles.items():
        best: dict[int, int] = {}  # the surest of several on one frame
        for number in sorted(numbers, key=lambda n: seen[n][1].confidence, reverse=True):
            best.setdefault(seen[number][0], number)
        for still, number in sorted(best.items()):
            yield _plate_hint(still, seen[number][1], text, voted[number][1], frames_seen=len(best))
        yield from _colour_hint([seen[number] for number in best.values()])


def _plate_hint(still: int, plate: SeenPlate, text: str, confidence: float, *, frames_seen: int) -> SeenHint:
    reading = plate.reading
    return SeenHint(
        still=still,
        kind=Kind.PLATE,
        value=text,
        confidence=round(confidence, DIGITS),
        box=_rounded(plate.box),
        reading={
            "reading": reading.text,
            "confidence": round(reading.confidence, DIGITS),
            "characters": [round(one, DIGITS) for one in reading.characters],
            "alternatives": [[[c, round(p, DIGITS)] for c, p in others] for others in reading.alternatives],
            "free": reading.raw,
            "frames": frames_seen,
        },
        model=plate.model,
    )


def _colour_hint(views: list[tuple[int, SeenPlate]]) -> Iterator[SeenHint]:
    sums: dict[str, float] = {}
    for _, plate in views:
        sums[plate.colour.colour] = sums.get(plate.colour.colour, 0.0) + plate.colour.confidence
    colour = max(sums, key=lambda one: sums[one])
    confidence = sums[colour] / sum(1 for _, plate in views if plate.colour.colour == colour)
    confidence *= sums[colour] / max(sum(sums.values()), 1e-9)
    if confidence < LEAST_COLOUR_CONFIDENCE:
        return
    still, plate = max(
        (view for view in views if view[1].colour.colour == colour), key=lambda view: view[1].colour.confidence
    )
    yield SeenHint(
        still=still,
        kind=Kind.PLATE_COLOUR,
        value=colour,
        confidence=round(confidence, DIGITS),
        box=_rounded(plate.box),
        reading={"plate": plate.text, "votes": {one: round(share, DIGITS) for one, share in sums.items()}},
        model="hsv-vote-1",
    )


def _rounded(box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    left, top, width, height = (round(side, 5) for side in box)
    return left, top, width, height

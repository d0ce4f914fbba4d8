"""The colour of a number plate, by a vote of its pixels."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import cv2
import numpy as np
from numpy.typing import NDArray


class PlateColour(StrEnum):
    """号牌颜色 (GA 36): the ground, not the characters; green stands for both new-energy plates."""

    BLUE = "blue"
    YELLOW = "yellow"
    GREEN = "green"
    WHITE = "white"
    BLACK = "black"


@dataclass(frozen=True, slots=True)
class ColourVote:
    """The winning colour and the share of the ground that voted for it, 0 to 1."""

    colour: PlateColour
    confidence: float


HUES = {  # OpenCV hue, 0 to 179
    PlateColour.YELLOW: (11, 34),
    PlateColour.GREEN: (35, 88),
    PlateColour.BLUE: (92, 135),
}
LEAST_SATURATION = 45
LEAST_VALUE = 30
COLOURED_SHARE = 0.45
LEAST_COLOUR_CONFIDENCE = 0.35
"""Below it a colour is not worth telling."""
FULL_CONTRAST = 120.0
"""Difference of brightness between ground and characters at which white and black are told apart for sure."""


def plate_colour(strip: NDArray[np.uint8]) -> ColourVote:
    """Return the colour of an upright strip that shows a plate (height, width, BGR), whatever it shows.

    A margin is left out. The larger of the two brightness groups is the ground, the smaller the characters; the
    ground's pixels vote by hue. Where too few have a plate's hue, the ground is white or black by its brightness.
    """
    height, width = strip.shape[:2]
    inner = strip[height // 6 : height - height // 6, width // 16 : width - width // 16]
    small = cv2.resize(inner, (96, 32), interpolation=cv2.INTER_AREA)
    hue, saturation, value = cv2.split(cv2.cvtColor(small, cv2.COLOR_BGR2HSV))
    grey = cv2.cvtColor(small, cv2.COLOR_BGR2GRAY)  # blue is bright in `value`, dark in grey, as its characters need
    level, _ = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    is_bright = grey > level
    has_bright_ground = is_bright.sum() * 2 >= is_bright.size
    is_ground = is_bright if has_bright_ground else ~is_bright
    contrast = float(grey[is_bright].mean() - grey[~is_bright].mean()) if 0 < is_bright.mean() < 1 else 0.0
    is_coloured = (saturation >= LEAST_SATURATION) & (value >= LEAST_VALUE) & is_ground
    ground = float(is_ground.sum())
    shares = {
        colour: float((is_coloured & (hue >= low) & (hue <= high)).sum()) / ground
        for colour, (low, high) in HUES.items()
    }
    winner = max(shares, key=lambda colour: shares[colour])
    certainty = min(1.0, contrast / FULL_CONTRAST)
    if shares[winner] >= COLOURED_SHARE:
        return ColourVote(winner, shares[winner] * (0.5 + certainty / 2))
    colour = PlateColour.WHITE if has_bright_ground else PlateColour.BLACK
    return ColourVote(colour, certainty * (1 - shares[winner]))

"""Where text stands in a picture: slanted boxes from a differentiable-binarisation network."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from workers.vision import models

LONGEST_SIDE_PX = 960
INK = 0.3
LEAST_SCORE = 0.5
GROWTH = 1.6
SMALLEST_SIDE_PX = 3


@dataclass(frozen=True, slots=True)
class TextBox:
    """A stretch of text: four corners in picture pixels, clockwise from its top left, and the network's score."""

    corners: NDArray[np.float32]
    score: float

    @property
    def width_px(self) -> float:
        """Length of the upper edge."""
        return float(np.linalg.norm(self.corners[1] - self.corners[0]))

    @property
    def height_px(self) -> float:
        """Length of the left edge."""
        return float(np.linalg.norm(self.corners[3] - self.corners[0]))

    @property
    def aspect(self) -> float:
        """Width divided by height."""
        return self.width_px / max(self.height_px, 1e-6)


def find_text(picture: NDArray[np.uint8], longest_side_px: int | None = None) -> list[TextBox]:
    """Return the stretches of text in a picture, best score first.

    Args:
        picture: (height, width, BGR).
        longest_side_px: the size at which it is looked at; by default its own, at most 960.

    Source: Liao et al., Real-time Scene Text Detection with Differentiable Binarization (2020); the network is
    PP-OCRv6's small detector, its input normalised to -1 .. 1.
    """
    height, width = picture.shape[:2]
    longest = max(height, width)
    ratio = (longest_side_px or min(longest, LONGEST_SIDE_PX)) / longest
    seen_height, seen_width = (max(32, round(side * ratio / 32) * 32) for side in (height, width))
    seen = cv2.resize(
        picture, (seen_width, seen_height), interpolation=cv2.INTER_AREA if ratio < 1 else cv2.INTER_LINEAR
    )
    batch = (seen.astype(np.float32).transpose(2, 0, 1)[None] / 255 - 0.5) / 0.5
    session = models.detector().session
    heat = session.run(None, {session.get_inputs()[0].name: batch})[0][0, 0]
    scale = np.array([width / seen_width, height / seen_height], dtype=np.float32)
    return _boxes(heat, scale, (width, height))


def rectify(picture: NDArray[np.uint8], box: TextBox, *, grow: float = 0.0, lean: float = 0.0) -> NDArray[np.uint8]:
    """Return the box's content as an upright strip of its own size in pixels (at least 16 high).

    Args:
        picture: the whole picture, (height, width, BGR).
        box: where the text stands in it.
        grow: fraction of the height by which every side is moved outward.
        lean: by how much of the height the content leans to the right; it is set upright.
    """
    corners = grown(box.corners, grow * box.height_px)
    along = (corners[1] - corners[0]) / max(box.width_px, 1e-6) * box.height_px * lean / 2
    corners = (corners + np.array([along, along, -along, -along])).astype(np.float32)
    width = max(16, round(float(np.linalg.norm(corners[1] - corners[0]))))
    height = max(16, round(float(np.linalg.norm(corners[3] - corners[0]))))
    target = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float32)
    return np.asarray(
        cv2.warpPerspective(
            picture,
            cv2.getPerspectiveTransform(corners, target),
            (width, height),
            flags=cv2.INTER_CUBIC,
            borderMode=cv2.BORDER_REPLICATE,
        ),
        dtype=np.uint8,
    )


def grown(corners: NDArray[np.float32], by_px: float) -> NDArray[np.float32]:
    """Return the four corners with each side moved outward by `by_px`."""
    right = corners[1] - corners[0]
    down = corners[3] - corners[0]
    along = right / max(float(np.linalg.norm(right)), 1e-6) * by_px
    across = down / max(float(np.linalg.norm(down)), 1e-6) * by_px
    moved = corners + np.array([-along - across, along - across, along + across, across - along])
    return np.asarray(moved, dtype=np.float32)


def _boxes(heat: NDArray[np.float32], scale: NDArray[np.float32], size: tuple[int, int]) -> list[TextBox]:
    ink = cv2.dilate((heat > INK).astype(np.uint8), np.ones((2, 2), dtype=np.uint8))
    contours, _ = cv2.findContours(ink, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    found = []
    for contour in contours:
        rectangle = cv2.minAreaRect(contour)
        if min(rectangle[1]) < SMALLEST_SIDE_PX:
            continue
        corners = _clockwise(np.asarray(cv2.boxPoints(rectangle), dtype=np.float32))
        score = _mean_inside(heat, corners)
        if score < LEAST_SCORE:
            continue
        width, height = rectangle[1]
        growth = width * height * GROWTH / (2 * (width + height))  # the network marks shrunken kernels of the text
        corners = grown(corners, growth) * scale
        corners = np.clip(corners, 0, np.array(size, dtype=np.float32) - 1).astype(np.float32)
        found.append(TextBox(corners, score))
    return sorted(found, key=lambda box: -box.score)


def _mean_inside(heat: NDArray[np.float32], corners: NDArray[np.float32]) -> float:
    left, top = np.clip(np.floor(corners.min(axis=0)).astype(int), 0, None)
    right, bottom = np.ceil(corners.max(axis=0)).astype(int) + 1
    window = heat[top:bottom, left:right]
    mask = np.zeros(window.shape, dtype=np.uint8)
    cv2.fillPoly(mask, [(corners - (left, top)).astype(np.int32)], 1)
    return float(cv2.mean(window, mask)[0])


def _clockwise(corners: NDArray[np.float32]) -> NDArray[np.float32]:
    """Order the corners of a rectangle clockwise from the top left, taking the longer, flatter side as the top."""
    by_x = corners[np.argsort(corners[:, 0])]
    top_left, bottom_left = by_x[:2][np.argsort(by_x[:2, 1])]
    top_right, bottom_right = by_x[2:][np.argsort(by_x[2:, 1])]
    return np.array([top_left, top_right, bottom_right, bottom_left], dtype=np.float32)

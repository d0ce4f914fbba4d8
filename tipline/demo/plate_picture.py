"""A number plate as a picture, laid out as the standard does, in the project's own font."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from PIL import Image, ImageDraw, ImageFont

Rgb: TypeAlias = tuple[int, int, int]
Fonts: TypeAlias = Callable[[int], ImageFont.FreeTypeFont]

# Millimetres of GA 36-2018; drawn at two pixels each.
SCALE = 2
HEIGHT_MM = 140
GLYPH_HEIGHT_MM = 90
LENGTHS = {7: 440, 8: 480}
GLYPH_WIDTH_MM = {7: 45, 8: 43}
GAP_MM = {7: 12.0, 8: 9.0}
DOT_GAP_MM = 34
MARGIN_MM = 15.5
BLUE, WHITE, BLACK = (22, 60, 160), (245, 245, 245), (18, 18, 18)
GREEN_TOP, GREEN_BOTTOM = (214, 240, 222), (62, 190, 110)


def draw_plate(text: str, font: Fonts) -> Image.Image:
    """Return a blue plate of seven or a green one of eight characters, 280 pixels high.

    Raises:
        ValueError: another number of characters.
    """
    if len(text) not in LENGTHS:
        raise ValueError(f"a plate has seven or eight characters, not {len(text)}")
    size = (LENGTHS[len(text)] * SCALE, HEIGHT_MM * SCALE)
    is_new_energy = len(text) == max(LENGTHS)
    plate = _gradient(size) if is_new_energy else Image.new("RGB", size, BLUE)
    ink = BLACK if is_new_energy else WHITE
    draw = ImageDraw.Draw(plate)
    draw.rounded_rectangle([6, 6, size[0] - 7, size[1] - 7], 20, outline=ink, width=4)
    width, gap = GLYPH_WIDTH_MM[len(text)], GAP_MM[len(text)]
    left, top = MARGIN_MM, (HEIGHT_MM - GLYPH_HEIGHT_MM) / 2
    for place, character in enumerate(text):
        glyph = _glyph(character, font, (width * SCALE, GLYPH_HEIGHT_MM * SCALE))
        plate.paste(ink, (round(left * SCALE), round(top * SCALE)), glyph)
        left += width + gap
        if place == 1:
            extra = DOT_GAP_MM - gap
            if not is_new_energy:
                middle = ((left - gap + DOT_GAP_MM / 2) * SCALE, HEIGHT_MM * SCALE / 2)
                draw.ellipse([middle[0] - 10, middle[1] - 10, middle[0] + 10, middle[1] + 10], fill=ink)
            left += extra
    return plate


def _glyph(character: str, font: Fonts, size: tuple[int, int]) -> Image.Image:
    """One character as a mask stretched to its field, as plate lettering is; a 1 keeps its slenderness."""
    face = font(200)
    left, top, right, bottom = face.getbbox(character, stroke_width=5)
    mask = Image.new("L", (int(right - left), int(bottom - top)))
    ImageDraw.Draw(mask).text((-left, -top), character, font=face, fill=255, stroke_width=5)
    if character != "1":
        return mask.resize(size, Image.Resampling.LANCZOS)
    field = Image.new("L", size)
    slender = mask.resize((size[0] * 2 // 3, size[1]), Image.Resampling.LANCZOS)
    field.paste(slender, (size[0] // 6, 0))
    return field


def _gradient(size: tuple[int, int]) -> Image.Image:
    plate = Image.new("RGB", size)
    draw = ImageDraw.Draw(plate)
    for row in range(size[1]):
        part = row / size[1]
        shade = tuple(round(a + (b - a) * part) for a, b in zip(GREEN_TOP, GREEN_BOTTOM, strict=True))
        draw.line([(0, row), (size[0], row)], fill=shade)
    return plate

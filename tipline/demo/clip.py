"""A rendered road clip and a photo for the demo: a car with a readable plate drives off. Nothing in it is real.

Drawn by Pillow with the project's own Chinese font, encoded by PyAV; every picture says 演示 in its burned-in line.
"""

from __future__ import annotations

import io
import math
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from functools import cache
from pathlib import Path
from random import Random

import av
import numpy as np
from PIL import ExifTags, Image, ImageDraw, ImageFilter, ImageFont

from tipline import web
from tipline.clock import SHANGHAI
from tipline.demo.plate_picture import Rgb, draw_plate
from tipline.errors import TiplineError

FONT = Path(web.__file__).with_name("static") / "vendor" / "fonts" / "NotoSansSC-Regular.ttf"
WIDTH, HEIGHT = 1280, 720
FRAMES_PER_S = 25
LENGTH_S = 4
HORIZON = 250
CAR_WIDTH, CAR_HEIGHT = 900, 760
PLATE_WIDTH = 250
NEAR, FAR = 0.80, 0.34
DASHES = 9
GRAIN = 3
PHOTO_AT_S = 1.0
PHOTO_SIZE = (1600, 900)
BODIES: dict[str, Rgb] = {
    "white": (226, 228, 230),
    "black": (38, 40, 44),
    "grey": (120, 124, 128),
    "silver": (180, 184, 190),
    "red": (150, 30, 34),
    "blue": (36, 70, 140),
}


class FontMissing(TiplineError):
    """The font the pictures are lettered with is not there; `make setup` brings it."""


def render_clip(
    plate: str, *, captured_at: datetime, seed: int, colour: str = "white", place: str = "高唐县人和路"
) -> bytes:
    """Return an H.264 MP4 of 4 s, 1280 x 720, 25 frames a second, a key frame each second.

    Args:
        plate: seven or eight characters, for example `鲁P8D3K5`.
        captured_at: the first frame's moment, timezone-aware; burned in (China time) and in the container (UTC).
        seed: the same seed draws the same scene.
        colour: of the car's body, a value of `BODIES`.
        place: burned in beside the time.

    Raises:
        FontMissing: setup was not run.
    """
    scene = _Scene(plate, BODIES[colour], place, Random(seed))  # noqa: S311  scenery, not secrets
    target = io.BytesIO()
    with av.open(target, "w", format="mp4") as container:
        container.metadata["creation_time"] = captured_at.astimezone(UTC).isoformat(timespec="microseconds")
        stream = container.add_stream("libx264", rate=FRAMES_PER_S)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        stream.time_base = Fraction(1, FRAMES_PER_S)
        stream.options = {"crf": "23", "preset": "ultrafast", "g": str(FRAMES_PER_S)}
        stream.codec_context.thread_count = 2
        for number in range(LENGTH_S * FRAMES_PER_S):
            picture = scene.at(number / FRAMES_PER_S, captured_at)
            frame = av.VideoFrame.from_ndarray(np.asarray(picture), format="rgb24")
            frame.pts = number
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return target.getvalue()


def render_photo(
    plate: str, *, captured_at: datetime, seed: int, colour: str = "white", place: str = "高唐县人和路"
) -> bytes:
    """Return one moment of the clip of the same seed as a JPEG of 1600 x 900 with its time in EXIF, and no position.

    Args:
        plate: seven or eight characters.
        captured_at: when the photo was taken, timezone-aware.
        seed: as for the clip.
        colour: of the car's body, a value of `BODIES`.
        place: burned in beside the time.

    Raises:
        FontMissing: setup was not run.
    """
    scene = _Scene(plate, BODIES[colour], place, Random(seed))  # noqa: S311  scenery, not secrets
    picture = scene.at(PHOTO_AT_S, captured_at - timedelta(seconds=PHOTO_AT_S))
    local = captured_at.astimezone(SHANGHAI)
    exif = Image.Exif()
    exif[ExifTags.Base.Make], exif[ExifTags.Base.Model] = "Tipline", "Demo camera"
    exif[ExifTags.Base.Orientation] = 1
    details = exif.get_ifd(ExifTags.IFD.Exif)
    details[ExifTags.Base.DateTimeOriginal] = local.strftime("%Y:%m:%d %H:%M:%S")
    details[ExifTags.Base.OffsetTimeOriginal] = "+08:00"
    target = io.BytesIO()
    picture.resize(PHOTO_SIZE, Image.Resampling.LANCZOS).save(target, "JPEG", quality=90, exif=exif)
    return target.getvalue()


@cache
def font(size: int) -> ImageFont.FreeTypeFont:
    """Return the lettering at a size in pixels.

    Raises:
        FontMissing: setup was not run.
    """
    try:
        return ImageFont.truetype(str(FONT), size)
    except OSError as problem:
        raise FontMissing(f"the font {FONT.name} is not there: run `make setup`") from problem


class _Scene:
    """A road at dusk and a car on it, driving away from the camera."""

    def __init__(self, plate: str, body: Rgb, place: str, chance: Random) -> None:
        self._place = place
        self._road = _road(chance)
        self._car = _car(draw_plate(plate, font), body)
        self._drift = chance.uniform(30, 90)
        self._shake = chance.uniform(0, math.tau)
        noise = np.random.default_rng(chance.randrange(2**32)).normal(0, GRAIN, (HEIGHT + 32, WIDTH + 32, 1))
        self._noise = noise.astype(np.int16)

    def at(self, second: float, began_at: datetime) -> Image.Image:
        """Draw the picture at a moment of the clip."""
        picture = self._road.copy()
        _dashes(ImageDraw.Draw(picture), second)
        part = min(1.0, max(0.0, second - 0.4) / (LENGTH_S - 0.4))
        scale = NEAR * (FAR / NEAR) ** part  # the distance grows evenly, so the size falls geometrically
        size = (round(CAR_WIDTH * scale), round(CAR_HEIGHT * scale))
        car = self._car.resize(size, Image.Resampling.BILINEAR)
        ground = HORIZON + (HEIGHT - 40 - HORIZON) * (scale / NEAR)
        sway = 3 * math.sin(9 * second + self._shake)
        left = WIDTH / 2 - size[0] / 2 + self._drift * part + sway
        picture.paste(car, (round(left), round(ground - size[1])), car)
        return self._developed(picture, began_at + timedelta(seconds=second), second)

    def _developed(self, picture: Image.Image, moment: datetime, second: float) -> Image.Image:
        """Add the grain of a cheap camera, then the line it burns in."""
        row, column = int(second * 977) % 32, int(second * 1409) % 32
        grain = self._noise[row : row + HEIGHT, column : column + WIDTH]
        grainy = Image.fromarray(np.clip(np.asarray(picture, dtype=np.int16) + grain, 0, 255).astype(np.uint8))
        line = f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}  {self._place}  演示"
        ImageDraw.Draw(grainy).text(
            (24, 18), line, font=font(30), fill=(250, 250, 250), stroke_width=2, stroke_fill=(10, 10, 10)
        )
        return grainy


def _road(chance: Random) -> Image.Image:
    picture = Image.new("RGB", (WIDTH, HEIGHT))
    draw = ImageDraw.Draw(picture)
    for row in range(HORIZON):
        light = row / HORIZON
        draw.line([(0, row), (WIDTH, row)], fill=(int(120 + 80 * light), int(145 + 60 * light), int(175 + 30 * light)))
    draw.rectangle([0, HORIZON, WIDTH, HEIGHT], fill=(96, 112, 74))
    left = 0
    while left < WIDTH:  # houses and trees along the horizon
        width, height = chance.randint(40, 130), chance.randint(20, 95)
        shade = chance.randint(70, 130)
        draw.rectangle([left, HORIZON - height, left + width, HORIZON], fill=(shade, shade - 6, shade - 14))
        left += width + chance.randint(0, 50)
    middle = WIDTH / 2
    lane = [(middle - 60, HORIZON), (middle + 60, HORIZON), (WIDTH + 360, HEIGHT), (-360, HEIGHT)]
    draw.polygon(lane, fill=(84, 86, 90))
    for side in (-1, 1):
        edge = [(middle + side * 54, HORIZON), (middle + side * 58, HORIZON)]
        draw.polygon([*edge, (middle + side * 930, HEIGHT), (middle + side * 890, HEIGHT)], fill=(214, 214, 208))
    return picture.filter(ImageFilter.GaussianBlur(1.2))


def _dashes(draw: ImageDraw.ImageDraw, second: float) -> None:
    """The middle line, running towards the camera."""
    for number in range(DASHES):
        near = 1 / (0.35 + (number - (second * 1.6) % 1 + 1) * 0.9)
        far = 1 / (0.35 + (number - (second * 1.6) % 1 + 1.45) * 0.9)
        top, bottom = (HORIZON + (HEIGHT - HORIZON) * min(1.4, depth) for depth in (far, near))
        x = WIDTH / 2 - 330
        narrow, wide = 9 * far, 9 * near
        slant = [WIDTH / 2 + (x - WIDTH / 2) * min(1.4, depth) for depth in (far, near)]
        draw.polygon(
            [(slant[0] - narrow, top), (slant[0] + narrow, top), (slant[1] + wide, bottom), (slant[1] - wide, bottom)],
            fill=(222, 222, 214),
        )


def _car(plate: Image.Image, body: Rgb) -> Image.Image:
    """The back of a car with its plate, on a transparent ground."""
    picture = Image.new("RGBA", (CAR_WIDTH, CAR_HEIGHT), (0, 0, 0, 0))
    draw = ImageDraw.Draw(picture)
    dark = tuple(int(part * 0.72) for part in body)
    draw.ellipse([20, 690, 880, 758], fill=(20, 20, 22, 150))
    for left in (70, 700):
        draw.rounded_rectangle([left, 560, left + 130, 740], 26, fill=(22, 22, 24, 255))
    draw.polygon([(190, 40), (710, 40), (800, 300), (100, 300)], fill=(*body, 255))
    draw.polygon([(215, 66), (685, 66), (752, 276), (148, 276)], fill=(34, 42, 52, 255))
    draw.polygon([(240, 80), (380, 80), (300, 262), (180, 262)], fill=(84, 98, 112, 255))
    draw.rounded_rectangle([60, 280, 840, 660], 60, fill=(*body, 255))
    draw.line([(90, 420), (810, 420)], fill=(*dark, 255), width=5)
    for left in (66, 704):
        draw.rounded_rectangle([left, 330, left + 130, 402], 20, fill=(150, 16, 20, 255))
        draw.rounded_rectangle([left + 14, 344, left + 92, 376], 12, fill=(228, 60, 54, 255))
    draw.rounded_rectangle([80, 580, 820, 664], 30, fill=(*dark, 255))
    draw.rectangle([290, 436, 610, 570], fill=(*dark, 255))
    height = round(PLATE_WIDTH * plate.height / plate.width)
    small = plate.resize((PLATE_WIDTH, height), Image.Resampling.LANCZOS)
    picture.paste(small, ((CAR_WIDTH - PLATE_WIDTH) // 2, 503 - height // 2))
    return picture

"""How well and how fast plates are read on real photographs: `python -m benchmarks.hints [FOLDER]`.

FOLDER holds `manifest.tsv` (file, plate, kind) and, where known, `scene_boxes.json` with plate colours; the default is
`shared/samples` beside the project. The photographs are not part of the project.
"""

from __future__ import annotations

import csv
import json
import sys
import time
from pathlib import Path
from statistics import mean, median

import cv2
import numpy as np
from numpy.typing import NDArray

from workers.vision import models
from workers.vision.colour import LEAST_COLOUR_CONFIDENCE
from workers.vision.plates import find_plates, read_strip

SAMPLES = Path(__file__).resolve().parents[2] / "shared" / "samples"
COLOURS = {"蓝": "blue", "黄": "yellow", "绿": "green", "白": "white", "黑": "black"}


def load(path: Path) -> NDArray[np.uint8]:
    """Return the picture in `path` as (height, width, BGR)."""
    pixels = cv2.imdecode(np.fromfile(path, dtype=np.uint8), cv2.IMREAD_COLOR)
    if pixels is None:
        raise ValueError(f"{path} is no picture")
    return np.asarray(pixels, dtype=np.uint8)


def labelled(folder: Path, kind: str) -> list[tuple[Path, str]]:
    """Return the labelled pictures of a kind with their plates; the letter O, which plates lack, as 0."""
    with (folder / "manifest.tsv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file, delimiter="\t") if row["kind"] == kind and row["plate"]]
    return [(folder / row["file"], row["plate"].replace("O", "0")) for row in rows]


def measure_crops(folder: Path, *, every: int = 1) -> dict[str, float]:
    """Return the exact share and the median milliseconds of reading every `every`-th cut-out plate."""
    exact, times = [], []
    for path, plate in labelled(folder, "crop")[::every]:
        picture = load(path)
        started = time.perf_counter()
        reading = read_strip(picture)
        times.append(time.perf_counter() - started)
        exact.append(reading.text == plate)
    return {"pictures": len(exact), "exact": mean(exact), "median_ms": median(times) * 1000}


def measure_scenes(folder: Path, *, every: int = 1, show: bool = False) -> dict[str, float]:
    """Return what became of every `every`-th labelled scene.

    Shares of scenes whose plate stands first, anywhere, or anywhere but for its province; how many readings are other
    than the label (other cars of the scene among them); how many plates of known colour had it named, and rightly; ms.
    """
    first, anywhere, but_province, times, colours, surplus = [], [], [], [], [], 0
    known = colours_of(folder)
    for path, plate in labelled(folder, "scene")[::every]:
        picture = load(path)
        started = time.perf_counter()
        found = find_plates(picture)
        times.append(time.perf_counter() - started)
        texts = [seen.text for seen in found]
        first.append(texts[:1] == [plate])
        anywhere.append(plate in texts)
        but_province.append(any(text[1:] == plate[1:] for text in texts))
        surplus += len(texts) - (plate in texts)
        colours += [(seen.colour, known[key]) for seen in found if (key := (path.name, seen.text[1:])) in known]
        if show and not first[-1]:
            print(path.name, plate, [(one.text, one.reading.raw, round(one.confidence, 2)) for one in found])
    named = [vote.colour == colour for vote, colour in colours if vote.confidence >= LEAST_COLOUR_CONFIDENCE]
    return {
        "pictures": len(first),
        "top1_exact": mean(first),
        "any_exact": mean(anywhere),
        "noprov": mean(but_province),
        "other_readings": surplus,
        "colours_known": len(colours),
        "colours_named": len(named),
        "named_rightly": sum(named) / max(len(named), 1),
        "mean_ms": mean(times) * 1000,
        "median_ms": median(times) * 1000,
    }


def colours_of(folder: Path) -> dict[tuple[str, str], str]:
    """Return the known plate colours by picture and plate without its province."""
    path = folder / "scene_boxes.json"
    scenes = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return {
        (name, words.split(":")[-1].replace("O", "0")[1:]): COLOURS[words[0]]
        for name, boxes in scenes.items()
        for *_, words in boxes
        if words[:1] in COLOURS
    }


def main() -> int:
    """Print the figures; 0 measured, 3 no photographs there."""
    show = "--show" in sys.argv
    folders = [Path(argument) for argument in sys.argv[1:] if not argument.startswith("-")]
    folder = folders[0] if folders else SAMPLES
    if not (folder / "manifest.tsv").is_file():
        print(f"hints: no photographs in {folder}, nothing measured")
        return 3
    print(f"model: {models.recogniser().name}, {models.THREADS} threads")
    for name, figures in (
        ("crops", measure_crops(folder)),
        ("scenes", measure_scenes(folder, show=show)),
    ):
        print(f"{name}: " + "  ".join(f"{key}={value:.3f}".rstrip("0").rstrip(".") for key, value in figures.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())

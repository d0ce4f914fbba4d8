"""Real photographs: floors under what `python -m benchmarks.hints` measured in November 2026.

Measured on all: cut-out plates 0.99 exact; scenes 0.87 first, 0.91 anywhere, 0.98 but for the province.
"""

from __future__ import annotations

from pathlib import Path

from benchmarks.hints import measure_crops, measure_scenes


def test_cut_out_plates_are_read(samples: Path) -> None:
    assert measure_crops(samples, every=3)["exact"] >= 0.96


def test_plates_in_street_scenes_are_found_and_read_and_their_colours_named(samples: Path) -> None:
    figures = measure_scenes(samples)

    assert figures["top1_exact"] >= 0.83
    assert figures["any_exact"] >= 0.87
    assert figures["noprov"] >= 0.94
    assert figures["colours_named"] / figures["colours_known"] >= 0.75
    assert figures["named_rightly"] >= 0.88

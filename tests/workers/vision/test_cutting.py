"""Pieces cut out of the rendered clip (4 s at 15 pictures a second) and photo."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from workers.vision.cutting import CannotCut, CutProblem, cut_clip, cut_picture, make_preview
from workers.vision.frames import outline

MILLISECOND = 1e-3


def frames_of(path: Path) -> list[tuple[float, NDArray[np.uint8]]]:
    with av.open(str(path)) as container:
        return [
            (float(frame.pts * frame.time_base), np.asarray(frame.to_ndarray(format="bgr24"), dtype=np.uint8))
            for frame in container.decode(video=0)
            if frame.pts is not None and frame.time_base is not None
        ]


def picture(folder: Path) -> NDArray[np.uint8]:
    pixels = cv2.imread(str(folder / "piece.png"))
    assert pixels is not None
    return np.asarray(pixels, dtype=np.uint8)


@pytest.mark.parametrize("number", [0, 1, 17, 40, 59])
def test_a_still_is_exactly_the_frame_on_the_screen(clip: Path, tmp_path: Path, number: int) -> None:
    begins_s, pixels = frames_of(clip)[number]

    cut = cut_picture(clip, tmp_path, {"at_ms": round(begins_s * 1000)}, is_video=True)

    assert cut.media_type == "image/png"
    assert cut.facts["frame_ms"] == round(begins_s * 1000)
    assert np.array_equal(picture(tmp_path), pixels)


def test_a_moment_between_two_frames_shows_the_earlier_one(clip: Path, tmp_path: Path) -> None:
    frames = frames_of(clip)
    between_s = (frames[20][0] + frames[21][0]) / 2

    cut_picture(clip, tmp_path, {"at_ms": round(between_s * 1000)}, is_video=True)

    assert np.array_equal(picture(tmp_path), frames[20][1])


def test_there_is_no_frame_behind_the_end(clip: Path, tmp_path: Path) -> None:
    with pytest.raises(CannotCut) as refused:
        cut_picture(clip, tmp_path, {"at_ms": 60_000}, is_video=True)

    assert refused.value.reason == CutProblem.NO_SUCH_MOMENT


def test_a_crop_is_that_part_of_the_frame(clip: Path, tmp_path: Path) -> None:
    whole = frames_of(clip)[0][1]
    height, width = whole.shape[:2]
    sides = {"left": 2_500, "top": 5_000, "width": 2_500, "height": 2_500}

    cut = cut_picture(clip, tmp_path, {"at_ms": 0, **sides}, is_video=True)

    part = whole[height // 2 : height * 3 // 4, width // 4 : width // 2]
    assert np.array_equal(picture(tmp_path), part)
    assert (cut.facts["left_px"], cut.facts["top_px"]) == (width // 4, height // 2)


def test_a_photo_is_cut_in_its_full_resolution(photo: Path, tmp_path: Path) -> None:
    cut = cut_picture(photo, tmp_path, {"at_ms": 0}, is_video=False)

    assert (cut.facts["width_px"], cut.facts["height_px"]) == (1600, 900)


def test_a_clip_copies_the_pictures_and_begins_at_a_key_frame(clip: Path, tmp_path: Path) -> None:
    keys = outline(clip).keys_s

    cut = cut_clip(clip, tmp_path, {"from_ms": 1_500, "to_ms": 3_000})

    inside = frames_of(tmp_path / cut.file)
    whole = frames_of(clip)
    begin_s = max(key for key in keys if key <= 1.5)
    kept = [pixels for at_s, pixels in whole if begin_s <= at_s <= 3.0]
    assert cut.facts["first_ms"] == round(begin_s * 1000)
    assert cut.facts["last_ms"] >= 2_900
    assert inside[0][0] == pytest.approx(0, abs=MILLISECOND)
    assert all(np.array_equal(left, right) for left, (_, right) in zip(kept, inside, strict=False))
    assert len(inside) >= len(kept)
    assert all(one < other for (one, _), (other, _) in pairwise(inside))


def test_a_clip_behind_the_end_is_refused(clip: Path, tmp_path: Path) -> None:
    with pytest.raises(CannotCut) as refused:
        cut_clip(clip, tmp_path, {"from_ms": 50_000, "to_ms": 60_000})

    assert refused.value.reason == CutProblem.NO_SUCH_MOMENT


def as_avi(clip: Path, target: Path) -> Path:
    """Write the clip as many dash cameras do: MJPEG in AVI."""
    with av.open(str(target), "w", format="avi") as container:
        stream = container.add_stream("mjpeg", rate=15)
        pictures = frames_of(clip)
        stream.height, stream.width = pictures[0][1].shape[:2]
        stream.pix_fmt = "yuvj420p"
        for _, pixels in pictures:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, format="bgr24")))
        container.mux(stream.encode())
    return target


def test_of_what_no_browser_plays_a_clip_and_a_preview_can_be_made(clip: Path, tmp_path: Path) -> None:
    film = as_avi(clip, tmp_path / "film.avi")
    count = len(frames_of(film))

    part = cut_clip(film, tmp_path, {"from_ms": 1_000, "to_ms": 2_000})
    preview = make_preview(film, tmp_path)

    assert part.media_type == "video/x-matroska"
    assert len(frames_of(tmp_path / "piece.mkv")) in {15, 16, 17}
    assert preview.facts["frames"] == len(frames_of(tmp_path / "piece.mp4")) == count
    with av.open(str(tmp_path / "piece.mp4")) as shown:
        assert shown.streams.video[0].codec_context.name == "h264"
        assert max(preview.facts["width_px"], preview.facts["height_px"]) <= 1280

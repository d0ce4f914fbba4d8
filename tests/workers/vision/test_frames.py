"""Key frames of rendered clips, whole and damaged."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest

from workers.vision.frames import UnreadableVideo, VideoProblem, key_frames, outline

TONE_RATE = 8000


def encode(
    path: Path, *, seconds: int, keys_every: int, size: tuple[int, int] = (320, 180), turn: int = 0, **options: str
) -> Path:
    """Write a clip of 10 frames a second whose brightness grows with time; a square marks its top left."""
    with av.open(str(path), "w", options=options) as container:
        stream = container.add_stream("libx264", rate=10)
        stream.width, stream.height, stream.pix_fmt = (*size, "yuv420p")
        stream.time_base = Fraction(1, 10)
        stream.options = {
            "g": str(keys_every),
            "keyint_min": str(keys_every),
            "sc_threshold": "0",
            "preset": "ultrafast",
        }
        if turn:
            stream.set_display_rotation(turn)
        for number in range(seconds * 10):
            pixels = np.full((size[1], size[0], 3), 40 + number % 150, dtype=np.uint8)
            pixels[:40, :40] = 255
            frame = av.VideoFrame.from_ndarray(pixels, format="rgb24")
            frame.pts = number
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def times(path: Path, **how: float) -> list[float]:
    return [round(frame.at_s, 1) for frame in key_frames(path, outline(path), **how)]  # type: ignore[arg-type]  # two options of two types


def test_a_short_clip_gives_a_frame_each_half_second(clip: Path) -> None:
    seen = outline(clip)

    found = list(key_frames(clip, seen))

    assert len(found) == 8
    assert not seen.is_truncated
    assert [int(frame.at_s / 0.5) for frame in found] == list(range(8))
    assert all(frame.pixels.shape == (720, 1280, 3) for frame in found)


def test_frames_lie_two_seconds_apart_where_key_frames_are_dense(tmp_path: Path) -> None:
    path = encode(tmp_path / "dense.mp4", seconds=20, keys_every=5)

    found = times(path)

    assert len(found) == 10
    assert all(1 <= later - earlier <= 3 for earlier, later in pairwise(found))


def test_a_gap_between_key_frames_is_decoded(tmp_path: Path) -> None:
    path = encode(tmp_path / "sparse.mp4", seconds=20, keys_every=400)

    found = times(path)

    assert len(outline(path).keys_s) == 1
    assert len(found) == 10


def test_a_frame_shows_the_moment_that_it_names(tmp_path: Path) -> None:
    path = encode(tmp_path / "sparse.mp4", seconds=14, keys_every=400)

    found = list(key_frames(path, outline(path)))

    for frame in found:
        assert abs(int(frame.pixels[100, 200].mean()) - (40 + round(frame.at_s * 10) % 150)) <= 4


def test_a_long_video_gives_no_more_frames_than_the_limit(tmp_path: Path) -> None:
    path = encode(tmp_path / "long.mp4", seconds=90, keys_every=10, size=(64, 64))

    found = times(path, limit=12)

    assert len(found) == 12
    assert found[-1] > 80


@pytest.mark.parametrize("name", ["clip.mkv", "clip.avi", "clip.ts", "clip.mov"])
def test_the_containers_of_recorders_are_read(tmp_path: Path, name: str) -> None:
    path = encode(tmp_path / name, seconds=6, keys_every=20)

    assert len(times(path)) >= 3


def test_a_clip_filmed_upright_is_turned_upright(tmp_path: Path) -> None:
    path = encode(tmp_path / "turned.mp4", seconds=2, keys_every=10, turn=90)

    frame = next(key_frames(path, outline(path)))

    height, width = frame.pixels.shape[:2]
    assert (height, width) == (320, 180)
    assert frame.pixels[-20, 20].min() > 200  # a quarter turn anticlockwise takes the top left to the bottom left


def test_a_broken_off_clip_with_its_index_gives_what_is_there(tmp_path: Path) -> None:
    whole = encode(tmp_path / "whole.mp4", seconds=20, keys_every=10, movflags="faststart").read_bytes()
    path = tmp_path / "cut.mp4"
    path.write_bytes(whole[: len(whole) * 6 // 10])

    seen = outline(path)
    found = list(key_frames(path, seen))

    assert seen.is_truncated
    assert found
    assert found[-1].at_s < 16


def test_a_broken_off_clip_without_its_index_says_so(clip: Path, tmp_path: Path) -> None:
    path = tmp_path / "cut.mp4"
    path.write_bytes(clip.read_bytes()[:400_000])

    with pytest.raises(UnreadableVideo) as refusal:
        outline(path)

    assert refusal.value.reason == VideoProblem.TRUNCATED_VIDEO


@pytest.mark.parametrize(
    "content",
    [
        "没有看清车牌,只记得是白色的面包车。".encode() * 50,
        b"\xff\xd8\xff\xe0" + bytes(5000),
        b"#EXTM3U\n#EXTINF:1,\nhttp://localhost:9/a.ts\n",
        b"ffconcat version 1.0\nfile /etc/hostname\n",
        b"0",
    ],
    ids=["text", "picture", "playlist", "list of files", "one byte"],
)
def test_what_is_no_video_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "renamed.mp4"
    path.write_bytes(content)

    with pytest.raises(UnreadableVideo) as refusal:
        outline(path)

    assert refusal.value.reason == VideoProblem.NOT_A_VIDEO


def test_sound_alone_is_no_video(tmp_path: Path) -> None:
    path = tmp_path / "sound.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=TONE_RATE, layout="mono")
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), dtype=np.float32), format="fltp", layout="mono")
        frame.sample_rate = TONE_RATE
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))

    with pytest.raises(UnreadableVideo) as refusal:
        outline(path)

    assert refusal.value.reason == VideoProblem.NO_VIDEO_STREAM


def test_garbage_inside_a_good_container_is_undecodable(tmp_path: Path) -> None:
    whole = bytearray(encode(tmp_path / "whole.mp4", seconds=4, keys_every=10).read_bytes())
    start = whole.index(b"mdat") + 4
    end = whole.index(b"moov") - 4
    whole[start:end] = bytes(end - start)
    path = tmp_path / "garbage.mp4"
    path.write_bytes(whole)

    with pytest.raises(UnreadableVideo) as refusal:
        list(key_frames(path, outline(path)))

    assert refusal.value.reason == VideoProblem.UNDECODABLE_VIDEO

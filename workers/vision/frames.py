"""Key frames of a video: spread over its length, the sharpest of each stretch, few enough to look at."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import av
import cv2
import numpy as np
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from numpy.typing import NDArray

from workers.vision.pictures import LONGEST_SIDE_PX, sharpness

CONTAINERS = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,flv,live_flv,asf,ogg"
INTERVAL_S = 2.0
FRAME_LIMIT = 24
LOOKS_PER_STRETCH = 3
PIXEL_LIMIT = 36_000_000
LENGTH_LIMIT_S = 12 * 3600.0
DECODE_BUDGET_PIXELS = 6_000_000_000
"""About 2,900 frames of 1080p: half a minute on two cores; what lies behind it is left out."""


class VideoProblem(StrEnum):
    """Why a video gives no frames, or (truncated_video) not all of them."""

    NOT_A_VIDEO = "not_a_video"
    NO_VIDEO_STREAM = "no_video_stream"
    TRUNCATED_VIDEO = "truncated_video"
    TOO_MANY_PIXELS = "too_many_pixels"
    TOO_LONG = "too_long"
    UNDECODABLE_VIDEO = "undecodable_video"


class UnreadableVideo(Exception):
    """The file gives no frame, now or later; `reason` says why."""

    def __init__(self, reason: VideoProblem) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Frame:
    """An upright frame, shape (height, width, 3), BGR, and when it stands, in seconds from the first frame."""

    at_s: float
    pixels: NDArray[np.uint8]
    sharpness: float


@dataclass(frozen=True, slots=True)
class Outline:
    """What the packets of a video tell without decoding one: times in seconds, in order of showing."""

    times_s: list[float]
    keys_s: list[float]
    is_truncated: bool

    @property
    def length_s(self) -> float:
        """From the first to the last frame that is there."""
        return self.times_s[-1] - self.times_s[0]


def open_video(path: Path) -> InputContainer:
    """Return the opened container; the caller closes it. Opens this one file and nothing that it points to.

    Raises:
        UnreadableVideo: not a video container, or its index is missing (a recording that broke off).
    """
    try:
        return av.open(str(path), options={"format_whitelist": CONTAINERS, "protocol_whitelist": "file"})
    except (av.FFmpegError, ValueError) as problem:
        begins_well = _begins_like_a_video(path)
        reason = VideoProblem.TRUNCATED_VIDEO if begins_well else VideoProblem.NOT_A_VIDEO
        raise UnreadableVideo(reason) from problem


def picture_stream(container: InputContainer) -> VideoStream:
    """Return the stream that holds the moving picture.

    Raises:
        UnreadableVideo: there is none, or it is larger than `PIXEL_LIMIT` a frame.
    """
    streams = [s for s in container.streams.video if not s.disposition & av.stream.Disposition.attached_pic]
    if not streams:
        raise UnreadableVideo(VideoProblem.NO_VIDEO_STREAM)
    stream = streams[0]
    if stream.codec_context is None:
        raise UnreadableVideo(VideoProblem.UNDECODABLE_VIDEO)
    if stream.codec_context.width * stream.codec_context.height > PIXEL_LIMIT:
        raise UnreadableVideo(VideoProblem.TOO_MANY_PIXELS)
    return stream


def outline(path: Path) -> Outline:
    """Return the times of all frames and of the key frames, read from the packets alone.

    Raises:
        UnreadableVideo: nothing to be shown in it, or longer than twelve hours.
    """
    with open_video(path) as container:
        stream = picture_stream(container)
        stated_s = float(stream.duration * stream.time_base) if stream.duration and stream.time_base else 0.0
        times, keys, is_truncated = [], [], False
        try:
            for packet in container.demux(stream):
                moment = packet.pts if packet.pts is not None else packet.dts
                if moment is None or packet.is_discard:
                    continue
                if packet.is_corrupt:
                    is_truncated = True
                times.append(float(moment * packet.time_base))
                if packet.is_keyframe:
                    keys.append(times[-1])
        except av.FFmpegError:
            is_truncated = True
    if not times:
        raise UnreadableVideo(VideoProblem.TRUNCATED_VIDEO if is_truncated else VideoProblem.NO_VIDEO_STREAM)
    found = Outline(sorted(times), sorted(keys), is_truncated=False)
    if found.length_s > LENGTH_LIMIT_S:
        raise UnreadableVideo(VideoProblem.TOO_LONG)
    misses_its_end = stated_s - found.length_s > max(1.0, 0.05 * stated_s)
    return Outline(found.times_s, found.keys_s, is_truncated or misses_its_end)


def key_frames(path: Path, seen: Outline, *, every_s: float = INTERVAL_S, limit: int = FRAME_LIMIT) -> Iterator[Frame]:
    """Yield the sharpest of up to three looks at each stretch of the video, in order of time, at most `limit`.

    A stretch is `every_s` long, shorter (to half a second) in a short clip, longer where `limit` asks for it. Where
    key frames stand in a stretch only these are decoded; else what lies between the key frame before it and the look.

    Raises:
        UnreadableVideo: not one frame can be decoded.
    """
    stretch_s = max(min(every_s, max(0.5, seen.length_s / 8)), seen.length_s / limit * 1.0001)
    best: dict[int, Frame] = {}
    budget = DECODE_BUDGET_PIXELS
    count = 0
    with open_video(path) as container:
        stream = picture_stream(container)
        stream.thread_type = "SLICE"  # frame threads would decode far beyond the look
        stream.codec_context.thread_count = 2
        for key_s, looks in _runs(seen, stretch_s):
            number = int((looks[0] - seen.times_s[0]) / stretch_s)
            for done in [n for n in sorted(best) if n < number]:
                count += 1
                yield best.pop(done)
            for frame, cost in _look(container, stream, key_s, looks):
                budget -= cost
                if frame is None:
                    continue
                found = Frame(max(0.0, frame.at_s - seen.times_s[0]), frame.pixels, frame.sharpness)
                place = int(found.at_s / stretch_s)
                if place not in best or best[place].sharpness < found.sharpness:
                    best[place] = found
            if budget < 0:
                break
    for done in sorted(best):
        count += 1
        yield best[done]
    if count == 0:
        raise UnreadableVideo(VideoProblem.TRUNCATED_VIDEO if seen.is_truncated else VideoProblem.UNDECODABLE_VIDEO)


def _runs(seen: Outline, stretch_s: float) -> list[tuple[float, list[float]]]:
    """What to decode: a key frame to begin at, and the times to look at after it, before the next key frame."""
    first, keys = seen.times_s[0], seen.keys_s or seen.times_s[:1]
    looks: list[float] = []
    for number in range(int(seen.length_s / stretch_s) + 1):
        start, end = first + number * stretch_s, first + (number + 1) * stretch_s
        inside = [key for key in keys if start <= key < end]
        inside = inside or [t for t in seen.times_s if start <= t < end]
        looks += _spread(inside, LOOKS_PER_STRETCH)
    runs: dict[float, list[float]] = {}
    for look in looks:
        runs.setdefault(keys[max(0, bisect_right(keys, look) - 1)], []).append(look)
    return sorted(runs.items())


def _spread(times: list[float], count: int) -> list[float]:
    if len(times) <= count:
        return times
    return [times[(2 * n + 1) * len(times) // (2 * count)] for n in range(count)]


def _look(
    container: InputContainer, stream: VideoStream, key_s: float, looks: list[float]
) -> Iterator[tuple[Frame | None, int]]:
    """Decode from a key frame on; yield each frame looked at, or None for one passed by, with its cost in pixels."""
    if stream.time_base is None:
        return
    waiting = sorted(looks)
    try:
        container.seek(int(key_s / stream.time_base), stream=stream)
        for frame in container.decode(stream):
            cost = frame.width * frame.height
            if frame.width * frame.height > PIXEL_LIMIT:  # a stream may change its size midway
                return
            at_s = float(frame.pts * frame.time_base) if frame.pts is not None and frame.time_base else key_s
            if at_s < waiting[0] - 1e-3:
                yield None, cost
                continue
            waiting = [look for look in waiting if look > at_s + 1e-3]
            pixels = _upright(frame)
            yield Frame(at_s, pixels, sharpness(pixels)), cost
            if not waiting:
                return
    except av.FFmpegError:
        return  # what broke off here may go on at the next key frame


def _upright(frame: VideoFrame) -> NDArray[np.uint8]:
    ratio = min(1.0, LONGEST_SIDE_PX / max(frame.width, frame.height))
    pixels = np.asarray(frame.to_ndarray(format="bgr24"), dtype=np.uint8)
    if ratio < 1:
        pixels = np.asarray(cv2.resize(pixels, None, fx=ratio, fy=ratio, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    quarter_turns = round(frame.rotation / 90) % 4  # degrees anticlockwise, as the device wrote them
    return np.ascontiguousarray(np.rot90(pixels, quarter_turns))


def _begins_like_a_video(path: Path) -> bool:
    with path.open("rb") as file:
        head = file.read(16)
    is_mp4 = head[4:8] in {b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip"}
    is_other = head.startswith((b"\x1a\x45\xdf\xa3", b"FLV", b"OggS", b"\x30\x26\xb2\x75"))
    is_avi = head.startswith(b"RIFF") and head[8:12] == b"AVI "
    return is_mp4 or is_other or is_avi

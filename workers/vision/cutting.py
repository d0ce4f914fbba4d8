"""Cuts a piece out of a photo or video: the exact frame as a PNG, a part of it, a stretch of the film, a preview.

A still is decoded and kept without loss. A clip takes the film's own encoded pictures and sound as they are: nothing is
encoded anew, so it begins at the last key frame before the wished moment.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import av
import cv2
import numpy as np
from av.container import InputContainer, OutputContainer
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from workers.vision.frames import (
    PIXEL_LIMIT,
    Outline,
    UnreadableVideo,
    VideoProblem,
    open_video,
    outline,
    picture_stream,
)
from workers.vision.pictures import whole_photo

WHOLE = 10_000
SAME_MOMENT_S = 0.001
"""Moments are typed and kept in whole milliseconds."""
LAST_FRAME_STANDS_S = 1.0
"""So long after the last frame a moment still shows it."""
CLIP_LIMIT_BYTES = 128 * 1024**2
PREVIEW_LONGEST_S = 600.0
PREVIEW_SIDE_PX = 1280
MP4_PICTURES = frozenset({"h264", "hevc", "mpeg4", "av1", "libdav1d", "vp9", "libvpx-vp9"})
MP4_SOUNDS = frozenset({"aac", "mp3", "mp3float", "ac3", "opus", "libopus"})


class CutProblem(StrEnum):
    """Why a piece cannot be made, now or later."""

    NO_SUCH_MOMENT = "no_such_moment"
    CLIP_TOO_LARGE = "clip_too_large"
    PREVIEW_TOO_LONG = "preview_too_long"
    CANNOT_BE_COPIED = "cannot_be_copied"
    TOO_HEAVY = "too_heavy"
    DECODER_CRASHED = "decoder_crashed"


class CannotCut(Exception):
    """The piece cannot be made; `reason` says why."""

    def __init__(self, reason: CutProblem) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Cut:
    """A piece as a file in the folder that was given, with what can be said of it: whole numbers only."""

    file: str
    media_type: str
    facts: dict[str, int]


def cut_picture(path: Path, folder: Path, parameters: Mapping[str, int], *, is_video: bool) -> Cut:
    """Write one frame, or the part of it that `left`, `top`, `width`, `height` (ten-thousandths) name, as a PNG.

    Full resolution, turned upright, without metadata. The frame is the one on the screen at `at_ms`: the last that
    begins at or before it.

    Raises:
        CannotCut: no frame stands there.
        workers.vision.frames.UnreadableVideo, workers.vision.pictures.UnreadablePicture: nothing can be decoded.
    """
    frame_ms = 0
    if is_video:
        pixels, frame_s = _frame_at(path, parameters["at_ms"] / 1000)
        frame_ms = round(frame_s * 1000)
    else:
        pixels = whole_photo(path)
    facts = {"frame_ms": frame_ms}
    if "width" in parameters:
        height_px, width_px = pixels.shape[:2]
        left, right = _span(parameters["left"], parameters["width"], width_px)
        top, bottom = _span(parameters["top"], parameters["height"], height_px)
        pixels = np.ascontiguousarray(pixels[top:bottom, left:right])
        facts |= {"left_px": left, "top_px": top}
    is_done, encoded = cv2.imencode(".png", pixels)
    if not is_done:
        raise ValueError("the picture cannot be written as PNG")
    (folder / "piece.png").write_bytes(encoded.tobytes())
    return Cut("piece.png", "image/png", {**facts, "height_px": pixels.shape[0], "width_px": pixels.shape[1]})


def cut_clip(path: Path, folder: Path, parameters: Mapping[str, int]) -> Cut:
    """Copy the stretch from `from_ms` to `to_ms` with its sound into a film of its own, nothing encoded anew.

    Raises:
        CannotCut: the film is over before, the piece is larger than 128 MiB, or its streams cannot be copied.
        workers.vision.frames.UnreadableVideo: nothing to be shown in it.
    """
    seen = outline(path)
    first_s = seen.times_s[0]
    begin_s, end_s = first_s + parameters["from_ms"] / 1000, first_s + parameters["to_ms"] / 1000
    if begin_s > seen.times_s[-1] + SAME_MOMENT_S:
        raise CannotCut(CutProblem.NO_SUCH_MOMENT)
    key_s = _key_before(seen, begin_s)
    with open_video(path) as source:
        is_mp4 = _fits_mp4(source)
        name = "piece.mp4" if is_mp4 else "piece.mkv"
        options = {"movflags": "faststart"} if is_mp4 else {}
        try:
            with av.open(str(folder / name), "w", format="mp4" if is_mp4 else "matroska", options=options) as target:
                last_s = _copy(source, target, key_s, end_s)
        except (av.FFmpegError, ValueError) as problem:
            raise CannotCut(CutProblem.CANNOT_BE_COPIED) from problem
    return Cut(
        name,
        "video/mp4" if is_mp4 else "video/x-matroska",
        {"first_ms": round((key_s - first_s) * 1000), "last_ms": round((last_s - first_s) * 1000)},
    )


def make_preview(path: Path, folder: Path) -> Cut:
    """Encode a film anew as H.264 in MP4, at most 1280 pixels long and without sound, for browsers to play.

    Every frame keeps its moment. It is for looking only: the original is what counts.

    Raises:
        CannotCut: longer than ten minutes.
        workers.vision.frames.UnreadableVideo: nothing to be shown in it.
    """
    seen = outline(path)
    if seen.length_s > PREVIEW_LONGEST_S:
        raise CannotCut(CutProblem.PREVIEW_TOO_LONG)
    count, size = 0, (0, 0)
    with (
        open_video(path) as source,
        av.open(str(folder / "piece.mp4"), "w", format="mp4", options={"movflags": "faststart"}) as target,
    ):
        stream = picture_stream(source)
        stream.thread_type = "SLICE"
        out = None
        try:
            for frame in source.decode(stream):
                if frame.pts is None or frame.time_base is None or frame.width * frame.height > PIXEL_LIMIT:
                    continue
                pixels = _upright(frame, longest_px=PREVIEW_SIDE_PX)
                pixels = pixels[: pixels.shape[0] // 2 * 2, : pixels.shape[1] // 2 * 2]
                if out is None:
                    size = (pixels.shape[1], pixels.shape[0])
                    out = target.add_stream("libx264", rate=stream.average_rate or 25)
                    out.width, out.height, out.pix_fmt = (*size, "yuv420p")
                    out.options = {"crf": "28", "preset": "veryfast"}
                    out.codec_context.thread_count = 2
                    out.codec_context.time_base = frame.time_base
                if (pixels.shape[1], pixels.shape[0]) != size:
                    continue  # a stream may change its size midway
                shown = VideoFrame.from_ndarray(np.ascontiguousarray(pixels), format="bgr24")
                shown.time_base = frame.time_base
                shown.pts = frame.pts - round(seen.times_s[0] / float(frame.time_base))
                target.mux(out.encode(shown))
                count += 1
        except av.FFmpegError:
            pass  # what came of a broken-off film is shown
        if out is None or count == 0:
            raise UnreadableVideo(VideoProblem.UNDECODABLE_VIDEO)
        target.mux(out.encode())
    return Cut("piece.mp4", "video/mp4", {"frames": count, "height_px": size[1], "width_px": size[0]})


def _frame_at(path: Path, at_s: float) -> tuple[NDArray[np.uint8], float]:
    """The frame on the screen at a moment, and when it begins; both from the first frame."""
    seen = outline(path)
    first_s = seen.times_s[0]
    if at_s > seen.length_s + LAST_FRAME_STANDS_S:
        raise CannotCut(CutProblem.NO_SUCH_MOMENT)
    wanted_s = first_s + at_s + SAME_MOMENT_S
    standing: tuple[float, VideoFrame] | None = None
    with open_video(path) as container:
        stream = picture_stream(container)
        stream.thread_type = "SLICE"
        if stream.time_base is None:
            raise UnreadableVideo(VideoProblem.UNDECODABLE_VIDEO)
        try:
            container.seek(int(_key_before(seen, wanted_s) / stream.time_base), stream=stream)
            for frame in container.decode(stream):
                if frame.pts is None or frame.time_base is None or frame.width * frame.height > PIXEL_LIMIT:
                    continue
                begins_s = float(frame.pts * frame.time_base)
                if begins_s > wanted_s and standing is not None:
                    break
                standing = (begins_s, frame)
                if begins_s > wanted_s:
                    break
        except av.FFmpegError as problem:
            if standing is None:
                raise UnreadableVideo(VideoProblem.UNDECODABLE_VIDEO) from problem
        if standing is None:
            raise UnreadableVideo(VideoProblem.UNDECODABLE_VIDEO)
        return _upright(standing[1]), max(0.0, standing[0] - first_s)


def _key_before(seen: Outline, moment_s: float) -> float:
    keys = seen.keys_s or seen.times_s[:1]
    return keys[max(0, bisect_right(keys, moment_s + SAME_MOMENT_S) - 1)]


def _fits_mp4(source: InputContainer) -> bool:
    pictures = picture_stream(source).codec_context.name
    sounds = {stream.codec_context.name for stream in source.streams.audio[:1]}
    return pictures in MP4_PICTURES and sounds <= MP4_SOUNDS


def _copy(source: InputContainer, target: OutputContainer, key_s: float, end_s: float) -> float:
    """Copy packets of picture and sound from a key frame on to an end; return the moment of the last picture."""
    stream = picture_stream(source)
    if stream.time_base is None:
        raise CannotCut(CutProblem.CANNOT_BE_COPIED)
    sounds = source.streams.audio[:1]
    copies = {one.index: target.add_stream_from_template(one) for one in (stream, *sounds)}
    last_s, size_bytes = key_s, 0
    over = set[int]()
    source.seek(int(key_s / stream.time_base), stream=stream)
    for packet in source.demux([stream, *sounds]):
        if packet.dts is None or packet.size == 0 or packet.time_base is None:
            continue
        index, is_picture = packet.stream.index, packet.stream.index == stream.index
        if packet.pts is None:
            packet.pts = packet.dts
        # In the order of decoding: what a kept picture leans on has come before it.
        if float(packet.dts * packet.time_base) > end_s:
            over.add(index)
            if len(over) == len(copies):
                break
            continue
        begins_s = float(packet.pts * packet.time_base)
        if begins_s < key_s - SAME_MOMENT_S:
            continue
        size_bytes += packet.size
        if size_bytes > CLIP_LIMIT_BYTES:
            raise CannotCut(CutProblem.CLIP_TOO_LARGE)
        if is_picture:
            last_s = max(last_s, begins_s)
        back = round(key_s / float(packet.time_base))
        packet.pts, packet.dts = packet.pts - back, packet.dts - back
        packet.stream = copies[index]
        target.mux(packet)
    return last_s


def _span(start: int, length: int, whole_px: int) -> tuple[int, int]:
    first = min(start * whole_px // WHOLE, whole_px - 1)
    last = max(first + 1, -(-(start + length) * whole_px // WHOLE))
    return first, min(last, whole_px)


def _upright(frame: VideoFrame, *, longest_px: int | None = None) -> NDArray[np.uint8]:
    pixels = np.asarray(frame.to_ndarray(format="bgr24"), dtype=np.uint8)
    ratio = 1.0 if longest_px is None else min(1.0, longest_px / max(frame.width, frame.height))
    if ratio < 1:
        pixels = np.asarray(cv2.resize(pixels, None, fx=ratio, fy=ratio, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    quarter_turns = round(frame.rotation / 90) % 4  # degrees anticlockwise, as the device wrote them
    return np.ascontiguousarray(np.rot90(pixels, quarter_turns))

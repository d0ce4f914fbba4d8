"""Reads a multipart form as a stream: fields first, then each file part by part, never a whole file in memory."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, Final

from litestar import Request
from multipart import MultipartError, MultipartSegment, PushMultipartParser, parse_options_header

from tipline.errors import Refused

LONGEST_FIELD_BYTES: Final = 64 * 1024
MOST_PARTS: Final = 100


class BrokenForm(Refused):
    """The body is not the multipart form it claims to be, or it broke off."""


@dataclass(frozen=True, slots=True)
class Field:
    """A text field of the form."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class File:
    """A file of the form; `chunks` must be read to its end (or the form given up) before the next part comes."""

    name: str
    file_name: str
    media_type: str
    chunks: AsyncIterator[bytes]


async def parts(request: Request[Any, Any, Any]) -> AsyncIterator[Field | File]:
    """Yield the parts of a multipart/form-data request in the order sent.

    An empty file input (browsers send it with an empty file name) is passed over. What a caller leaves unread of a
    file is read and dropped before the next part.

    Raises:
        BrokenForm: the body breaks off, a field is over 64 KiB, or there are more than 100 parts.
    """
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    if kind != "multipart/form-data" or "boundary" not in options:
        raise BrokenForm
    events = _events(request, options["boundary"])
    async for event in events:
        if not isinstance(event, MultipartSegment):
            continue
        name = event.name or ""
        if event.filename is None:
            yield Field(name, await _text(events))
        elif not event.filename:
            await _drop(_payload(events))
        else:
            chunks = _payload(events)
            yield File(name, event.filename, event.content_type or "application/octet-stream", chunks)
            await _drop(chunks)


async def _events(
    request: Request[Any, Any, Any], boundary: str
) -> AsyncIterator[MultipartSegment | bytes | bytearray | None]:
    """Yield what the parser finds; whoever reads a file's chunks is told a broken form by our own error."""
    try:
        parser = PushMultipartParser(boundary, max_segment_count=MOST_PARTS)
        async for chunk in request.stream():
            if chunk:
                for event in parser.parse(chunk):
                    yield event
        parser.close()
    except MultipartError as problem:
        raise BrokenForm from problem


async def _payload(events: AsyncIterator[MultipartSegment | bytes | bytearray | None]) -> AsyncIterator[bytes]:
    async for event in events:
        if event is None:
            return
        if isinstance(event, MultipartSegment):
            raise BrokenForm
        yield bytes(event)


async def _text(events: AsyncIterator[MultipartSegment | bytes | bytearray | None]) -> str:
    collected = bytearray()
    async for chunk in _payload(events):
        collected += chunk
        if len(collected) > LONGEST_FIELD_BYTES:
            raise BrokenForm
    try:
        return collected.decode("utf-8")
    except UnicodeDecodeError as problem:
        raise BrokenForm from problem


async def _drop(chunks: AsyncIterator[bytes]) -> None:
    async for _ in chunks:
        pass

"""The streamed form: parts in their order, nothing whole in memory, broken forms told as such."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from litestar import Request

from tipline.web.multipart import LONGEST_FIELD_BYTES, MOST_PARTS, BrokenForm, Field, File, parts

CRLF = b"\r\n"


def request(*chunks: bytes, kind: str = "multipart/form-data; boundary=b") -> tuple[Request[Any, Any, Any], list[int]]:
    """Return a request that hands over `chunks`, and the list of those taken so far."""
    taken: list[int] = []

    async def receive() -> dict[str, Any]:
        at = len(taken)
        taken.append(at)
        return {"type": "http.request", "body": chunks[at], "more_body": at + 1 < len(chunks)}

    scope: Any = {
        "type": "http",
        "method": "POST",
        "path": "/",
        "query_string": b"",
        "headers": [(b"content-type", kind.encode())],
        "state": {},
        "litestar_app": None,
        "route_handler": Unlimited(),
    }
    return Request(scope, receive=receive), taken  # type: ignore[arg-type]  # plain dictionaries, as servers send them


class Unlimited:
    """A route that sets no limit of its own."""

    resolve_request_max_body_size: Callable[[], None] = staticmethod(lambda: None)


def field(name: str, value: bytes) -> bytes:
    return b"--b\r\nContent-Disposition: form-data; name=" + name.encode() + CRLF + CRLF + value + CRLF


def file(name: str, file_name: str, content: bytes) -> bytes:
    told = f'--b\r\nContent-Disposition: form-data; name="{name}"; filename="{file_name}"\r\n\r\n'
    return told.encode() + content + CRLF


END = b"--b--\r\n"


async def collected(stream: AsyncIterator[Field | File]) -> list[tuple[str, str | bytes]]:
    found: list[tuple[str, str | bytes]] = []
    async for part in stream:
        if isinstance(part, Field):
            found.append((part.name, part.value))
        else:
            found.append((part.file_name, b"".join([chunk async for chunk in part.chunks])))
    return found


@pytest.mark.parametrize("cut", [1, 7, 64, 10_000])
async def test_parts_come_in_their_order_however_the_body_is_cut(cut: int) -> None:
    body = field("story", "货车".encode()) + file("photos", "车.jpg", b"\xff\xd8" * 99) + field("late", b"1") + END
    asked, _ = request(*[body[at : at + cut] for at in range(0, len(body), cut)])

    assert await collected(parts(asked)) == [("story", "货车"), ("车.jpg", b"\xff\xd8" * 99), ("late", "1")]


async def test_a_file_is_read_only_as_far_as_it_is_asked_for() -> None:
    head = field("story", b"x") + file("videos", "a.mp4", b"")[:-2]
    asked, taken = request(head, *[bytes(1000)] * 50, CRLF + END)

    stream = parts(asked)
    await anext(stream)
    video = await anext(stream)
    assert isinstance(video, File)
    await anext(video.chunks)

    assert len(taken) <= 3


async def test_what_is_left_unread_of_a_file_is_dropped_before_the_next_part() -> None:
    asked, _ = request(file("a", "a.mp4", bytes(5_000)), file("b", "b.mp4", b"second"), END)
    names = []

    async for part in parts(asked):
        assert isinstance(part, File)
        names.append(part.file_name)

    assert names == ["a.mp4", "b.mp4"]


async def test_an_input_without_a_file_is_passed_over() -> None:
    asked, _ = request(file("photos", "", b""), field("story", b"x"), END)

    assert await collected(parts(asked)) == [("story", "x")]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"nothing of the kind",
        field("story", b"x"),
        field("story", b"\xff\xfe") + END,
        field("story", b"x" * (LONGEST_FIELD_BYTES + 1)) + END,
        field("story", b"x") * (MOST_PARTS + 1) + END,
        b"--b\r\n" + b"X-Long: " + b"x" * 10_000 + CRLF,
    ],
)
async def test_a_broken_form_is_told_as_such(body: bytes) -> None:
    asked, _ = request(body)

    with pytest.raises(BrokenForm):
        await collected(parts(asked))


async def test_a_form_that_breaks_off_in_a_file_tells_so_to_whoever_reads_the_file() -> None:
    asked, _ = request(file("videos", "a.mp4", bytes(100)))
    stream = parts(asked)
    video = await anext(stream)
    assert isinstance(video, File)

    with pytest.raises(BrokenForm):
        async for _ in video.chunks:
            pass


@pytest.mark.parametrize("kind", ["application/json", "multipart/form-data", "multipart/form-data; boundary=", ""])
async def test_what_is_no_multipart_form_is_refused(kind: str) -> None:
    asked, taken = request(END, kind=kind)

    with pytest.raises(BrokenForm):
        await collected(parts(asked))

    assert len(taken) <= 1

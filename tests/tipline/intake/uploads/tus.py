"""A tus client by hand, for what no well-behaved client ever sends."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from typing import Any

from httpx import Response

from tests.tipline.visitor import STORY, Visitor, code_in

UPLOADS = "/api/v1/uploads"
VERSION = {"Tus-Resumable": "1.0.0"}
BYTES = {**VERSION, "Content-Type": "application/offset+octet-stream"}


def named(name: str = "行车记录 1.mp4", kind: str = "video/mp4") -> str:
    """Return Upload-Metadata as clients send it."""
    told = {"filename": name, "filetype": kind}
    return ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in told.items())


def summed(content: bytes, algorithm: str = "sha256") -> str:
    """Return Upload-Checksum for `content`."""
    return f"{algorithm} {base64.b64encode(hashlib.new(algorithm, content).digest()).decode()}"


@dataclass
class Tus:
    """One sender at the public face, with the code of its own tip."""

    visitor: Visitor
    code: str

    async def create(self, length: int | str | None, content: Any = None, **headers: str) -> Response:
        told = {**VERSION, "Tipline-Receipt": self.code, "Upload-Metadata": named()}
        if length is not None:
            told["Upload-Length"] = str(length)
        if content is not None:
            told.update(BYTES)
        return await self.visitor.client.post(UPLOADS, content=content, headers={**told, **headers})

    async def begin(self, length: int) -> str:
        """Create an upload and return its address."""
        answer = await self.create(length)
        assert answer.status_code == 201, answer.text
        return answer.headers["location"]

    async def head(self, address: str, **headers: str) -> Response:
        return await self.visitor.client.head(address, headers={**VERSION, **headers})

    async def patch(self, address: str, offset: int | str, content: Any, **headers: str) -> Response:
        told = {**BYTES, "Upload-Offset": str(offset), **headers}
        return await self.visitor.client.patch(address, content=content, headers=told)

    async def delete(self, address: str) -> Response:
        return await self.visitor.client.delete(address, headers=VERSION)

    async def offset(self, address: str) -> int:
        answer = await self.head(address)
        assert answer.status_code == 200, answer.status_code
        return int(answer.headers["upload-offset"])

    async def files(self) -> list[dict[str, Any]]:
        files: list[dict[str, Any]] = (await self.visitor.own(self.code)).json()["files"]
        return files


async def sender(visitor: Visitor) -> Tus:
    """Send a tip and give a client for its files."""
    return Tus(visitor, code_in(await visitor.send_json({"story": STORY})))

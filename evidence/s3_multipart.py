"""The one place that uses the minio client's unpublished multipart calls, typed.

The published `put_object` reads from a blocking file; a stream that arrives piece by piece, and later an upload that
goes on tomorrow, need the four calls below it. Pinned by `minio>=7.2.20,<8` and by the contract suite. Every function
blocks and raises what minio and urllib3 raise; `evidence.s3` runs them in threads and translates.
"""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import Final

from minio import Minio

# A store that knows conditional writes then refuses a taken key by itself; one that does not ignores the header.
ONLY_IF_ABSENT: Final = {"If-None-Match": "*"}


@dataclass(frozen=True, slots=True)
class UploadedPart:
    """A part the store has taken, by the tag it gave."""

    number: int
    etag: str


def begin(client: Minio, bucket: str, key: str) -> str:
    """Open a multipart upload and return its id; nothing is visible under `key` until `complete`."""
    return client._create_multipart_upload(bucket, key, {})  # noqa: SLF001  see the module's head


def put_part(client: Minio, bucket: str, key: str, upload_id: str, number: int, data: bytes) -> UploadedPart:
    """Store part `number` (from 1); all but the last must hold 5 MiB or more. Sent again, it replaces itself."""
    etag = client._upload_part(bucket, key, data, None, upload_id, number)  # noqa: SLF001
    return UploadedPart(number=number, etag=etag)


def complete(client: Minio, bucket: str, key: str, upload_id: str, parts: list[UploadedPart]) -> None:
    """Join the parts into the object, unless the store sees that the key is taken."""
    listed = "".join(
        f'<Part><PartNumber>{part.number}</PartNumber><ETag>"{html.escape(part.etag, quote=False)}"</ETag></Part>'
        for part in parts
    )
    body = f"<CompleteMultipartUpload>{listed}</CompleteMultipartUpload>".encode()
    client._execute(  # noqa: SLF001
        "POST",
        bucket,
        key,
        body=body,
        headers={"Content-Type": "application/xml", **ONLY_IF_ABSENT},
        query_params={"uploadId": upload_id},
    )


def abort(client: Minio, bucket: str, key: str, upload_id: str) -> None:
    """Drop an unfinished upload and its parts."""
    client._abort_multipart_upload(bucket, key, upload_id)  # noqa: SLF001


def unfinished(client: Minio, bucket: str, key: str) -> list[str]:
    """Return the ids of the multipart uploads that were begun for exactly this key and not finished."""
    listed = client._list_multipart_uploads(bucket, prefix=key)  # noqa: SLF001
    return [str(one.upload_id) for one in listed.uploads if one.object_name == key and one.upload_id]


def put_whole(client: Minio, bucket: str, key: str, data: bytes) -> None:
    """Store a small object in one request, unless the store sees that the key is taken."""
    client._put_object(  # noqa: SLF001
        bucket, key, data, {"Content-Type": "application/octet-stream", **ONLY_IF_ABSENT}
    )

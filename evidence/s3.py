"""The storage door to any S3 store, through the minio client."""

from __future__ import annotations

import contextlib
import io
import os
import re
import tempfile
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import aclosing, asynccontextmanager
from pathlib import Path
from typing import Final

import certifi
import urllib3
from minio import Minio
from minio.error import InvalidResponseError, MinioException, S3Error, ServerError

from evidence import s3_multipart
from evidence.arrivals import ArrivalStore, PiecesReplaced
from evidence.errors import ObjectExists, ObjectMissing, StorageDown, StorageError, StorageFull
from evidence.s3_arrivals import S3Arrivals
from evidence.storage import NO_ROOM, StoredObject, checked_key, checked_range, new_key
from evidence.streams import BLOCK_BYTES, PART_BYTES, in_blocks
from evidence.threads import in_thread

CONNECT_TIMEOUT_S: Final = 5.0
READ_TIMEOUT_S: Final = 60.0
MISSING_OBJECT: Final = frozenset({"NoSuchKey", "NoSuchUpload", "NotFound", "404"})
TAKEN: Final = frozenset({"PreconditionFailed", "ConditionalRequestConflict", "412"})
NOT_LET_IN: Final = frozenset(
    {"AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch", "RequestTimeTooSkewed", "401", "403"}
)
FULL: Final = frozenset({"XMinioStorageFull", "InsufficientStorage", "QuotaExceeded", "507"})
# A part was replaced by another after its tag was noted, or was never there.
REPLACED: Final = frozenset({"InvalidPart"})
NO_BUCKET: Final = frozenset({"NoSuchBucket"})
PAST_THE_END: Final = frozenset({"InvalidRange", "416"})


class _PastTheEnd(Exception):
    """The asked range starts at or after the object's end."""


class S3Storage:
    """Keeps every object under its key in one bucket, which must exist.

    A store that knows `If-None-Match` refuses a taken key atomically; with one that does not, a key is looked up
    before the stream and again before it is published. Keys are random, so the gap between is only theoretical.
    """

    def __init__(
        self,
        endpoint: str,
        bucket: str,
        *,
        access_key: str,
        secret_key: str,
        region: str = "us-east-1",
        is_tls: bool = True,
    ) -> None:
        """Prepare the client; reaches nothing yet. `endpoint` is host and port, without scheme."""
        self._bucket = bucket
        self._where = f"{endpoint}/{bucket}"
        pool = urllib3.PoolManager(
            timeout=urllib3.Timeout(connect=CONNECT_TIMEOUT_S, read=READ_TIMEOUT_S),
            maxsize=16,
            cert_reqs="CERT_REQUIRED",
            ca_certs=os.environ.get("SSL_CERT_FILE") or certifi.where(),
            retries=urllib3.Retry(total=2, backoff_factor=0.1, status_forcelist=[500, 502, 503, 504]),
        )
        self._client = Minio(
            endpoint, access_key=access_key, secret_key=secret_key, secure=is_tls, region=region, http_client=pool
        )
        self._arrivals = S3Arrivals(self._client, bucket, size_of=self._size, translated=self._translated)

    @property
    def arrivals(self) -> ArrivalStore:
        """See `Storage.arrivals`."""
        return self._arrivals

    async def write(self, key: str, chunks: AsyncIterator[bytes]) -> StoredObject:
        """See `Storage.write`. A stream of one part goes as one request, a longer one as a multipart upload."""
        upload = _Upload(self._client, self._bucket, checked_key(key))
        await in_thread(self._refuse_taken, key)
        try:
            async for block in in_blocks(chunks, PART_BYTES):
                await in_thread(self._put, upload, block)
            await in_thread(self._publish, upload)
        finally:
            await in_thread(self._discard, upload)
        return StoredObject(key=key, size_bytes=upload.size_bytes)

    async def read(self, key: str, *, start: int = 0, end: int | None = None) -> AsyncGenerator[bytes, None]:
        """See `Storage.read`."""
        checked_range(start, end)
        if start == end:
            await self.size(key)
            return
        try:
            response = await in_thread(self._open, checked_key(key), start, end)
        except _PastTheEnd:
            return
        try:
            while block := await in_thread(self._get, response):
                yield block
        finally:
            response.close()
            response.release_conn()

    async def size(self, key: str) -> int:
        """See `Storage.size`."""
        return await in_thread(self._size, checked_key(key))

    async def remove(self, key: str) -> None:
        """See `Storage.remove`."""
        await in_thread(self._remove, checked_key(key))

    @asynccontextmanager
    async def local_path(self, key: str) -> AsyncIterator[Path]:
        """Give a copy of the object in the temporary folder, removed afterwards (see `Storage.local_path`)."""
        folder = await in_thread(tempfile.TemporaryDirectory, prefix="evidence-")
        try:
            path = Path(folder.name) / checked_key(key)
            file = await in_thread(path.open, "wb")
            try:
                async with aclosing(self.read(key)) as blocks:
                    async for block in blocks:
                        await in_thread(_put_local, file, block)
            finally:
                await in_thread(file.close)
            yield path
        finally:
            await in_thread(folder.cleanup)

    async def check(self) -> None:
        """See `Storage.check`."""
        await in_thread(self._check)

    def _refuse_taken(self, key: str) -> None:
        try:
            self._size(key)
        except ObjectMissing:
            return
        raise ObjectExists(key)

    def _put(self, upload: _Upload, block: bytes) -> None:
        with self._translated(upload.key):
            upload.put(block)

    def _publish(self, upload: _Upload) -> None:
        self._refuse_taken(upload.key)
        with self._translated(upload.key):
            upload.publish()
        # Complete may answer 200 and carry an error: believe the object, not the answer.
        try:
            kept = self._size(upload.key)
        except ObjectMissing as problem:
            raise StorageDown(self._where, "the upload was accepted and not published", "look at its log") from problem
        if kept != upload.size_bytes:
            raise StorageDown(self._where, f"kept {kept} of {upload.size_bytes} bytes", "look at its log")

    def _discard(self, upload: _Upload) -> None:
        """Drop an unfinished upload; where even that fails the parts stay invisible until the store's own sweep."""
        with contextlib.suppress(StorageError), self._translated(upload.key):
            upload.discard()

    def _open(self, key: str, start: int, end: int | None) -> urllib3.BaseHTTPResponse:
        length = 0 if end is None else end - start  # the client takes 0 for "to the end"
        with self._translated(key):
            return self._client.get_object(self._bucket, key, offset=start, length=length)

    def _get(self, response: urllib3.BaseHTTPResponse) -> bytes:
        with self._translated(None):
            return response.read(BLOCK_BYTES)

    def _size(self, key: str) -> int:
        with self._translated(key):
            size = self._client.stat_object(self._bucket, key).size
        if size is None:
            raise StorageDown(self._where, "the store does not tell an object's size", "use another store")
        return size

    def _remove(self, key: str) -> None:
        with contextlib.suppress(ObjectMissing), self._translated(key):
            self._client.remove_object(self._bucket, key)

    def _check(self) -> None:
        probe = new_key()
        with self._translated(None):
            self._refuse_absent_bucket()
            self._client.put_object(self._bucket, probe, io.BytesIO(b"probe"), 5)
        with self._translated(probe):
            answer = self._client.get_object(self._bucket, probe)
            try:
                came_back = answer.read()
            finally:
                answer.close()
                answer.release_conn()
            self._client.remove_object(self._bucket, probe)
        if came_back != b"probe":
            raise StorageDown(self._where, "a probe came back changed", "check the store's disks")

    def _refuse_absent_bucket(self) -> None:
        if not self._client.bucket_exists(self._bucket):
            raise self._down("NoSuchBucket", has_answered=True)

    @contextlib.contextmanager
    def _translated(self, key: str | None) -> Iterator[None]:
        """Tell a refusal of the store or of the network in the words of the door."""
        try:
            yield
        except (MinioException, urllib3.exceptions.HTTPError, OSError) as problem:
            raise self._meaning(problem, key) from problem

    def _meaning(self, problem: Exception, key: str | None) -> Exception:
        code = _code(problem)
        if code in FULL:
            return StorageFull(self._where)
        if code in PAST_THE_END:
            return _PastTheEnd()
        if key is not None and code in MISSING_OBJECT:
            return self._absent(key)
        if key is not None and code in REPLACED:
            return PiecesReplaced(key)
        if key is not None and code in TAKEN:
            return ObjectExists(key)
        return self._down(code or type(problem).__name__, has_answered=code is not None)

    def _down(self, code: str, *, has_answered: bool) -> StorageDown:
        if not has_answered:
            return StorageDown(self._where, f"does not answer ({code})", "start it or check its address")
        if code in NOT_LET_IN:
            return StorageDown(self._where, f"refuses us ({code})", "check access key, secret key, rights and clock")
        if code in NO_BUCKET:
            return StorageDown(self._where, "the bucket does not exist", "create the bucket or set the right name")
        return StorageDown(self._where, f"answered {code}", "look at the store's log")

    def _absent(self, key: str) -> Exception:
        """Tell an absent bucket from an absent object: evidence must not be called lost because of a wrong name."""
        try:
            with self._translated(None):
                self._refuse_absent_bucket()
        except StorageDown as down:
            return down
        return ObjectMissing(key)


class _Upload:
    """A stream on its way into the store; its first part waits, for it may be the only one."""

    def __init__(self, client: Minio, bucket: str, key: str) -> None:
        self.key = key
        self.size_bytes = 0
        self._client, self._bucket = client, bucket
        self._first = b""
        self._upload_id: str | None = None
        self._parts: list[s3_multipart.UploadedPart] = []

    def put(self, block: bytes) -> None:
        self.size_bytes += len(block)
        if self.size_bytes == len(block):
            self._first = block
            return
        if self._upload_id is None:
            self._upload_id = s3_multipart.begin(self._client, self._bucket, self.key)
            self._send(self._first)
            self._first = b""
        self._send(block)

    def publish(self) -> None:
        if self._upload_id is None:
            s3_multipart.put_whole(self._client, self._bucket, self.key, self._first)
            return
        s3_multipart.complete(self._client, self._bucket, self.key, self._upload_id, self._parts)
        self._upload_id = None

    def discard(self) -> None:
        if self._upload_id is not None:
            s3_multipart.abort(self._client, self._bucket, self.key, self._upload_id)
            self._upload_id = None

    def _send(self, data: bytes) -> None:
        if self._upload_id is None:
            raise ValueError("no upload was begun")
        number = len(self._parts) + 1
        self._parts.append(s3_multipart.put_part(self._client, self._bucket, self.key, self._upload_id, number, data))


def _code(problem: Exception) -> str | None:
    """Return the store's error code, else its HTTP status as text, else None: it did not answer."""
    if isinstance(problem, S3Error):
        return problem.code
    if isinstance(problem, InvalidResponseError):
        # Some stores send their XML as text/xml, which the client does not read.
        named = re.search(r"<Code>(\w+)</Code>", str(problem))
        status = re.search(r"Response code: (\d{3})", str(problem))
        return named[1] if named else status[1] if status else None
    if isinstance(problem, ServerError):
        return str(problem.status_code)
    return None


def _put_local(file: io.BufferedWriter, block: bytes) -> None:
    try:
        file.write(block)
    except OSError as problem:
        if problem.errno in NO_ROOM:
            raise StorageFull(tempfile.gettempdir()) from problem
        raise

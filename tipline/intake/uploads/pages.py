"""The tus 1.0.0 server: for the page of a tip and for outside programs alike. It takes no cookie.

Begin with the receipt code (`Tipline-Receipt`) or the page's pass (`Tipline-Upload-Pass`); the address that comes back
holds a secret and is then the only key to the upload. It takes bytes and tells how many came, and gives none back.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from typing import Annotated, Any, Final

from litestar import Request, Response, Router, delete, head, patch, post, route
from litestar.di import NamedDependency
from litestar.enums import HttpMethod
from litestar.exceptions import HTTPException
from litestar.openapi.spec import OpenAPIMediaType, OpenAPIType, RequestBody, Schema
from litestar.openapi.spec.enums import OpenAPIFormat
from litestar.params import FromPath, HeaderParameter

from evidence.custody import Custody
from evidence.errors import EvidenceError
from tipline.clock import Clock
from tipline.errors import TiplineError
from tipline.intake.access import Access, show_code
from tipline.intake.api import TAKES_NO_COOKIE, BinaryBody, ShownCode, problems
from tipline.intake.errors import ReceiptMissing
from tipline.intake.receipts import Receipts, read_code
from tipline.intake.uploads import service
from tipline.intake.uploads.access import ByPass, Secret
from tipline.intake.uploads.errors import HeaderMalformed, SenderGone
from tipline.intake.uploads.lease import Progress
from tipline.intake.uploads.rules import (
    ALGORITHMS,
    BODY_TYPE,
    EXTENSIONS,
    VERSION,
    check_body_type,
    check_version,
    checksum,
    metadata,
    whole_number,
)
from tipline.intake.uploads.service import Bytes, Doors
from tipline.settings import Settings
from tipline.web.errors import answer_foreseen, answer_http

TAG: Final = "uploads"
CREATED: Final = 201
NO_CONTENT: Final = 204
PROTOCOL: Final = {"Tus-Resumable": VERSION}

Req = Request[Any, Any, Any]
ShownPass = Annotated[
    str | None,
    HeaderParameter(name="Tipline-Upload-Pass", description="Pass of the tip's own page, instead of the receipt code."),
]


@dataclass
class UploadBody(BinaryBody):
    """Tells OpenAPI that the body is a stretch of the file."""

    def __post_init__(self) -> None:
        """Describe the streamed body and the protocol it belongs to."""
        super().__post_init__()
        self.request_body = RequestBody(
            required=False,
            description="Bytes of the file from Upload-Offset on.",
            content={BODY_TYPE: OpenAPIMediaType(Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.BINARY))},
        )


@route(
    ["/", "/{secret:str}"],
    http_method=[HttpMethod.OPTIONS],
    status_code=NO_CONTENT,
    opt=TAKES_NO_COOKIE,
    include_in_schema=False,
    sync_to_thread=False,
)
def options(settings: NamedDependency[Settings]) -> Response[None]:
    """Tell what this server can do."""
    return Response(
        None,
        status_code=NO_CONTENT,
        headers={
            **PROTOCOL,
            "Tus-Version": VERSION,
            "Tus-Extension": EXTENSIONS,
            "Tus-Max-Size": str(settings.limits.file_bytes),
            "Tus-Checksum-Algorithm": ",".join(ALGORITHMS),
        },
    )


@post(
    "/",
    tags=[TAG],
    opt=TAKES_NO_COOKIE,
    request_max_body_size=None,
    operation_class=UploadBody,
    summary="Begin a resumable upload (tus 1.0.0)",
    responses=problems(400, 404, 413, 422, 429, 503),
)
async def begin(
    request: Req,
    shown: ShownCode,
    shown_pass: ShownPass,
    custody: NamedDependency[Custody],
    receipts: NamedDependency[Receipts],
    clock: NamedDependency[Clock],
    settings: NamedDependency[Settings],
) -> Response[None]:
    """Make room for one file; its first bytes may come with the same request."""
    headers = request.headers
    check_version(headers.get("tus-resumable"))
    for foreign in ("upload-defer-length", "upload-concat"):
        if foreign in headers:
            raise HeaderMalformed(foreign.title())
    length = whole_number("Upload-Length", headers.get("upload-length"))
    told = metadata(headers.get("upload-metadata"))
    has_bytes = "content-type" in headers and _announced(request) != 0
    if has_bytes:
        check_body_type(headers.get("content-type"))
    claimed = checksum(headers.get("upload-checksum"))
    secret, progress = await service.begin(
        await _access(shown, shown_pass, receipts, clock),
        length_bytes=length,
        file_name=told.get("filename", told.get("name", "")),
        limits=settings.limits,
        now=clock(),
    )
    if has_bytes:
        brought = Bytes(0, _chunks(request), claimed, _announced(request))
        progress = await service.receive(secret, brought, Doors(custody, settings.limits, clock))
    where = {"Location": f"{request.url.path.rstrip('/')}/{secret.text}"}
    return Response(None, status_code=CREATED, headers={**where, **_told(progress)})


@head(
    "/{secret:str}",
    tags=[TAG],
    opt=TAKES_NO_COOKIE,
    summary="See how far an upload has come (tus 1.0.0)",
    responses=problems(404),
)
async def look(
    request: Req,
    secret: FromPath[str],
    custody: NamedDependency[Custody],
    clock: NamedDependency[Clock],
    settings: NamedDependency[Settings],
) -> Response[None]:
    """Tell offset and length; a request that still writes is stopped first, so that the answer stays true."""
    check_version(request.headers.get("tus-resumable"))
    progress = await service.look(Secret(secret), Doors(custody, settings.limits, clock))
    return Response(
        None, headers={**_told(progress), "Upload-Length": str(progress.length_bytes), "Cache-Control": "no-store"}
    )


@patch(
    "/{secret:str}",
    tags=[TAG],
    opt=TAKES_NO_COOKIE,
    request_max_body_size=None,
    status_code=NO_CONTENT,
    operation_class=UploadBody,
    summary="Send more bytes of an upload (tus 1.0.0)",
    responses=problems(400, 404, 409, 413, 422, 503),
)
async def send(
    request: Req,
    secret: FromPath[str],
    custody: NamedDependency[Custody],
    clock: NamedDependency[Clock],
    settings: NamedDependency[Settings],
) -> Response[None]:
    """Take bytes; they are durable when the answer comes, and with the last one the file belongs to the tip."""
    check_version(request.headers.get("tus-resumable"))
    check_body_type(request.headers.get("content-type"))
    offset = whole_number("Upload-Offset", request.headers.get("upload-offset"))
    claimed = checksum(request.headers.get("upload-checksum"))
    brought = Bytes(offset, _chunks(request), claimed, _announced(request))
    progress = await service.receive(Secret(secret), brought, Doors(custody, settings.limits, clock))
    return Response(None, status_code=NO_CONTENT, headers=_told(progress))


@delete(
    "/{secret:str}",
    tags=[TAG],
    opt=TAKES_NO_COOKIE,
    status_code=NO_CONTENT,
    summary="Give an upload up (tus 1.0.0)",
    responses=problems(404, 409, 503),
)
async def give_up(
    request: Req,
    secret: FromPath[str],
    custody: NamedDependency[Custody],
    clock: NamedDependency[Clock],
    settings: NamedDependency[Settings],
) -> Response[None]:
    """Remove what has come of an upload that is not finished."""
    check_version(request.headers.get("tus-resumable"))
    await service.give_up(Secret(secret), Doors(custody, settings.limits, clock))
    return Response(None, status_code=NO_CONTENT, headers=PROTOCOL)


async def _access(shown: str | None, shown_pass: str | None, receipts: Receipts, clock: Clock) -> Access | ByPass:
    if shown_pass:
        return ByPass(Secret(shown_pass))
    if not shown:
        raise ReceiptMissing
    return await show_code(read_code(shown), receipts=receipts, now=clock())


async def _chunks(request: Req) -> AsyncIterator[bytes]:
    """Yield the body as it comes.

    Raises:
        SenderGone: the connection broke off before its end.
    """
    while True:
        event = await request.receive()
        if event["type"] != "http.request":
            raise SenderGone
        if event["body"]:
            yield event["body"]
        if not event.get("more_body", False):
            return


def _announced(request: Req) -> int | None:
    announced = request.headers.get("content-length", "")
    return int(announced) if announced.isdecimal() else None


def _told(progress: Progress) -> dict[str, str]:
    return {**PROTOCOL, "Upload-Offset": str(progress.offset_bytes), "Upload-Expires": _http_date(progress.expires_at)}


def _http_date(moment: datetime) -> str:
    return format_datetime(moment, usegmt=True)


def _answer_foreseen(request: Req, error: Exception) -> Response[Any]:
    answer = answer_foreseen(request, error)
    answer.headers.update({**PROTOCOL, "Tus-Version": VERSION})
    return answer


def _answer_http(request: Req, error: HTTPException) -> Response[Any]:
    answer = answer_http(request, error)
    answer.headers.update({**PROTOCOL, "Tus-Version": VERSION})
    return answer


HANDLERS: Final = [
    Router(
        "/api/v1/uploads",
        route_handlers=[options, begin, look, send, give_up],
        exception_handlers={
            TiplineError: _answer_foreseen,
            EvidenceError: _answer_foreseen,
            HTTPException: _answer_http,
        },
    )
]

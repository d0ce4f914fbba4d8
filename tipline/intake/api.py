"""The public JSON API: for programs that send tips. It takes no cookie; the receipt code travels in a header."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Final, Literal
from urllib.parse import unquote
from uuid import UUID

from litestar import Request, Router, get, post
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import OpenAPIMediaType, OpenAPIType, Operation, RequestBody, Schema
from litestar.openapi.spec.enums import OpenAPIFormat
from litestar.params import HeaderParameter, JSONBody, QueryParameter
from msgspec import Meta, Struct

from evidence.custody import Custody
from tipline.clock import Clock
from tipline.intake import service
from tipline.intake.access import ByCode, show_code
from tipline.intake.errors import OtherMedium, ReceiptMissing, RequestKeyMissing
from tipline.intake.receipts import Receipts, read_code
from tipline.intake.rules import PublicStatus, TipDraft
from tipline.intake.service import OwnFile
from tipline.intake.tables import Datum, FileRole, TipChannel, VehicleColour, VehicleType
from tipline.intake.words import HERE_NOW
from tipline.settings import Settings
from tipline.web.guards import open_to_all
from tipline.web.locale import current_language, gettext

TAKES_NO_COOKIE: Final = {**open_to_all(), "takes_no_cookie": True}
TAG: Final = "tips"
LONGEST_BODY_BYTES: Final = 256 * 1024

RequestKey = Annotated[
    str | None,
    HeaderParameter(
        name="Idempotency-Key",
        description="A UUID made by the sender for this one tip. Same key and content: same tip, same code.",
    ),
]
FileKey = Annotated[
    str | None,
    HeaderParameter(
        name="Idempotency-Key",
        description="A UUID made by the sender for this one file: sent again, it is not kept twice.",
    ),
]
ShownCode = Annotated[
    str | None,
    HeaderParameter(
        name="Tipline-Receipt",
        description="Receipt code of the tip: 16 digits, with or without hyphens. Never put it into an address.",
    ),
]
FileName = Annotated[
    str | None,
    HeaderParameter(name="Tipline-File-Name", description="The file's name, percent-encoded UTF-8. Kept for officers."),
]
ExpectedRole = Annotated[
    FileRole | None,
    QueryParameter(
        name="role", description="What the sender takes it for; bytes of the other kind are refused. May be left out."
    ),
]


class TipIn(Struct, forbid_unknown_fields=True, kw_only=True):
    """What a witness tells. Every field may be left out, but one of them must say something."""

    story: Annotated[str, Meta(description="What was seen, in the witness's own words.")] = ""
    happened_from: Annotated[datetime, Meta(tz=True, description="Earliest moment, ISO 8601 with offset.")] | None = (
        None
    )
    happened_to: Annotated[datetime, Meta(tz=True, description="Latest moment, ISO 8601 with offset.")] | None = None
    place_text: Annotated[str, Meta(description="The place in words: road, crossing, landmark.")] = ""
    latitude: Annotated[float | None, Meta(description="Degrees; needs longitude and datum.")] = None
    longitude: Annotated[float | None, Meta(description="Degrees.")] = None
    datum: Annotated[Datum | None, Meta(description="Which datum the two are in.")] = None
    plate_text: Annotated[str, Meta(description="Number plate; ? for each place not seen, for example 鲁P·?8?2K.")] = ""
    vehicle_type: VehicleType = VehicleType.UNCLEAR
    vehicle_colour: VehicleColour = VehicleColour.UNCLEAR
    damage: Annotated[str, Meta(description="Visible damage, or parts that were lost.")] = ""
    direction: Annotated[str, Meta(description="Which way it fled.")] = ""
    is_here_now: Annotated[
        bool,
        Meta(
            description="True when the vehicle is there at this moment: the desk is alarmed at once. Tell the witness"
            " to call 110 or 122 too, and not to approach, chase or post online."
        ),
    ] = False

    def draft(self) -> TipDraft:
        """Return the same as the service takes it."""
        return TipDraft(**{name: getattr(self, name) for name in self.__struct_fields__})


class TipOut(Struct, kw_only=True):
    """The receipt of a tip. The code is shown here only: whoever loses it cannot get it back."""

    receipt_code: Annotated[str, Meta(description="Four groups of four digits.")]
    status: PublicStatus
    received_at: datetime
    files_url: Annotated[str, Meta(description="Where to send the files, with the code in Tipline-Receipt.")]
    advice: Annotated[
        str | None,
        Meta(
            description="To be shown to the witness at once, in the language of the request; null when there is none."
        ),
    ] = None


class FileOut(Struct, kw_only=True):
    """One file of the own tip. Only `sealed` means that it is safely received."""

    id: UUID
    role: FileRole
    state: Literal["checking", "sealed", "broken"]
    size_bytes: int
    sha256: Annotated[str | None, Meta(description="Hex, of the whole file as received; null until sealed.")]
    is_unreadable: Annotated[bool, Meta(description="True when it was received but no program here can open it.")]


class OwnTipOut(Struct, kw_only=True):
    """How the own tip stands."""

    status: PublicStatus
    received_at: datetime
    files: list[FileOut]


class FieldProblem(Struct, kw_only=True):
    """One field that does not hold."""

    field: str
    code: Annotated[str, Meta(description="For programs.")]
    detail: Annotated[str, Meta(description="For people, in the language of the request.")]


class ProblemOut(Struct, kw_only=True):
    """What went wrong (RFC 9457)."""

    title: Annotated[str, Meta(description="Name of the error, for programs.")]
    status: int
    detail: Annotated[str, Meta(description="For people, in the language of the request.")]
    request_id: Annotated[str, Meta(description="Tell it when you ask for help.")]
    type: str = "about:blank"
    problems: list[FieldProblem] = []


PROBLEMS: Final = {
    400: "Not the JSON, or not the parameters, that this description asks for.",
    404: "No tip has this receipt code.",
    409: "The key belongs to a tip with other content; that tip is kept as it was.",
    413: "More than the service takes; nothing of the surplus was kept.",
    422: "Nothing was told, a value or code does not hold, or the bytes are no photo or video.",
    429: "Too many tries; Retry-After says how many seconds to wait.",
    503: "A part of the service does not answer; the same request may be sent again.",
}


def problems(*statuses: int) -> dict[int, ResponseSpec]:
    """Describe the problem+json answers of a route."""
    return {
        status: ResponseSpec(
            ProblemOut,
            generate_examples=False,
            description=PROBLEMS[status],
            media_type="application/problem+json",
        )
        for status in statuses
    }


@dataclass
class BinaryBody(Operation):
    """Tells OpenAPI that the body is the file itself."""

    def __post_init__(self) -> None:
        """Describe the streamed body, which no parameter of the handler shows."""
        self.request_body = RequestBody(
            required=True,
            description="The bytes of one photo or video, nothing around them.",
            content={
                "application/octet-stream": OpenAPIMediaType(
                    Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.BINARY)
                )
            },
        )


@post(
    "/tips",
    tags=[TAG],
    opt=TAKES_NO_COOKIE,
    request_max_body_size=LONGEST_BODY_BYTES,
    summary="Send a tip",
    responses=problems(400, 409, 413, 422, 429, 503),
)
async def send_tip(
    data: JSONBody[TipIn],
    key: RequestKey,
    receipts: NamedDependency[Receipts],
    clock: NamedDependency[Clock],
    settings: NamedDependency[Settings],
) -> TipOut:
    """Take in a tip without files; on answer it is safely kept."""
    submitted = await service.submit_tip(
        data.draft(),
        request_key=_uuid(key),
        channel=TipChannel.API,
        language=current_language(),
        receipts=receipts,
        limits=settings.limits,
        now=clock(),
    )
    tip = await service.own_tip(submitted.access, now=clock())
    return TipOut(
        receipt_code=submitted.code.shown,
        status=tip.status,
        received_at=submitted.received_at,
        files_url="/api/v1/tips/mine/files",
        advice=gettext(HERE_NOW) if data.is_here_now else None,
    )


@post(
    "/tips/mine/files",
    tags=[TAG],
    opt=TAKES_NO_COOKIE,
    request_max_body_size=None,
    operation_class=BinaryBody,
    summary="Add a file to the own tip",
    responses=problems(400, 404, 413, 422, 429, 503),
)
async def send_file(
    request: Request[Any, Any, Any],
    shown: ShownCode,
    file_name: FileName,
    key: FileKey,
    role: ExpectedRole,
    custody: NamedDependency[Custody],
    receipts: NamedDependency[Receipts],
    clock: NamedDependency[Clock],
    settings: NamedDependency[Settings],
) -> FileOut:
    """Take in one photo or video. On answer its bytes are durable; it counts as received once it is `sealed`."""
    access = await _access(shown, receipts, clock)
    announced = request.headers.get("content-length", "")
    upload = await service.look_at(
        request.stream(),
        file_name=unquote(file_name or "", errors="replace"),
        limits=settings.limits,
        announced_bytes=int(announced) if announced.isdecimal() else None,
        request_key=None if key is None else str(_uuid(key)),
    )
    if role not in {None, upload.medium.role}:
        raise OtherMedium
    kept = await service.add_file(
        access, upload, custody=custody, receipts=receipts, limits=settings.limits, clock=clock
    )
    tip = await service.own_tip(access, now=clock())
    return next(_file_out(file) for file in tip.files if file.id == kept)


@get(
    "/tips/mine",
    tags=[TAG],
    opt=TAKES_NO_COOKIE,
    summary="See how the own tip stands",
    responses=problems(404, 422, 429, 503),
)
async def own_tip(shown: ShownCode, receipts: NamedDependency[Receipts], clock: NamedDependency[Clock]) -> OwnTipOut:
    """Tell status and files of the tip whose code is shown."""
    tip = await service.own_tip(await _access(shown, receipts, clock), now=clock())
    return OwnTipOut(status=tip.status, received_at=tip.received_at, files=[_file_out(file) for file in tip.files])


def _uuid(key: str | None) -> UUID:
    try:
        return UUID(key or "")
    except ValueError as problem:
        raise RequestKeyMissing from problem


async def _access(shown: str | None, receipts: Receipts, clock: Clock) -> ByCode:
    if not shown:
        raise ReceiptMissing
    return await show_code(read_code(shown), receipts=receipts, now=clock())


def _file_out(file: OwnFile) -> FileOut:
    return FileOut(
        id=file.id,
        role=file.role,
        state=file.state.value,
        size_bytes=file.size_bytes,
        sha256=file.sha256,
        is_unreadable=file.is_unreadable,
    )


HANDLERS: Final = [Router("/api/v1", route_handlers=[send_tip, send_file, own_tip])]

"""What programs are told. A change answers ids and states; whoever wants to read more asks, and the look is entered."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Final, TypeVar
from uuid import UUID

from litestar.openapi.datastructures import ResponseSpec
from msgspec import Meta, Struct

from tipline.cases.tables import CaseState, OutcomeKind, OutcomeStage, PersonRole, PersonState, Severity, VehicleState
from tipline.intake.api import ProblemOut
from tipline.intake.tables import Datum, TipChannel, TipState, VehicleColour, VehicleType

Told = TypeVar("Told", bound=Struct)


class TipRow(Struct, kw_only=True):
    """A tip in a list."""

    id: UUID
    alias: str
    state: TipState
    channel: TipChannel
    received_at: datetime
    happened_from: datetime | None
    happened_to: datetime | None
    place_text: str
    plate_text: str
    vehicle_type: VehicleType
    vehicle_colour: VehicleColour


class TipsOut(Struct, kw_only=True):
    """A page of tips, latest first."""

    tips: list[TipRow]
    total: int
    page: int
    pages: int


class TipFileOut(Struct, kw_only=True):
    """A file of a tip."""

    id: UUID
    item: UUID
    role: str
    item_state: str
    media_type: str
    size_bytes: int
    sha256: str | None


class TipLinkOut(Struct, kw_only=True):
    """A case to which the tip is linked."""

    id: UUID
    case: UUID
    number: str
    decided_at: datetime


class TipOut(TipRow, kw_only=True):
    """A tip whole, but for who gave it."""

    story: str
    latitude: float | None
    longitude: float | None
    datum: Datum | None
    damage: str
    direction: str
    decided_at: datetime | None
    decided_by_badge: str | None
    decline_reason: str | None
    files: list[TipFileOut]
    links: list[TipLinkOut]


class TipStateOut(Struct, kw_only=True):
    """How a tip stands now."""

    id: UUID
    state: TipState


class MadeOut(Struct, kw_only=True):
    """What was entered."""

    id: UUID


class CaseRow(Struct, kw_only=True):
    """A case in a list."""

    id: UUID
    number: str
    severity: Severity
    state: CaseState
    happened_from: datetime
    happened_to: datetime
    place_text: str
    recorded_at: datetime
    unit_name: str
    lead_name: str


class CasesOut(Struct, kw_only=True):
    """A page of cases, newest first."""

    cases: list[CaseRow]
    total: int
    page: int
    pages: int


class VehicleOut(Struct, kw_only=True):
    """A vehicle of a case."""

    id: UUID
    plate_text: str
    vehicle_type: VehicleType
    vehicle_colour: VehicleColour
    features: str
    state: VehicleState
    identified_at: datetime | None
    seized_at: datetime | None


class PersonOut(Struct, kw_only=True):
    """A person of a case."""

    id: UUID
    full_name: Annotated[str | None, Meta(description="Null where the officer may not know a person under 18 by name.")]
    role: PersonRole
    state: PersonState
    identified_at: datetime
    in_hand_at: datetime | None


class LinkOut(Struct, kw_only=True):
    """A tip linked to a case."""

    id: UUID
    tip: UUID
    alias: str
    decided_at: datetime
    is_useful: bool


class OutcomeOut(Struct, kw_only=True):
    """A measure as far as its chain has come; only what is executed was done to anybody."""

    id: UUID
    person: UUID
    kind: OutcomeKind
    stage: OutcomeStage
    document_number: str | None
    days: int | None
    authority: str
    approved_at: datetime | None
    executed_at: datetime | None
    basis_code: str
    basis_source: str
    basis_article: str


class EventOut(Struct, kw_only=True):
    """A dated fact of a case."""

    id: UUID
    type: str
    severity: Severity
    happened_at: datetime
    known_at: datetime


class ClearanceOut(Struct, kw_only=True):
    """The clearance that stands."""

    id: UUID
    vehicle: UUID
    driver: UUID
    cleared_at: datetime
    vehicle_ground: str | None
    approved_by_badge: str


class CaseOut(CaseRow, kw_only=True):
    """A case whole."""

    latitude: float | None
    longitude: float | None
    datum: Datum | None
    summary: str
    lead_badge: str
    vehicles: list[VehicleOut]
    persons: list[PersonOut]
    links: list[LinkOut]
    outcomes: list[OutcomeOut]
    events: list[EventOut]
    clearance: ClearanceOut | None


class CaseStateOut(Struct, kw_only=True):
    """How a case stands now."""

    id: UUID
    number: str
    state: CaseState


def told(kind: type[Told], row: Mapping[str, Any], **more: Any) -> Told:
    """Return the part of a row that programs are told; `more` stands in for or adds to it."""
    names = [name for name in kind.__struct_fields__ if name not in more]
    return kind(**{name: row[name] for name in names}, **more)


PROBLEMS: Final = {
    400: "Not the JSON, or not the parameters, that this description asks for.",
    401: "No token, or one that is unknown, ended or expired.",
    403: "The token lacks the scope, or the officer the right.",
    404: "There is no such thing, or it is not the officer's to see.",
    409: "A colleague was faster; `detail` says who and when.",
    422: "It does not hold: `problems` names each field, with the article where the law refuses it.",
    429: "Too many wrong tokens; Retry-After says how many seconds to wait.",
}
READING: Final = (400, 401, 403, 404, 429)
CHANGING: Final = (*READING, 409, 422)


def problems(statuses: tuple[int, ...]) -> dict[int, ResponseSpec]:
    """Describe the problem+json answers of a route (RFC 9457)."""
    return {
        status: ResponseSpec(
            ProblemOut, generate_examples=False, description=PROBLEMS[status], media_type="application/problem+json"
        )
        for status in statuses
    }

"""What programs send. Times carry their offset; a body reads like the form of the page that does the same."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Final
from uuid import UUID

from msgspec import Meta, Struct

from tipline.cases.procedure.tables import ProcedureKind
from tipline.cases.tables import OutcomeKind, PersonRole, Severity, VehicleGround
from tipline.intake.tables import Datum, DeclineReason, TipState, VehicleColour, VehicleType
from tipline.web.answers import LONGEST_ANSWER, Answers

Moment = Annotated[datetime, Meta(tz=True, description="ISO 8601 with offset.")]
YES: Final = "1"


class Verdict(StrEnum):
    """What a legal reviewer says of a measure."""

    PASS = "pass"  # noqa: S105  a verdict, no password
    RETURN = "return"


class Body(Struct, forbid_unknown_fields=True, kw_only=True):
    """A body of the staff API."""

    def answers(self) -> Answers:
        """Return the same as a form would have typed it, so that form and program are read by the same code."""
        return Answers({name: _typed(getattr(self, name))[:LONGEST_ANSWER] for name in self.__struct_fields__})


class AcceptIn(Body, kw_only=True):
    """Takes a tip into work."""

    seen: Annotated[TipState, Meta(description="The state that was decided on; another one by now is a 409.")] = (
        TipState.RECEIVED
    )


class DeclineIn(AcceptIn, kw_only=True):
    """Leaves a tip aside."""

    reason: DeclineReason


class LinkIn(Body, kw_only=True):
    """Links a tip to a case."""

    case: UUID


class CaseIn(Body, kw_only=True):
    """A case as it is first recorded (受案), under the number of the national system."""

    number: str
    severity: Severity
    happened_from: Moment
    happened_to: Annotated[Moment | None, Meta(description="Left out: the same as happened_from.")] = None
    place_text: str
    latitude: float | None = None
    longitude: float | None = None
    datum: Datum | None = None
    summary: str = ""
    lead_officer: Annotated[UUID | None, Meta(description="Left out: the officer of the token.")] = None
    recorded_at: Annotated[Moment | None, Meta(description="Left out: now.")] = None


class StepIn(Body, kw_only=True):
    """An official step of the case, as decided by the body in charge under its document's number."""

    kind: ProcedureKind
    document_number: str
    authority: str
    approver: str = ""
    decided_at: Moment
    reason: str = ""
    counterpart: str = ""
    received_at: Moment | None = None


class VehicleIn(Body, kw_only=True):
    """The fleeing vehicle as far as it is known."""

    plate_text: Annotated[str, Meta(description="`?` for each place not known.")] = ""
    vehicle_type: VehicleType = VehicleType.UNCLEAR
    vehicle_colour: VehicleColour = VehicleColour.UNCLEAR
    features: str = ""


class IdentifiedIn(VehicleIn, kw_only=True):
    """Which vehicle it is; the plate is whole."""

    identified_at: Moment


class SeizedIn(Body, kw_only=True):
    """Since when the vehicle is in police hands (查获)."""

    seized_at: Moment


class PersonIn(Body, kw_only=True):
    """A person of the case. A named driver is a lead until a decision says otherwise."""

    full_name: str
    role: PersonRole
    identified_at: Moment


class InHandIn(Body, kw_only=True):
    """Since when the driver is in police hands (到案)."""

    in_hand_at: Moment


class ProposalIn(Body, kw_only=True):
    """Asks for a measure against a person (呈请)."""

    person: UUID
    kind: OutcomeKind
    basis: Annotated[str, Meta(description="Code of the rule it stands on, as the form of measures offers it.")]
    ground: str = ""
    days: int | None = None
    amount_yuan: int | None = None
    reason: str
    proposed_at: Annotated[Moment | None, Meta(description="Left out: now.")] = None


class NoticeIn(Body, kw_only=True):
    """What the person was told before a penalty (处罚前告知)."""

    informed_at: Moment
    statement: str = ""
    statement_answer: str = ""
    is_hearing_offered: bool = False
    is_hearing_asked: bool = False
    hearing_held_at: Moment | None = None


class ReviewIn(Body, kw_only=True):
    """The legal review (法制审核)."""

    verdict: Verdict
    reason: str = ""
    reviewed_at: Annotated[Moment | None, Meta(description="Left out: now.")] = None


class ApprovalIn(Body, kw_only=True):
    """The decision of the body in charge (批准)."""

    authority: str
    document_number: str
    approved_at: Moment


class RefusalIn(Body, kw_only=True):
    """The body in charge did not approve (不批准)."""

    authority: str
    reason: str
    refused_at: Moment


class ExecutionIn(Body, kw_only=True):
    """The measure was carried out (执行)."""

    executed_at: Moment


class EndIn(Body, kw_only=True):
    """The measure ended (解除) or was changed (变更)."""

    how: Annotated[str, Meta(description="`ended` or `changed`.", pattern="^(ended|changed)$")] = "ended"
    ended_at: Moment
    document_number: str = ""
    reason: str = ""


class ClearanceIn(Body, kw_only=True):
    """What clears the case (侦破): vehicle found, driver in hand; the officer of the token approves it."""

    vehicle: UUID
    driver: UUID
    cleared_at: Moment
    useful: Annotated[list[UUID], Meta(description="Links whose tip helped.")] = []
    vehicle_ground: Annotated[VehicleGround | None, Meta(description="Why no seized vehicle is needed.")] = None
    vehicle_reason: str = ""
    items: Annotated[list[UUID], Meta(description="Sealed items that prove the ground.")] = []


def _typed(value: object) -> str:
    if value is None or value is False:
        return ""
    if value is True:
        return YES
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, str):
        return value
    return " ".join(str(one) for one in value) if isinstance(value, Iterable) else str(value)

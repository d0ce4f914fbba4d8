"""Rows of the case file. Facts about a case carry two times: when it happened and when it became known."""

from enum import StrEnum

from piccolo.columns import (
    JSONB,
    UUID,
    Boolean,
    DoublePrecision,
    ForeignKey,
    Integer,
    OnDelete,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.columns.defaults.uuid import UUID4
from piccolo.constraints import Unique
from piccolo.table import Table

from evidence.tables import EvidenceItem
from tipline.accounts.tables import Officer, Unit
from tipline.intake.tables import Datum, Tip, VehicleColour, VehicleType
from tipline.law.tables import LegalRule


class Severity(StrEnum):
    """后果: the gravest consequence of the accident."""

    FATAL = "fatal"
    SERIOUS_INJURY = "serious_injury"
    MINOR_INJURY = "minor_injury"
    PROPERTY = "property"


class CaseState(StrEnum):
    """Where a case stands; all but `open` are ends, of which the two clearances can be reopened."""

    OPEN = "open"
    CLEARED = "cleared"
    CLEARED_EXCEPTIONALLY = "cleared_exceptionally"
    UNFOUNDED = "unfounded"
    TRANSFERRED_OUT = "transferred_out"
    MERGED = "merged"


class CaseEventType(StrEnum):
    """What happened to a case, for figures as known at any past moment (docs/decisions/0009)."""

    RECORDED = "recorded"
    TRANSFERRED_IN = "transferred_in"
    UNFOUNDED = "unfounded"
    TRANSFERRED_OUT = "transferred_out"
    RECLASSIFIED = "reclassified"
    VEHICLE_IDENTIFIED = "vehicle_identified"
    VEHICLE_SEIZED = "vehicle_seized"
    DRIVER_IDENTIFIED = "driver_identified"
    DRIVER_IN_HAND = "driver_in_hand"
    CLEARED = "cleared"
    CLEARED_EXCEPTIONALLY = "cleared_exceptionally"
    REOPENED = "reopened"


class VehicleState(StrEnum):
    """How far the fleeing vehicle has been found."""

    DESCRIBED = "described"
    IDENTIFIED = "identified"
    SEIZED = "seized"


class VehicleGround(StrEnum):
    """Why a vehicle that is not seized may stand for a found one."""

    DESTROYED = "destroyed"
    UNTRACEABLE = "untraceable"


class PersonRole(StrEnum):
    """Who a person is in the case."""

    DRIVER = "driver"
    VICTIM = "victim"
    OTHER_PARTY = "other_party"
    OTHER = "other"


class PersonState(StrEnum):
    """How far the person has been found."""

    IDENTIFIED = "identified"
    IN_HAND = "in_hand"


class SuggestionState(StrEnum):
    """What an officer made of a suggestion."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    DISMISSED = "dismissed"
    WITHDRAWN = "withdrawn"


class OutcomeKind(StrEnum):
    """措施: what was done to a person."""

    CRIMINAL_DETENTION = "criminal_detention"
    ADMINISTRATIVE_DETENTION = "administrative_detention"
    ARREST = "arrest"
    BAIL = "bail"
    RESIDENTIAL_SURVEILLANCE = "residential_surveillance"
    FINE = "fine"
    LICENCE_SUSPENSION = "licence_suspension"
    LICENCE_REVOCATION = "licence_revocation"
    LIFETIME_BAN = "lifetime_ban"
    TRANSFER_FOR_PROSECUTION = "transfer_for_prosecution"
    RELEASE = "release"
    NO_PENALTY = "no_penalty"


class OutcomeStage(StrEnum):
    """How far a measure has come. Only what is executed was done to anybody."""

    PROPOSED = "proposed"
    REVIEWED = "reviewed"
    RETURNED = "returned"
    APPROVED = "approved"
    REFUSED = "refused"
    EXECUTED = "executed"
    ENDED = "ended"
    REVOKED = "revoked"


class Case(Table, tablename="case_file"):
    """案件: a police file with a number."""

    id = UUID(primary_key=True, default=UUID4())
    number = Varchar(length=40, unique=True)
    severity = Varchar(length=16, choices=Severity)
    happened_from = Timestamptz()
    happened_to = Timestamptz()
    place_text = Varchar(length=200)
    latitude = DoublePrecision(null=True, default=None)
    longitude = DoublePrecision(null=True, default=None)
    datum = Varchar(length=8, choices=Datum, null=True, default=None)
    summary = Text(default="")
    unit = ForeignKey(Unit, on_delete=OnDelete.restrict, null=False)
    lead_officer = ForeignKey(Officer, on_delete=OnDelete.restrict, null=False)
    recorded_at = Timestamptz(index=True, help_text="受案")
    state = Varchar(length=24, choices=CaseState, default=CaseState.OPEN)
    merged_into: ForeignKey["Case"] = ForeignKey(
        "self",
        on_delete=OnDelete.restrict,
        null=True,
        default=None,
        help_text="The case that goes on, of a merged one.",
    )
    is_demo = Boolean(default=False)


class CaseEvent(Table, tablename="case_event"):
    """One dated fact of a case; added, never changed."""

    id = UUID(primary_key=True, default=UUID4())
    case = ForeignKey(Case, on_delete=OnDelete.restrict, null=False)
    type = Varchar(length=24, choices=CaseEventType)
    severity = Varchar(length=16, choices=Severity, help_text="Severity of the case as known with this event.")
    happened_at = Timestamptz(index=True)
    known_at = Timestamptz()
    recorded_by = ForeignKey(Officer, on_delete=OnDelete.restrict, null=False)
    reason = Varchar(length=500, default="", help_text="Why, where a person decided it.")
    other_case = ForeignKey(
        Case, on_delete=OnDelete.restrict, null=True, default=None, help_text="The case it was merged into."
    )


class Vehicle(Table, tablename="vehicle"):
    """车辆: the fleeing vehicle of a case, as far as it is known."""

    id = UUID(primary_key=True, default=UUID4())
    case = ForeignKey(Case, on_delete=OnDelete.restrict, null=False)
    plate_text = Varchar(length=20, default="", help_text="'?' for a place not known.")
    vehicle_type = Varchar(length=16, choices=VehicleType, default=VehicleType.UNCLEAR)
    vehicle_colour = Varchar(length=16, choices=VehicleColour, default=VehicleColour.UNCLEAR)
    features = Varchar(length=300, default="")
    state = Varchar(length=16, choices=VehicleState, default=VehicleState.DESCRIBED)
    identified_at = Timestamptz(null=True, default=None)
    seized_at = Timestamptz(null=True, default=None)


class Person(Table, tablename="person"):
    """人员: a person of the case. A named driver is a lead until a decision says otherwise."""

    id = UUID(primary_key=True, default=UUID4())
    case = ForeignKey(Case, on_delete=OnDelete.restrict, null=False)
    full_name = Varchar(length=80)
    role = Varchar(length=16, choices=PersonRole, default=PersonRole.DRIVER)
    state = Varchar(length=16, choices=PersonState, default=PersonState.IDENTIFIED)
    identified_at = Timestamptz()
    in_hand_at = Timestamptz(null=True, default=None)


class LinkSuggestion(Table, tablename="link_suggestion"):
    """串并建议: proposed by the machine, decided by a person."""

    id = UUID(primary_key=True, default=UUID4())
    tip = ForeignKey(Tip, on_delete=OnDelete.restrict, null=False)
    case = ForeignKey(Case, on_delete=OnDelete.restrict, null=False)
    match_weight = DoublePrecision(help_text="Bits: log2 of the Bayes factor, prior included.")
    reasons = JSONB(help_text='List of {"field", "bits", "level", "tip", "case", "facts"}, in the order shown.')
    model = Varchar(length=60)
    state = Varchar(length=16, choices=SuggestionState, default=SuggestionState.PROPOSED)
    created_at = Timestamptz()
    decided_by = ForeignKey(Officer, on_delete=OnDelete.restrict, null=True, default=None)
    decided_at = Timestamptz(null=True, default=None)

    one_suggestion_per_pair = Unique([tip, case])


class Link(Table, tablename="link"):
    """串并: a tip belongs to a case, decided by a named officer."""

    id = UUID(primary_key=True, default=UUID4())
    tip = ForeignKey(Tip, on_delete=OnDelete.restrict, null=False)
    case = ForeignKey(Case, on_delete=OnDelete.restrict, null=False)
    suggestion = ForeignKey(LinkSuggestion, on_delete=OnDelete.restrict, null=True, default=None)
    decided_by = ForeignKey(Officer, on_delete=OnDelete.restrict, null=False)
    decided_at = Timestamptz()
    is_useful = Boolean(default=False, help_text="Set at clearance: the tip helped to clear the case.")

    one_link_per_pair = Unique([tip, case])


class Outcome(Table, tablename="outcome"):
    """措施: one measure against one person, as far as its chain of steps has come. It never clears a case."""

    id = UUID(primary_key=True, default=UUID4())
    case = ForeignKey(Case, on_delete=OnDelete.restrict, null=False)
    person = ForeignKey(Person, on_delete=OnDelete.restrict, null=False)
    kind = Varchar(length=32, choices=OutcomeKind)
    stage = Varchar(length=16, choices=OutcomeStage, default=OutcomeStage.PROPOSED)
    document_number = Varchar(
        length=60, null=True, default=None, help_text="Decision number, or number of the 拘留证; from approval on."
    )
    basis = ForeignKey(LegalRule, on_delete=OnDelete.restrict, null=False)
    ground = ForeignKey(
        LegalRule, on_delete=OnDelete.restrict, null=True, default=None, help_text="Criminal detention only."
    )
    days = Integer(null=True, default=None, help_text="Administrative detention only: as decided.")
    days_to_serve = Integer(null=True, default=None, help_text="What custody set off and the joint limit leave of it.")
    amount_yuan = Integer(null=True, default=None, help_text="Fine only.")
    authority = Varchar(length=80, default="", help_text="The body that decided.")
    approved_at = Timestamptz(null=True, default=None)
    executed_at = Timestamptz(null=True, default=None, help_text="Only an executed detention is a detention.")
    due_at = Timestamptz(null=True, default=None, help_text="When it must end, or be asked on, by the law of its day.")
    ended_at = Timestamptz(null=True, default=None)
    recorded_by = ForeignKey(Officer, on_delete=OnDelete.restrict, null=False, help_text="Who proposed it.")
    recorded_at = Timestamptz()

    one_outcome_per_document = Unique([kind, document_number])


class Clearance(Table, tablename="clearance"):
    """侦破: vehicle found and driver in hand, approved by a named officer; reopening revokes it."""

    id = UUID(primary_key=True, default=UUID4())
    case = ForeignKey(Case, on_delete=OnDelete.restrict, null=False)
    vehicle = ForeignKey(Vehicle, on_delete=OnDelete.restrict, null=False)
    vehicle_ground = Varchar(
        length=16, choices=VehicleGround, null=True, default=None, help_text="Why no seized vehicle was needed."
    )
    vehicle_reason = Varchar(length=500, default="", help_text="What proves the ground, in words.")
    driver = ForeignKey(Person, on_delete=OnDelete.restrict, null=False)
    cleared_at = Timestamptz(index=True)
    approved_by = ForeignKey(Officer, on_delete=OnDelete.restrict, null=False)
    recorded_at = Timestamptz()
    revoked_at = Timestamptz(null=True, default=None, help_text="When the case was reopened.")
    revoked_by = ForeignKey(Officer, on_delete=OnDelete.restrict, null=True, default=None)


class ClearanceEvidence(Table, tablename="clearance_evidence"):
    """A sealed item that proves why a clearance needed no seized vehicle."""

    id = UUID(primary_key=True, default=UUID4())
    clearance = ForeignKey(Clearance, on_delete=OnDelete.restrict, null=False)
    item = ForeignKey(EvidenceItem, on_delete=OnDelete.restrict, null=False)

    one_item_a_clearance = Unique([clearance, item])

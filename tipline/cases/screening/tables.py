"""Rows of the screening: candidates, the steps taken with each, and what a lock rests on."""

from enum import StrEnum

from piccolo.columns import UUID, ForeignKey, Integer, OnDelete, Timestamptz, Varchar
from piccolo.columns.defaults.uuid import UUID4
from piccolo.constraints import Unique
from piccolo.table import Table

from evidence.tables import EvidenceItem
from tipline.accounts.tables import Officer
from tipline.cases.tables import Case, LinkSuggestion, Person, Vehicle
from tipline.intake.tables import Hint, Tip, VehicleColour, VehicleType


class CandidateKind(StrEnum):
    """What is worked through."""

    VEHICLE = "vehicle"
    PERSON = "person"


class CandidateSource(StrEnum):
    """Where a candidate came from."""

    TIP = "tip"
    HINT = "hint"
    SUGGESTION = "suggestion"
    SIGHTING = "sighting"
    OFFICER = "officer"


class ScreeningState(StrEnum):
    """How far the work on a candidate has come."""

    PENDING = "pending"
    CHECKED = "checked"
    EXCLUDED = "excluded"
    LOCKED = "locked"


class ScreeningAct(StrEnum):
    """One step with a candidate."""

    ADDED = "added"
    CHECKED = "checked"
    EXCLUDED = "excluded"
    LOCK_PROPOSED = "lock_proposed"
    LOCK_REJECTED = "lock_rejected"
    LOCKED = "locked"
    UNLOCKED = "unlocked"
    RESUMED = "resumed"


class ScreeningMethod(StrEnum):
    """How a candidate was looked into."""

    TRACE_COMPARISON = "trace_comparison"
    TRAJECTORY = "trajectory"
    INTERVIEW = "interview"
    OTHER = "other"


class LockBasisKind(StrEnum):
    """What a lock may rest on. A machine hint is none; a tip is one only beside another, independent one."""

    EVIDENCE_ITEM = "evidence_item"
    FORENSIC_CONCLUSION = "forensic_conclusion"
    SIGHTING = "sighting"
    STATEMENT = "statement"
    ADMISSION = "admission"
    TIP = "tip"


class ScreeningCandidate(Table, tablename="screening_candidate"):
    """排查对象: a vehicle or person that may be the one; a lead, whatever its state."""

    id = UUID(primary_key=True, default=UUID4())
    case = ForeignKey(Case, on_delete=OnDelete.restrict, null=False)
    kind = Varchar(length=8, choices=CandidateKind)
    plate_text = Varchar(length=20, default="", help_text="Of a vehicle; '?' for a place not known, empty: none known.")
    vehicle_type = Varchar(length=16, choices=VehicleType, default=VehicleType.UNCLEAR)
    vehicle_colour = Varchar(length=16, choices=VehicleColour, default=VehicleColour.UNCLEAR)
    full_name = Varchar(length=80, default="", help_text="Of a person.")
    description = Varchar(length=300, default="")
    source = Varchar(length=12, choices=CandidateSource)
    tip = ForeignKey(Tip, on_delete=OnDelete.restrict, null=True, default=None, help_text="That brought it.")
    hint = ForeignKey(Hint, on_delete=OnDelete.restrict, null=True, default=None)
    suggestion = ForeignKey(LinkSuggestion, on_delete=OnDelete.restrict, null=True, default=None)
    sighting = UUID(null=True, default=None, help_text="Row of the room of cameras, which lies above this one.")
    vehicle = ForeignKey(Vehicle, on_delete=OnDelete.restrict, null=True, default=None)
    person = ForeignKey(Person, on_delete=OnDelete.restrict, null=True, default=None)
    state = Varchar(length=12, choices=ScreeningState, default=ScreeningState.PENDING)
    steps = Integer(default=1, help_text="Number of the last step; who acts names the one he saw.")
    proposed_by = ForeignKey(
        Officer, on_delete=OnDelete.restrict, null=True, default=None, help_text="While a lock waits for confirmation."
    )
    added_at = Timestamptz()


class ScreeningStep(Table, tablename="screening_step"):
    """排查步骤: who did what with a candidate, when and how. Append-only: PostgreSQL refuses to change it."""

    id = UUID(primary_key=True, default=UUID4())
    candidate = ForeignKey(ScreeningCandidate, on_delete=OnDelete.restrict, null=False)
    number = Integer(help_text="1, 2, 3 ... within one candidate.")
    act = Varchar(length=16, choices=ScreeningAct)
    method = Varchar(length=20, choices=ScreeningMethod, null=True, default=None)
    words = Varchar(length=1000, default="", help_text="What was found, or why.")
    officer = ForeignKey(Officer, on_delete=OnDelete.restrict, null=False)
    proposed_by = ForeignKey(
        Officer, on_delete=OnDelete.restrict, null=True, default=None, help_text="Of a lock: the other officer."
    )
    happened_at = Timestamptz()
    recorded_at = Timestamptz()

    one_step_per_number = Unique([candidate, number])


class LockBasis(Table, tablename="lock_basis"):
    """锁定依据: one thing beyond a machine hint or a single tip that a proposed lock rests on. Append-only."""

    id = UUID(primary_key=True, default=UUID4())
    step = ForeignKey(ScreeningStep, on_delete=OnDelete.restrict, null=False)
    kind = Varchar(length=20, choices=LockBasisKind)
    item = ForeignKey(EvidenceItem, on_delete=OnDelete.restrict, null=True, default=None)
    tip = ForeignKey(Tip, on_delete=OnDelete.restrict, null=True, default=None)
    words = Varchar(length=300, default="", help_text="Number of the report or record, camera and time, and the like.")

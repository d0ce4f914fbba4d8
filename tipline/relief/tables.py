"""Rows of relief: who was helped, in which matter, and each step of it. Steps are added, never changed."""

from enum import StrEnum
from typing import Any

from piccolo.columns import UUID, BigInt, Boolean, ForeignKey, OnDelete, Text, Timestamptz, Varchar
from piccolo.columns.defaults.uuid import UUID4
from piccolo.table import Table

from tipline.accounts.tables import Officer, Unit
from tipline.cases.tables import Case
from tipline.law.tables import LegalRule


class ReliefKind(StrEnum):
    """Whose money it is."""

    RESCUE_FUND = "rescue_fund"
    JUDICIAL_ASSISTANCE = "judicial_assistance"


class ReliefPurpose(StrEnum):
    """What the money is for."""

    EMERGENCY_CARE = "emergency_care"
    FUNERAL = "funeral"
    HARDSHIP = "hardship"


class ReliefStepKind(StrEnum):
    """What happened in a matter. The police notify and inform; the deciding body decides, pays and recovers."""

    NOTICE_TO_FUND = "notice_to_fund"
    FAMILY_INFORMED = "family_informed"
    APPLICATION_RECEIVED = "application_received"
    GRANTED = "granted"
    REFUSED = "refused"
    PAID = "paid"
    INSURER_PAID = "insurer_paid"
    DRIVER_NAMED_TO_FUND = "driver_named_to_fund"
    RECOVERED = "recovered"
    WITHDRAWN = "withdrawn"


class Confirmation(StrEnum):
    """What the second officer said of a step."""

    CONFIRMED = "confirmed"
    REJECTED = "rejected"


class ReliefRecipient(Table, tablename="relief_recipient"):
    """受助人: an injured person, or the family of one who died. One human of one accident is one row."""

    id = UUID(primary_key=True, default=UUID4())
    full_name = Varchar(length=80)
    accident_number = Varchar(length=60, help_text="Number of the accident in the official system.")
    case = ForeignKey(Case, on_delete=OnDelete.restrict, null=True, default=None, help_text="The hit-and-run, if one.")
    accident_at = Timestamptz()
    care_began_at = Timestamptz(null=True, default=None, help_text="Beginning of the emergency care.")
    unit = ForeignKey(Unit, on_delete=OnDelete.restrict, null=False)
    recorded_by = ForeignKey(Officer, on_delete=OnDelete.restrict, null=False)
    recorded_at = Timestamptz()
    is_demo = Boolean(default=False)


class ReliefMatter(Table, tablename="relief_matter"):
    """救助事项: one purpose for one recipient before one body."""

    id = UUID(primary_key=True, default=UUID4())
    recipient = ForeignKey(ReliefRecipient, on_delete=OnDelete.restrict, null=False, index=True)
    kind = Varchar(length=24, choices=ReliefKind)
    purpose = Varchar(length=24, choices=ReliefPurpose)
    ground = ForeignKey(
        LegalRule, on_delete=OnDelete.restrict, null=True, default=None, help_text="Rescue fund only: which trigger."
    )
    recorded_by = ForeignKey(Officer, on_delete=OnDelete.restrict, null=False)
    recorded_at = Timestamptz()


class ReliefStep(Table, tablename="relief_step"):
    """One step of a matter. Sums count once a second officer has confirmed them."""

    id = UUID(primary_key=True, default=UUID4())
    matter = ForeignKey(ReliefMatter, on_delete=OnDelete.restrict, null=False, index=True)
    kind = Varchar(length=24, choices=ReliefStepKind)
    happened_at = Timestamptz(index=True)
    amount_fen = BigInt(null=True, default=None, help_text="Hundredths of a yuan; for what grants, pays or recovers.")
    document_number = Varchar(length=60, default="")
    body = Varchar(length=80, default="", help_text="The body that decided or paid.")
    note = Text(default="")
    reverses: Any = ForeignKey(
        "self", on_delete=OnDelete.restrict, null=True, default=None, unique=True, help_text="A wrong step undone."
    )
    recorded_by = ForeignKey(Officer, on_delete=OnDelete.restrict, null=False)
    recorded_at = Timestamptz()


class ReliefConfirmation(Table, tablename="relief_confirmation"):
    """复核: what a second officer said of one step; once."""

    id = UUID(primary_key=True, default=UUID4())
    step = ForeignKey(ReliefStep, on_delete=OnDelete.restrict, null=False, unique=True)
    decision = Varchar(length=16, choices=Confirmation)
    reason = Varchar(length=300, default="")
    decided_by = ForeignKey(Officer, on_delete=OnDelete.restrict, null=False)
    decided_at = Timestamptz()

"""Rows of procedure: which official step was taken, by whose word, under which number, when."""

from enum import StrEnum

from piccolo.columns import UUID, ForeignKey, OnDelete, Timestamptz, Varchar
from piccolo.columns.defaults.uuid import UUID4
from piccolo.table import Table

from tipline.accounts.tables import Officer
from tipline.cases.tables import Case
from tipline.law.tables import LegalRule


class ProcedureKind(StrEnum):
    """An official step. The two 移送 are two steps: to another police body, and to the procuratorate."""

    REGISTRATION = "registration"
    FILING = "filing"
    NON_FILING = "non_filing"
    ADMINISTRATIVE_HANDLING = "administrative_handling"
    WITHDRAWAL = "withdrawal"
    TRANSFER_OF_JURISDICTION = "transfer_of_jurisdiction"
    TRANSFER_FOR_PROSECUTION = "transfer_for_prosecution"


class TransferDirection(StrEnum):
    """Which way a case went between two jurisdictions."""

    IN = "in"
    OUT = "out"


class ProcedureStep(Table, tablename="procedure_step"):
    """办案程序: one official step of a case. A step entered by mistake is revoked, never removed."""

    id = UUID(primary_key=True, default=UUID4())
    case = ForeignKey(Case, on_delete=OnDelete.restrict, null=False)
    kind = Varchar(length=32, choices=ProcedureKind)
    document_number = Varchar(length=60, help_text="Number of the official document.")
    authority = Varchar(length=80, help_text="The body that decided.")
    approver = Varchar(length=80, default="", help_text="Who signed for it, with the post.")
    basis = ForeignKey(LegalRule, on_delete=OnDelete.restrict, null=False)
    decided_at = Timestamptz()
    reason = Varchar(length=500, default="")
    counterpart = Varchar(length=80, default="", help_text="Of a transfer: the body at the other end.")
    direction = Varchar(length=8, choices=TransferDirection, null=True, default=None, help_text="移送管辖 only.")
    received_at = Timestamptz(null=True, default=None, help_text="移送管辖 only: when the other end took it over.")
    recorded_by = ForeignKey(Officer, on_delete=OnDelete.restrict, null=False)
    recorded_at = Timestamptz()
    revoked_at = Timestamptz(null=True, default=None)
    revoked_by = ForeignKey(Officer, on_delete=OnDelete.restrict, null=True, default=None)
    revoked_reason = Varchar(length=500, default="")

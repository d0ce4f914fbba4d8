"""Rows of the audit: one for each look and each deed. Views of sealed media stand in the custody ledger instead."""

from enum import StrEnum

from piccolo.columns import JSONB, UUID, ForeignKey, OnDelete, Timestamptz, Varchar
from piccolo.columns.defaults.uuid import UUID4
from piccolo.table import Table

from tipline.accounts.tables import Officer


class AuditAct(StrEnum):
    """What an officer did."""

    VIEWED = "viewed"
    EXPORTED = "exported"
    CREATED = "created"
    CHANGED = "changed"
    DISABLED = "disabled"
    ENABLED = "enabled"
    RESET = "reset"
    REVOKED = "revoked"
    ENROLLED = "enrolled"
    REMOVED = "removed"
    ASSIGNED = "assigned"
    RELEASED = "released"


class AuditSubject(StrEnum):
    """What it was done to."""

    TIP = "tip"
    IDENTITY = "identity"
    MEDIUM = "medium"
    CASE = "case"
    PERSON = "person"
    OFFICER = "officer"
    UNIT = "unit"
    AUDIT = "audit"
    RELIEF = "relief"
    SEARCH = "search"


class AuditEntry(Table, tablename="audit_entry"):
    """审计记录: one look or deed of an officer. Append-only: PostgreSQL refuses to change or remove it."""

    id = UUID(primary_key=True, default=UUID4())
    happened_at = Timestamptz()
    officer = ForeignKey(Officer, on_delete=OnDelete.restrict, null=False)
    act = Varchar(length=16, choices=AuditAct)
    subject_kind = Varchar(length=16, choices=AuditSubject)
    subject = UUID(null=True, default=None, help_text="Row id; null where the deed concerns many, as an export does.")
    purpose = Varchar(length=120, help_text="What for: words that were given, or the address of the page.")
    request_id = Varchar(length=32, default="", help_text="Ties the row to the log line of the request.")
    facts = JSONB(default="{}", help_text="What was changed, old and new; never a password, secret or code.")

"""Rows of the papers of a case: one for each making, with the words it was drawn from."""

from enum import StrEnum

from piccolo.columns import JSONB, UUID, ForeignKey, Integer, OnDelete, Timestamptz, Varchar
from piccolo.columns.defaults.uuid import UUID4
from piccolo.constraints import Unique
from piccolo.table import Table

from evidence.tables import EvidenceItem
from tipline.accounts.tables import Officer
from tipline.cases.tables import Case


class DocumentKind(StrEnum):
    """What paper it is."""

    ASSISTANCE_REQUEST = "assistance_request"
    ASSISTANCE_WITHDRAWAL = "assistance_withdrawal"
    EVIDENCE_LIST = "evidence_list"
    CASE_REPORT = "case_report"
    RIGHTS_NOTICE = "rights_notice"


class DocumentState(StrEnum):
    """How far a paper is; whether work on it failed for now stands on its `work` row."""

    ASKED = "asked"
    KEPT = "kept"
    REFUSED = "refused"


class CaseDocument(Table, tablename="case_document"):
    """辅助文书: one version of one paper of a case; what it says is fixed when it is asked for."""

    id = UUID(primary_key=True, default=UUID4())
    case = ForeignKey(Case, on_delete=OnDelete.restrict, null=False)
    kind = Varchar(length=24, choices=DocumentKind)
    subject = UUID(null=False, help_text="What it is about: the case itself, or the service or notice it records.")
    version = Integer(help_text="1, 2, 3 ... of one kind and subject; the newest one kept stands.")
    official_number = Varchar(length=60, default="", help_text="Of the national system's document; empty: none yet.")
    fields = JSONB(default="{}", help_text="What the officer typed, for the next version to begin with.")
    sheet = JSONB(default="{}", help_text="Every word of the paper: it can be drawn the same again.")
    sheet_sha256 = Varchar(length=64, help_text="Of the sheet as canonical JSON; the ledger names it too.")
    made_by = ForeignKey(Officer, on_delete=OnDelete.restrict, null=False)
    badge_number = Varchar(length=20, help_text="Of who made it, as it was: the ledger names it.")
    made_at = Timestamptz()
    state = Varchar(length=8, choices=DocumentState, default=DocumentState.ASKED)
    item = ForeignKey(EvidenceItem, on_delete=OnDelete.restrict, null=True, default=None)
    problem = Varchar(length=40, default="", help_text="Code of why it could not be drawn.")
    settled_at = Timestamptz(null=True, default=None)

    one_document_per_version = Unique([case, kind, subject, version])

"""Rows of assignments: who works on a case, since when, until when, by whose word."""

from piccolo.columns import UUID, ForeignKey, OnDelete, Timestamptz
from piccolo.columns.defaults.uuid import UUID4
from piccolo.table import Table

from tipline.accounts.tables import Officer
from tipline.cases.tables import Case


class CaseAssignment(Table, tablename="case_assignment"):
    """指派: an officer works on a case. Ended by a time, never removed."""

    id = UUID(primary_key=True, default=UUID4())
    case = ForeignKey(Case, on_delete=OnDelete.restrict, null=False)
    officer = ForeignKey(Officer, on_delete=OnDelete.restrict, null=False)
    assigned_at = Timestamptz()
    assigned_by = ForeignKey(Officer, on_delete=OnDelete.restrict, null=False)
    ended_at = Timestamptz(null=True, default=None)
    ended_by = ForeignKey(Officer, on_delete=OnDelete.restrict, null=True, default=None)

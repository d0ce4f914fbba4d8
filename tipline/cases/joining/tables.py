"""Rows of merging and splitting: which case went into or out of which, and what moved."""

from enum import StrEnum

from piccolo.columns import UUID, ForeignKey, OnDelete, Timestamptz, Varchar
from piccolo.columns.defaults.uuid import UUID4
from piccolo.table import Table

from tipline.accounts.tables import Officer
from tipline.cases.tables import Case, Link, Person, Vehicle


class JoiningKind(StrEnum):
    """How two cases are tied."""

    MERGED = "merged"
    SPLIT = "split"


class CaseJoining(Table, tablename="case_joining"):
    """并案、分案: `case` was merged into `other`, or `other` was split off from `case`."""

    id = UUID(primary_key=True, default=UUID4())
    kind = Varchar(length=8, choices=JoiningKind)
    case = ForeignKey(Case, on_delete=OnDelete.restrict, null=False)
    other = ForeignKey(Case, on_delete=OnDelete.restrict, null=False)
    reason = Varchar(length=500)
    happened_at = Timestamptz()
    decided_by = ForeignKey(Officer, on_delete=OnDelete.restrict, null=False)
    recorded_at = Timestamptz()


class CaseMove(Table, tablename="case_move"):
    """分出内容: a tip, vehicle or person that went along when a case was split."""

    id = UUID(primary_key=True, default=UUID4())
    joining = ForeignKey(CaseJoining, on_delete=OnDelete.restrict, null=False)
    link = ForeignKey(Link, on_delete=OnDelete.restrict, null=True, default=None)
    vehicle = ForeignKey(Vehicle, on_delete=OnDelete.restrict, null=True, default=None)
    person = ForeignKey(Person, on_delete=OnDelete.restrict, null=True, default=None)

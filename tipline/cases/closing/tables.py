"""Rows of exceptional clearances. Ordinary ones stand in the case file itself and are never mixed with these."""

from enum import StrEnum

from piccolo.columns import UUID, ForeignKey, OnDelete, Timestamptz, Varchar
from piccolo.columns.defaults.uuid import UUID4
from piccolo.table import Table

from tipline.accounts.tables import Officer
from tipline.cases.tables import Case, Person
from tipline.law.tables import LegalRule


class ExceptionalGround(StrEnum):
    """What, outside the control of the police, keeps the driver from being brought in."""

    DRIVER_DIED = "driver_died"
    PROSECUTION_DECLINED = "prosecution_declined"
    HELD_ELSEWHERE = "held_elsewhere"


class ExceptionalClearance(Table, tablename="exceptional_clearance"):
    """特殊情形结案: closed without the driver in hand, by four tests and a commander; never counted as cleared."""

    id = UUID(primary_key=True, default=UUID4())
    case = ForeignKey(Case, on_delete=OnDelete.restrict, null=False)
    person = ForeignKey(Person, on_delete=OnDelete.restrict, null=False, help_text="The driver.")
    ground = Varchar(length=24, choices=ExceptionalGround)
    identified_by = Varchar(length=500, help_text="First test: how it is certain who drove.")
    evidence = Varchar(length=500, help_text="Second test: what would have been enough for a charge.")
    whereabouts = Varchar(length=500, help_text="Third test: where the driver is, or died, and how that is known.")
    beyond_control = Varchar(length=500, help_text="Fourth test: what keeps the police from bringing the driver in.")
    basis = ForeignKey(LegalRule, on_delete=OnDelete.restrict, null=False)
    cleared_at = Timestamptz()
    approved_by = ForeignKey(Officer, on_delete=OnDelete.restrict, null=False)
    recorded_at = Timestamptz()
    revoked_at = Timestamptz(null=True, default=None, help_text="When the case was reopened.")
    revoked_by = ForeignKey(Officer, on_delete=OnDelete.restrict, null=True, default=None)

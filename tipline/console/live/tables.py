"""Rows of changes: ids only, so that a page that lost its stream learns what it missed. Kept for a day."""

from enum import StrEnum

from piccolo.columns import UUID, BigSerial, Timestamptz, Varchar
from piccolo.table import Table


class ChangeKind(StrEnum):
    """What changed."""

    TIP = "tip"
    ALARM = "alarm"


class Change(Table, tablename="change"):
    """变动: a tip or an alarm changed. Written by triggers only; holds no content."""

    number = BigSerial(primary_key=True)
    kind = Varchar(length=8, choices=ChangeKind)
    subject = UUID(null=False, help_text="Row id of the tip or alarm.")
    happened_at = Timestamptz(index=True)

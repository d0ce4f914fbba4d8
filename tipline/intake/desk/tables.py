"""Rows of tips that an officer wrote down: who, how and when it was told. The tip itself is a tip like any other."""

from piccolo.columns import UUID, Boolean, ForeignKey, OnDelete, Timestamptz
from piccolo.columns.defaults.uuid import UUID4
from piccolo.table import Table

from tipline.accounts.tables import Officer
from tipline.intake.tables import Tip


class TipEntry(Table, tablename="tip_entry"):
    """代录: a tip that an officer wrote down for the person who told it. A fact: never changed."""

    id = UUID(primary_key=True, default=UUID4())
    tip = ForeignKey(Tip, on_delete=OnDelete.restrict, null=False, unique=True)
    entered_by = ForeignKey(Officer, on_delete=OnDelete.restrict, null=False)
    told_at = Timestamptz(help_text="When the person called or came; the tip's received_at is when it was entered.")
    wants_secrecy = Boolean(default=False, help_text="The person asked that nobody learns who told it.")
    entered_at = Timestamptz()

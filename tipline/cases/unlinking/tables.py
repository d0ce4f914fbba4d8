"""Rows of links that were taken back."""

from piccolo.columns import UUID, ForeignKey, OnDelete, Timestamptz
from piccolo.columns.defaults.uuid import UUID4
from piccolo.table import Table

from tipline.accounts.tables import Officer
from tipline.cases.tables import Case, LinkSuggestion
from tipline.intake.tables import Tip
from tipline.intake.triage.tables import TipEvent


class WithdrawnLink(Table, tablename="withdrawn_link"):
    """撤销的串并: a link as it was, and who took it back. Only the database itself moves a link here."""

    id = UUID(primary_key=True, default=UUID4(), help_text="Of the link that was.")
    tip = ForeignKey(Tip, on_delete=OnDelete.restrict, null=False, index=True)
    case = ForeignKey(Case, on_delete=OnDelete.restrict, null=False, index=True)
    suggestion = ForeignKey(LinkSuggestion, on_delete=OnDelete.restrict, null=True, default=None)
    decided_by = ForeignKey(Officer, on_delete=OnDelete.restrict, null=False)
    decided_at = Timestamptz()
    withdrawn_by = ForeignKey(Officer, on_delete=OnDelete.restrict, null=False)
    withdrawn_at = Timestamptz()
    deed = ForeignKey(TipEvent, on_delete=OnDelete.restrict, null=False, help_text="The linking that was taken back.")

"""Rows of triage: the deeds on a tip, its tags and notes, and what each officer keeps for himself."""

from enum import StrEnum

from piccolo.columns import JSONB, UUID, Boolean, ForeignKey, Integer, OnDelete, Text, Timestamptz, Varchar
from piccolo.columns.defaults.uuid import UUID4
from piccolo.constraints import Unique
from piccolo.table import Table

from tipline.accounts.tables import Officer
from tipline.intake.tables import Tip


class TipDeed(StrEnum):
    """What was done with a tip."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    MARKED_DUPLICATE = "marked_duplicate"
    LINKED = "linked"
    SNOOZED = "snoozed"
    RESURFACED = "resurfaced"
    ASSIGNED = "assigned"
    TAGGED = "tagged"
    UNTAGGED = "untagged"
    NOTED = "noted"
    UNDONE = "undone"


class TipEvent(Table, tablename="tip_event"):
    """线索处理记录: one deed on a tip. Append-only: PostgreSQL refuses to change or remove it."""

    id = UUID(primary_key=True, default=UUID4())
    tip = ForeignKey(Tip, on_delete=OnDelete.restrict, null=False)
    number = Integer(help_text="1, 2, 3 ... within one tip, in the order in which the deeds took hold.")
    deed = Varchar(length=24, choices=TipDeed)
    officer = ForeignKey(
        Officer, on_delete=OnDelete.restrict, null=True, default=None, help_text="Null: the platform itself."
    )
    happened_at = Timestamptz()
    changed_from = JSONB(default="{}", help_text="Columns that the deed changed, as they were.")
    changed_to = JSONB(default="{}", help_text="The same columns, as the deed left them, and what it was about.")
    undoes: ForeignKey["TipEvent"] = ForeignKey(
        "self", on_delete=OnDelete.restrict, null=True, default=None, unique=True
    )

    one_deed_per_number = Unique([tip, number])


class Tag(Table, tablename="tag"):
    """标签: a word by which officers sort tips."""

    id = UUID(primary_key=True, default=UUID4())
    name = Varchar(length=40, unique=True)


class TipTag(Table, tablename="tip_tag"):
    """A tag that a tip bears."""

    id = UUID(primary_key=True, default=UUID4())
    tip = ForeignKey(Tip, on_delete=OnDelete.restrict, null=False)
    tag = ForeignKey(Tag, on_delete=OnDelete.restrict, null=False)

    one_tag_once = Unique([tip, tag])


class TipNote(Table, tablename="tip_note"):
    """内部备注: what officers tell each other about a tip; never shown to its sender."""

    id = UUID(primary_key=True, default=UUID4())
    tip = ForeignKey(Tip, on_delete=OnDelete.restrict, null=False, index=True)
    text = Text()
    author = ForeignKey(Officer, on_delete=OnDelete.restrict, null=False)
    written_at = Timestamptz()


class TipSeen(Table, tablename="tip_seen"):
    """已阅: an officer has looked at a tip. Each officer's own; the decision is everyone's."""

    id = UUID(primary_key=True, default=UUID4())
    tip = ForeignKey(Tip, on_delete=OnDelete.restrict, null=False)
    officer = ForeignKey(Officer, on_delete=OnDelete.restrict, null=False)
    seen_at = Timestamptz()

    one_mark_each = Unique([tip, officer])


class SavedSearch(Table, tablename="saved_search"):
    """常用筛选: a wish at the inbox that an officer kept under a name."""

    id = UUID(primary_key=True, default=UUID4())
    officer = ForeignKey(Officer, on_delete=OnDelete.restrict, null=False)
    name = Varchar(length=40)
    query = Varchar(length=400, help_text="The part of the inbox's address after the question mark.")
    created_at = Timestamptz()

    one_search_per_name = Unique([officer, name])


class TriagePreference(Table, tablename="triage_preference"):
    """研判偏好: how an officer likes to work at the inbox; no row means as it comes."""

    id = UUID(primary_key=True, default=UUID4())
    officer = ForeignKey(Officer, on_delete=OnDelete.restrict, null=False, unique=True)
    has_single_keys = Boolean(default=True, help_text="False: single keys do nothing (WCAG 2.1.4).")

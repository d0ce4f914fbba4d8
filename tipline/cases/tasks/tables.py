"""Rows of tasks and of what became of them."""

from enum import StrEnum

from piccolo.columns import UUID, ForeignKey, OnDelete, Timestamptz, Varchar
from piccolo.columns.defaults.uuid import UUID4
from piccolo.constraints import Unique
from piccolo.table import Table

from tipline.accounts.tables import Officer
from tipline.cases.clocks.tables import CaseClock
from tipline.cases.tables import Case
from tipline.law.tables import LegalRule


class TaskState(StrEnum):
    """How a task stands."""

    OPEN = "open"
    DONE = "done"
    NOT_APPLICABLE = "not_applicable"


class TaskAct(StrEnum):
    """What happened to a task."""

    MADE = "made"
    ASSIGNED = "assigned"
    DONE = "done"
    NOT_APPLICABLE = "not_applicable"
    REOPENED = "reopened"


class CaseTask(Table, tablename="case_task"):
    """办案任务: one thing to do on a case, asked by an article or by an officer."""

    id = UUID(primary_key=True, default=UUID4())
    case = ForeignKey(Case, on_delete=OnDelete.restrict, null=False, index=True)
    rule = ForeignKey(LegalRule, on_delete=OnDelete.restrict, null=True, default=None, help_text="None: by hand.")
    rule_code = Varchar(length=60, default="")
    source_key = Varchar(length=120, help_text="Which fact asks for it, `hand:...` when an officer does.")
    title = Varchar(length=200, default="", help_text="Of a task by hand; a task of law has its rule's.")
    arisen_at = Timestamptz()
    clock = ForeignKey(CaseClock, on_delete=OnDelete.restrict, null=True, default=None, help_text="What limits it.")
    due_at = Timestamptz(null=True, default=None, help_text="Of a task by hand, where one was set.")
    assigned_to = ForeignKey(Officer, on_delete=OnDelete.restrict, null=True, default=None)
    state = Varchar(length=16, choices=TaskState, default=TaskState.OPEN)
    made_by = ForeignKey(Officer, on_delete=OnDelete.restrict, null=True, default=None, help_text="None: by law.")
    made_at = Timestamptz()

    one_task_per_rule_and_source = Unique([case, rule_code, source_key])


class TaskEntry(Table, tablename="task_entry"):
    """任务经过: one thing that happened to a task; added, never changed."""

    id = UUID(primary_key=True, default=UUID4())
    task = ForeignKey(CaseTask, on_delete=OnDelete.restrict, null=False, index=True)
    act = Varchar(length=16, choices=TaskAct)
    happened_at = Timestamptz(help_text="When it was done, as told.")
    assigned_to = ForeignKey(Officer, on_delete=OnDelete.restrict, null=True, default=None)
    note = Varchar(length=500, default="")
    recorded_by = ForeignKey(Officer, on_delete=OnDelete.restrict, null=True, default=None, help_text="None: by law.")
    recorded_at = Timestamptz()

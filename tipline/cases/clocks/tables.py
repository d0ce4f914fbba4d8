"""Rows of running clocks: the facts recorded by hand, the clocks, what moved them, and their history."""

from enum import StrEnum

from piccolo.columns import UUID, Boolean, Date, ForeignKey, Integer, OnDelete, Timestamptz, Varchar
from piccolo.columns.defaults.uuid import UUID4
from piccolo.constraints import Unique
from piccolo.table import Table

from tipline.accounts.tables import Officer
from tipline.cases.tables import Case, Person
from tipline.law.tables import LegalFact, LegalRule


class ClockState(StrEnum):
    """How a clock stands."""

    RUNNING = "running"
    PAUSED = "paused"
    DONE = "done"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


class StepAct(StrEnum):
    """What an officer asks to be done to a clock."""

    PAUSE = "pause"
    RESUME = "resume"
    EXTEND = "extend"


class StepState(StrEnum):
    """What became of the request."""

    WAITING = "waiting"
    APPROVED = "approved"
    REFUSED = "refused"


class ClockAct(StrEnum):
    """What happened to a clock."""

    STARTED = "started"
    RECOUNTED = "recounted"
    PAUSED = "paused"
    RESUMED = "resumed"
    FULFILLED = "fulfilled"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"
    REOPENED = "reopened"


class CaseClock(Table, tablename="case_clock"):
    """办案时限: one term of law on a case, by the version of its rule that governs, with the day it ends."""

    id = UUID(primary_key=True, default=UUID4())
    case = ForeignKey(Case, on_delete=OnDelete.restrict, null=False, index=True)
    person = ForeignKey(Person, on_delete=OnDelete.restrict, null=True, default=None)
    rule = ForeignKey(
        LegalRule, on_delete=OnDelete.restrict, null=False, help_text="The version in force at the trigger."
    )
    rule_code = Varchar(length=60)
    source_key = Varchar(length=120, help_text="Which fact started it, `hand:...` when an officer did.")
    trigger_at = Timestamptz()
    days = Integer(null=True, default=None, help_text="Where the decision names them.")
    due_at = Timestamptz(null=True, default=None, help_text="None while it stands still.")
    due_date = Date(null=True, default=None)
    is_provisional = Boolean(default=False, help_text="It reaches a year whose holidays are not known.")
    state = Varchar(length=16, choices=ClockState, default=ClockState.RUNNING)
    started_by = ForeignKey(Officer, on_delete=OnDelete.restrict, null=True, default=None, help_text="None: by a fact.")
    started_at = Timestamptz()
    done_at = Timestamptz(null=True, default=None)
    done_by = ForeignKey(Officer, on_delete=OnDelete.restrict, null=True, default=None)
    ended_by_key = Varchar(length=120, default="", help_text="Which fact fulfilled it.")
    document_number = Varchar(length=60, default="")
    note = Varchar(length=500, default="")

    one_clock_per_rule_and_source = Unique([case, rule_code, source_key])


class CaseFact(Table, tablename="case_fact"):
    """办案节点: a fact of procedure that an officer recorded; it starts and ends clocks and tasks."""

    id = UUID(primary_key=True, default=UUID4())
    case = ForeignKey(Case, on_delete=OnDelete.restrict, null=False, index=True)
    person = ForeignKey(Person, on_delete=OnDelete.restrict, null=True, default=None)
    kind = Varchar(length=40, choices=LegalFact)
    happened_at = Timestamptz()
    document_number = Varchar(length=60, default="")
    note = Varchar(length=500, default="")
    clock = ForeignKey(CaseClock, on_delete=OnDelete.restrict, null=True, default=None, help_text="The one it fulfils.")
    recorded_by = ForeignKey(Officer, on_delete=OnDelete.restrict, null=False)
    recorded_at = Timestamptz()
    withdrawn_by = ForeignKey(Officer, on_delete=OnDelete.restrict, null=True, default=None)
    withdrawn_at = Timestamptz(null=True, default=None)
    withdrawal_reason = Varchar(length=300, default="")


class ClockStep(Table, tablename="clock_step"):
    """时限变动: a pause, a resumption or an extension, asked for by one officer and decided by another."""

    id = UUID(primary_key=True, default=UUID4())
    clock = ForeignKey(CaseClock, on_delete=OnDelete.restrict, null=False, index=True)
    act = Varchar(length=16, choices=StepAct)
    ground = ForeignKey(
        LegalRule,
        on_delete=OnDelete.restrict,
        null=True,
        default=None,
        help_text="Of a pause; of an extension its clock.",
    )
    effective_at = Timestamptz()
    reason = Varchar(length=500)
    approval_number = Varchar(
        length=60, default="", help_text="Of the superior's or the bureau's approval, where needed."
    )
    state = Varchar(length=16, choices=StepState, default=StepState.WAITING)
    requested_by = ForeignKey(Officer, on_delete=OnDelete.restrict, null=False)
    requested_at = Timestamptz()
    decided_by = ForeignKey(Officer, on_delete=OnDelete.restrict, null=True, default=None)
    decided_at = Timestamptz(null=True, default=None)
    decision_note = Varchar(length=300, default="")


class ClockEntry(Table, tablename="clock_entry"):
    """时限经过: one thing that happened to a clock; added, never changed."""

    id = UUID(primary_key=True, default=UUID4())
    clock = ForeignKey(CaseClock, on_delete=OnDelete.restrict, null=False, index=True)
    act = Varchar(length=16, choices=ClockAct)
    due_at = Timestamptz(null=True, default=None, help_text="As it stood after this.")
    is_provisional = Boolean(default=False)
    recorded_at = Timestamptz()
    recorded_by = ForeignKey(
        Officer, on_delete=OnDelete.restrict, null=True, default=None, help_text="None: by the facts."
    )
    note = Varchar(length=500, default="")

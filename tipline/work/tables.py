"""Rows of asked-for work. The row is the truth; the queue's job is only a hint."""

from enum import StrEnum
from typing import Final

from piccolo.columns import UUID, Integer, Timestamptz, Varchar
from piccolo.columns.defaults.uuid import UUID4
from piccolo.table import Table


class Job(StrEnum):
    """Every job a worker may run, by the address of its coroutine function."""

    SEAL_ITEM = "workers.sealing.seal_item"
    EXAMINE_ITEM = "workers.media.examine_item"
    SUGGEST_CASES = "workers.linking.suggest_cases"
    DERIVE_ITEM = "workers.deriving.derive_item"
    CALL_DESK = "workers.alarms.call_desk"
    SETTLE_UPLOAD = "workers.uploads.settle_upload"
    KEEP_CLOCKS = "workers.clocks.keep_clocks"
    MAKE_DOCUMENT = "workers.documents.make_document"


# Someone waits for these at a screen; they never stand behind minutes of decoding (docs/decisions/0004).
QUICK_JOBS: Final = frozenset({Job.SEAL_ITEM, Job.CALL_DESK, Job.KEEP_CLOCKS, Job.MAKE_DOCUMENT})


class WorkState(StrEnum):
    """Where a piece of work stands."""

    WAITING = "waiting"
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Work(Table, tablename="work"):
    """待办: one piece of asked-for work."""

    id = UUID(primary_key=True, default=UUID4())
    job = Varchar(length=80, choices=Job)
    subject = UUID(null=False, help_text="Id of what the job works on: an evidence item, a tip ...")
    state = Varchar(length=16, choices=WorkState, default=WorkState.WAITING)
    attempts = Integer(default=0, help_text="How often a worker began it; also the fencing token of the running one.")
    asked_at = Timestamptz()
    due_at = Timestamptz(help_text="Not carried to the queue before this moment (grows with each failed attempt).")
    queued_at = Timestamptz(null=True, default=None)
    started_at = Timestamptz(null=True, default=None)
    lease_until = Timestamptz(
        null=True, default=None, help_text="A running job renews it; past it the job is stranded."
    )
    finished_at = Timestamptz(null=True, default=None)
    problem = Varchar(length=200, default="", help_text="Class and message of the last error; no personal data.")


class Part(StrEnum):
    """The background processes that tell they are alive."""

    WORKER = "worker"
    DISPATCHER = "dispatcher"


class Presence(Table, tablename="presence"):
    """值守: a worker or dispatcher that is here; it signs every few seconds, so an old row tells it is gone."""

    name = Varchar(length=120, primary_key=True, default="", help_text="Name of the process, one row for each.")
    part = Varchar(length=16, choices=Part)
    started_at = Timestamptz()
    seen_at = Timestamptz()

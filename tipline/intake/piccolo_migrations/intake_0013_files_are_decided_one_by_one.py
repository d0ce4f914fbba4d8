"""Each file of a tip is taken as evidence or left aside by a named officer."""

from __future__ import annotations

from typing import Final

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from tipline.intake.tables import TipFile

ID = "intake_0013"
VERSION = "1.38.0"
DESCRIPTION = "Officers decide on each file of a tip; who sends a file decides nothing"

UNTOUCHED: Final = "decision = 'undecided' AND decline_reason IS NULL AND decided_by IS NULL AND decided_at IS NULL"
STATEMENTS: Final = (
    """ALTER TABLE tip_file
       ADD COLUMN decision varchar(16) NOT NULL DEFAULT 'undecided',
       ADD COLUMN decline_reason varchar(32) DEFAULT null,
       ADD COLUMN decided_by uuid REFERENCES officer (id) ON DELETE RESTRICT ON UPDATE CASCADE DEFAULT null,
       ADD COLUMN decided_at timestamptz DEFAULT null""",
    """ALTER TABLE tip_file ADD CONSTRAINT a_file_is_decided_whole CHECK (
       (decision = 'undecided') = (decided_by IS NULL) AND (decided_by IS NULL) = (decided_at IS NULL)
       AND (decision = 'declined') = (decline_reason IS NOT NULL))""",
    "GRANT UPDATE (decision, decline_reason, decided_by, decided_at) ON tip_file TO tipline_staff",
    # Restrictive: it narrows whatever other rules let a sender, a worker or an officer add.
    f"CREATE POLICY a_new_file_is_undecided ON tip_file AS RESTRICTIVE FOR INSERT WITH CHECK ({UNTOUCHED})",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="intake", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await TipFile.raw(statement)

    manager.add_raw(run)
    return manager
